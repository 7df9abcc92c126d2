"""A key's grants in words: the message, a sentence for each, and what stands on its ticket."""

from collections.abc import Sequence

from kms_teach.access.reasons import Reason
from kms_teach.chapters.grants.facts import Chain, Given, Use, capital, moment

ANY = "any encryption context"


def title(facts: Chain) -> str:
    use = facts.use
    if use and use.allowed and use.by:
        grant = facts.grant(use.by)
        if grant.ended:
            return f"{capital(grant.words)} is {grant.ended.split()[0]}, and still lets {use.who} call {use.operation}"
        token = "with its token, " if use.at < grant.effective else ""
        return capital(f"{token}{grant.words} lets {use.who} call {use.operation}")
    if use and use.allowed:
        return f"Allowed, and by no grant: {use.why}"
    if use and use.by and use.reason is Reason.NOT_EFFECTIVE:
        return f"Denied: {facts.grant(use.by).words} is there, but has not spread yet"
    if use and use.code != "AccessDeniedException":
        return f"{use.who} may, but KMS refuses: {use.code}"
    if use:
        gone = [g for g in facts.grants if g.ended and g.grantee == use.who and use.operation in g.operations]
        return f"Denied: {gone[-1].words} is gone" if gone and not use.by else f"Denied: {use.why}"
    if not facts.grants:
        return "No grant yet: policies alone say who may use this key"
    if not facts.changed:
        living = [grant.words for grant in facts.grants if not grant.ended]
        return (
            f"{capital(_and(living))} {'count' if len(living) > 1 else 'counts'}" if living else "Every grant is gone"
        )
    grant = facts.grant(facts.changed)
    living = [child.words for child in facts.children(grant.number) if not child.ended]
    if grant.ended:
        until = facts.lingers(grant)
        lives = f", and still counts until {until}" if until else ""
        lives = f", and {living[0]} made by means of it is still there" if living else lives
        return f"{capital(grant.words)} is {grant.ended.split()[0]}{lives}"
    if grant.parent:
        return f"{capital(grant.words)} passes on part of {facts.grant(grant.parent).words}"
    return f"{grant.grantee} may {_and(grant.operations)}, and no policy was changed"


def status(facts: Chain, grant: Given) -> str:
    if grant.ended:
        return grant.ended + (f"; for all from {until}" if (until := facts.lingers(grant)) else "")
    return f"with its token; for all from {grant.effective:%H:%M}" if facts.waits(grant) else "counts"


def sentence(facts: Chain, grant: Given) -> str:
    means = f" by means of grant {grant.parent}" if grant.parent else ""
    context = f" with {grant.context} in the encryption context" if grant.context else ""
    return (
        f"{capital(grant.words)}: {grant.giver} gave {grant.grantee}{means} {_and(grant.operations)}{context}; "
        f"{status(facts, grant)}."
    )


def outcome(use: Use) -> str:
    return f"allowed, {use.why}" if use.allowed else f"{use.code}, {use.why}"


def rows(grant: Given, *, brief: bool = False) -> list[tuple[str, str]]:
    """What a ticket says, label and words; `brief` leaves out when it was made, and that any context will do."""
    rows = [("may", ", ".join(grant.operations))]
    rows.append(("only with", f"{grant.context} in the encryption context" if grant.context else ANY))
    if grant.source:
        rows.append(("only for", grant.source))
    rows.append(("made", f"{moment(grant.made)} UTC" + (f", by means of grant {grant.parent}" if grant.parent else "")))
    if brief:
        rows = [row for row in rows if row[0] != "made" and row[1] != ANY]
    if grant.ended:
        at = f"{moment(grant.ended_at)} UTC, " if grant.ended_at else ""
        return [*rows, ("ended", f"{at}{grant.ended}")]
    retiring = [grant.retiring, grant.grantee if "RetireGrant" in grant.operations else "", "root"]
    names = list(dict.fromkeys(name for name in retiring if name))
    by = "" if brief else " by an administrator"
    return [*rows, ("ends by", f"RetireGrant by {_or(names)}, or RevokeGrant{by}")]


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
