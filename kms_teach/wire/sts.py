"""This is how STS speaks: requests as forms, answers in XML."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from kms_teach.access.principals import Principal
from kms_teach.errors import InvalidAction, KmsError
from kms_teach.service import Service

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def respond(service: Service, caller: Principal, body: bytes, request_id: str) -> tuple[int, bytes]:
    """Status and body of the answer to a form."""
    params = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200))
    action = params.get("Action", "")
    known = f"<RequestId>{request_id}</RequestId>"
    try:
        result = service.sts(caller, action, params)
        if result is None:
            raise InvalidAction(f"this simulator does not answer {action or 'that'}")
    except KmsError as error:
        said = f"<Error><Type>Sender</Type><Code>{error.code}</Code><Message>{escape(str(error))}</Message></Error>"
        return error.status, _xml("ErrorResponse", said + known)
    inner = f"<{action}Result>{_members(result)}</{action}Result><ResponseMetadata>{known}</ResponseMetadata>"
    return 200, _xml(f"{action}Response", inner)


def _members(value: Mapping[str, Any]) -> str:
    return "".join(f"<{k}>{_members(v) if isinstance(v, dict) else escape(str(v))}</{k}>" for k, v in value.items())


def _xml(name: str, inner: str) -> bytes:
    return f'<{name} xmlns="{NAMESPACE}">{inner}</{name}>'.encode()
