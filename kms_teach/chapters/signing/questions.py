"""The question families of "Signing, MACs, agreement, post-quantum"."""

from kms_teach.chapters.signing.attestation_questions import only_that_image
from kms_teach.chapters.signing.checker_questions import code_in_two_regions, permission_for_a_proof
from kms_teach.chapters.signing.partner_questions import partner_checks, without_kms
from kms_teach.chapters.signing.proof_questions import one_signature, proof_of_many, room_for_a_signature
from kms_teach.chapters.signing.signature_questions import (
    checked_when_disabled,
    new_key_pair_every_year,
    same_alias_another_kind,
    sign_what_is_large,
)
from kms_teach.chapters.signing.usage_questions import (
    error_of_a_check,
    hybrid_in_the_trail,
    key_for_a_secret,
    sealed_for_you,
    usage_for_a_job,
    which_takes_a_context,
)

__all__ = [
    "checked_when_disabled",
    "code_in_two_regions",
    "error_of_a_check",
    "hybrid_in_the_trail",
    "key_for_a_secret",
    "new_key_pair_every_year",
    "one_signature",
    "only_that_image",
    "partner_checks",
    "permission_for_a_proof",
    "proof_of_many",
    "room_for_a_signature",
    "same_alias_another_kind",
    "sealed_for_you",
    "sign_what_is_large",
    "usage_for_a_job",
    "which_takes_a_context",
    "without_kms",
]
