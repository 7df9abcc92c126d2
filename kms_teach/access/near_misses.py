"""Near misses: statements that did not apply, with the first element that failed, what it had and what it needed."""

from collections.abc import Iterator

from msgspec import Struct

from kms_teach.access.conditions import Condition
from kms_teach.access.documents import Documents, every
from kms_teach.access.evidence import match_context
from kms_teach.access.request import Request
from kms_teach.access.statement import Document, MatchContext, Statement

ABSENT = "nothing: the request does not carry it"  # in place of a value


class Miss(Struct, frozen=True):
    """A statement that did not apply. `failed` counts its elements that failed; this tells of the first."""

    document: Document
    statement: Statement
    element: str  # Principal, Action, Resource (or their Not…), or Condition
    had: str
    needed: str
    line: int  # of that element in the document's text
    failed: int
    condition: Condition | None = None

    @property
    def carried(self) -> bool:
        """Whether the request has a value there at all."""
        return self.condition is None or self.had != ABSENT

    def explain(self) -> str:
        """One sentence for a person."""
        where = f"{self.document.label}, {self.statement.label} (line {self.line})"
        if self.condition:
            return f"{where}: {self.condition.name} needs {self.condition.key} to be {self.needed}, it is {self.had}"
        return f"{where}: its {self.element} is {self.needed}, this is {self.had}"


def near_misses(request: Request, documents: Documents) -> tuple[Miss, ...]:
    """Every statement that did not apply, those that failed in fewest elements first."""
    context = match_context(request, documents)
    misses = (
        missed(document, statement, context) for document in every(documents) for statement in document.statements
    )
    return tuple(sorted(filter(None, misses), key=lambda miss: miss.failed))


def missed(document: Document, statement: Statement, context: MatchContext) -> Miss | None:
    """The first element that failed; None when the statement applies."""
    failures = list(_failures(statement, context))
    if not failures:
        return None
    element, had, needed, condition = failures[0]
    path = ("Condition", condition.name, condition.key) if condition else (element,)
    return Miss(
        document, statement, element, had, needed, document.line(statement.number, *path), len(failures), condition
    )


def _failures(statement: Statement, context: MatchContext) -> Iterator[tuple[str, str, str, Condition | None]]:
    if not statement.about(context):
        named = ", ".join(statement.principals or ()) or "nobody"
        yield ("NotPrincipal" if statement.not_principal else "Principal"), context.names[0], named, None
    for patterns, value in ((statement.action, context.action), (statement.resource, context.resource)):
        if not patterns.match(value, context.keys):
            yield patterns.element, value, " or ".join(patterns.sources) or "not there", None
    for condition in statement.conditions:
        if not condition.holds(context.keys):
            had = " and ".join(context.keys.get(condition.lowered, ())) or ABSENT
            yield "Condition", had, " or ".join(condition.sources) or "nothing at all", condition
