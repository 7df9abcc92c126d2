"""The trail to look into: choose a call, and see it opened."""

from collections.abc import Mapping

from kms_teach.drawing.look import LAB
from kms_teach.inspect.opened import opened
from kms_teach.inspect.opened_drawing import CALL, TRAIL_SAYS, WHO_MAY
from kms_teach.simulator import Simulator
from kms_teach.teaching.class_account import ClassAccount
from kms_teach.teaching.controls import beside, button, choice, tick
from kms_teach.teaching.lab import Lab
from kms_teach.trail import Record

SHOWN = 200  # calls to choose from, the newest; a list that one can still read
NOTHING_YET = "The trail is empty. Make a call, then press “Look again”."


class CallOpened(Lab):
    """Shows one call of `sim.trail`: who, why, which key material, which bytes.

    It opens with call `number`, counted from 1, or with the newest. `names` has a name to show for a key's ARN.
    """

    def __init__(
        self, sim: Simulator | ClassAccount, number: int | None = None, names: Mapping[str, str] | None = None
    ) -> None:
        self.sim, self.names = sim, names
        self.call = choice("Call", [("nothing yet", 0)], listed=True)
        self.part = choice("Look at", (CALL, WHO_MAY, TRAIL_SAYS))
        self.ids = tick("Show ids whole")
        self.again = button("Look again")
        super().__init__([self.call, self.part, *beside(self.ids, self.again)], "The call opened")
        self._look(number)
        self.on(self.call, self._draw)
        self.on(self.part, self._draw)
        self.on(self.ids, self._draw)
        self.on(self.again, self._look)

    def _look(self, number: int | None = None) -> None:
        """Read the trail anew, and choose its newest call."""
        length = len(self.sim.trail)
        if not length:
            self.say(NOTHING_YET)
            return
        if number is not None and not 1 <= number <= length:
            raise ValueError(f"there is no call {number}: the trail has calls 1 to {length}")
        first = max(0, length - SHOWN if number is None else min(length - SHOWN, number - 1))
        records = self.sim.trail[first : first + SHOWN]
        with self.filling():
            self.call.options = [(_words(n, record), n) for n, record in enumerate(records, first + 1)]
            self.call.value = number or length
        self._draw()

    def _draw(self) -> None:
        if not self.call.value:
            raise ValueError(NOTHING_YET)
        record, ids = self.sim.trail[self.call.value - 1], self.ids.value
        picture = opened(record, names=self.names, ids=ids, canvas=LAB, part=self.part.value)
        self.show(picture, f"Call {self.call.value} of {len(self.sim.trail)}. {picture.title}.")

    def static(self) -> str:
        """The whole call, for a reader who has no controls."""
        if not self.call.value:
            return super().static()
        return opened(self.sim.trail[self.call.value - 1], names=self.names, ids=self.ids.value).html()


def _words(number: int, record: Record) -> str:
    return f"{number}: {record.caller}, {record.operation}, {record.error or 'ok'}"
