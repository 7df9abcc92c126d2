"""Grant tokens: what CreateGrant answers, so that a grant counts before every part of KMS knows of it."""

import base64
import re
import secrets

from kms_teach.errors import InvalidGrantTokenException
from kms_teach.operations.request import ApiRequest

ID = re.compile(r"[0-9a-f]{64}")
TOKEN_HEAD = bytes.fromhex("010a40")  # of a grant token; then the grant's id as text


def check_tokens(request: ApiRequest) -> None:
    """Raise InvalidGrantTokenException for a grant token that cannot be one of ours."""
    for token in request.params.get("GrantTokens") or ():
        grant_id_of(token)


def new_token(grant_id: str) -> str:
    """A new token: 01 0A 40 ‖ id(64) ‖ 22 ‖ length(1) ‖ random, as AWS's begin; it means nothing to a client."""
    sealed = secrets.token_bytes(96)
    return base64.urlsafe_b64encode(TOKEN_HEAD + grant_id.encode() + bytes([0x22, len(sealed)]) + sealed).decode()


def grant_id_of(token: str) -> str:
    """The id of the grant that a token is of. InvalidGrantTokenException for what is none of ours."""
    try:
        data = base64.urlsafe_b64decode(token.encode())
    except ValueError:
        raise InvalidGrantTokenException from None
    grant_id = data[len(TOKEN_HEAD) :][:64].decode("latin-1")
    if not data.startswith(TOKEN_HEAD) or not ID.fullmatch(grant_id):
        raise InvalidGrantTokenException
    return grant_id
