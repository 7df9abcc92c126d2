"""An assignment as one small file, and the answers to it as another: each signed, so that an edit is noticed.

The teacher's simulator signs the assignment with a KMS key that stays in it, and puts a data key pair into it
(GenerateDataKeyPair) with which a learner's answers are signed where no call can be made. So what comes back was
written by somebody who had the assignment, and was not changed on the way. It does not prove who sat in front of the
screen: whoever reads the file has that private half, as anybody has who holds an exam paper.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from botocore.exceptions import ClientError

from kms_teach.client_side import partner
from kms_teach.clock import parse
from kms_teach.simulator import Simulator
from kms_teach.teaching import catalog, exam
from kms_teach.teaching.paper import SEEDS, Place
from kms_teach.teaching.record import Given
from kms_teach.teaching.task import Task

MOST_BYTES = 1_000_000  # a larger file is none of these, and is not read
MOST_QUESTIONS, MOST_NAME = 60, 100
ALIAS, WRAP = "alias/assignments", "alias/answers"
SIGNING = "ECDSA_SHA_256"
PAIR = "ECC_NIST_P256"
FACES = 12  # how many faces of a family a class gets: enough that neighbours differ

Kind = TypeVar("Kind", "Assignment", "HandedIn")


class AssignmentError(ValueError):
    """A file that is no assignment, or no answers to one; the message says what to do."""


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """What a class is asked. `pair` is the private half that answers are signed with, PKCS #8 in DER."""

    title: str
    families: tuple[str, ...]
    tasks: tuple[tuple[str, str], ...]
    seed: str
    due: datetime | None
    key: str
    pair: bytes
    public: bytes

    def __repr__(self) -> str:
        return f"<Assignment {self.title!r}: {len(self.families)} questions, {len(self.tasks)} tasks>"


class HandedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A learner's answers, in the order of the assignment's families; None for one that is open.

    `assignment` is the SHA-256 of what was signed by the teacher. `tasks` are those whose check was passed there.
    """

    assignment: str
    learner: str
    at: datetime
    answers: tuple[Given | None, ...]
    tasks: tuple[tuple[str, str], ...]


class Signed(msgspec.Struct, frozen=True):
    """A file as it lies on the disk: what it says, encoded, and the signature of just these bytes."""

    kms_teach: str
    body: bytes
    signature: bytes

    def __repr__(self) -> str:
        return f"<Signed {self.kms_teach}, {len(self.body)} bytes>"

    @property
    def digest(self) -> str:
        """The SHA-256 of what it says."""
        return hashlib.sha256(self.body).hexdigest()


def made(
    sim: Simulator,
    title: str,
    families: Sequence[str],
    tasks: Sequence[tuple[str, str]] = (),
    due: datetime | None = None,
) -> bytes:
    """An assignment's file, signed by a key of this simulator, which is made when there is none.

    Raises:
        KeyError: there is no such family or task; it names near ones.
        AssignmentError: it asks nothing, or too much, or the same twice.
    """
    for name in families:
        exam.family(name)
    for room, name in tasks:
        task(room, name)
    if not families:
        raise AssignmentError("an assignment asks something: give a family with --family, or how many with --questions")
    if len(set(families)) < len(families) or len(families) > MOST_QUESTIONS:
        raise AssignmentError(f"an assignment has at most {MOST_QUESTIONS} families, each once")
    kms = sim.client("kms")
    key = _key(kms, ALIAS, KeySpec=PAIR, KeyUsage="SIGN_VERIFY")
    pair = kms.generate_data_key_pair(KeyId=_key(kms, WRAP), KeyPairSpec=PAIR)
    assignment = Assignment(
        title=title, families=tuple(families), tasks=tuple(tasks), seed=secrets.token_hex(8), due=due, key=key,
        pair=pair["PrivateKeyPlaintext"], public=pair["PublicKey"],
    )  # fmt: skip
    body = msgspec.json.encode(assignment)
    signature = kms.sign(KeyId=key, Message=_digest(body), MessageType="DIGEST", SigningAlgorithm=SIGNING)["Signature"]
    return msgspec.json.encode(Signed("assignment", body, signature))


def until(text: str) -> datetime:
    """When an assignment is due: a moment, or the end of a day in UTC. Raises ValueError for what is neither."""
    moment = parse(text)
    return moment + timedelta(days=1, seconds=-1) if len(text) == len("2026-12-24") else moment


def is_of(sim: Simulator, file: Signed) -> bool:
    """Whether this simulator's key has signed the assignment."""
    kms = sim.client("kms")
    try:
        kms.verify(
            KeyId=ALIAS, Message=_digest(file.body), MessageType="DIGEST", SigningAlgorithm=SIGNING,
            Signature=file.signature,
        )  # fmt: skip
    except ClientError:  # another signature, none, or no such key
        return False
    return True


def answered(
    file: Signed, learner: str, at: datetime, answers: Iterable[Given | None], tasks: Iterable[tuple[str, str]] = ()
) -> bytes:
    """A learner's file, signed with the pair that came in the assignment.

    Raises:
        AssignmentError: the name is empty or too long, or there are not as many answers as questions.
    """
    assignment, name = read_assignment(file), known_as(learner)
    handed_in = HandedIn(
        assignment=file.digest, learner=name, at=at, answers=tuple(answers), tasks=tuple(sorted(set(tasks)))
    )
    if len(handed_in.answers) != len(assignment.families):
        raise AssignmentError(f"{len(handed_in.answers)} answers for {len(assignment.families)} questions")
    body = msgspec.json.encode(handed_in)
    return msgspec.json.encode(Signed("answers", body, partner.sign(assignment.pair, body)))


def known_as(learner: str) -> str:
    """A learner's name, with single blanks. Raises AssignmentError for none, or one that is too long."""
    name = " ".join(learner.split())
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise AssignmentError(f"write your name first, in at most {MOST_NAME} letters")
    return name


def places(assignment: Assignment, learner: str) -> tuple[Place, ...]:
    """The questions of a learner, as (family, seed): the same for the same name, others for another."""
    return tuple(
        (family, _face(assignment.seed, known_as(learner).casefold(), family)) for family in assignment.families
    )


def _face(seed: str, learner: str, family: str) -> int:
    drawn = hashlib.sha256(f"{seed}\n{learner}\n{family}".encode()).digest()
    return SEEDS[int.from_bytes(drawn[:4]) % FACES]


def file_name(file: Signed, learner: str) -> str:
    """What a learner's file is called."""
    words = [
        re.sub(r"[^\w]+", "-", text).strip("-") or "x" for text in (read_assignment(file).title, known_as(learner))
    ]
    return f"{'--'.join(word[:60] for word in words)}.answers.json"


def task(room: str, name: str) -> Task:
    """A task of a chapter by its name. Raises KeyError, with the names there are."""
    tasks = {key: value for key, value in vars(catalog.load(room, "tasks")).items() if isinstance(value, Task)}
    if name not in tasks:
        raise KeyError(f"chapter `{room}` has no task {name}: choose from {', '.join(sorted(tasks))}")
    return tasks[name]


def opened(path: Path) -> Signed:
    """A file of either kind, as it lies there, nothing in it trusted yet.

    Raises:
        AssignmentError: it cannot be read, is too large, or is of no kind that is known.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise AssignmentError(f"{path.name} cannot be read ({error.strerror})") from None
    if len(content) > MOST_BYTES:
        raise AssignmentError(f"{path.name} is larger than any of these files")
    try:
        return msgspec.json.decode(content, type=Signed)
    except (msgspec.DecodeError, ValueError):
        raise AssignmentError(f"{path.name} is no file that `kms-teach assign` or a learner's notebook wrote") from None


def read_assignment(file: Signed) -> Assignment:
    """What an assignment asks. Raises AssignmentError for another kind of file."""
    return _read(file, "assignment", Assignment)


def read_answers(file: Signed) -> HandedIn:
    """What a learner answered. Raises AssignmentError for another kind of file."""
    return _read(file, "answers", HandedIn)


def _read(file: Signed, name: str, kind: type[Kind]) -> Kind:
    if file.kms_teach == name:
        try:
            return msgspec.json.decode(file.body, type=kind)
        except (msgspec.DecodeError, ValueError):
            pass
    article = "an assignment" if name == "assignment" else "a learner's answers"
    raise AssignmentError(f"this is not {article}: give the file that was written as such")


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def _key(kms: Any, alias: str, **spec: str) -> str:
    """The ARN of the key behind an alias, both made when there are none."""
    try:
        return str(kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"])
    except kms.exceptions.NotFoundException:
        arn = kms.create_key(Description="kms-teach assign", **spec)["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName=alias, TargetKeyId=arn)
        return str(arn)
