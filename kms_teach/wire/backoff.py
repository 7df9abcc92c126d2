"""How a client in this process waits before it tries again: on the simulator's clock, on which its quota comes back.

Why not as botocore does, which sleeps: the simulator's time stands still meanwhile, and the quota stays used up. And
botocore waits for a random part of the time; here it is always the whole, so that a notebook is the same on each run.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from kms_teach.service import Service

THROTTLED = ("ThrottlingException", "SlowDown")
ATTEMPTS = {"legacy": 5}  # boto3's guide, "Retries"; of the other modes
ATTEMPTS_ELSE = 3
LONGEST = 20  # seconds; the guide again


def waiting(service: Service, retries: Mapping[str, Any]) -> Callable[..., int | None]:
    """A handler of botocore's `needs-retry`: 0 is `try again, without sleeping`, None leaves it to botocore's own."""
    most = retries.get("total_max_attempts", ATTEMPTS.get(retries["mode"], ATTEMPTS_ELSE))

    def wait(response: tuple[Any, Mapping[str, Any]] | None, attempts: int, **_: Any) -> int | None:
        error = response[1].get("Error", {}).get("Code") if response else None
        if error not in THROTTLED or attempts >= most:
            return None
        service.advance(service.clock.now + timedelta(seconds=min(2 ** (attempts - 1), LONGEST)))
        return 0

    return wait
