"""The question families of "Conditions, accounts, organizations" about credentials in the wrong hands."""

from collections.abc import Callable, Mapping
from functools import cache
from random import Random
from typing import Any

from msgspec import Struct

from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Order, Tried, one, ordering
from kms_teach.teaching.trial import NOTE, amend, error, policy, rehearsed, scratch, statement

SECURITY = ("SCS-C03", "SAP-C02", "SAP-C03")
OWN = "111122223333"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:AssumeRole"}]}  # fmt: skip
REMEDIES = {
    "a Deny for sessions that began before now, in IAM": "`aws:TokenIssueTime` tells when a session began.",
    "a trust policy that lets nobody assume the role": "It stops new sessions. One that began goes on to its end.",
    "a rotation on demand of the KMS key": "New material changes nothing about who may.",
    "a Deny for the role in the policy of the key": "It counts for every session, of today and of tomorrow.",
}


@one("session-of-a-thief", subject="access", exams=("SOA-C03", *SECURITY), difficulty=3)
def session_of_a_thief(draw: Random) -> Asked:
    role, wish = draw.choice(("app", "report", "loader", "export")), draw.choice(("go-on", "stop", "later"))
    minutes = draw.randrange(5, 50)
    words, wanted = {  # the thief's session, a session of tomorrow
        "go-on": (("The stolen session must not decrypt any more, and the program, which begins a session "
                  "of its own in a minute, must"), (False, True)),
        "stop": (("No session of the role may decrypt, not even one that begins tomorrow, until all is "
                 "understood"), (False, False)),
        "later": (("Investigators want to watch the stolen session as it goes on. But nobody, the program neither, "
                  "may begin another session of this role"), (True, None)),
    }[wish]  # fmt: skip

    def run() -> list[Tried]:
        tried = []
        for way in range(4):
            sim, kms, key = scratch()
            blob = kms.encrypt(KeyId=key, Plaintext=NOTE)["CiphertextBlob"]
            allow = policy("kms:Decrypt")
            person = sim.role(role, policies=[allow], trust=TRUST)
            sts = sim.user("operator", policies=[policy("sts:AssumeRole")]).client("sts")
            taken = sim.session(sts.assume_role(RoleArn=person.arn, RoleSessionName="one")["Credentials"])
            sim.advance(minutes=minutes)
            if way == 0:
                before = {"DateLessThan": {"aws:TokenIssueTime": sim.now.isoformat().replace("+00:00", "Z")}}
                sim.role(role, policies=[allow, policy("*", Effect="Deny", Condition=before)], trust=TRUST)
            elif way == 1:
                sim.role(role, policies=[allow])
            elif way == 2:
                kms.rotate_key_on_demand(KeyId=key)
            else:
                amend(kms, key, statement(person.arn, "kms:Decrypt", Effect="Deny"))
            sim.advance(minutes=1)
            stolen = not error(taken.client("kms").decrypt, CiphertextBlob=blob)
            begun: bool | None = None
            if not error(sts.assume_role, RoleArn=person.arn, RoleSessionName="two"):
                session = sim.session(sts.assume_role(RoleArn=person.arn, RoleSessionName="two")["Credentials"])
                begun = not error(session.client("kms").decrypt, CiphertextBlob=blob)
            shown = f"The stolen session {'still decrypts' if stolen else 'is denied'}"
            fresh = "cannot begin" if begun is None else "decrypts" if begun else "is denied"
            tried.append(Tried((stolen, begun) == wanted, f"{shown}; a new one {fresh}."))
        return tried

    return Asked(
        f"The temporary credentials of a session of the role `{role}` have been in the wrong hands for {minutes} "
        f"minutes. {words}. What do you set up?",
        REMEDIES,
        run,
    )


STEPS = (
    "make the user's access key `Inactive`",
    "search the trail for what this access key has decrypted",
    "encrypt those files under new data keys, and delete the old ones",
    "give the program a new access key, and start it again",
)


@ordering("contain-a-leak", subject="trail", exams=("SOA-C03", *SECURITY), difficulty=3)
def contain_a_leak(draw: Random) -> Asked:
    program, store = draw.choice(("billing", "scanner", "mailer")), draw.choice(("a bucket", "a database", "a share"))
    files = draw.randrange(3, 7)

    begun = cache(lambda: Begun.make(program, files))

    def run(order: Order) -> Tried:
        leak = Leak(begun(), program)
        for number, step in enumerate(order, 1):
            leak.steal()
            if why := leak.acts[STEPS.index(step)]():
                return Tried(False, f"Step {number}: {why}.")
        leak.steal()
        safe = not leak.lost()
        return Tried(safe, "Nothing that lies in storage opens with what the thief has." if safe else
                     "The thief has a data key of a file that lies in storage.")  # fmt: skip

    return Asked(
        f"The access key of the user `{program}` stood in a public repository. It may `kms:Decrypt`, and each of "
        f"{files} files in {store}, which the public may read, has a data key. The thief opens one data key after the "
        "other, and keeps them. The program may stand still, and must not run before what was opened is worthless. In "
        "which order do you act?",
        dict.fromkeys(STEPS, "First nobody else opens anything, then the trail is complete, then it is known what to "
                      "mend."),
        run,
    )  # fmt: skip


class Begun(Struct, frozen=True):
    """What every order of the steps begins with: a key, a program's user, and files with data keys in storage."""

    sim: Simulator
    key: str
    stored: Mapping[str, bytes]

    @classmethod
    def make(cls, program: str, files: int) -> "Begun":
        sim, kms, key = scratch()
        sim.user(program, policies=[policy("kms:Decrypt")])
        return cls(sim, key, {f"{number}": _data_key(kms, key, number) for number in range(files)})


def _data_key(kms: Any, key: str, number: int) -> bytes:
    made = kms.generate_data_key_without_plaintext(
        KeyId=key, KeySpec="AES_256", EncryptionContext={"file": f"{number}"}
    )
    return bytes(made["CiphertextBlob"])


class Leak:
    """What becomes of it in one order, with a thief who has the access key of the program's user."""

    def __init__(self, begun: Begun, program: str) -> None:
        self.sim, self.key, self.stored = rehearsed(begun.sim), begun.key, dict(begun.stored)
        self.kms, self.name = self.sim.client("kms"), program
        user = self.sim.person(program)
        self.stolen, self.client = user.access_key.id, user.client("kms")
        self.opened: list[bytes] = []
        self.known: list[str] | None = None
        self.acts: tuple[Callable[[], str], ...] = (self.stop, self.search, self.mend, self.restart)

    def steal(self) -> None:
        """The thief opens the next data key, if it can."""
        for number, blob in self.stored.items():
            if blob not in self.opened:
                if not error(self.client.decrypt, CiphertextBlob=blob, EncryptionContext={"file": number}):
                    self.opened.append(blob)
                return

    def stop(self) -> str:
        self.sim.client("iam").update_access_key(UserName=self.name, AccessKeyId=self.stolen, Status="Inactive")
        return ""

    def search(self) -> str:
        events = (record.event for record in self.sim.trail if record.operation == "Decrypt" and not record.error)
        self.known = [
            event["requestParameters"]["encryptionContext"]["file"]
            for event in events if event["userIdentity"].get("accessKeyId") == self.stolen
        ]  # fmt: skip
        return ""

    def mend(self) -> str:
        if self.known is None:
            return "nobody knows yet which files those are"
        for number in self.known:
            self.stored[number] = _data_key(self.kms, self.key, int(number))
        return ""

    def restart(self) -> str:
        if self.lost() or self.known is None:
            return "what was opened is not yet worthless, and the program runs"
        self.sim.client("iam").create_access_key(UserName=self.name)
        return ""

    def lost(self) -> bool:
        """Whether the thief has a data key of a file that lies in storage."""
        return any(blob in self.opened for blob in self.stored.values())
