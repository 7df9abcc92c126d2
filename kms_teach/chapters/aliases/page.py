"""Aliases and Regions on one page: six things about a name, and about a key in two Regions."""

from dataclasses import dataclass

from kms_teach.drawing.page import Shown, page
from kms_teach.drawing.picture import Picture
from kms_teach.trail import Record

TITLE = "A name is of one Region; a key is, too, unless it is multi-Region"


@dataclass(frozen=True, slots=True)
class AliasesFacts:
    """Six panels, read off the calls of a run."""

    panels: tuple[Shown, ...]

    @classmethod
    def of(
        cls, old: Record, again: Record, elsewhere: Record, here: Record, abroad: Record, copied: Record,
        replicated: Record, failed_over: Record,
    ) -> "AliasesFacts":  # fmt: skip
        """Read the facts: a Decrypt by the key before an alias moved; CreateAlias with a name that is taken; a Decrypt
        by someone who may use what an alias names, while it names another key, and while it names this one; a call by
        the alias in another Region; a Decrypt there by a key of the same bytes; ReplicateKey of a single-Region key;
        a Decrypt by the replica while the primary is disabled."""
        name = abroad.parameters["keyId"]
        return cls(
            (
                Shown(
                    "One name, one key at a time",
                    (("old file", old.worked), ("the name again", again.worked)),
                    f"A moved name opens what it made before, by the old key. CreateAlias of a name in use: "
                    f"{again.error or 'it worked'}.",
                ),
                Shown(
                    "Moving a name can move a right",
                    (("name elsewhere", elsewhere.worked), ("name here", here.worked)),
                    f"{here.caller} may use what the name names (kms:ResourceAliases). Who moves the name, decides.",
                ),
                Shown(
                    "A name is of one Region",
                    ((f"in {abroad.event['awsRegion']}", abroad.worked),),
                    f"{name} called there: {abroad.error or 'it worked'}. Create it in each Region.",
                ),
                Shown(
                    "The same bytes are not the same key",
                    (("same bytes", copied.worked), ("a replica", failed_over.worked)),
                    f"Imported twice: two keys, {copied.error or 'it worked'}. A replica has the key's id, too.",
                ),
                Shown(
                    "Born multi-Region, or never",
                    (("single-Region", replicated.worked),),
                    f"ReplicateKey takes the primary of a multi-Region key, and nothing else: "
                    f"{replicated.error or 'it worked'}.",
                ),
                Shown(
                    "Each replica works by itself",
                    (("primary off", failed_over.worked),),
                    "While the primary is disabled, the replica opens its file. Nobody had to promote it.",
                ),
            )
        )  # fmt: skip


def aliases_page(facts: AliasesFacts) -> Picture:
    """Draw the chapter on one page."""
    line = "; ".join(shown.line for shown in facts.panels)
    return page(
        "aliases-page", TITLE, [shown.panel for shown in facts.panels], f"Aliases and Regions on one page: {line}"
    )
