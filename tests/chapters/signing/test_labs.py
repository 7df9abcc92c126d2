"""The two labs: what a person meets in them first, and where a machine lacks something."""

from kms_teach import Simulator
from kms_teach.chapters.signing.secret_lab import FLIPPED, OTHER_SPEC, SecretLab
from kms_teach.chapters.signing.signing_lab import FIRST, STRANGER, SigningLab
from kms_teach.hsm import algorithms
from tests.drawing.drawn import texts


def test_the_first_thing_seen_is_a_signature_that_fits_at_both_places(sim):
    lab = SigningLab(sim)
    assert lab.picture.title == "Two checks agree, and one needed no call"
    assert lab.status == "Fits. The partner finds that it fits. `Verify`: valid."


def test_one_letter_changed_is_found_at_both_places(sim):
    lab = SigningLab(sim)
    lab.arrived.value = FIRST.replace("14", "15")
    assert "`KMSInvalidSignatureException`" in lab.status
    assert lab.status.startswith("Does not fit.")


def test_with_somebody_else_s_public_key_the_two_checks_disagree(sim):
    lab = SigningLab(sim)
    lab.holds.value = STRANGER
    assert "the public key is of another pair. `Verify`: valid." in lab.status


def test_a_disabled_key_is_noticed_by_kms_alone_and_signs_no_more(sim):
    lab = SigningLab(sim)
    lab.disabled.value = True
    assert lab.status.startswith("Fits.")
    assert "`Verify`: `DisabledException`. The partner cannot see" in lab.status
    lab.message.value = "Another order."
    assert lab.status.startswith("Refused. `DisabledException`")
    assert lab.arrived.value == FIRST
    lab.disabled.value = False
    assert (lab.arrived.value, lab.status[:5]) == ("Another order.", "Fits.")


def test_a_post_quantum_signature_is_checked_outside_too(sim):
    lab = SigningLab(sim)
    lab.spec.value = "ML_DSA_65"
    assert lab.status.startswith("Fits.")
    assert "+ signature, 3,309 bytes" in " ".join(texts(lab.picture.svg))


def test_a_lab_asks_kms_once_for_each_change(sim):
    lab = SigningLab(sim)
    before = len(sim.trail)
    lab.arrived.value = "Pay nobody."
    assert [record.operation for record in sim.trail[before:]] == ["Verify"]


def test_where_pyca_has_no_post_quantum_the_labs_say_so_and_keep_what_they_show(monkeypatch):
    for spec in ("ML_DSA_65", "ML_KEM_768", "ML_KEM_1024"):
        monkeypatch.delitem(algorithms.GENERATE, spec)
    sim = Simulator(start="2026-01-01T00:00:00Z")
    signing, secret = SigningLab(sim), SecretLab(sim)
    shown = signing.picture, secret.picture
    signing.spec.value, secret.spec.value = "ML_DSA_65", "ML_KEM_768"
    for lab, kept in ((signing, "ECC_NIST_P256"), (secret, "ECC_NIST_P256")):
        assert lab.spec.value == kept
        assert lab.status.startswith("Not done. Choose another key")
        assert "is not available here" in lab.status
    assert (signing.picture, secret.picture) == shown
    secret.wrong.value = OTHER_SPEC
    assert secret.status.startswith("Refused.")


def test_a_flipped_bit_is_noticed_with_one_kind_of_key_and_not_with_the_other(sim):
    lab = SecretLab(sim)
    lab.wrong.value = FLIPPED
    assert lab.status.startswith("Refused. `ValidationException`")
    lab.spec.value = "ML_KEM_768"
    assert lab.status.startswith("Not shared.")
    assert lab.picture.title == "No error, and the two ends hold different secrets"
