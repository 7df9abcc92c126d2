#!/usr/bin/env bash
# botocore 1.44.5: by default a KMS quota that is full is asked about three times, and it was not in the legacy mode.
#
# KMS answers LimitExceededException when a resource quota is full (too many keys, aliases, grants): waiting does not
# help. botocore's retries know the code as a throttling error of other services, for any service. The default mode
# (`standard` now, though many texts still call `legacy` the default) sends the call three times, with pauses between;
# `legacy` sends it once. AlreadyExistsException, as final an answer, is never repeated, and KMSInternalException and
# DependencyTimeoutException, which do pass, are not repeated either when they come with status 400.
#
# Seen (requests sent for one call, by retry mode):
#     default: LimitExceededException 3, AlreadyExistsException 1, DependencyTimeoutException 1
#     legacy: LimitExceededException 1, AlreadyExistsException 1, DependencyTimeoutException 1
#     standard: LimitExceededException 3, AlreadyExistsException 1, DependencyTimeoutException 1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet botocore==1.44.5
unset AWS_RETRY_MODE AWS_MAX_ATTEMPTS
AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null "$folder/venv/bin/python" - <<'PY'
import io
import sys
import time

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config

CODES = ("LimitExceededException", "AlreadyExistsException", "DependencyTimeoutException")
time.sleep = lambda _: None  # the pauses are not what is counted


class Raw(io.BytesIO):
    def stream(self, **_):
        yield self.read()


def requests_sent(mode, code):
    session = botocore.session.get_session()
    session.set_credentials("key", "secret")
    config = Config(retries={"mode": mode}) if mode else Config()
    kms = session.create_client("kms", region_name="us-east-1", config=config)
    sent = []

    def answer(request, **_):
        sent.append(request)
        body = Raw(f'{{"__type": "{code}", "message": "m"}}'.encode())
        return AWSResponse(request.url, 400, {"x-amzn-requestid": "r"}, body)

    kms.meta.events.register("before-send.kms", answer)
    try:
        kms.create_alias(AliasName="alias/example", TargetKeyId="1234abcd-12ab-34cd-56ef-1234567890ab")
    except kms.exceptions.ClientError:
        return len(sent)


seen = {mode or "default": [requests_sent(mode, code) for code in CODES] for mode in (None, "legacy", "standard")}
for mode, counts in seen.items():
    print(f"{mode}: {', '.join(f'{code} {count}' for code, count in zip(CODES, counts))}")
sys.exit(seen != {"default": [3, 1, 1], "legacy": [1, 1, 1], "standard": [3, 1, 1]})
PY
