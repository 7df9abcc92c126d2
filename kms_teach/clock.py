"""Time, which moves only when told to."""

import reprlib
from datetime import UTC, datetime, timedelta


def parse(text: str) -> datetime:
    """Read an ISO 8601 time such as `2026-01-01T00:00:00Z`; one without a zone counts as UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"`{text[:100]}` is no time: write it as 2026-01-01T00:00:00Z") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


class Clock:
    """The simulator's one clock: `now` is aware, in UTC, and never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    @property
    def now(self) -> datetime:
        return self._now

    def check(self, at: datetime) -> None:
        """ValueError for a moment that is past."""
        if at < self._now:
            raise ValueError("time does not go back: give a moment after `sim.now`")

    def move_to(self, at: datetime) -> None:
        self.check(at)
        self._now = at

    def after(self, **duration: float) -> datetime:
        """The moment `days=…, hours=…` (as `timedelta` takes them) after now."""
        try:
            return self._now + timedelta(**duration)
        except OverflowError:
            raise ValueError("that is after the year 9999: advance by fewer days") from None
        except (TypeError, ValueError):
            raise ValueError(
                f"`{reprlib.repr(duration)}` is no duration: say days=365, or hours, minutes, seconds"
            ) from None
