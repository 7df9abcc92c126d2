"""The lab of grants: give one, use it with and without its token, pass part of it on, retire, revoke."""

import contextlib
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from msgspec.structs import replace

from kms_teach.access.reasons import Reason
from kms_teach.chapters.grants.chain import grant_chain
from kms_teach.chapters.grants.facts import Chain, Use, capital, read
from kms_teach.drawing.look import LAB
from kms_teach.keys.delays import delay
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import beside, button, choice, tick
from kms_teach.teaching.lab import Lab

START = "2026-01-01T00:00:00Z"
NAME = "alias/reports"
OPERATIONS = ("Decrypt", "GenerateDataKey", "CreateGrant", "RetireGrant")
BLUE = {"tenant": "Blue"}
CONTEXTS = {
    "tenant=Blue": BLUE,
    "tenant=Blue, job=7": {**BLUE, "job": "7"},
    "tenant=Red": {"tenant": "Red"},
    "none": {},
}
CONSTRAINTS: dict[str, dict[str, Any]] = {
    "any": {},
    "exactly tenant=Blue": {"EncryptionContextEquals": BLUE},
    "at least tenant=Blue": {"EncryptionContextSubset": BLUE},
}
PEOPLE = ("worker", "helper", "lead")
PROPAGATION = delay("a new grant", slow=True)
MINUTES = int(PROPAGATION.total_seconds()) // 60
SAME_CONTEXT = "Bring that context, or give a grant with another constraint."
AT_LEAST_AS_STRICT = "Choose a constraint that is at least as strict."
ADVICE = {  # why a call was denied, and what to do about it
    Reason.NOT_EFFECTIVE: f"Tick “Show the grant token”, or let {MINUTES} minutes pass.",
    Reason.NOT_LISTED: "Give a grant that lists it.",
    Reason.CONTEXT_NOT_EQUAL: SAME_CONTEXT,
    Reason.CONTEXT_NOT_SUBSET: SAME_CONTEXT,
    Reason.CHILD_OPERATIONS: "Pass on only what the giver has.",
    Reason.CHILD_EQUALS: AT_LEAST_AS_STRICT,
    Reason.CHILD_SUBSET: AT_LEAST_AS_STRICT,
    Reason.MAY_NOT_RETIRE: "The grant says who may: look at “ends by”.",
}
FIRST = {  # what is to be done: what to begin with
    "Give": "Choose who gives whom what, and press CreateGrant.",
    "Use": "Choose who calls, and press Call KMS.",
    "End": "Choose a grant and who ends it: RetireGrant for those named in it, RevokeGrant for administrators.",
}
REVOKE = "Revoke it as root, whom the key policy lets do so."
NEEDS_CREATE_GRANT = "Give it as root, or first give that caller a grant that lists CreateGrant."
OTHERWISE = "Give a grant to that caller."


class GrantLab(Lab):
    """One key, three roles without any policy, and the root user who gives the first grant.

    The lab has a simulator of its own, in which a new grant needs its token for five minutes, and one that was ended
    counts as long.
    """

    def __init__(self) -> None:
        self.wait, self.again = button(f"Let {MINUTES} minutes pass"), button("Start again")
        self.doing = choice("What to do", ["Give", "Use", "End"])
        self.giver = choice("Giver", ["root", "worker"])
        self.grantee = choice("Grantee", ["worker", "helper"])
        self.operations = [tick(name, name == "Decrypt") for name in OPERATIONS]
        self.constraint = choice("Encryption context must be", list(CONSTRAINTS), listed=True)
        self.give = button("CreateGrant")
        self.caller = choice("Caller", ["worker", "helper"])
        self.operation = choice("Operation", ["Decrypt", "GenerateDataKey"])
        self.context = choice("Encryption context", list(CONTEXTS), listed=True)
        self.token = tick("Show the grant token")
        self.use = button("Call KMS")
        self.grant = choice("Grant", [("none yet", "")], listed=True)
        self.ender = choice("As", ["lead", "worker", "root"])
        self.retire, self.revoke = button("RetireGrant"), button("RevokeGrant")
        self.groups: dict[str, list[Any]] = {
            "Give": [*beside(self.giver, self.grantee), *beside(*self.operations), self.constraint, self.give],
            "Use": [*beside(self.caller, self.operation), self.context, self.token, self.use],
            "End": [self.grant, self.ender, self.retire, self.revoke],
        }
        controls = [self.wait, self.again, self.doing, *(each for group in self.groups.values() for each in group)]
        self.sim: Simulator | None = None
        super().__init__(controls, "Grants")
        acts: dict[Any, Callable[[], None]] = {
            self.give: self._give, self.use: self._use, self.retire: self._retire, self.revoke: self._revoke,
            self.wait: self._wait, self.again: self._start, self.doing: self._fold,
        }  # fmt: skip
        for control, function in acts.items():
            self.on(control, function)
        self._fold()
        self._start()

    def let_go(self) -> None:
        if self.sim:
            self.sim.close()

    def _fold(self) -> None:
        """Show the controls of what is to be done, and no others.

        "" and not None: JupyterLite sends None as undefined, which its widgets take for no change.
        """
        for doing, group in self.groups.items():
            for control in group:
                control.layout.display = "" if doing == self.doing.value else "none"
        if self.sim:
            self.say(FIRST[self.doing.value])

    def _start(self) -> None:
        self.let_go()
        self.sim = sim = Simulator(start=START, slow=True)
        people = {name: sim.role(name) for name in PEOPLE}
        self._arns = {name: person.arn for name, person in people.items()}
        self._kms = {"root": sim.client("kms"), **{name: person.client("kms") for name, person in people.items()}}
        self._key = self._kms["root"].create_key(Description="for the lab of grants")["KeyMetadata"]["Arn"]
        self._tokens: dict[str, list[str]] = {}  # grantee -> the tokens of its grants
        self._since = len(sim.trail)
        self._draw()
        self.say("worker and helper have no policy. Give worker a grant, then call KMS as worker.")

    def _give(self) -> None:
        operations = [control.description for control in self.operations if control.value]
        if not operations:
            raise ValueError("tick at least one operation for the grant")
        to = self.grantee.value
        answer = self._call(
            self._kms[self.giver.value].create_grant, GranteePrincipal=self._arns[to], Operations=operations,
            RetiringPrincipal=self._arns["lead"], Constraints=CONSTRAINTS[self.constraint.value],
            GrantTokens=self._tokens.get(self.giver.value, [])[-10:],
        )  # fmt: skip
        if answer:
            self._tokens.setdefault(to, []).append(answer["GrantToken"])
        facts = self._draw()
        if facts.use:
            self._denied(facts.use)
        else:
            self.say(
                f"Grant {facts.changed}. It counts with its token now, and without from minute {MINUTES} on.",
                word="Given",
            )

    def _use(self) -> None:
        who, context = self.caller.value, CONTEXTS[self.context.value]
        tokens = self._tokens.get(who, [])[-10:] if self.token.value else []
        if self.token.value and not tokens:
            raise ValueError(f"{who} was never given a grant, so there is no token: give one first")
        sent = {"EncryptionContext": context, **({"GrantTokens": tokens} if tokens else {})}
        if self.operation.value == "Decrypt":
            blob = self._kms["root"].encrypt(KeyId=self._key, Plaintext=b"a report", EncryptionContext=context)
            self._call(self._kms[who].decrypt, CiphertextBlob=blob["CiphertextBlob"], **sent)
        else:
            self._call(self._kms[who].generate_data_key, KeySpec="AES_256", **sent)
        use = self._draw().use
        assert use
        if use.allowed:
            self.say(f"{use.call}: {use.why}.", word="Allowed")
        else:
            self._denied(use)

    def _retire(self) -> None:
        self._end("retire_grant")

    def _revoke(self) -> None:
        self._end("revoke_grant")

    def _end(self, operation: str) -> None:
        if not self.grant.value:
            raise ValueError("there is no grant to end: give one first")
        self._call(getattr(self._kms[self.ender.value], operation), GrantId=self.grant.value)
        facts = self._draw()
        if facts.use:
            self._denied(facts.use)
        else:
            done = facts.grant(facts.changed)
            left = [g.grantee for g in facts.children(done.number) if not g.ended]
            more = f" {left[0]} keeps the grant that came from it: it is a grant of its own." if left else ""
            self.say(
                f"Grant {done.number} is {done.ended}, and no policy was changed. "
                f"It still counts for {MINUTES} minutes: its end spreads too.{more}",
                word="Ended",
            )

    def _wait(self) -> None:
        assert self.sim
        self.sim.advance(minutes=MINUTES)
        self._draw(quiet=True)
        self.say(f"{MINUTES} minutes later. What was given or ended has spread: no token is needed.")

    def _call(self, operation: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
        """Make a call on the key; an answer, or {} for a refusal, which stands in the trail."""
        named = {} if "CiphertextBlob" in parameters else {"KeyId": self._key}
        with contextlib.suppress(ClientError):
            answer: dict[str, Any] = operation(**named, **parameters)
            return answer
        return {}

    def _denied(self, use: Use) -> None:
        if use.code == "AccessDeniedException":
            self.say(f"{capital(use.why)}. {advice(use)}", mistake=True, word="Denied")
        else:
            self.refused(use.code, use.message)

    def _draw(self, *, quiet: bool = False) -> Chain:
        """Look at the grants and show them, `quiet` without the last call."""
        assert self.sim
        listed = self._kms["root"].list_grants(KeyId=self._key)["Grants"]
        facts = read(self.sim.trail[self._since :], self._key, listed, self.sim.now, name=NAME, propagation=PROPAGATION)
        living = [(grant.words, grant.id) for grant in facts.grants if not grant.ended]
        self.refill(self.grant, living or [("none yet", "")])
        self.show(grant_chain(replace(facts, use=None) if quiet else facts, lines=2, canvas=LAB))
        return facts


def advice(use: Use) -> str:
    """What to do about a denial."""
    if use.operation == "RevokeGrant":  # no grant can ever allow it
        return REVOKE
    if use.reason in ADVICE:
        return ADVICE[use.reason]
    return NEEDS_CREATE_GRANT if use.operation == "CreateGrant" else OTHERWISE


def grants_of(sim: Simulator, key_arn: str, *, name: str = "") -> Chain:
    """Ask KMS about a key's grants as they are now: `grant_chain(grants_of(sim, key_arn))` draws them."""
    _, _, _, region, account, _ = key_arn.split(":")
    listed = sim.client("kms", region=region, account=account).list_grants(KeyId=key_arn)["Grants"]
    return read(sim.trail, key_arn, listed, sim.now, name=name, propagation=delay("a new grant", slow=sim.service.slow))
