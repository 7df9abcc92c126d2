"""Patterns in a policy: IAM's wildcards, and `${…}` variables filled in from the request.

IAM User Guide, "IAM JSON policy elements: Resource" and "Variables and tags". A value that was filled in is never a
wildcard itself.
"""

import re
from collections.abc import Mapping

from msgspec import Struct

from kms_teach.access.remembered import remembered

Keys = Mapping[str, tuple[str, ...]]  # condition keys of a request by name, in lower case

# each part is taken whole and never given back, so that a text is read in one go however hostile it is
VARIABLE = re.compile(r"\$\{(?P<special>[*?$])\}|\$\{(?P<key>[^{},']++)(?:,\s*+'(?P<default>[^']*+)')?\}")


class Variable(Struct, frozen=True):
    """`${key, 'default'}`. Without a value and a default nothing matches: the statement then counts for nothing."""

    key: str  # as `heard`
    default: str | None

    def value(self, keys: Keys) -> str | None:
        values = keys.get(self.key, ())
        return values[0] if len(values) == 1 else self.default


Part = str | Variable
Literal = tuple[str]  # text in which no character is a wildcard


class Text(Struct, frozen=True):
    """One text of a policy, split at its variables: plain text, fixed characters, variables."""

    source: str
    parts: tuple[Part | Literal, ...]

    @property
    def varies(self) -> bool:
        return any(isinstance(part, Variable) for part in self.parts)

    def filled(self, keys: Keys) -> tuple[str | Literal, ...] | None:
        """The parts with every variable replaced; None when one has no value."""
        filled: list[str | Literal] = []
        for part in self.parts:
            if not isinstance(part, Variable):
                filled.append(part)
            elif (value := part.value(keys)) is not None:
                filled.append((value,))
            else:
                return None
        return tuple(filled)

    def plain(self, keys: Keys) -> str | None:
        """The text itself, where wildcards mean nothing."""
        filled = self.filled(keys)
        return None if filled is None else "".join(part if isinstance(part, str) else part[0] for part in filled)


def heard(key: str, unheard: tuple[str, ...]) -> str:
    """A condition key as `Keys` has it; "", which no request carries, where it has no effect in such a document."""
    return "" if key.lower().startswith(unheard) else key.lower()


def text(source: str, *, variables: bool, unheard: tuple[str, ...] = ()) -> Text:
    """Split a text at its variables. Raises ValueError, with a sentence, for a `${` that begins none."""
    if not variables or "${" not in source:
        return Text(source, (source,))
    parts: list[Part | Literal] = []
    end = 0
    for found in VARIABLE.finditer(source):
        parts.append(source[end : found.start()])
        variable = None if found["special"] else Variable(heard(found["key"].rstrip(), unheard), found["default"])
        parts.append(variable or (found["special"],))
        end = found.end()
    parts.append(source[end:])
    if any(isinstance(part, str) and "${" in part for part in parts):
        raise ValueError(f"`{source}` begins a variable with ${{ and does not end it: write it as ${{aws:username}}")
    return Text(source, tuple(part for part in parts if part != ""))


def characters(filled: "tuple[str | Literal, ...] | None") -> int:
    return sum(len(part if isinstance(part, str) else part[0]) for part in filled or ())


@remembered(2048, size=characters)
def compiled(filled: tuple[str | Literal, ...], *, arn: bool = False) -> str:
    """A regular expression for `fullmatch`: `*` any characters, `?` one.

    arn: a `*` stays inside its segment, unless it ends it (IAM User Guide, "Resource"). Every star but the last takes
    as little as it can and never gives it back, so that a hostile pattern is no slower than a long one.
    """
    characters = [(c, isinstance(part, str)) for part in filled for c in (part if isinstance(part, str) else part[0])]
    runs = [[""]]  # of fixed text; a new run after a star that takes anything, a new text in it after one that does not
    for n, (character, wild) in enumerate(characters):
        after = characters[n + 1] if n + 1 < len(characters) else None
        if wild and character == "*":
            if after == ("*", True):
                continue
            if arn and after is not None and after[0] != ":":
                runs[-1].append("")
            else:
                runs.append([""])
        elif wild and character == "?":
            runs[-1][-1] += "[^:]" if arn else "."
        else:
            runs[-1][-1] += re.escape(character)
    *front, last = ([first] + [f"(?>[^:]*?{fixed})" for fixed in rest] for first, *rest in runs)
    if len(last) > 1:
        last[-1] = "[^:]*" + runs[-1][-1]
    found = ["".join(run) for run in front]
    return "".join(found[:1] + [f"(?>.*?{run})" for run in found[1:]]) + (".*" if front else "") + "".join(last)


@remembered(2048, size=characters)
def matcher(filled: tuple[str | Literal, ...], *, arn: bool = False) -> re.Pattern[str]:
    return re.compile(compiled(filled, arn=arn), re.DOTALL)


class Patterns(Struct, frozen=True):
    """One element of a statement that lists patterns: Action, NotAction, Resource or NotResource."""

    element: str
    texts: tuple[Text, ...]
    fixed: re.Pattern[str] | None = None  # those without variables, as one
    varying: tuple[Text, ...] = ()  # the others
    negated: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(text.source for text in self.texts)

    def match(self, value: str, keys: Keys) -> bool:
        """Whether the element speaks of this value. An element without texts speaks of nothing."""
        if self.fixed is not None and self.fixed.fullmatch(value):
            return not self.negated
        for item in self.varying:
            filled = item.filled(keys)
            if filled is None:
                if self.negated:
                    return False  # what cannot be known cannot be excluded: the statement counts for nothing
            elif matcher(filled, arn=True).fullmatch(value):
                return not self.negated
        return self.negated and bool(self.texts)


def patterns(element: str, texts: tuple[Text, ...], *, ignores_case: bool) -> Patterns:
    fixed = [compiled(t.filled({}) or (), arn=not ignores_case) for t in texts if not t.varies]
    flags = re.DOTALL | re.IGNORECASE if ignores_case else re.DOTALL
    one = re.compile("|".join(fixed), flags) if fixed else None
    return Patterns(element, texts, one, tuple(t for t in texts if t.varies), element.startswith("Not"))
