"""Whom a grant may name: somebody who exists.

KMS API Reference, "CreateGrant"; IAM User Guide, "Principal". Groups never are principals. An account of twelve digits
exists, and so does a federated user, whom GetFederationToken may call anything.
"""

from kms_teach.access.principals import NAMED
from kms_teach.directory.identities import exists
from kms_teach.errors import InvalidArnException
from kms_teach.store import Store

NO_PRINCIPAL = "ARN does not refer to a valid principal: %s"  # recorded from AWS, for ARNs of nobody


def check_exists(store: Store, arn: str) -> None:
    """InvalidArnException for an ARN that is none, and for that of nobody."""
    form = NAMED.fullmatch(arn)
    if form is None or form["account"] or not exists(store, arn):
        raise InvalidArnException(NO_PRINCIPAL % arn)
