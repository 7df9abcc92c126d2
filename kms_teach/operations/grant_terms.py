"""What a grant may give: the operations that suit its key, and the constraints on an encryption context."""

from collections.abc import Mapping, Sequence
from typing import Any

from kms_teach.access.actions import IN_GRANTS
from kms_teach.access.grants import Terms, pairs
from kms_teach.access.principals import NAMED
from kms_teach.directory.identities import exists
from kms_teach.errors import InvalidArnException, ValidationException
from kms_teach.keys.key import Key
from kms_teach.keys.specs import SYMMETRIC
from kms_teach.store import Store

NO_PRINCIPAL = "ARN does not refer to a valid principal: %s"  # recorded from AWS
CONTEXT_PAIRS_MAX, CONTEXT_LENGTH_MAX = 8, 384  # of an encryption context constraint; CreateGrant, API Reference

# Which operations a grant may list for a key of each usage, besides those that every key has.
FIT = {
    "ENCRYPT_DECRYPT": ("Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"),
    "SIGN_VERIFY": ("Sign", "Verify"),
    "GENERATE_VERIFY_MAC": ("GenerateMac", "VerifyMac"),
    "KEY_AGREEMENT": ("DeriveSharedSecret",),
    "ENCAPSULATE_DECAPSULATE": ("Encapsulate", "Decapsulate"),
}
EVERY_KEY = ("CreateGrant", "RetireGrant", "DescribeKey")
DATA_KEYS = tuple(name for name in IN_GRANTS if name.startswith("GenerateDataKey"))


def terms_of(params: Mapping[str, Any]) -> Terms:
    """What the grant that CreateGrant is asked for would give, for the decision."""
    constraints = params.get("Constraints") or {}
    return Terms(
        operations=tuple(params["Operations"]), equals=pairs(constraints.get("EncryptionContextEquals")),
        subset=pairs(constraints.get("EncryptionContextSubset")), source_arn=constraints.get("SourceArn", ""),
    )  # fmt: skip


def check_exists(store: Store, arn: str) -> None:
    """InvalidArnException for a principal whose ARN is none, or that of nobody; a group never is one."""
    form = NAMED.fullmatch(arn)
    if form is None or form["account"] or not exists(store, arn):
        raise InvalidArnException(NO_PRINCIPAL % arn)


def check_operations(key: Key, operations: Sequence[str]) -> None:
    """ValidationException for operations that the key cannot do."""
    fitting = {*EVERY_KEY, *FIT[key.usage]}
    fitting |= (
        set(DATA_KEYS) if key.spec == SYMMETRIC else {"GetPublicKey"} if key.usage != "GENERATE_VERIFY_MAC" else set()
    )
    if unfit := [name for name in operations if name not in fitting]:
        raise ValidationException(f"a grant on a {key.spec} key for {key.usage} cannot give {', '.join(unfit)}")
    if not operations or set(operations) == {"CreateGrant"}:
        raise ValidationException("Grants must not contain only the CreateGrant operation.")


def check_constraints(key: Key, constraints: Mapping[str, Any]) -> None:
    """ValidationException for constraints that the key cannot have, or that are too long."""
    contexts = [
        constraints[name] for name in ("EncryptionContextEquals", "EncryptionContextSubset") if constraints.get(name)
    ]
    if contexts and key.spec != SYMMETRIC:
        raise ValidationException("only a symmetric encryption key has an encryption context to constrain")
    if len(contexts) > 1:
        raise ValidationException("More than one constraint supplied")
    for context in contexts:
        if len(context) > CONTEXT_PAIRS_MAX or sum(len(k) + len(v) for k, v in context.items()) > CONTEXT_LENGTH_MAX:
            raise ValidationException(
                f"an encryption context constraint has at most {CONTEXT_PAIRS_MAX} pairs "
                f"and {CONTEXT_LENGTH_MAX} characters"
            )
