"""The lab of two keys: choose what the key's policy and the neighbour's IAM policy say; the call is really made."""

import contextlib
import json
from typing import Any

from botocore.exceptions import ClientError

from kms_teach.chapters.accounts.two_keys import two_keys
from kms_teach.drawing.look import LAB
from kms_teach.inspect.cross_account import read
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import choice
from kms_teach.teaching.lab import Lab

NEIGHBOUR = "444455556666"
PERSON = "bob"
REPORT = b"Numbers for the partner."
ADVICE = {
    (False, False): "Let both accounts say yes.",
    (True, False): "Now let bob's own account allow it too, in an IAM policy.",
    (False, True): "Now let the key's policy let the account in.",
}


class TwoKeysLab(Lab):
    """A key of account 111122223333, and bob of account 444455556666 who calls Decrypt after every change."""

    def __init__(self, sim: Simulator) -> None:
        self._sim, self._kms = sim, sim.client("kms")
        self._key = self._kms.create_key(Description="for the lab of two keys")["KeyMetadata"]["Arn"]
        self._policy = json.loads(self._kms.get_key_policy(KeyId=self._key)["Policy"])
        self._blob = self._kms.encrypt(KeyId=self._key, Plaintext=REPORT)["CiphertextBlob"]
        self._bob = sim.user(PERSON, account=NEIGHBOUR)
        whom = {"is silent": "", "lets the account in": f"arn:aws:iam::{NEIGHBOUR}:root", "lets bob in": self._bob.arn}
        self.key_policy = choice("The key's policy", whom)
        self.iam_policy = choice("bob's IAM policy", {"is silent": False, "allows it": True})
        super().__init__([self.key_policy, self.iam_policy], "Two keys to one door")
        self.on(self.key_policy, self._call)
        self.on(self.iam_policy, self._call)
        self._call()

    def _call(self) -> None:
        """Put both policies as they are chosen, and call Decrypt as bob."""
        admitted = [_allow("*", Principal={"AWS": self.key_policy.value})] if self.key_policy.value else []
        policy = {**self._policy, "Statement": [*self._policy["Statement"], *admitted]}
        self._kms.put_key_policy(KeyId=self._key, Policy=json.dumps(policy))
        allowed = [{"Version": "2012-10-17", "Statement": [_allow(self._key)]}] if self.iam_policy.value else []
        bob = self._sim.user(PERSON, account=NEIGHBOUR, policies=allowed).client("kms")
        with contextlib.suppress(ClientError):  # the trail has the answer, a refusal too
            bob.decrypt(CiphertextBlob=self._blob)
        facts = read(self._sim.trail, self._key)
        trails = "both trails" if len(facts.last.logged) > 1 else "bob's trail only"
        tried = f"The call is in {trails}. {len(facts.tried)} of 6 tried."
        self.show(two_keys(facts, canvas=LAB))
        if facts.last.allowed:
            self.say(f"bob reads the report. {tried}", word="Allowed")
        else:
            advice = ADVICE[bool(self.key_policy.value), self.iam_policy.value]
            self.say(f"`{facts.last.code}`. {advice} {tried}", mistake=True, word="Denied")


def _allow(resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": resource, **more}
