"""The lab of conditions: choose what a statement asks for and what a real call carries."""

from collections.abc import Mapping
from typing import Any

from kms_teach.drawing.look import LAB
from kms_teach.inspect.condition import Held, condition
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import choice
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of

PERSON = "clerk"
HIGH = 476  # px: the picture's height, whatever the call carries
BLUE, RED = {"tenant": "Blue"}, {"tenant": "Red"}
CONDITIONS: Mapping[str, dict[str, dict[str, str]]] = {
    "kms:EncryptionContext:tenant is Blue": {"StringEquals": {"kms:EncryptionContext:tenant": "Blue"}},
    "kms:ViaService is S3": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
    "aws:SourceIp is in 192.0.2.0/24": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}},
    "tenant is Blue, through S3": {
        "StringEquals": {"kms:EncryptionContext:tenant": "Blue", "kms:ViaService": "s3.us-east-1.amazonaws.com"}
    },
}
CONTEXTS = {"tenant=Blue": BLUE, "tenant=blue": {"tenant": "blue"}, "tenant=Red": RED, "none": {}}
WAYS = {"by the clerk": "", "through S3": "s3", "through EC2": "ec2"}
ADDRESSES = ["192.0.2.44", "198.51.100.7"]


class ConditionLab(Lab):
    """A clerk whose IAM policy allows GenerateDataKey on a condition, and who calls after every change."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self._key = sim.client("kms").create_key(Description="for the lab of conditions")["KeyMetadata"]["Arn"]
        self.condition = choice("The statement's condition", CONDITIONS, listed=True)
        self.context = choice("Encryption context", CONTEXTS)
        self.way = choice("KMS is called", WAYS)
        self.address = choice("From", ADDRESSES)
        super().__init__([self.condition, self.context, self.way, self.address], "Conditions")
        for control in self.controls:
            self.on(control, self._call)
        self._call()

    def _call(self) -> None:
        clerk = self._sim.user(PERSON, policies=[_policy(self._key, self.condition.value)])
        kms = clerk.client("kms", source_ip=self.address.value, via=self.way.value)
        asked_for = {"KeyId": self._key, "KeySpec": "AES_256", "EncryptionContext": self.context.value}
        call = record_of(self._sim.trail, kms.generate_data_key, **asked_for)
        facts = Held.of(self._sim.authorization(call))
        self.show(condition(facts, lines=2, canvas=LAB, least=HIGH))
        if facts.allowed:
            self.say("The call carries what the statement asks for.", word="Allowed")
        else:
            missed = ", and ".join(row.miss for row in facts.missed)
            self.say(f"{missed}.{self._hint(facts)}", mistake=True, word="Denied")

    def _hint(self, facts: Held) -> str:
        row = facts.missed[0]
        if row.key == "aws:SourceIp" and self.way.value:
            return " The service's own address called, and its name is in kms:ViaService instead."
        if row.had.lower() == row.needed.lower():
            return " StringEquals compares upper and lower case too."
        return ""


def _policy(key: str, condition: Mapping[str, Any]) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": key, "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}
