"""The lab of envelope encryption: a file of the learner's, step by step, with everything that can go wrong."""

import shutil
import tempfile
import weakref
from importlib.resources import files
from pathlib import Path

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)

from kms_teach.chapters.envelope.envelope import envelope
from kms_teach.chapters.envelope.facts import MISTAKES, STEPS, Envelope
from kms_teach.chapters.envelope.pieces import in_pieces
from kms_teach.chapters.envelope.walk import Cast, File, Moment, Walk
from kms_teach.client_side.envelope import CHUNK_SIZE
from kms_teach.drawing import look
from kms_teach.keys.specs import MESSAGE_MAX
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import UPLOAD_MAX, beside, button, choice, slider, text, tick, upload, uploaded
from kms_teach.teaching.lab import Lab, marked

SAMPLE = "lake.jpg"
ALIAS = "alias/photos"
SLOW = 8 * CHUNK_SIZE  # bytes; from here on a step says how far it is
SAID: dict[int | tuple[str, int], str] = {
    0: "{e.name} has {size}; `Encrypt` {alone}. Press Next step to ask KMS for a data key.",
    1: "`GenerateDataKey` is sent. It has no parameter for data, so none went along.",
    2: "One new key came in two copies: {e.plain_key} bytes plain, {e.encrypted_key} bytes encrypted.",
    3: "AES-256-GCM ran on this computer, over {chunks}. KMS was not asked.",
    4: "The encrypted key now stands in front of the ciphertext, in the same file.",
    5: "The program overwrote its plaintext key with zeros. Copies that boto3 made, Python cannot reach.",
    6: "Only the encrypted key went to KMS, {sent}, and the plaintext key came back.",
    7: "The same SHA-256 as before. It took {calls} calls; in pieces of {most} bytes it would have been {pieces}.",
    ("lose", 4): "The encrypted key was not written. No error, no warning: the file looks as good as any other.",
    ("lose", 5): "As usual, the program overwrote its plaintext key with zeros. That was the last copy.",
    ("lose", 6): "{refused}. KMS kept no copy, so the file stays shut for good.",
    ("forget", 5): "Nobody overwrote the plaintext key. Everything goes on working, so nobody notices.",
    ("forget", 7): "The same SHA-256 as before. And the plaintext key is still in memory.",
    ("key", 6): "{refused}. One changed byte in the encrypted key, and the file stays shut.",
    ("data", 7): "{refused}.",
}
BACK, END = " You are looking back: nothing is called again.", " This is the end: go back, or choose what goes wrong."
READ = {True: "read it", False: "did not read it"}


class EnvelopeLab(Lab):
    """Encrypt a file and open it again, one step at a time; four look at it at every step. `moment` is what is shown.

    `key_id` names a symmetric key of the learner's; without one, `alias/photos` is used, and made if there is none.
    """

    def __init__(self, sim: Simulator, key_id: str | None = None) -> None:
        folder = Path(tempfile.mkdtemp(prefix="kms-teach-"))
        self._gone = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.cast, self.disk = _cast(sim, key_id or ALIAS), folder / "sealed"
        self.key_name = key_id if key_id and key_id.startswith("alias/") else look.short_id(key_id or ALIAS)
        self.file, self.at = _sample(), 0
        self.back, self.next, self.again = beside(button("Back"), button("Next step"), button("Start again"))
        self.step = slider("Step", 0, len(STEPS), 0)
        self.wrong = choice(
            "What goes wrong", [("nothing", ""), *((name, kind) for kind, (_, name) in MISTAKES.items())]
        )
        self.own, self.path = upload(f"Your own file, up to {UPLOAD_MAX}"), text("Or the path of a file of any size")
        self.sample = button("Take the sample")
        self.attack = tick("An attacker looks now", True)
        self._reports = W.HTML()
        self._reports.add_class("kms-scroll")
        controls = [
            self.back,
            self.next,
            self.again,
            self.step,
            self.wrong,
            self.own,
            self.sample,
            self.path,
            self.attack,
        ]
        beside(self.own, self.sample)
        super().__init__(controls, "Envelope encryption")
        self._side.children = (*self._side.children, self._reports)
        self.on(self.next, self._forward)
        self.on(self.step, self._go)
        self.on(self.back, self._backward)
        self.on(self.wrong, self._replay)
        self.on(self.own, self._upload)
        self.on(self.path, self._type)
        self.on(self.again, lambda: self._start(self.file))
        self.on(self.sample, self._sample)
        self.on(self.attack, self._show_attempts)
        self.walk = self._start(self.file)

    def let_go(self) -> None:
        self._gone()

    @property
    def moment(self) -> Moment:
        return self.walk.moments[self.at]

    def _start(self, file: File) -> Walk:
        walk = Walk(self.cast, file, self.key_name, self.disk, self.wrong.value, self._progress)
        self.file, self.walk, self.at = file, walk, 0
        self._draw()
        return walk

    def _forward(self) -> None:
        self._draw("" if self._to(self.at + 1) else END)

    def _go(self) -> None:
        to, before = self.step.value, self.at
        there = self._to(to)
        self._draw(BACK if to < before else "" if there else END)

    def _to(self, step: int) -> bool:
        """Go to a step, walking where nobody walked yet; False when the walk ended before."""
        while self.at < step:
            if self.at == len(self.walk.moments) - 1:
                if self.walk.ended:
                    return False
                self.walk.forward()
            self.at += 1
        self.at = step
        return True

    def _backward(self) -> None:
        if self.at == 0:
            self.say("This is the beginning: press Next step.")
            return
        self.at -= 1
        self._draw(BACK)

    def _replay(self) -> None:
        """Do the same steps again, with another mistake and a new data key."""
        to = self.at
        self._start(self.file)
        while self.at < to and not self.walk.ended:
            self.walk.forward()
            self.at += 1
        self._draw(" The steps were done again, with a new data key." if to else "")

    def _upload(self) -> None:
        if file := uploaded(self.own):
            with self.filling():
                self.path.value = ""
            self._start(File.of(*file))

    def _type(self) -> None:
        if self.path.value.strip():
            self._start(File.at(Path(self.path.value.strip()).expanduser()))

    def _sample(self) -> None:
        with self.filling():
            self.path.value = ""
        self._start(_sample())

    def _progress(self, done: int) -> None:
        size = self.file.size
        if size >= SLOW and done * 10 // size != (done - CHUNK_SIZE) * 10 // size:
            self.say(f"{look.size(done)} of {look.size(size)} are done …")

    def _draw(self, more: str = "") -> None:
        facts = self.moment.facts
        with self.filling():
            self.step.value = self.at
        words = _said(facts) + more
        self.show(envelope(facts, canvas=look.LAB), words)
        if facts.refused:
            self.say(words, mistake=True, word="Refused")
        self._show_attempts()

    def _show_attempts(self) -> None:
        lines = [
            f"<li><strong>{marked(one.who)}</strong> {READ[one.got]}: {marked(one.words)}.</li>"
            for one in self.moment.attempts
        ]
        heading = "<strong>An attacker looks now.</strong> All four really tried:"
        self._reports.value = f"{heading}<ul>{''.join(lines)}</ul>" if self.attack.value else ""


def _said(e: Envelope) -> str:
    """The status line of a step."""
    words = SAID.get((e.mistake, e.step)) or SAID[e.step]
    chunks = -(-e.size // CHUNK_SIZE)
    fits = e.size <= MESSAGE_MAX
    alone = f"takes up to {MESSAGE_MAX:,}, so this file too" if fits else f"takes at most {MESSAGE_MAX:,}"
    return words.format(
        e=e, alone=alone, size=look.size(e.size), chunks=f"{chunks:,} chunk{'' if chunks == 1 else 's'}",
        refused=e.refused and f"`{e.refused.code}`: {e.refused.words or 'AWS says no more'}",
        sent=look.size(e.sent), calls=len(e.calls), pieces=f"{in_pieces(e.size).calls:,}", most=f"{MESSAGE_MAX:,}",
    )  # fmt: skip


def _sample() -> File:
    return File.of(SAMPLE, (files("kms_teach.chapters.envelope") / SAMPLE).read_bytes())


def _cast(sim: Simulator, key_id: str) -> Cast:
    kms = sim.client("kms")
    try:
        arn = kms.describe_key(KeyId=key_id)["KeyMetadata"]["Arn"]
    except kms.exceptions.NotFoundException:
        if key_id != ALIAS:
            raise
        arn = kms.create_key(Description="for the lab of envelope encryption")["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName=ALIAS, TargetKeyId=arn)
    may = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": arn}
    reader = sim.user("reader-with-decrypt", policies=[{"Version": "2012-10-17", "Statement": [may]}])
    return Cast(sim, kms, key_id, sim.user("thief-with-the-disk").client("kms"), reader.client("kms"))
