"""Every operation on a key in every state a key can be in: the answer is the table's, in AWS's words."""

import pytest
from msgspec.structs import replace

from kms_teach import Simulator
from kms_teach.errors import DisabledException, KmsError, KMSInvalidStateException
from kms_teach.hsm.blob import parse
from kms_teach.keys.key import Key, MaterialOwner
from kms_teach.keys.states import ERRORS, LIFECYCLE, STATES, step
from kms_teach.operations.catalog import CATALOG
from tests.operations.test_responses import ANSWERS, World

SCOPE = "us-east-1:111122223333"

# KMS Developer Guide, "Key states": what is certain, written once more by hand, row by row.
BY_HAND = [
    ("Encrypt", "Enabled", None),
    ("Encrypt", "Disabled", (DisabledException, "ARN is disabled.")),
    ("Encrypt", "PendingDeletion", (KMSInvalidStateException, "ARN is pending deletion.")),
    ("Decrypt", "PendingImport", (KMSInvalidStateException, "ARN is pending import.")),
    ("Sign", "Creating", (KMSInvalidStateException, "ARN is creating.")),
    ("GenerateDataKey", "Unavailable", (KMSInvalidStateException, "ARN is unavailable.")),
    ("DescribeKey", "PendingDeletion", None),
    ("PutKeyPolicy", "PendingDeletion", None),
    ("DisableKey", "PendingDeletion", (KMSInvalidStateException, "ARN is pending deletion.")),
    ("CancelKeyDeletion", "Enabled", (KMSInvalidStateException, "ARN is not pending deletion.")),
    ("ScheduleKeyDeletion", "Disabled", None),
    ("ScheduleKeyDeletion", "Updating", (KMSInvalidStateException, "ARN is updating.")),
    ("CreateAlias", "Disabled", None),
    ("TagResource", "PendingDeletion", (KMSInvalidStateException, "ARN is pending deletion.")),
    ("UpdatePrimaryRegion", "Disabled", (DisabledException, "ARN is disabled.")),
    ("CreateGrant", "Disabled", (DisabledException, "ARN is disabled.")),
    ("CreateGrant", "Unavailable", None),
    ("EnableKey", "PendingImport", (KMSInvalidStateException, "ARN is pending import.")),
    ("ReplicateKey", "Updating", (KMSInvalidStateException, "ARN is updating.")),
    ("EnableKeyRotation", "Disabled", (DisabledException, "ARN is disabled.")),
    ("GetKeyRotationStatus", "Disabled", None),
    ("GetParametersForImport", "Disabled", None),
    ("ImportKeyMaterial", "PendingDeletion", (KMSInvalidStateException, "ARN is pending deletion.")),
    ("DeleteAlias", "PendingDeletion", None),
]


@pytest.mark.parametrize(("operation", "state", "said"), BY_HAND)
def test_the_table_says_what_the_guide_says(operation, state, said, sim, key):
    one = replace(sim.service.store.get(Key, SCOPE, key), state=state)
    if said is None:
        assert step(operation, one)
        return
    with pytest.raises(said[0]) as caught:
        step(operation, one)
    assert caught.value.message == said[1].replace("ARN", one.arn)


def target(sim, name, params):
    """The key whose state counts: for UpdateAlias the new one, for Decrypt the one that the blob names."""
    found = [params[p] for p in ("TargetKeyId", "DestinationKeyId", "KeyId") if p in params]
    if found:
        return found[0].rsplit("/", 1)[-1]
    if "CiphertextBlob" in params:
        return sim.service.store.get(MaterialOwner, "us-east-1", parse(params["CiphertextBlob"]).material_id).key_id
    return sim.service.store.page(Key, SCOPE)[0].id  # the only one there is


ON_KEYS = sorted(name for name in LIFECYCLE if CATALOG[name].on)


@pytest.mark.parametrize("name", ON_KEYS)
def test_an_operation_in_every_state_does_what_the_table_says(name):
    sim = None
    for state in STATES:
        cell = LIFECYCLE[name][state]
        if sim is None:  # what was done may not be possible twice: a refusal leaves all as it was
            sim = Simulator(start="2026-01-01T00:00:00Z")
            params = ANSWERS[name][0](World(sim))
            key = sim.service.store.get(Key, SCOPE, target(sim, name, params))
        window = 7 if state == "PendingReplicaDeletion" else None
        started = replace(key, state=state, deletion=None, deletion_window=window)
        with sim.service.store.transaction():
            sim.service.store.put(started)
        try:
            sim.service.perform(sim.root()._principal, "us-east-1", name, params)
        except KmsError as error:
            assert cell in ERRORS, f"{state}: refused with {error.code}: {error.message}"
            assert (type(error), error.message) == (ERRORS[cell][0], ERRORS[cell][1].format(arn=key.arn))
            assert sim.service.store.get(Key, SCOPE, key.id) == started
        else:
            assert cell not in ERRORS, state
            sim.close()
            sim = None


def test_the_table_is_whole():
    assert len(LIFECYCLE) > 40
    for operation, cells in LIFECYCLE.items():
        assert set(cells) == set(STATES), operation
        assert set(cells.values()) <= {".", *STATES, *ERRORS}, operation


def test_every_operation_on_a_key_is_in_the_table():
    assert {name for name, operation in CATALOG.items() if operation.on} <= set(LIFECYCLE)
