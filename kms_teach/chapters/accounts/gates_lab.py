"""The lab of the gates: open and close each, let somebody else keep one, and call after every change."""

import json
from collections.abc import Mapping
from typing import Any

from kms_teach.access.reasons import Stage
from kms_teach.chapters.accounts.gate_facts import Gates, State
from kms_teach.chapters.accounts.gates import COUNTS, called, gates
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import beside, choice, inline, tick
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of

OWNER, PARTNER = "222233334444", "555566667777"  # accounts of the lab's own: what it attaches there disturbs nobody
ROLE, ACTION = "app", "kms:Decrypt"
DENY, SILENT = "says Deny", "is silent"
GATES: Mapping[str, Stage] = {
    "RCP": Stage.RCP, "SCP": Stage.SCP, "Endpoint policy": Stage.ENDPOINT, "Key policy": Stage.RESOURCE,
    "IAM policy": Stage.PRINCIPAL, "Boundary": Stage.BOUNDARY, "Session policy": Stage.SESSION,
}  # fmt: skip
UNREAD: Mapping[str, tuple[Stage, ...]] = {
    "nothing": (), "the SCP": (Stage.SCP,), "the RCP and the SCP": (Stage.RCP, Stage.SCP),
}  # fmt: skip
# what their keeper has closed, each time you stop reading them the next
DEALT: tuple[tuple[Stage, ...], ...] = ((Stage.SCP,), (Stage.RCP,), (), (Stage.RCP, Stage.SCP))
ADMINISTER = [f"kms:{name}" for name in ("PutKeyPolicy", "GetKeyPolicy", "CreateGrant", "RevokeGrant", "Encrypt")]


class GatesLab(Lab):
    """A role that decrypts with a key, its seven gates, and a grant; each change is put, and the call really made."""

    def __init__(self, sim: Simulator) -> None:
        self._sim, self._kms = sim, sim.client("kms", account=OWNER)
        sim.account(OWNER, organization="o-ours")
        self._key = self._kms.create_key(Description="for the lab of the gates")["KeyMetadata"]["Arn"]
        self._blob = self._kms.encrypt(KeyId=self._key, Plaintext=b"Through all seven.")["CiphertextBlob"]
        self._grant, self._dealt = "", -1
        self.lets = {stage: tick(name, True) for name, stage in GATES.items()}
        self.grant = tick("Grant")
        self.how = choice("A closed one", [DENY, SILENT])
        self.account = choice("The role is of", {"the key's account": OWNER, "another": PARTNER})
        self.unread = inline(choice("You cannot read", UNREAD, listed=True))
        ticks = [*self.lets.values(), self.grant]
        super().__init__(
            [*beside(*ticks[:4]), *beside(*ticks[4:]), self.how, self.account, self.unread], "The gates of a call"
        )
        for control in (*ticks, self.how, self.account):
            self.on(control, self._call)
        self.on(self.unread, self._look_away)
        self._call()

    def _look_away(self) -> None:
        """From now on somebody else keeps these gates, and has opened or closed them."""
        self._dealt += bool(self.unread.value)
        for stage, control in self.lets.items():
            control.disabled = stage in self.unread.value
        self._call()

    @property
    def closed(self) -> tuple[Stage, ...]:
        """The gates that are closed, by you or by whoever keeps those that you cannot read."""
        hidden = self.unread.value
        yours = [stage for stage, control in self.lets.items() if not control.value and stage not in hidden]
        return (*yours, *(stage for stage in DEALT[self._dealt % len(DEALT)] if stage in hidden))

    def _call(self) -> None:
        client = self._attach()
        record = record_of(self._sim.trail, client.decrypt, CiphertextBlob=self._blob)
        facts = Gates.of(self._sim.authorization(record), self.unread.value)
        self.show(gates(facts, canvas=LAB))
        if facts.allowed:
            self.say(
                f"`{ROLE}` decrypts.{' So what you cannot read is open.' if self.unread.value else ''}", word="Allowed"
            )
        else:
            self.say(f"`{record.error}`. {_advice(facts)}", mistake=True, word="Denied")

    def _attach(self) -> Any:
        """Put every policy as it is chosen, and give a client of a new session of the role."""
        sim, account, shut = self._sim, self.account.value, self.closed
        end_to_end = {stage: self._policy(stage, closed=stage in shut) for stage in Stage}
        for each, organization in ((OWNER, "o-ours"), (PARTNER, "o-theirs")):
            sim.account(
                each, organization=organization, scps=[end_to_end[Stage.SCP]] if each == account else [],
                rcps=[end_to_end[Stage.RCP]] if each == OWNER and Stage.RCP in shut else [],
            )  # fmt: skip
        silent_iam = Stage.PRINCIPAL in shut and self.how.value == SILENT
        trust = _document({"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"})
        role = sim.role(
            ROLE, account=account, policies=[] if silent_iam else [end_to_end[Stage.PRINCIPAL]],
            boundary=end_to_end[Stage.BOUNDARY], trust=trust,
        )  # fmt: skip
        self._kms.put_key_policy(KeyId=self._key, Policy=json.dumps(end_to_end[Stage.RESOURCE]))
        self._lend(role.arn)
        may = _document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})
        session = sim.user("deployer", account=account, policies=[may]).client("sts").assume_role(
            RoleArn=role.arn, RoleSessionName="lab", Policy=json.dumps(end_to_end[Stage.SESSION])
        )  # fmt: skip
        endpoint = sim.vpc_endpoint(end_to_end[Stage.ENDPOINT])
        return sim.session(session["Credentials"]).client("kms", endpoint=endpoint)

    def _lend(self, role: str) -> None:
        """Make or end the grant, as it is ticked; another account's role gets another."""
        if self._grant:
            self._kms.revoke_grant(KeyId=self._key, GrantId=self._grant)
            self._grant = ""
        if self.grant.value:
            made = self._kms.create_grant(KeyId=self._key, GranteePrincipal=role, Operations=["Decrypt"])
            self._grant = made["GrantId"]

    def _policy(self, stage: Stage, *, closed: bool) -> dict[str, Any]:
        """The policy of a gate: open, or closed to Decrypt in the chosen way."""
        silent = closed and self.how.value == SILENT and stage is not Stage.RCP
        whom: dict[str, Any] = {"Principal": "*"} if stage in (Stage.RCP, Stage.ENDPOINT) else {}
        rest = {"NotAction": ACTION} if silent else {"Action": "*"}
        if stage is Stage.RESOURCE:
            whom = {"Principal": {"AWS": self.account.value}}
            rest = {"Action": "kms:DescribeKey" if silent else "kms:*"}
        statements: list[dict[str, Any]] = [{"Effect": "Allow", **whom, **rest, "Resource": "*"}]
        if stage is Stage.RCP:
            statements = []
        if stage is Stage.RESOURCE:
            own = {"Principal": {"AWS": OWNER}, "Action": ADMINISTER}
            statements.insert(0, {"Effect": "Allow", **own, "Resource": "*"})
        if closed and not silent:
            statements.append({"Effect": "Deny", **whom, "Action": ACTION, "Resource": "*"})
        return _document(*statements)


def _document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _advice(facts: Gates) -> str:
    """What to do next."""
    closed, unread = facts.of_state(State.CLOSED), facts.of_state(State.UNREAD)
    named = (
        f"AWS names {called([facts.named])}" if facts.named else "AWS names no policy, as the key is another account's"
    )
    if len(closed) > 1:
        return f"{named}. {COUNTS[len(closed)].capitalize()} are closed: open one, and see what it says next."
    if not closed:
        return f"{named}. All that you can read is open: ask whoever keeps {called(unread)}."
    more = " One that you cannot read may be closed too." if unread else ""
    return f"{named}. Open {'it' if facts.named in closed else called(closed)}.{more}"
