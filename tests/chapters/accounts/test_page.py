import json
import re
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.access.reasons import Stage
from kms_teach.chapters.accounts.gate_facts import Gates
from kms_teach.chapters.accounts.page import AccountsFacts, accounts_page
from kms_teach.inspect.cross_account import read
from tests.drawing.drawn import quarrels, texts, words

AWAY = "444455556666"
ROWS = ("IAM is silent", "IAM allows it")
MAY = {"Effect": "Allow", "Action": "kms:GenerateDataKey", "Resource": "*"}


def policy(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.fixture
def picture():
    """The page of a run in small."""
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        kms = sim.client("kms")
        key, ebs = (
            kms.create_key()["KeyMetadata"]["Arn"],
            kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"],
        )

        def use(client, key_id=key):
            with suppress(ClientError):
                client.generate_data_key(KeyId=key_id, KeySpec="AES_256")
            return sim.trail[-1]

        via = {**MAY, "Condition": {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}}
        clerk = sim.user("clerk", policies=[policy(via)])
        direct, through = (sim.authorization(use(clerk.client("kms", via=way))) for way in ("", "s3"))
        default = json.loads(kms.get_key_policy(KeyId=key)["Policy"])

        def admit(*statements):
            kms.put_key_policy(
                KeyId=key, Policy=json.dumps({**default, "Statement": [*default["Statement"], *statements]})
            )

        mine, theirs = (f"arn:aws:cloudtrail:us-east-1:{account}:trail/audit" for account in ("111122223333", AWAY))
        for_mine = {"StringEquals": {"aws:SourceArn": mine}}
        admit({**MAY, "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Condition": for_mine})
        cloudtrail = sim.aws_service("cloudtrail.amazonaws.com")
        for_us, for_them = (use(cloudtrail.client("kms", source_arn=arn)) for arn in (mine, theirs))
        for admitted in ([], [{**MAY, "Principal": {"AWS": f"arn:aws:iam::{AWAY}:root"}}]):
            admit(*admitted)
            for policies in ([], [policy(MAY)]):
                use(sim.user("bob", account=AWAY, policies=policies).client("kms"))
        ours, others = (
            use(sim.user("operator", account=account, policies=[policy(MAY)]).client("kms", via="ec2"), ebs)
            for account in ("111122223333", AWAY)
        )
        calls = read(sim.trail, key)
        sim.share(key, AWAY)
        bob = sim.user("bob", account=AWAY, policies=[policy({**MAY, "Action": "kms:*"})]).client("kms")
        used = use(bob)
        with suppress(ClientError):
            bob.disable_key(KeyId=key)
        gates = Gates.of(sim.authorization(use(clerk.client("kms"))), unread=[Stage.SCP])
        yield accounts_page(
            AccountsFacts.of(direct, through, for_us, for_them, calls, ours, others, gates, used, sim.trail[-2])
        )


def test_each_panel_tells_what_the_run_answered(picture):
    assert repr(picture) == (
        "Conditions and accounts on one page: not met: denied, met: allowed; for us: allowed, for a stranger: denied; "
        "is silent; IAM is silent: denied, is silent; IAM allows it: denied, lets the account in; IAM is silent: denied, "
        "lets the account in; IAM allows it: allowed; our account: allowed, their account: denied; "
        "GenerateDataKey: allowed, DisableKey: denied; GenerateDataKey: denied"
    )
    assert "4 ways were tried, and 1 opened" in picture.alt
    assert f"AccessDeniedException for account {AWAY}" in picture.alt
    assert "6 of 7 kinds of policy were read. AWS's words name the IAM policy." in picture.alt


def test_the_grid_names_its_rows_and_columns(picture):
    assert {*ROWS, "silent", "the account"} <= set(texts(picture.svg))


def test_the_grid_has_its_tick_where_both_policies_say_yes(picture):
    places = {line.text: line for line in words(picture.svg)}
    across = {head: (places[head].left + places[head].right) / 2 for head in ("silent", "the account")}
    marks = {
        (float(x), places[row].top - 8 < float(y) < places[row].foot + 8 and row): mark
        for mark, x, y in re.findall(r'-(allowed|denied)" transform="translate\((\S+) (\S+)\)', picture.svg)
        for row in ROWS
    }
    grid = {(head, row): marks[x, row] for head, x in across.items() for row in ROWS}
    assert [place for place, mark in grid.items() if mark == "allowed"] == [("the account", "IAM allows it")]


def test_words_get_along(picture):
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
