from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.grants.page import GrantsFacts, grants_page
from tests.drawing.drawn import quarrels

FOR_A_SERVICE = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        }
    ],
}


@pytest.fixture
def picture():
    """The page of a run in small: the seven calls that the chapter makes."""
    with Simulator(start="2026-01-01T00:00:00Z", slow=True) as sim:
        kms, worker, helper = sim.client("kms"), sim.role("worker"), sim.role("helper")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        may = ["GenerateDataKey", "CreateGrant"]
        made = kms.create_grant(KeyId=key, GranteePrincipal=worker.arn, Operations=may)
        mine = worker.client("kms")

        def use(call, **parameters):
            with suppress(ClientError):
                call(KeyId=key, **parameters)
            return sim.trail[-1]

        early = use(mine.generate_data_key, KeySpec="AES_256")
        with_token = use(mine.generate_data_key, KeySpec="AES_256", GrantTokens=[made["GrantToken"]])
        sim.advance(minutes=5)
        more, less = (
            use(mine.create_grant, GranteePrincipal=helper.arn, Operations=operations)
            for operations in (["GenerateDataKey", "Encrypt"], ["GenerateDataKey"])
        )
        launcher = sim.user("launcher", policies=[FOR_A_SERVICE])
        through, by_hand = (
            use(launcher.client("kms", via=way).create_grant, GranteePrincipal=helper.arn, Operations=["Decrypt"])
            for way in ("ec2", "")
        )
        kms.revoke_grant(KeyId=key, GrantId=made["GrantId"])
        sim.advance(minutes=5)  # until its end has spread
        after = use(mine.generate_data_key, KeySpec="AES_256")
        yield grants_page(GrantsFacts.of(early, with_token, more, less, through, by_hand, after))


def test_each_panel_tells_what_the_run_answered(picture):
    assert repr(picture) == (
        "Grants on one page: without token: denied, with its token: allowed; more: denied, less, or equal: allowed; "
        "through EC2: allowed, by hand: denied; before: allowed, after its end: denied"
    )
    assert "While it spreads: AccessDeniedException without the token." in picture.alt
    assert "worker made no grant for GenerateDataKey and Encrypt, and one for GenerateDataKey." in picture.alt


def test_words_get_along(picture):
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
