import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.grants.page import GrantsFacts, grants_page
from kms_teach.inspect.cross_account import read
from tests.drawing.drawn import quarrels, texts

AWAY = "444455556666"


@pytest.fixture
def picture():
    """The page of a run in small: the six calls that the chapter makes."""
    with Simulator(start="2026-01-01T00:00:00Z", slow=True) as sim:
        kms, worker = sim.client("kms"), sim.role("worker")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        made = kms.create_grant(KeyId=key, GranteePrincipal=worker.arn, Operations=["GenerateDataKey"])

        def use(who, **more):
            with suppress(ClientError):
                who.generate_data_key(KeyId=key, KeySpec="AES_256", **more)
            return sim.trail[-1]

        early = use(worker.client("kms"))
        with_token = use(worker.client("kms"), GrantTokens=[made["GrantToken"]])
        kms.revoke_grant(KeyId=key, GrantId=made["GrantId"])
        sim.advance(minutes=5)  # until its end has spread
        after = use(worker.client("kms"))
        may = {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "*"}
        via = {**may, "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}
        clerk = sim.user("clerk", policies=[{"Version": "2012-10-17", "Statement": [via]}])
        direct, through = (sim.authorization(use(clerk.client("kms", via=way))) for way in ("", "s3"))
        default = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
        for admitted in ([], [{**may, "Principal": {"AWS": f"arn:aws:iam::{AWAY}:root"}}]):
            kms.put_key_policy(KeyId=key, Policy=json.dumps({**default, "Statement": default["Statement"] + admitted}))
            for policies in ([], [{"Version": "2012-10-17", "Statement": [may]}]):
                use(sim.user("bob", account=AWAY, policies=policies).client("kms"))
        yield grants_page(GrantsFacts.of(early, with_token, direct, through, read(sim.trail, key), after))


def test_each_panel_tells_what_the_run_answered(picture):
    assert repr(picture) == (
        "Grants on one page: without token: denied, with its token: allowed; not met: denied, met: allowed; "
        "is silent; IAM is silent: denied, is silent; IAM allows it: denied, lets the account in; IAM is silent: denied, "
        "lets the account in; IAM allows it: allowed; before: allowed, after its end: denied"
    )
    assert "4 ways were tried, and 1 opened" in picture.alt
    assert "While it spreads: AccessDeniedException without the token." in picture.alt


def test_the_grid_names_its_rows_and_columns(picture):
    assert {"IAM is silent", "IAM allows it", "silent", "the account"} <= set(texts(picture.svg))


def test_words_get_along(picture):
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
