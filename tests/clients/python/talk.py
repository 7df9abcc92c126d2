"""A program that uses AWS's new SDK for Python, inside of Pyodide: its requests leave by Node's fetch.

aiohttp, by which they leave elsewhere, is compiled, and Pyodide's build of it is no package of an index.
"""

import json
import os

from aws_sdk_sts.client import AsyncSTSClient
from aws_sdk_sts.config import AsyncSTSConfig
from aws_sdk_sts.models import AssumeRoleInput, GetCallerIdentityInput
from js import Object, fetch
from pyodide.ffi import to_js
from smithy_core.aio.utils import read_streaming_blob_async
from smithy_core.exceptions import CallError
from smithy_http import Field, Fields
from smithy_http.aio import HTTPResponse


class Fetch:
    """What the SDK calls a transport. Node counts the length itself, which the SDK has signed."""

    TIMEOUT_EXCEPTIONS = ()

    async def send(self, request, *, request_config=None):  # noqa: ARG002 (the SDK gives it)
        headers = [[field.name, field.as_string()] for field in request.fields if field.name != "content-length"]
        how = {"method": request.method, "headers": headers, "body": await read_streaming_blob_async(request.body)}
        to = request.destination
        answer = await fetch(
            f"{to.scheme}://{to.netloc}{to.path or '/'}", to_js(how, dict_converter=Object.fromEntries)
        )
        fields = Fields([Field(name=name, values=[value]) for name, value in answer.headers])
        return HTTPResponse(status=answer.status, fields=fields, body=(await answer.arrayBuffer()).to_bytes())

    async def close(self):
        """Nothing is open."""

    def __deepcopy__(self, memo):
        return self


async def main(address):
    os.environ["AWS_ENDPOINT_URL"], os.environ["AWS_REGION"] = address, "us-east-1"
    os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "test"
    sts = AsyncSTSClient(await AsyncSTSConfig.resolve(transport=Fetch()))
    said = {"who": (await sts.get_caller_identity(GetCallerIdentityInput())).arn}
    role = {"role_arn": "arn:aws:iam::111122223333:role/app", "role_session_name": "talk"}
    try:
        await sts.assume_role(AssumeRoleInput(**role))
    except CallError as error:
        said["refused"] = str(error)
    return json.dumps(said)
