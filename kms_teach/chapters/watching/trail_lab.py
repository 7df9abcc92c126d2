"""The lab of the trail: look events up as CloudTrail does, by one attribute, page by page, and open one."""

from datetime import timedelta
from typing import Any

from kms_teach.chapters.watching.history import OPEN, history, when
from kms_teach.chapters.watching.looked_up import ANYTHING, LookedUp
from kms_teach.chapters.watching.world import SINCE, UNTIL, Harbour, harbour
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import beside, button, choice
from kms_teach.teaching.lab import Lab

ROWS = 8  # events on a page
EVERYTHING = "everything"
BY = {  # AttributeKey -> what may be asked for, as it is shown and sent
    "EventName": ("Decrypt", "Encrypt", "GenerateDataKey", "CreateKey", "ScheduleKeyDeletion", "DeleteKey"),
    "Username": ("root", "office", "desk", "archiver", "petra"),
    "ReadOnly": ("true", "false"),
    "EventSource": ("kms.amazonaws.com", "s3.amazonaws.com"),
}
CLOSED, NONE = "none", -1  # no event is open


class TrailLab(Lab):
    """A month at the harbour, and the questions that LookupEvents answers about it."""

    def __init__(self) -> None:
        self.sim = Simulator(start=SINCE)
        self.month: Harbour = harbour(self.sim)
        self._client = self.sim.client("cloudtrail")
        self._tokens: list[str] = []  # of the pages up to this one
        self._answer: dict[str, Any] = {}
        self.attribute = choice("Look up by", (EVERYTHING, *BY, "ResourceName"), listed=True)
        self.value = choice("Value", [(EVERYTHING, "")], listed=True)
        self.row = choice(OPEN, [(CLOSED, NONE)], listed=True)
        self.newer, self.older = button("Newer events"), button("Older events")
        controls = [self.attribute, self.value, *beside(self.newer, self.older), self.row]
        super().__init__(controls, "The event history of June", lines=5)
        self.on(self.attribute, self._choose)
        self.on(self.value, self._begin)
        self.on(self.newer, self._newer)
        self.on(self.older, self._older)
        self.on(self.row, self._open)
        self._begin()

    def let_go(self) -> None:
        self.sim.close()

    def _choose(self) -> None:
        """Offer the values that may be asked for."""
        name = self.attribute.value
        values = list(self.month.keys.items()) if name == "ResourceName" else [(v, v) for v in BY.get(name, ())]
        self.refill(self.value, values or [(EVERYTHING, "")])
        self._begin()

    @property
    def asked(self) -> tuple[str, str]:
        """The attribute that is asked for."""
        return (self.attribute.value, self.value.value) if self.value.value else ANYTHING

    def _begin(self) -> None:
        self._tokens = []
        self._look()

    def _older(self) -> None:
        if "NextToken" not in self._answer:
            raise ValueError("there are no older events than these: the answer has no NextToken")
        self._tokens.append(self._answer["NextToken"])
        self._look()

    def _newer(self) -> None:
        if not self._tokens:
            raise ValueError("these are the newest already")
        self._tokens.pop()
        self._look()

    def _look(self) -> None:
        more: dict[str, Any] = {"NextToken": self._tokens[-1]} if self._tokens else {}
        if self.asked != ANYTHING:
            more["LookupAttributes"] = [{"AttributeKey": self.asked[0], "AttributeValue": self.asked[1]}]
        # up to the end of June: this lab's own lookups are events too, and would come first
        self._answer = self._client.lookup_events(MaxResults=ROWS, EndTime=UNTIL - timedelta(seconds=1), **more)
        with self.filling():
            self.row.value = NONE
        facts = self.facts_now
        options = [(CLOSED, NONE), *((f"{when(r)} {r.who} {r.operation}", at) for at, r in enumerate(facts.rows))]
        with self.filling():
            self.row.options = options
            self.row.value = NONE
        self._open()

    @property
    def facts_now(self) -> LookedUp:
        opened = None if self.row.value == NONE else self.row.value
        return LookedUp.of(self._answer, self._names, self._attribute, opened, len(self._tokens) + 1)

    @property
    def _names(self) -> dict[str, str]:
        return self.month.names

    @property
    def _attribute(self) -> tuple[str, str]:
        """What was asked for, with a key's name for its ARN."""
        name, value = self.asked
        return name, self._names.get(value, value)

    def _open(self) -> None:
        facts = self.facts_now
        self.show(history(facts, canvas=LAB, lines=2, rows=ROWS), _status(facts))


def _status(facts: LookedUp) -> str:
    if row := facts.row:
        told = f"From {row.source}. " + (f"The encryption context says {row.pairs}." if row.pairs else "")
        return f"{told} What was in the data, the event does not say." if row.pairs else told.strip()
    if not facts.rows:
        return "No event fits. One attribute at a time, compared letter by letter."
    people, places = (list(dict.fromkeys(told)) for told in zip(*[(r.who, r.source) for r in facts.rows], strict=True))
    source = places[0] if len(places) == 1 else f"{len(places)} addresses"
    more = "There are older ones." if facts.more else "There are no older ones."
    count = f"{len(facts.rows)} event{'s' if len(facts.rows) > 1 else ''}"
    return f"{count}, by {', '.join(people)}, from {source}. {more}"
