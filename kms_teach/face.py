"""The public face: the simulator and the types of what it gives, which other programs import from `kms_teach`.

`Enclave` is not among them: it loads certificates, which few programs need, and `kms_teach` finds it when asked.
"""

from kms_teach.access.accounts import Endpoint
from kms_teach.access.authorization import Authorization
from kms_teach.access.decision import Decision, Step
from kms_teach.access.findings import Finding
from kms_teach.access.matrix import Matrix
from kms_teach.access.reasons import Stage
from kms_teach.directory.access_keys import AccessKey
from kms_teach.errors import StoreError
from kms_teach.keys.key import LastUsage
from kms_teach.people import KeyStoreBackend, Person
from kms_teach.simulator import Simulator
from kms_teach.trail import Record, Trail, Used
from kms_teach.wire.serving import Serving

__all__ = [
    "AccessKey",
    "Authorization",
    "Decision",
    "Endpoint",
    "Finding",
    "KeyStoreBackend",
    "LastUsage",
    "Matrix",
    "Person",
    "Record",
    "Serving",
    "Simulator",
    "Stage",
    "Step",
    "StoreError",
    "Trail",
    "Used",
]  # fmt: skip
