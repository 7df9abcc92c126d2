#!/usr/bin/env bash
# botocore 1.44.5: the pages of a paginator read a second time begin with the last one, and nobody is told.
#
# `client.get_paginator(…).paginate(…)` gives an object that one may loop over, so one expects either all pages again or
# an error. It keeps the request's parameters in one dict and writes each NextMarker into it; the second loop starts
# with the marker of the last page. A program that first counts the keys of an account and then lists them lists a few.
#
# Seen (keys of ListKeys, three pages of two, two and one, from ready answers):
#     first loop: a b c d e
#     second loop: e
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet botocore==1.44.5
AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null "$folder/venv/bin/python" - <<'PY'
import io
import json
import sys

import botocore.session
from botocore.awsrequest import AWSResponse

PAGES = {None: ("ab", "1"), "1": ("cd", "2"), "2": ("e", None)}


class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def answer(request, **_):
    ids, following = PAGES[json.loads(request.body).get("Marker")]
    page = {"Keys": [{"KeyId": each} for each in ids], "Truncated": following is not None}
    body = json.dumps(page | ({"NextMarker": following} if following else {})).encode()
    return AWSResponse(request.url, 200, {"x-amzn-requestid": "r"}, Raw(body))


session = botocore.session.get_session()
session.set_credentials("key", "secret")
kms = session.create_client("kms", region_name="us-east-1")
kms.meta.events.register("before-send.kms", answer)
pages = kms.get_paginator("list_keys").paginate()
seen = ["".join(key["KeyId"] for page in pages for key in page["Keys"]) for _ in range(2)]
for name, ids in zip(("first", "second"), seen):
    print(f"{name} loop: {' '.join(ids)}")
sys.exit(seen != ["abcde", "e"])
PY
