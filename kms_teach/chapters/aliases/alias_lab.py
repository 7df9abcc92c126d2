"""The lab of names: three keys of one Region, two aliases to create, move and delete, a program that calls by name."""

from typing import Any

from kms_teach.chapters.aliases.board import alias_board
from kms_teach.chapters.aliases.facts import GONE, Board, KeyFacts, listed
from kms_teach.chapters.aliases.words import state
from kms_teach.chapters.aliases.world import board_of
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import button, choice
from kms_teach.teaching.lab import Lab

START = "2026-01-01T00:00:00Z"
NAMES = ("alias/photos", "alias/mail")
FILES = tuple(f"{name}.jpg" for name in ("lake", "hill", "moor", "dune", "reef", "fjord", "cliff", "marsh"))
KEYS: dict[str, dict[str, Any]] = {
    "A, symmetric": {},
    "B, symmetric": {},
    "C, RSA": {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"},
}
DAYS = 7


class AliasLab(Lab):
    """Names and keys, and whether the files that a program encrypted by a name still open.

    The lab has a simulator of its own. `files` has the answer that made each file.
    """

    def __init__(self) -> None:
        self.alias, self.key = choice("Alias", list(NAMES)), choice("Key", list(KEYS), listed=True)
        self.create, self.update, self.delete = (button(f"{each}Alias") for each in ("Create", "Update", "Delete"))
        self.encrypt = button("Encrypt by the alias")
        self.schedule, self.cancel = button("Schedule deletion"), button("Cancel, and enable")
        self.wait, self.again = button(f"Let {DAYS} days pass"), button("Start again")
        self.sim: Simulator | None = None
        acts = {
            self.create: self._create, self.update: self._update, self.delete: self._delete,
            self.encrypt: self._encrypt, self.schedule: self._schedule, self.cancel: self._cancel,
            self.wait: self._wait, self.again: self._start,
        }  # fmt: skip
        super().__init__([self.alias, self.key, *acts], "Aliases", lines=6)
        for control, function in acts.items():
            self.on(control, function)
        self.on(self.alias, self._tell)
        self.on(self.key, self._tell)
        self._start()

    def let_go(self) -> None:
        if self.sim:
            self.sim.close()

    def _start(self) -> None:
        self.let_go()
        self.sim = Simulator(start=START)
        self.kms = self.sim.client("kms")
        self.ids = {name: self.kms.create_key(**how)["KeyMetadata"]["KeyId"] for name, how in KEYS.items()}
        self.files: dict[str, dict[str, Any]] = {}
        self.kms.create_alias(AliasName=NAMES[0], TargetKeyId=next(iter(self.ids.values())))
        self._add(NAMES[0])
        self._draw(f"A program encrypted {FILES[0]} by `{NAMES[0]}`. Choose key B, and press UpdateAlias.")

    def _tell(self) -> None:
        """Say what is chosen, before anything is done with it."""
        names, key = self._named(self.alias.value), self._key(self.key.value[0])
        told = f"`{self.alias.value}` names {f'key {names}' if names else 'no key'}."
        self.say(f"{told} Key {key.letter} is {state(key)}, and has {len(key.named) or 'no'} "
                 f"{'name' if len(key.named) == 1 else 'names'}.")  # fmt: skip

    def _create(self) -> None:
        self.kms.create_alias(AliasName=self.alias.value, TargetKeyId=self.ids[self.key.value])
        self._draw(f"`{self.alias.value}` names key {self.key.value[0]}. The key itself knows nothing of its names.")

    def _update(self) -> None:
        before = self._named(self.alias.value)
        self.kms.update_alias(AliasName=self.alias.value, TargetKeyId=self.ids[self.key.value])
        now = self.key.value[0]
        old = f" What {before} encrypted is still for {before} to open." if before not in ("", now) else ""
        self._draw(f"`{self.alias.value}` names key {now}. The program's next call uses it, without a change.{old}")

    def _delete(self) -> None:
        self.kms.delete_alias(AliasName=self.alias.value)
        self._draw(f"`{self.alias.value}` is free. Key and files are as they were.")

    def _encrypt(self) -> None:
        if len(self.files) == len(FILES):
            raise ValueError(f"there is room for {len(FILES)} files: press Start again for new ones")
        by = self._named(self.alias.value)
        name = self._add(self.alias.value)
        self._draw(f"{name} is encrypted by key {by}, which `{self.alias.value}` names now.")

    def _schedule(self) -> None:
        self.kms.schedule_key_deletion(KeyId=self.ids[self.key.value], PendingWindowInDays=DAYS)
        names = self._key(self.key.value[0]).named
        kept = f"Its name stays taken: `{names[0]}`." if names else "It has no name to keep."
        self._draw(f"Key {self.key.value[0]} goes in {DAYS} days, and opens nothing from now on. {kept}")

    def _cancel(self) -> None:
        key = self.ids[self.key.value]
        self.kms.cancel_key_deletion(KeyId=key)
        self.kms.enable_key(KeyId=key)
        self._draw(f"Key {self.key.value[0]} stays. A cancelled key is Disabled; it was enabled, too.")

    def _wait(self) -> None:
        assert self.sim
        before = {key.letter: key.named for key in self.facts_now.keys if key.state != GONE}
        self.sim.advance(days=DAYS)
        gone = [key.letter for key in self._look().keys if key.state == GONE and key.letter in before]
        freed = [name for letter in gone for name in before[letter]]
        names = f", and with it {listed(f'`{name}`' for name in freed)}" if freed else ""
        self._draw(f"{DAYS} days later, {f'key {listed(gone)} is deleted{names}' if gone else 'all is as it was'}.")

    def _add(self, alias: str) -> str:
        """Encrypt another file as the program does, which names the alias and nothing else; give the file's name."""
        name = FILES[len(self.files)]
        self.files[name] = self.kms.encrypt(KeyId=alias, Plaintext=name.encode())
        return name

    def _named(self, alias: str) -> str:
        return next((key.letter for key in self.facts_now.keys if alias in key.named), "")

    def _key(self, letter: str) -> KeyFacts:
        return next(key for key in self.facts_now.keys if key.letter == letter)

    def _look(self) -> Board:
        assert self.sim
        return board_of(self.sim, self.files, kms=self.kms)

    def _draw(self, status: str) -> None:
        self.facts_now = self._look()
        self.show(alias_board(self.facts_now, lines=2, canvas=LAB), status)

    def refused(self, code: str, message: str) -> None:
        """As everywhere, with what helps here."""
        if code in HELPS:
            self.say(f"`{code}`: {message.rstrip('.')}. {HELPS[code]}", mistake=True, word="Refused")
        else:
            super().refused(code, message)


HELPS = {
    "AlreadyExistsException": "One name names one key: move it with UpdateAlias, or DeleteAlias first.",
    "InvalidKeyUsageException": "The program sends no algorithm, and so asks for a symmetric key.",
    "NotFoundException": "No key goes by that name, or the key is gone: CreateAlias, or Start again.",
    "ValidationException": "A name moves between keys of one kind, so that no program that uses it fails.",
}
