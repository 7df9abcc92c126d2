"""Multi-factor authentication: nobody here has a device, so whoever names one is refused."""

from collections.abc import Mapping
from typing import Any

from kms_teach.errors import AccessDenied

# words seen from AWS
HALF = "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
NO_DEVICE = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and"
    " associated with this user."
)


def check_device(params: Mapping[str, Any]) -> None:
    """Raises AccessDenied if the request names a device or a code."""
    named = [name in params for name in ("SerialNumber", "TokenCode")]
    if any(named):
        raise AccessDenied(NO_DEVICE if all(named) else HALF)
