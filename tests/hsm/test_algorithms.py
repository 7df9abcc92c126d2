"""The tables of the HSM and the table of specs tell the same story."""

import pytest

from kms_teach.hsm.algorithms import GENERATE, MAC_HASH, RSA_PADDING, SECRET_SIZES, SIGNING, load
from kms_teach.hsm.boundary import UNSEALED_KEPT, Hsm
from kms_teach.keys.specs import ENCRYPT_MAX, MESSAGE_TYPES, MISSING_ALGORITHMS, SPECS, SYMMETRIC
from kms_teach.wire.model import service_model


def algorithms(usage):
    return {a for spec in SPECS.values() if spec.available for a in spec.algorithms.get(usage, ())}


def test_the_specs_are_those_of_the_api():
    assert set(SPECS) == set(service_model().shape_for("KeySpec").metadata["enum"])


def test_the_hsm_makes_exactly_the_keys_that_are_said_to_be_available():
    assert set(GENERATE) == {name for name, spec in SPECS.items() if spec.available}


def test_a_key_pair_is_what_is_no_secret():
    assert set(SECRET_SIZES) == {name for name, spec in SPECS.items() if not spec.key_pair}


def test_every_signing_algorithm_has_a_row_for_each_message_type_but_the_missing_one():
    listed = {(a, kind) for a in algorithms("SIGN_VERIFY") for kind in MESSAGE_TYPES[a]}
    assert set(SIGNING) == {row for row in listed if row[0] not in MISSING_ALGORITHMS}
    assert set(MISSING_ALGORITHMS) <= algorithms("SIGN_VERIFY")


def test_every_other_algorithm_has_its_row():
    assert set(MAC_HASH) == algorithms("GENERATE_VERIFY_MAC")
    assert set(RSA_PADDING) == algorithms("ENCRYPT_DECRYPT") - {SYMMETRIC}
    encrypting = {name: spec.algorithms.get("ENCRYPT_DECRYPT", ()) for name, spec in SPECS.items() if spec.available}
    assert set(ENCRYPT_MAX) == {(name, algorithm) for name, its in encrypting.items() for algorithm in its}


@pytest.mark.slow
@pytest.mark.parametrize("spec", sorted(GENERATE))
def test_two_fresh_keys_differ_and_what_leaves_is_sealed(spec):
    hsm = Hsm()
    one, other = hsm.generate(spec, "a key id"), hsm.generate(spec, "a key id")
    assert one.id != other.id
    secret = hsm._Hsm__domain.decrypt(one.sealed[:12], one.sealed[12:], (one.id + spec).encode())
    assert secret[-24:] not in one.sealed
    assert isinstance(load(spec, secret), bytes) != SPECS[spec].key_pair


def test_a_private_key_is_read_once_and_then_kept_open():
    hsm = Hsm()
    key = hsm.generate("ECC_NIST_P256", "a key id")
    assert hsm._Hsm__unseal(key) is hsm._Hsm__unseal(key)


def test_the_keys_kept_open_are_bounded_and_the_one_longest_unused_leaves():
    hsm = Hsm()
    keys = [hsm.generate("HMAC_256", str(n)) for n in range(UNSEALED_KEPT + 1)]
    for key in keys[:-1]:
        hsm.mac(key, "HMAC_SHA_256", b"m")
    hsm.mac(keys[0], "HMAC_SHA_256", b"m")
    hsm.mac(keys[-1], "HMAC_SHA_256", b"m")
    kept = hsm._Hsm__open
    assert len(kept) == UNSEALED_KEPT
    assert keys[0].sealed in kept
    assert keys[1].sealed not in kept
