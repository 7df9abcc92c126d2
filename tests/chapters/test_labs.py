"""Every lab's controls are walked in random order, beside a plain model of what should be so after each press."""

import html
import inspect
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import ipywidgets as W  # noqa: N812 (as its own documentation abbreviates it)
import pytest

from kms_teach import Simulator
from kms_teach.chapters.accounts.conditions_lab import ConditionLab
from kms_teach.chapters.accounts.gates_lab import OWNER, SILENT, GatesLab
from kms_teach.chapters.accounts.two_keys_lab import TwoKeysLab
from kms_teach.chapters.aliases.alias_lab import AliasLab
from kms_teach.chapters.aliases.region_lab import RegionLab
from kms_teach.chapters.encrypt.blob_lab import BlobLab
from kms_teach.chapters.encrypt.limit_lab import LimitLab
from kms_teach.chapters.envelope.lab import EnvelopeLab
from kms_teach.chapters.grants.lab import GrantLab
from kms_teach.chapters.key.key_lab import KeyLab
from kms_teach.chapters.key.places_lab import PlacesLab
from kms_teach.chapters.lifecycle.import_lab import AES, OTHER, SAME, UNTIL, ImportLab
from kms_teach.chapters.lifecycle.state_lab import StateLab
from kms_teach.chapters.notes.note_lab import ROW, NoteLab
from kms_teach.chapters.notes.sheet_lab import SheetLab
from kms_teach.chapters.objects.objects_lab import AWS_S3, ENABLED, SSE_S3, YOUR_KEY, ObjectsLab
from kms_teach.chapters.policies.policy_lab import PolicyLab
from kms_teach.chapters.policies.who_may_lab import CHANGED, KEY_POLICIES, NOW, WhoMayLab
from kms_teach.chapters.policies.world import EVERYTHING, EXAMPLES, NAMES, ROOT, Example, World
from kms_teach.chapters.rotation.table_lab import RotationTableLab
from kms_teach.chapters.rotation.timeline_lab import RotationLab
from kms_teach.chapters.signing.secret_lab import FLIPPED, NOTHING, SecretLab
from kms_teach.chapters.signing.signing_lab import FIRST, YOURS, SigningLab
from kms_teach.chapters.watching.bill_lab import EACH, BillLab
from kms_teach.chapters.watching.looked_up import ANYTHING
from kms_teach.chapters.watching.store_lab import DESCRIBE, StoreLab
from kms_teach.chapters.watching.trail_lab import ROWS, TrailLab
from kms_teach.chapters.watching.world import UNTIL as END_OF_JUNE
from kms_teach.client_side import imports
from kms_teach.keys.specs import ENCRYPT_MAX, SPECS
from kms_teach.repairs.lab import RepairsLab
from kms_teach.teaching import CallOpened, Lab

STEPS = 40
NO = ("Not done.", "Refused.", "Denied.")


class Press(NamedTuple):
    """A control that was pressed, and what stood in all of them before."""

    control: Any
    before: Mapping[str, Any]


class Model:
    """What should be so of a lab, told each control after it was pressed."""

    def __init__(self, lab: Any) -> None:
        self.lab = lab

    def pressed(self, press: Press) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Case:
    """A lab, its model, what is typed into fields of these names, and which controls one may set ("*": all)."""

    make: Callable[[], Lab]
    model: type[Model]
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sets: Mapping[str, Sequence[str]] = field(default_factory=dict)


def name_of(control: Any) -> str:
    return str(control.description)


def press(control: Any, typed: Mapping[str, Sequence[str]], chance: random.Random) -> None:
    """Do with a control what a learner can do with it."""
    if isinstance(control, W.Button):
        control.click()
    elif isinstance(control, W.Checkbox):
        control.value = not control.value
    elif isinstance(control, W.Text | W.Textarea):
        control.value = chance.choice(next(words for name, words in typed.items() if name_of(control).startswith(name)))
    elif hasattr(control, "options"):
        control.index = chance.randrange(len(control.options))
    else:
        control.value = chance.randint(control.min, control.max)


def values(lab: Lab) -> dict[str, Any]:
    return {
        name_of(each): each.value for each in lab.controls if hasattr(each, "value") and not isinstance(each, W.HTML)
    }


def walk(lab: Lab, case: Case, seed: int, steps: int = STEPS) -> None:
    model = case.model(lab)
    chance = random.Random(seed)
    usable = [each for each in lab.controls if not isinstance(each, W.HTML | W.FileUpload)]
    for _ in range(steps):
        control = chance.choice(usable)
        if control.disabled:
            continue
        before, heard = values(lab), []
        if hasattr(control, "value"):
            control.observe(heard.append, "value")
        press(control, case.typed, chance)
        if hasattr(control, "value"):
            control.unobserve(heard.append, "value")
            if not heard:  # it stood there before
                continue
        assert lab.status
        after, may = values(lab), case.sets.get(name_of(control), ())
        mine = name_of(control)
        moved = [name for name in before if name in after and before[name] != after[name] and name != mine]
        assert "*" in may or [name for name in moved if name not in may] == [], f"`{mine}` has set {moved}"
        model.pressed(Press(control, before))


# --- the models ---


class Limit(Model):
    size = 4096

    def pressed(self, press: Press) -> None:
        control = press.control
        lab = self.lab
        if control is lab.slider:
            self.size = lab.slider.value
        if control is lab.typed:
            digits = lab.typed.value.replace(",", "").replace(" ", "")
            assert lab.status.startswith("Not done.") is not digits.isdigit()
            if not digits.isdigit():
                return
            self.size = int(digits)
        spec, most = lab.kind.value[0], ENCRYPT_MAX[lab.kind.value]
        ending = "encrypted" if 1 <= self.size <= most else "refused (ValidationException)"
        assert lab.picture.facts.startswith(f"Limit: {self.size:,} of {most:,} bytes with {spec}, {ending}")
        assert (lab.typed.value, lab.slider.value) == (f"{self.size:,}", min(self.size, lab.slider.max))


class Blob(Model):
    def pressed(self, _: Press) -> None:
        lab = self.lab
        sizes = 1 <= len(lab.message.value) <= 4096
        words = [pair.strip() for pair in lab.context.value.split(",") if pair.strip()]
        names = [pair.partition("=")[0] for pair in words]
        sound = sizes and all("=" in pair for pair in words) and len(set(names)) == len(names)
        letters = any(letter.isalpha() for letter in words[0].partition("=")[2]) if words and sound else False
        can = {
            "the pairs in another order": len(words) > 1, "another value": bool(words), "one pair less": bool(words),
            "one letter in another case": letters,
        }.get(lab.brought.value, True)  # fmt: skip
        if not sound or not can:
            assert lab.status.startswith(("Not done.", "Refused. `ValidationException`"))
            return
        same = ("the same context", "the pairs in another order", *([] if words else ["no context"]))
        opens = lab.brought.value in same and not lab.byte.value
        assert lab.status.startswith(NO) is not opens, lab.status
        assert lab.byte.value <= lab.byte.max == len(lab._blob)


class Repairs(Model):
    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.hints: dict[str, int] = {}

    def pressed(self, press: Press) -> None:
        control, lab, ticket = press.control, self.lab, self.lab.ticket.id
        if control is lab.hint:
            self.hints[ticket] = min(self.hints.get(ticket, 0) + 1, 3)
        if control is lab.check:
            assert lab.status.startswith("Not yet."), "nobody has repaired anything"
        assert lab.desk.hints == self.hints.get(ticket, 0) == lab._paper.value.count("<strong>Hint")
        assert lab.ticket.report in html.unescape(lab._paper.value)
        if control is lab.terminal:
            assert lab.line() in html.unescape(lab._paper.value)
        assert lab.status.startswith(NO) is (control is lab.put and not lab.desk.hints)


class Opened(Model):
    def pressed(self, press: Press) -> None:
        control, before = press
        lab, count = self.lab, len(self.lab.sim.trail)
        if control is lab.again:
            assert lab.call.value == count == len(lab.call.options)
        else:
            assert control is lab.call or lab.call.value == before["Call"]
        assert lab.status == f"Call {lab.call.value} of {count}. {lab.picture.title}."
        lab.sim.client("kms").generate_random(NumberOfBytes=1)


class Envelope(Model):
    step, mistake = 0, ""

    def pressed(self, press: Press) -> None:
        control = press.control
        lab, was = self.lab, self.step
        self.mistake = lab.wrong.value
        if control is lab.next:
            self.step = was if lab.walk.ended and lab.at == len(lab.walk.moments) - 1 == was else was + 1
        elif control is lab.step:
            assert lab.at == lab.step.value
            self.step = lab.at
        elif control is lab.back:
            self.step = max(0, was - 1)
        elif control in (lab.again, lab.sample):
            self.step = 0
        elif control is lab.wrong:
            assert lab.at == was or lab.walk.ended
            self.step = lab.at
        elif control is lab.path and lab.path.value:
            assert lab.status.startswith("Not done.")
        assert (lab.at, lab.moment.facts.mistake, lab.moment.facts.name) == (self.step, self.mistake, "lake.jpg")
        assert lab.picture.facts.startswith(f"Envelope, step {lab.step.value} of 7")


class Rotation(Model):
    def pressed(self, press: Press) -> None:
        control, before = press
        lab, facts = self.lab, self.lab.facts_now
        assert (facts.period is not None, facts.state == "Enabled") == (lab.automatic.value, lab.enabled.value)
        assert facts.period in (None, lab.period.value)
        assert lab.time.value == max(at for _, at in lab.time.options if at <= facts.now)
        if control is lab.automatic and lab.automatic.value is before["Automatic rotation"]:
            assert lab.status.startswith(NO)


class Table(Model):
    def pressed(self, press: Press) -> None:
        control = press.control
        lab = self.lab
        assert str(lab.year.value) in lab.picture.facts
        if control in (lab.claim, lab.turned, lab.never):
            assert lab.claim.value.words in lab.status


class Policies(Model):
    """The texts as they were last accepted; of the simulator it knows only what a new one would answer."""

    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.adopt()

    def adopt(self) -> None:
        self.key_policy, self.iam = self.lab.world.key_policy, dict(self.lab.world.iam)
        self.wrong: dict[str, str] = {}  # place: a text that was refused and stands there

    def pressed(self, press: Press) -> None:
        control, lab = press.control, self.lab
        if control in (lab.example, lab.change, lab.undo):
            if not lab.status.startswith(NO):
                self.adopt()
        elif control in (lab.key_policy, lab.iam, lab.bypass):
            self.typed(control)
        assert (lab.world.key_policy, lab.world.iam) == (self.key_policy, self.iam)
        who = lab.caller.value
        assert lab.iam.disabled is (who == ROOT)
        assert lab.key_policy.value == self.wrong.get("", self.key_policy)
        assert lab.iam.value == self.wrong.get(who, self.iam.get(who, ""))
        stands = "" in self.wrong or who in self.wrong
        if stands:
            assert lab.status.startswith(NO) or control in (lab.bypass, lab.fix)
        elif control in (lab.caller, lab.operation):
            assert lab.status.startswith(who.replace("the root", "The root")), lab.status
        if not stands and not lab.world.grants and control is not lab.fix:
            assert lab.picture.title.startswith("Allowed") is self.answer(), lab.picture.title

    def typed(self, control: Any) -> None:
        """A text that was typed counts, or is refused and stands; all else is as it was."""
        lab, who = self.lab, self.lab.caller.value
        standing = {place: text for place, text in self.wrong.items() if place in ("", who)}
        if control is not lab.bypass:
            standing["" if control is lab.key_policy else who] = control.value
        for place, text in standing.items():
            held = lab.world.iam[place] if place else lab.world.key_policy
            self.wrong.pop(place, None)
            if held != text:
                self.wrong[place] = text
            elif place:
                self.iam[place] = text
            else:
                self.key_policy = text

    def answer(self) -> bool:
        """Whether the same call is allowed in an account where the same policies were put at once."""
        with closing(World(Example("", EXAMPLES[0].key_policy, ""))) as world:
            here = self.lab.world.key, world.key
            for name, text in self.iam.items():
                world.give(name, text.replace(*here))
            world.put(self.key_policy.replace(*here), bypass=True)
            return not call_error(world, self.lab.caller.value, self.lab.operation.value)


def call_error(world: World, name: str, operation: str) -> str:
    try:
        world.call(name, operation)
    except world.client(name).exceptions.ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


class WhoMay(Model):
    def pressed(self, press: Press) -> None:
        control, before = press
        lab, shown = self.lab, list(self.lab.permissions.value)
        assert [row[0] for row in lab.picture.table.rows] == shown
        kept = before["may or may not"]
        if control is lab.permissions:
            assert lab.action.value == (kept if kept in shown else shown[0])
        if control is lab.key_policy:
            assert lab.shown.value == (CHANGED if before["The key policy names"] != lab.key_policy.value else NOW)
        assert lab.world.key_policy == lab.key_policy.value
        if control in (lab.who, lab.action):
            assert lab.status.startswith(f"{lab.who.value}, {lab.action.value}: ")


class Grants(Model):
    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.living = 0

    def pressed(self, press: Press) -> None:
        control, before = press
        lab = self.lab
        went = not lab.status.startswith(NO)
        if control is lab.again:
            self.living = 0
        elif control is lab.give and went:
            self.living += 1
        elif control in (lab.retire, lab.revoke) and went:
            self.living -= 1
        ids = [value for _, value in lab.grant.options]
        assert ids == [""] if not self.living else len(ids) == self.living
        if control is not lab.grant and before["Grant"] in ids:
            assert lab.grant.value == before["Grant"]


class Conditions(Model):
    def pressed(self, _: Press) -> None:
        lab = self.lab
        carried = {"kms:EncryptionContext:tenant": lab.context.value.get("tenant"),
                   "kms:ViaService": f"{lab.way.value}.us-east-1.amazonaws.com" if lab.way.value else None}  # fmt: skip
        asked = {name: value for part in lab.condition.value.values() for name, value in part.items()}
        near = not lab.way.value and lab.address.value.startswith("192.0.2.")
        met = all(near if name == "aws:SourceIp" else carried[name] == value for name, value in asked.items())
        assert lab.status.startswith("Allowed." if met else "Denied.")


class TwoKeys(Model):
    def pressed(self, _: Press) -> None:
        both = self.lab.key_policy.value and self.lab.iam_policy.value
        assert self.lab.status.startswith("Allowed." if both else "Denied.")


class Gates(Model):
    """Which gates are closed, those that nobody may read by the order in which they are dealt."""

    DEALT = (("SCP",), ("RCP",), (), ("RCP", "SCP"))
    dealt = -1

    def pressed(self, press: Press) -> None:
        lab = self.lab
        hidden = {"nothing": (), "the SCP": ("SCP",), "the RCP and the SCP": ("RCP", "SCP")}[lab.unread.label]
        self.dealt += press.control is lab.unread and bool(hidden)
        ticks = {name_of(control): control.value for control in lab.lets.values()}
        shut = {name for name, lets in ticks.items() if not lets and name not in hidden}
        shut |= {name for name in self.DEALT[self.dealt % 4] if name in hidden}
        replaced = {"Key policy", "IAM policy"} if lab.grant.value and lab.how.value == SILENT else set()
        assert lab.status.startswith("Denied." if shut - replaced else "Allowed."), (shut, lab.status)
        home = lab.account.value == OWNER
        told = "names the" in lab.status
        assert told is bool(shut - replaced - (set() if home else {"RCP", "Key policy"})) or len(shut) > 1
        assert [name_of(c) for c in lab.lets.values() if c.disabled] == list(hidden)


class KeyOfAnyType(Model):
    """What each way to ask for the key must be answered, by the API Reference."""

    def pressed(self, press: Press) -> None:
        lab, spec, way = self.lab, self.lab.spec.value, self.lab.way.value
        described = lab.described
        chosen = described["KeySpec"], described["KeyUsage"], described["Arn"].split(":")[3]
        assert chosen == (spec, lab.usage.value, lab.region.value)
        assert [usage for _, usage in lab.usage.options] == list(SPECS[spec].algorithms)
        assert f"HSM {'open' if lab.opened.value else 'closed'}" in lab.picture.facts
        if press.control is lab.ask:
            gives = (way == "GetPublicKey" and SPECS[spec].key_pair) or (
                way == "GenerateDataKey" and spec == "SYMMETRIC_DEFAULT"
            )
            assert lab.status.startswith("Refused.") is not gives, (spec, way, lab.status)
        elif press.control in (lab.spec, lab.usage, lab.region):
            assert "Nobody has asked" in lab.picture.facts


class Somewhere(Model):
    def pressed(self, press: Press) -> None:
        lab = self.lab
        if press.control is lab.send:
            where, account, named = lab.region.value, lab.account.value, lab.named.value
            home, mine = where == "us-east-1", account == "111122223333"
            found = {"no KeyId": True, "its ARN": home, "its alias": home and mine}[named]
            begins = "Opened." if home and mine else "Refused. `AccessDenied" if found else "Refused. `NotFound"
            assert lab.status.startswith(begins), lab.status


class Objects(Model):
    """Who holds a bucket key of the newest photo, and whether the reader is let in twice, told only what was pressed."""

    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.stored = (YOUR_KEY, False)  # of the newest photo: its encryption, whether by a bucket key
        self.held: set[tuple[str, str]] = set()  # (who, encryption): a bucket key that S3 holds

    def pressed(self, press: Press) -> None:
        control, lab = press.control, self.lab
        works = lab.state.value == ENABLED
        if control is lab.wait:
            self.held.clear()
        if control in (lab.encryption, lab.bucket_key, lab.upload):
            chosen, by_bucket_key = lab.encryption.value, lab.bucket_key.value and lab.encryption.value != SSE_S3
            if chosen == YOUR_KEY and not works and not (by_bucket_key and ("root", YOUR_KEY) in self.held):
                assert lab.status.startswith("Refused.")
                return
            self.stored = (chosen, by_bucket_key)
            self.held |= {("root", chosen)} if by_bucket_key else set()
        encryption, by_bucket_key = self.stored
        kms = encryption in (SSE_S3, AWS_S3) or (lab.decrypts.value and works)
        kms = kms or (by_bucket_key and ("reader", encryption) in self.held)
        reads = lab.gets.value and kms
        if reads and by_bucket_key:
            self.held.add(("reader", encryption))
        assert lab.status.startswith("Read.") is reads, lab.status


class Aliases(Model):
    """Which key has which name, and which key goes when, told only what was pressed."""

    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.begin()

    def begin(self) -> None:
        self.names, self.made = {"alias/photos": "A"}, ["A"]
        self.going: set[str] = set()
        self.gone: set[str] = set()

    def pressed(self, press: Press) -> None:
        control, lab = press.control, self.lab
        name, key = lab.alias.value, lab.key.value[0]
        target, kind = self.names.get(name), {"C": "RSA"}
        closed = {*self.going, *self.gone}
        may = {
            lab.create: name not in self.names and key not in closed,
            lab.update: target is not None and key not in closed and kind.get(target) == kind.get(key),
            lab.delete: target is not None,
            lab.encrypt: target in ("A", "B") and target not in closed and len(self.made) < 8,
            lab.schedule: key not in closed,
            lab.cancel: key in self.going,
        }.get(control, True)
        assert lab.status.startswith(NO) is not may, lab.status
        if control is lab.again:
            self.begin()
        elif control is lab.wait:
            self.gone, self.going = closed, set()
            self.names = {name: key for name, key in self.names.items() if key not in closed}
        elif may and control in (lab.create, lab.update):
            self.names[name] = key
        elif may and control is lab.delete:
            del self.names[name]
        elif may and control is lab.encrypt:
            self.made.append(str(target))
        elif may and control is lab.schedule:
            self.going.add(key)
        elif may and control is lab.cancel:
            self.going.discard(key)
        facts = lab.facts_now
        assert {name: k.letter for k in facts.keys for name in k.named} == self.names
        assert [(f.letter, f.allowed) for f in facts.files] == [
            (made, made not in self.going | self.gone) for made in self.made
        ]


class History(Model):
    """Which events of June fit, found in the trail by hand, page by page."""

    page = 0

    def pressed(self, press: Press) -> None:
        lab = self.lab
        fits = [r for r in reversed(lab.sim.trail) if r.event["eventTime"] < f"{END_OF_JUNE:%Y-%m-%d}" and self.fits(r)]
        if press.control in (lab.attribute, lab.value):
            self.page = 0
        elif press.control is lab.older:
            more = (self.page + 1) * ROWS < len(fits)
            assert lab.status.startswith("Not done.") is not more
            self.page += more
        elif press.control is lab.newer:
            assert lab.status.startswith("Not done.") is (self.page == 0)
            self.page = max(self.page - 1, 0)
        shown = fits[self.page * ROWS :][:ROWS]
        assert [row.id for row in lab.facts_now.rows] == [record.event["eventID"] for record in shown]
        assert len(lab.row.options) == len(shown) + 1
        assert (lab.facts_now.row is None) is (lab.row.value == -1)

    def fits(self, record: Any) -> bool:
        name, value = self.lab.asked
        event = record.event
        told = {
            "": [ANYTHING[1]],
            "EventName": [event["eventName"]],
            "EventSource": [event["eventSource"]],
            "ReadOnly": [str(event["readOnly"]).lower()],
            "Username": [event["userIdentity"].get("userName") or event["userIdentity"]["type"].lower()],
            "ResourceName": [each["ARN"] for each in event.get("resources", ())],
        }
        return value in told[name]


class Bills(Model):
    """The sum of the bill, by AWS's prices."""

    def pressed(self, _: Press) -> None:
        lab = self.lab
        keys, replicas, turned = lab.key_count.value, lab.replicas.value, lab.rotations.value
        asked = lab.messages.value // (1 if lab.way.value == EACH else 100)
        cents = 100 * keys * (1 + replicas + min(turned, 2)) + max(asked - 20_000, 0) * 3 / 10_000
        assert f"${cents / 100:,.2f}" in lab.picture.title.partition(", not")[0]
        assert lab.status.startswith(
            f"{asked:,} requests, of which 20,000 are free, and {keys * (1 + replicas)} KMS keys"
        )


class Stores(Model):
    """Of each key store whether it is connected, and whether what holds the key answers."""

    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.connection = dict.fromkeys(("CloudHSM", "outside AWS"), "CONNECTED")
        self.silent = dict.fromkeys(self.connection, False)

    def pressed(self, press: Press) -> None:
        lab, place = self.lab, self.lab.place.value
        if place == "KMS":
            assert lab.reachable.disabled
            assert lab.status.startswith("Done.")
            return
        if press.control is lab.reachable:
            self.silent[place] = not lab.reachable.value
        elif press.control in (lab.connect, lab.disconnect):
            state = self.connection[place]
            refused = state == ("FAILED" if press.control is lab.connect else "DISCONNECTED")
            assert ("CustomKeyStoreInvalidStateException" in lab.status) is refused
            if refused:
                return
            if press.control is lab.disconnect:
                self.connection[place] = "DISCONNECTED"
            elif state == "DISCONNECTED":
                self.connection[place] = "FAILED" if self.silent[place] else "CONNECTED"
        assert lab.reachable.value is not self.silent[place]
        worked = self.connection[place] == "CONNECTED" and not self.silent[place]
        assert lab.status.startswith("Done.") is (worked or lab.operation.value == DESCRIBE)
        assert f"key store {self.connection[place]}" in repr(lab.picture)


class Regions(Model):
    """States of the keys by Region, and who is primary; a file opens abroad when its key is there and Enabled."""

    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.begin()

    def begin(self) -> None:
        home, abroad = self.lab.kms
        self.states = {("A", home): "Enabled", ("B", home): "Enabled", ("C", abroad): "Enabled"}
        self.primary, self.home, self.abroad = home, home, abroad

    def pressed(self, press: Press) -> None:
        lab, went = self.lab, not self.lab.status.startswith(NO)
        place, name = (lab.key.value, lab.region.value), lab.operation.value
        if press.control is lab.again:
            self.begin()
        elif press.control is lab.call:
            state, closed = self.states.get(place), ("PendingDeletion", "PendingReplicaDeletion")
            primary = place == ("A", self.primary)
            both = ("A", self.abroad) in self.states
            may = state is not None and {
                "ReplicateKey": primary and state == "Enabled" and not both,
                "UpdatePrimaryRegion": primary and state == "Enabled" and both and self.free(),
                "CancelKeyDeletion": state in closed,
                "CreateGrant": state == "Enabled",
                "PutKeyPolicy": True,
            }.get(name, state not in closed)
            if name == "CreateAlias":
                may = may and went  # its names are looked at below
            assert went is may, (place, name, state, lab.status)
            if went:
                self.change(place, name, primary and both)
        named = {(k.letter, k.region): k.state for k in lab.facts_now.keys}
        assert named == self.states
        lake, diary = lab.facts_now.tries[:2]
        assert lake.allowed is (self.states.get(("A", self.abroad)) == "Enabled")
        assert not diary.allowed
        roles = {k.region: k.role for k in lab.facts_now.keys if k.letter == "A"}
        assert [region for region, role in roles.items() if role == "primary"] == [self.primary]

    def free(self) -> bool:
        other = self.abroad if self.primary == self.home else self.home
        return self.states.get(("A", other)) == "Enabled"

    def change(self, place: tuple[str, str], name: str, waits: bool) -> None:
        if name == "ReplicateKey":
            self.states["A", self.abroad] = "Enabled"
        elif name == "UpdatePrimaryRegion":
            self.primary = self.abroad if self.primary == self.home else self.home
        elif name == "ScheduleKeyDeletion":
            self.states[place] = "PendingReplicaDeletion" if waits else "PendingDeletion"
        elif name in ("DisableKey", "CancelKeyDeletion"):
            self.states[place] = "Disabled"
        elif name == "EnableKey":
            self.states[place] = "Enabled"


def opened() -> CallOpened:
    sim = Simulator(start="2026-01-01T00:00:00Z")
    sim.client("kms").create_key()
    return CallOpened(sim)


def alone(lab: Callable[[Simulator], Lab]) -> Callable[[], Lab]:
    return lambda: lab(Simulator(start="2026-01-01T00:00:00Z"))


SIZES = ("0", "1", "190", "214", "470", "4 096", "4,097", "20911", "nonsense", "", "-5", "1e3")
CONTEXTS = ("", "tenant=Blue", "tenant=Blue, purpose=backup", "n=1", "nonsense", "a=1,a=2")
TEXTS = ("{", "", EVERYTHING, EXAMPLES[1].alice, EXAMPLES[6].alice, '{"Version": "2012-10-17"}')
PATH = "Or the path of a file of any size"
EDITS = ("What", "Key policy", "Bypass the lockout safety check", *(f"IAM policy of {name}" for name in NAMES))


class Imports(Model):
    """Whether material is in KMS, which, and for how many days."""

    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.begin()

    def begin(self) -> None:
        self.first, self.left, self.present, self.age = "", 0, False, 0

    def pressed(self, press: Press) -> None:
        control, lab = press.control, self.lab
        if control in (lab.again, lab.kind):
            self.begin()
        elif control in (lab.day, lab.month):
            days = 1 if control is lab.day else 30
            self.age += days
            self.left -= days
            self.present = self.present and not (self.left <= 0 and self.dated)
        elif control is lab.delete:
            self.present = False
        elif control is lab.bring:
            self.send()
        assert ("PendingImport" not in repr(lab.picture)) is self.present
        if control is lab.use:
            assert lab.status.startswith("Done.") is self.present

    def send(self) -> None:
        lab, sent, days = self.lab, self.lab.material.value, UNTIL[self.lab.until.value]
        kind = (SAME, OTHER) if lab.kind.value == AES else (imports.PKCS8, "another key, PKCS#8, DER")
        fits = sent in kind and self.first in ("", sent)
        if days <= 365 and not (lab.old.value and self.age >= 1) and fits:
            self.first, self.present, self.left, self.dated = sent, True, days, days > 0
            assert lab.status.startswith("Done."), lab.status
        else:
            assert lab.status.startswith("Refused."), lab.status


class States(Model):
    """The state, and the days that are left, by the rules that AWS documents."""

    state, left = "Enabled", 0

    def pressed(self, press: Press) -> None:
        control, lab = press.control, self.lab
        went = self.step(control)
        assert repr(lab.picture).split(": ")[2].split(";")[0].split(",")[0] == self.state
        assert lab.status.startswith("Refused.") is not went, lab.status
        opens = self.state == "Enabled"
        assert repr(lab.picture).endswith("photos.zip: opens") is opens

    def step(self, control: Any) -> bool:
        """Take the step; give whether it goes well."""
        lab, works = self.lab, self.state in ("Enabled", "Disabled")
        if control is lab.again:
            self.state = "Enabled"
        elif control in (lab.day, lab.week):
            self.left -= 1 if control is lab.day else 7
            if self.state == "PendingDeletion" and self.left <= 0:
                self.state = "deleted"
        elif control is lab.decrypt:
            return self.state == "Enabled"
        elif control in (lab.enable, lab.disable) and works:
            self.state = "Enabled" if control is lab.enable else "Disabled"
        elif control is lab.schedule and works and 7 <= lab.days.value <= 30:
            self.state, self.left = "PendingDeletion", lab.days.value
        elif control is lab.cancel and self.state == "PendingDeletion":
            self.state = "Disabled"
        else:
            return control is lab.days
        return True


MESSAGES = ("", FIRST, "Pay 15 boats.", "Zahl 14 Boote, Zoë")


class Secrets(Model):
    def pressed(self, _: Press) -> None:
        lab = self.lab
        silent = lab.wrong.value == FLIPPED and lab.spec.value.startswith("ML_KEM")
        word = "Shared." if lab.wrong.value == NOTHING else "Not shared." if silent else "Refused."
        assert lab.status.startswith(word)


class Signing(Model):
    """What was signed last; nothing is signed while the key is disabled, and no empty message ever."""

    signed = FIRST

    def pressed(self, press: Press) -> None:
        lab = self.lab
        message = lab.message.value
        if message != self.signed or press.control in (lab.message, lab.spec):
            if not message or lab.disabled.value:
                assert lab.status.startswith("Refused.")
                return
            self.signed = message
            assert lab.arrived.value == message
        if not lab.arrived.value:
            assert lab.status.startswith("Not done.")
            return
        fits = lab.arrived.value == self.signed and lab.holds.value == YOURS
        assert lab.status.startswith("Fits." if fits else "Does not fit.")
        assert ("DisabledException" in lab.status) is lab.disabled.value


class Note(Model):
    """Which lines were tried, and how many of the first judgements were right."""

    def __init__(self, lab: Any) -> None:
        super().__init__(lab)
        self.first: dict[str, bool] = {}

    def pressed(self, press: Press) -> None:
        lab, name = self.lab, self.lab.now.id
        if press.control is lab.run:
            right = lab.status.startswith("Right.")
            finding = lab.findings[name]
            both = lab.say_so.value == "depends" and finding.holds is None
            assert right is (both or lab.say_so.value == finding.verdict)
            self.first.setdefault(name, right)
        assert lab.first == self.first
        assert set(lab.findings) == set(self.first)
        if lab.look.value == ROW:
            assert (lab.picture.title == "True, true once, or never true?") is (name not in self.first)
        else:
            assert name in self.first


SHEETS = {  # what is pasted: what is said of it
    "": "Not done. Paste",
    "Grants take effect immediately": "1 sentence: 1 depends.",
    "AWS managed keys rotate every 3 years\nCats are grey": "2 sentences: 1 true once, 1 not known here.",
    "x" * 30_000: "Not done. That is too much",
}


class Sheet(Model):
    def pressed(self, press: Press) -> None:
        lab = self.lab
        if press.control in (lab.sheet, lab.read):
            assert lab.status.startswith(SHEETS[lab.sheet.value])
        assert [at for _, at in lab.sentence.options] == list(range(len(lab.lines)))
        assert (lab.line.claim is None) is (lab.picture.title == "Not known here")


LABS: Mapping[str, Case] = {
    "note": Case(NoteLab, Note, sets=dict.fromkeys(("Line", "Run it", "Next line"), ("Line", "Look at"))),
    "sheet": Case(lambda: SheetLab("Grants take effect immediately"), Sheet, {"Your sheet": tuple(SHEETS)},
                  dict.fromkeys(("Your sheet", "Look it up", "Sentence"), ("Sentence", "Look at"))),
    "aliases": Case(AliasLab, Aliases),
    "regions": Case(RegionLab, Regions),
    "limit": Case(alone(LimitLab), Limit, {"Or type a size": SIZES}, {
        "Size in bytes": ["Or type a size"], "Or type a size": ["Size in bytes"],
        "Key spec and algorithm": ["Or type a size"]}),
    "blob": Case(alone(BlobLab), Blob, {
        "Message": ("Meet me at noon.", "x", "", "y" * 4097), "Encryption context at Encrypt": CONTEXTS},
        dict.fromkeys(("Message", "Encryption context at Encrypt"), ("Byte to flip (0: none)",))),
    "call opened": Case(opened, Opened, sets={"Look again": ["Call"]}),
    "repairs": Case(alone(RepairsLab), Repairs),
    "envelope": Case(alone(EnvelopeLab), Envelope, {PATH: ("", "/nowhere/at/all", "/dev", "~")},
                     {"Take the sample": [PATH, "Step"], "What goes wrong": ["Step"],
                      **dict.fromkeys(("Back", "Next step", "Start again", PATH), ("Step",))}),
    "rotation": Case(RotationLab, Rotation, sets={
        "Start again": "*", "Time": ["Automatic rotation", "Period in days", "Key enabled"],
        "Automatic rotation": ["Period in days"]}),
    "rotation table": Case(RotationTableLab, Table),
    "policy": Case(PolicyLab, Policies, {"Key policy": ("{", "", *KEY_POLICIES.values()), "IAM policy": TEXTS},
                   dict.fromkeys(("Start from", "Make this change", "Undo", "Who calls"), "*")
                   | dict.fromkeys(EDITS, ("Smallest change",))),
    "who may": Case(WhoMayLab, WhoMay, sets={"The key policy names": ["Show"], "Permissions": ["may or may not"]}),
    "grant": Case(GrantLab, Grants, sets=dict.fromkeys(
        ("CreateGrant", "RetireGrant", "RevokeGrant", "Start again", "Call KMS"), ("Grant",))),
    "conditions": Case(alone(ConditionLab), Conditions),
    "two keys": Case(alone(TwoKeysLab), TwoKeys),
    "gates": Case(alone(GatesLab), Gates),
    "key": Case(alone(KeyLab), KeyOfAnyType, sets={"Key spec": ["Usage"]}),
    "places": Case(alone(PlacesLab), Somewhere),
    "objects": Case(alone(ObjectsLab), Objects),
    "imports": Case(ImportLab, Imports, sets=dict.fromkeys(("Key for", "Start again"), ("Send",))),
    "states": Case(StateLab, States),
    "history": Case(TrailLab, History, sets={
        "Look up by": ["Value", "Open the event"],
        **dict.fromkeys(("Value", "Newer events", "Older events"), ("Open the event",))}),
    "bill": Case(BillLab, Bills),
    "stores": Case(StoreLab, Stores, sets={"The key lives in": ["What holds the key answers"]}),
    "secret": Case(alone(SecretLab), Secrets),
    "signing": Case(alone(SigningLab), Signing, {"You sign": MESSAGES, "What arrives": MESSAGES}, {
        "Key spec": ["What arrives", "KMS key disabled"],
        **dict.fromkeys(("You sign", "The partner holds", "KMS key disabled"), ("What arrives",))}),
}  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", LABS)
def test_after_every_press_of_a_walk_the_lab_says_and_shows_what_is_so(name: str, seed: int) -> None:
    lab = LABS[name].make()
    walk(lab, LABS[name], seed)
    lab.close()


def below(kind: type[Lab]) -> set[type[Lab]]:
    """The labs of the course."""
    found = {each for one in kind.__subclasses__() for each in (one, *below(one))}
    return {each for each in found if each.__module__.startswith("kms_teach")}


def test_every_lab_is_walked() -> None:
    assert below(Lab) == {type(case.make()) for case in LABS.values()}


def test_a_lab_that_is_given_no_simulator_says_what_to_give() -> None:
    given = [lab for lab in below(Lab) if "sim" in inspect.signature(lab).parameters]
    assert len(given) > 10
    for lab in given:
        with pytest.raises(TypeError, match=r"`sim` is a Simulator.*, such as Simulator\(\), and not 5"):
            lab(5)
