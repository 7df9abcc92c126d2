#!/usr/bin/env bash
# boto3 1.44.8 (botocore 1.44.8, Python 3.11): a botocore session that two boto3 sessions stand on makes no S3 client.
#
# boto3.Session(botocore_session=…) is the documented way to share a configured botocore session. Each boto3 session adds
# its transfer methods to "creating-client-class.s3" of the botocore session, which is not asked whether they are there
# already. With the second session every S3 client fails, also one made by the first session, which worked a moment
# before; clients of KMS are made as ever. The error names a method of boto3, not the second session.
#
# Seen:
#     one session, s3: a client
#     two sessions, kms of the second: a client
#     two sessions, s3 of the second: RuntimeError: Cannot inject class attribute "upload_file", attribute already exists
#     two sessions, s3 of the first: RuntimeError: Cannot inject class attribute "upload_file", attribute already exists
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet boto3==1.44.8 botocore==1.44.8
"$folder/venv/bin/python" - <<'PY'
import sys

import boto3
import botocore.session

WORDS = 'RuntimeError: Cannot inject class attribute "upload_file", attribute already exists'


def made(session, service):
    try:
        session.client(service, region_name="us-east-1", aws_access_key_id="id", aws_secret_access_key="secret")
    except RuntimeError as error:
        return f"{type(error).__name__}: {error}".partition(" in class dict")[0]
    return "a client"


core = botocore.session.get_session()
first = boto3.Session(botocore_session=core)
seen = {"one session, s3": made(first, "s3")}
second = boto3.Session(botocore_session=core)
seen |= {
    "two sessions, kms of the second": made(second, "kms"),
    "two sessions, s3 of the second": made(second, "s3"),
    "two sessions, s3 of the first": made(first, "s3"),
}
for what, came in seen.items():
    print(f"{what}: {came}")
sys.exit(list(seen.values()) != ["a client", "a client", WORDS, WORDS])
PY
