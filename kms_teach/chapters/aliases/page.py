"""Aliases and Regions on one page: three things about a name, and three about a key in two Regions."""

from functools import partial

from msgspec import Struct

from kms_teach.drawing.page import Panel, outcomes, page
from kms_teach.drawing.picture import Picture
from kms_teach.trail import Record

TITLE = "A name is of one Region; a key is, too, unless it is multi-Region"
COLUMNS, GAP = (124, 34, 84), 8  # px: what was called, an arrow, what came of it; between them


class Told(Struct, frozen=True):
    """One message, the calls that prove it (what was called, whether it went well, what came of it), a sentence."""

    message: str
    calls: tuple[tuple[str, bool, str], ...]
    evidence: str

    @classmethod
    def of(cls, message: str, evidence: str, *calls: tuple[str, Record, str]) -> "Told":
        """Read off the calls; the last word of each is what is said of it when it went well."""
        said = ((words, record.worked, well if record.worked else "refused") for words, record, well in calls)
        return cls(message, tuple(said), evidence)


class AliasesFacts(Struct, frozen=True):
    """Six panels, read off the calls of a run."""

    panels: tuple[Told, ...]

    @classmethod
    def of(
        cls, old: Record, again: Record, elsewhere: Record, here: Record, abroad: Record, copied: Record,
        replicated: Record, failed_over: Record,
    ) -> "AliasesFacts":  # fmt: skip
        """Read the facts: a Decrypt by the key before an alias moved; CreateAlias with a name that is taken; a Decrypt
        by someone who may use what an alias names, while it names another key, and while it names this one; a call by
        the alias in another Region; a Decrypt there by a key of the same bytes; ReplicateKey of a single-Region key;
        a Decrypt by the replica while the primary is disabled."""
        name, region = abroad.parameters["keyId"], abroad.event["awsRegion"]
        return cls(
            (
                Told.of(
                    "One name, one key at a time",
                    f"The old key opens what it made; it has to stay. CreateAlias of a name in use: {_came(again)}.",
                    ("a file from before", old, "opens"),
                    ("the name again", again, "created"),
                ),
                Told.of(
                    "Moving a name can move a right",
                    f"{here.caller} may use what bears the name (kms:ResourceAliases). Who moves the name, decides.",
                    ("name elsewhere", elsewhere, "opens"),
                    ("name at the key", here, "opens"),
                ),
                Told.of(
                    "A name is of one Region",
                    f"{name} called in {region}: {_came(abroad)}. Create it in each Region.",
                    (f"in {region}", abroad, "works"),
                ),
                Told.of(
                    "Equal bytes, and still two keys",
                    f"Imported in both Regions: {_came(copied)}. A replica has the key's id, too.",
                    ("the same bytes", copied, "opens"),
                    ("a replica", failed_over, "opens"),
                ),
                Told.of(
                    "Born multi-Region, or never",
                    f"ReplicateKey takes the primary of a multi-Region key, and nothing else: {_came(replicated)}.",
                    ("a single-Region key", replicated, "replicated"),
                ),
                Told.of(
                    "Each replica works by itself",
                    "While the primary is disabled, the replica opens its file. Nobody had to promote it.",
                    ("primary disabled", failed_over, "opens"),
                ),
            )
        )


def aliases_page(facts: AliasesFacts) -> Picture:
    """Draw the chapter on one page."""
    line = "; ".join(f"{words}: {said}" for told in facts.panels for words, _, said in told.calls)
    panels = [Panel(told.message, told.evidence, partial(outcomes, told.calls, COLUMNS, GAP)) for told in facts.panels]
    return page("aliases-page", TITLE, panels, f"Aliases and Regions on one page: {line}")


def _came(record: Record) -> str:
    return record.error or "it went well"
