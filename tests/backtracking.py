"""How many steps a regular expression takes: Python's own engine does not say, so this one goes the same way and counts.

It reads what Python's parser made of the pattern, tries alternatives in the same order, and gives up where that one
would: after all ways are tried.
"""

import re
from re import _constants as sre
from re import _parser as parser

MOST = 300_000  # steps; whoever takes more is not in proportion anyway
CATEGORIES = {
    sre.CATEGORY_DIGIT: str.isdigit, sre.CATEGORY_NOT_DIGIT: lambda c: not c.isdigit(),
    sre.CATEGORY_SPACE: str.isspace, sre.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    sre.CATEGORY_WORD: lambda c: c.isalnum() or c == "_", sre.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}  # fmt: skip


class TooManySteps(Exception): ...


class Matcher:
    def __init__(self, pattern):
        self.tree, self.steps = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG), 0

    def run(self, text, *, whole, everywhere):
        """Steps of `fullmatch` (whole), of `match`, or of going through a text with `finditer` (everywhere)."""
        start = 0
        while start <= len(text):
            ends = self._seq(list(self.tree), 0, text, start)
            end = next((end for end in ends if not whole or end == len(text)), None)
            if not everywhere:
                break
            start = max(end or 0, start + 1)
        return self.steps

    def _seq(self, ops, n, text, at):
        self.steps += 1
        if self.steps > MOST:
            raise TooManySteps
        if n == len(ops):
            yield at
            return
        for end in self._op(*ops[n], text, at):
            yield from self._seq(ops, n + 1, text, end)

    def _op(self, op, given, text, at):
        if op in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            if at < len(text) and taken(op, given, text[at]):
                yield at + 1
        elif op is sre.SUBPATTERN:
            yield from self._seq(list(given[-1]), 0, text, at)
        elif op is sre.BRANCH:
            for branch in given[1]:
                yield from self._seq(list(branch), 0, text, at)
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, inner = given
            ends = self._repeat(list(inner), least, most, op is sre.MIN_REPEAT, text, at)
            yield from ends if op is not sre.POSSESSIVE_REPEAT else list(first(ends))
        elif op is sre.ATOMIC_GROUP:
            yield from list(first(self._seq(list(given), 0, text, at)))
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            direction, inner = given
            found = direction > 0 and any(True for _ in self._seq(list(inner), 0, text, at))
            if found == (op is sre.ASSERT):
                yield at
        elif op is sre.AT:
            ends = {sre.AT_BEGINNING: at == 0, sre.AT_BEGINNING_STRING: at == 0, sre.AT_BOUNDARY: True}
            if ends.get(given, at == len(text)):
                yield at
        else:
            raise NotImplementedError(op)

    def _repeat(self, inner, least, most, lazy, text, at):
        """Without recursion where each turn takes one character, as nearly all do."""
        if len(inner) == 1 and inner[0][0] in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            end = at
            while end < len(text) and end - at < most and taken(*inner[0], text[end]):
                self.steps += 1
                end += 1
            ends = range(at + least, end + 1)
            yield from ends if lazy else reversed(ends)
            return
        if (most and not lazy) or least:
            for end in self._seq(inner, 0, text, at):
                if end > at or least:
                    yield from self._repeat(
                        inner, max(least - 1, 0), most if most is sre.MAXREPEAT else most - 1, lazy, text, end
                    )
        if not least:
            yield at


def first(ends):
    yield from (end for end, _ in zip(ends, "x", strict=False))


def taken(op, given, character):
    match op:
        case sre.LITERAL:
            return ord(character) == given
        case sre.NOT_LITERAL:
            return ord(character) != given
        case sre.ANY:
            return character != "\n"
    negated = bool(given) and given[0][0] is sre.NEGATE
    inside = any(
        ord(character) == value if kind is sre.LITERAL
        else value[0] <= ord(character) <= value[1] if kind is sre.RANGE
        else CATEGORIES[value](character)
        for kind, value in given[negated:]
    )  # fmt: skip
    return inside != negated


def hostile(pattern):
    """Texts that a pattern has a hard time with, as functions of a length: what leads to each of its repetitions, then
    what is repeated, then what fits nowhere."""
    tree = list(parser.parse(pattern.pattern, pattern.flags))
    for before, inside in repetitions(tree, ""):
        for lead in {before, ""}:
            yield lambda n, lead=lead, inside=inside: lead + inside * n + "\x00"
            if lead:
                yield lambda n, lead=lead: lead * n + "\x00"


def repetitions(ops, before):
    for op, given in ops:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            inside = sample(given[2])
            if given[1] > 8:
                yield before, inside
            yield from repetitions(list(given[2]), before)
            before += inside * given[0]
            continue
        for inner in inners(op, given):
            yield from repetitions(list(inner), before)
        before += sample([(op, given)])


def inners(op, given):
    if op is sre.SUBPATTERN:
        return [given[-1]]
    if op is sre.BRANCH:
        return given[1]
    if op is sre.ATOMIC_GROUP:
        return [given]
    return [given[1]] if op in (sre.ASSERT, sre.ASSERT_NOT) else []


def sample(ops):
    """A short text that these parts take."""
    text = ""
    for op, given in ops:
        if op is sre.LITERAL:
            text += chr(given)
        elif op in (sre.NOT_LITERAL, sre.ANY, sre.IN):
            text += next((c for c in "a0 -/:.=,A_{$'\"\t" if taken(op, given, c)), "\u2603")
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            text += sample(given[2]) * given[0]
        elif op not in (sre.ASSERT, sre.ASSERT_NOT, sre.AT):
            text += sample(inners(op, given)[0])
    return text
