"""Grants on one page: a grant and its token, what is passed on, a grant for a service, an end."""

from msgspec import Struct

from kms_teach.drawing.page import Shown, page
from kms_teach.drawing.picture import Picture
from kms_teach.trail import Record

TITLE = "A grant lends a key for a while, and no policy changes"


class GrantsFacts(Struct, frozen=True):
    """Four panels, read off the calls of a run."""

    panels: tuple[Shown, ...]

    @classmethod
    def of(
        cls, early: Record, with_token: Record, more: Record, less: Record, through: Record, by_hand: Record,
        after: Record,
    ) -> "GrantsFacts":  # fmt: skip
        """Read the facts: a use before the grant had spread, one with its token; a grant passed on with more than its
        parent gives, one with less; a grant made through a service and one by hand; a use after the end had spread."""
        operations = " and ".join(more.parameters["operations"])
        token = Shown(
            "A grant works beside policies", (("without token", early.worked), ("with its token", with_token.worked)),
            f"{with_token.caller} may {with_token.operation}, and no policy was changed. "
            f"While it spreads: {early.error or 'it worked'} without the token.",
        )  # fmt: skip
        passed_on = Shown(
            "Passed on, it can only become less",
            (("more", more.worked), ("less, or equal", less.worked)),
            f"{more.caller} made no grant for {operations}, and one for {' and '.join(less.parameters['operations'])}.",
        )
        service = Shown(
            "A service takes one for itself", (("through EC2", through.worked), ("by hand", by_hand.worked)),
            f"kms:GrantIsForAWSResource lets {by_hand.caller} make a grant on the way to a service: "
            f"{by_hand.error or 'it worked'} by hand.",
        )  # fmt: skip
        end = Shown(
            "It ends, and no policy changes", (("before", with_token.worked), ("after its end", after.worked)),
            "Retired by whom the grant names, or revoked by an administrator. Once that has spread: "
            f"{after.error or 'it worked'}.",
        )  # fmt: skip
        return cls((token, passed_on, service, end))


def grants_page(facts: GrantsFacts) -> Picture:
    """Draw the chapter on one page."""
    line = "; ".join(shown.line for shown in facts.panels)
    return page("grants-page", TITLE, [shown.panel for shown in facts.panels], f"Grants on one page: {line}")
