"""Checks and reasons: what each step of a decision asks, and why it was answered as it was, as values.

Whoever acts on a decision compares these. Their words are in `sentences`, and nobody reads those back.
"""

from enum import StrEnum


class Check(StrEnum):
    """What one step asks, in the order of the steps."""

    __hash__ = str.__hash__  # an Enum's own is Python code, and these are looked up for every step

    DENY = "explicit deny"
    REACH = "reach of another account"
    ENDPOINT = "VPC endpoint policy"
    SCP = "service control policy"
    NAMED = "resource-based policy names the caller"  # of a key, a bucket or a role
    DELEGATED = "resource-based policy delegates to the account"
    SHARED = "shared through AWS RAM"
    GRANT = "grant"
    RETIREMENT = "retirement of a grant"
    IAM = "IAM policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


class Stage(StrEnum):
    """The kinds of policy, in the order in which AWS lists what it evaluated (GetRequestAuthorizationDetails)."""

    RCP = "resource control policy"
    SCP = "service control policy"
    ENDPOINT = "VPC endpoint policy"
    RESOURCE = "resource-based policy"  # the key policy, and grants beside it
    PRINCIPAL = "identity-based policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"


STAGE_OF_CHECK = {
    Check.REACH: Stage.RESOURCE,
    Check.ENDPOINT: Stage.ENDPOINT,
    Check.SCP: Stage.SCP,
    Check.NAMED: Stage.RESOURCE,
    Check.DELEGATED: Stage.RESOURCE,
    Check.SHARED: Stage.RESOURCE,
    Check.GRANT: Stage.RESOURCE,
    Check.RETIREMENT: Stage.RESOURCE,
    Check.IAM: Stage.PRINCIPAL,
    Check.BOUNDARY: Stage.BOUNDARY,
    Check.SESSION: Stage.SESSION,
}
STAGE_OF_KIND = {  # of the document in which an explicit deny stands
    "key policy": Stage.RESOURCE,
    "trust policy": Stage.RESOURCE,
    "bucket policy": Stage.RESOURCE,
    "IAM policy": Stage.PRINCIPAL,
    **{stage.value: stage for stage in Stage},
}

BY_GRANT = (Check.GRANT, Check.RETIREMENT)


class Reason(StrEnum):
    """Why a step was answered as it was."""

    __hash__ = str.__hash__

    STATEMENT = "a statement applies"  # the step says which
    NO_DENY = "no deny"
    ONLY_AT_HOME = "works only in the key's account"
    CEILING_SILENT = "no statement of the ceiling allows it"
    # the key policy
    CALLER_NOT_ALLOWED = "the caller is named, and not allowed this"
    OTHERS_NAMED = "others are named"
    NOBODY_NAMED = "nobody is named"
    ACCOUNT_NOT_ALLOWED = "the account is not allowed this"
    SHARE_SILENT = "shared with the account, and not for this"
    # IAM policies
    ROOT = "the root user needs none"
    IAM_SILENT = "no IAM policy allows it"
    # a grant, used
    NONE_NAMED = "no grant is named"
    GRANTED = "the grant allows it"
    NO_GRANT = "no grant for the caller"
    NOT_LISTED = "operation not listed"
    OTHER_SOURCE = "source not constrained to"
    OTHER_KEYS_SOURCE = "not the source of the grant on the source key"
    CONTEXT_NOT_EQUAL = "encryption context not equal"
    CONTEXT_NOT_SUBSET = "encryption context lacks a pair"
    NOT_EFFECTIVE = "not effective without its token"
    # a grant, passed on by CreateGrant
    CHILD_OPERATIONS = "the new grant would give more operations"
    CHILD_SOURCE = "the new grant would drop the source"
    CHILD_EQUALS = "the new grant would change the exact context"
    CHILD_SUBSET = "the new grant would loosen the context"
    # a grant, retired
    RETIRING_PRINCIPAL = "the retiring principal"
    GRANTEE = "the grantee, with RetireGrant"
    ISSUING_ACCOUNT = "the issuing account"
    ACCOUNT_MAY_RETIRE = "IAM policies of an account that may retire it"
    MAY_NOT_RETIRE = "may not retire it"
