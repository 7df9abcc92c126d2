"""Who exists: whether the ARN of a principal is the ARN of somebody.

IAM User Guide, "Principal"; KMS API Reference, "CreateGrant" and "PutKeyPolicy". Groups never are principals. An
account of twelve digits exists, and so does a federated user, whom GetFederationToken may call anything.
"""

from kms_teach.access.principals import NAMED, Principal
from kms_teach.errors import InvalidArnException
from kms_teach.store import Store

NO_PRINCIPAL = "ARN does not refer to a valid principal: %s"  # recorded from AWS, for ARNs of nobody

SESSION = ":assumed-role/"


def exists(store: Store, arn: str) -> bool:
    """Whether the ARN names an account, or a user, role or session of a role that there is."""
    form = NAMED.fullmatch(arn)
    if form is None or form["account"]:
        return False
    if arn.endswith(":root") or ":federated-user/" in arn:
        return True
    if SESSION in arn:
        return _role(store, arn.split(":")[4], arn.split("/")[1])
    return bool(store.page(Principal, "principal", parent=arn, limit=1))


def _role(store: Store, account: str, name: str) -> bool:
    """Whether an account has a role of this name, which a session's ARN has without the path."""
    if store.page(Principal, "principal", parent=f"arn:aws:iam::{account}:role/{name}", limit=1):
        return True
    everybody = store.page(Principal, "principal")
    return any((one.kind, one.account, one.name) == ("role", account, name) for one in everybody)


def check_exists(store: Store, arn: str) -> None:
    """InvalidArnException for an ARN that is none, and for that of nobody."""
    if not exists(store, arn):
        raise InvalidArnException(NO_PRINCIPAL % arn)
