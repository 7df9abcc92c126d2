"""The chapter on one page: what its calls showed, and no words overlap."""

from contextlib import suppress
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.watching import world
from kms_teach.chapters.watching.bill import Bill
from kms_teach.chapters.watching.key_stores import Chain
from kms_teach.chapters.watching.looked_up import LookedUp
from kms_teach.chapters.watching.page import WatchingPage, watching_page
from kms_teach.chapters.watching.store_questions import stored
from kms_teach.keys.stores import EXTERNAL
from tests.drawing.drawn import quarrels

OURS, THEIRS = "111122223333", "444455556666"


@pytest.fixture(scope="module")
def facts():
    with Simulator(start=world.SINCE) as sim:
        june = world.harbour(sim)
        asked = [{"AttributeKey": "Username", "AttributeValue": "desk"}]
        begin = world.SINCE + timedelta(days=16)
        night = sim.client("cloudtrail").lookup_events(
            LookupAttributes=asked, StartTime=begin, EndTime=begin + timedelta(hours=6)
        )
        usage = sim.client("kms").get_key_last_usage(KeyId=june.keys[world.LOGS])
        bill = Bill.of(sim.trail, OURS, world.SINCE, world.UNTIL)
        rows = LookedUp.of(night, june.names).rows
    outside, kms, backend, _store, key = stored(EXTERNAL)
    backend.cut_off()
    with suppress(ClientError):
        kms.encrypt(KeyId=key, Plaintext=b"x")
    cut = Chain.of(outside.trail[-1], kms.describe_key(KeyId=key)["KeyMetadata"], kms.describe_custom_key_stores())
    return WatchingPage(rows, usage, bill, throttled(), cut)


def throttled():
    with Simulator(start=world.SINCE, quota=3) as busy:
        clients = [busy.root(of).client("kms", retries={"total_max_attempts": 1}) for of in (OURS, THEIRS)]
        keys = [client.create_key()["KeyMetadata"]["Arn"] for client in clients]
        for _ in range(3):
            clients[0].encrypt(KeyId=keys[0], Plaintext=b"x")
        for client, key in zip(clients, keys, strict=True):
            with suppress(ClientError):
                client.encrypt(KeyId=key, Plaintext=b"x")
        return tuple(busy.trail[-2:])


def test_the_page_says_what_the_calls_showed(facts):
    line = repr(watching_page(facts))
    assert "ship = Calypso: read" in line
    assert "paper = crew: InvalidCiphertextException" in line
    # one key for the whole month, one for 23 days and 11 hours of 30 days
    assert "last use 7 Jun 2026; bill $1.78; over the quota: ThrottlingException" in line
    assert line.endswith("cut off: KMSInvalidStateException")


def test_no_words_of_the_page_overlap(facts):
    picture = watching_page(facts)
    for svg in (picture.svg, picture.narrow):
        assert quarrels(svg) == []
