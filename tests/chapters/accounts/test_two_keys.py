import json
import re
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.accounts.two_keys import two_keys
from kms_teach.inspect.cross_account import read
from tests.drawing.drawn import quarrels, texts

AWAY, HOME = "444455556666", "111122223333"
WHOM = {"nobody": "", "account": f"arn:aws:iam::{AWAY}:root", "person": f"arn:aws:iam::{AWAY}:user/bob"}
OPENS = {("account", True), ("person", True)}
ARROW = r'<path d="M \S+ \S+ L (\S+) (\S+)"[^>]*arrow-ink'  # where it ends


@pytest.fixture
def call(sim, kms):
    """Set both policies, call Decrypt as bob, and give the facts."""
    key = kms.create_key()["KeyMetadata"]["Arn"]
    sim.user("bob", account=AWAY)  # a policy cannot name somebody who does not exist
    default = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    blob = kms.encrypt(KeyId=key, Plaintext=b"a report")["CiphertextBlob"]
    may = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}

    def make(admits, iam):
        admitted = [{**may, "Principal": {"AWS": WHOM[admits]}}] if WHOM[admits] else []
        kms.put_key_policy(KeyId=key, Policy=json.dumps({**default, "Statement": [*default["Statement"], *admitted]}))
        policies = [{"Version": "2012-10-17", "Statement": [may]}] if iam else []
        with suppress(ClientError):
            sim.user("bob", account=AWAY, policies=policies).client("kms").decrypt(CiphertextBlob=blob)
        return read(sim.trail, key)

    make.key = key
    return make


@pytest.mark.parametrize("iam", [False, True])
@pytest.mark.parametrize("admits", WHOM)
def test_only_both_sides_together_open_the_door(call, admits, iam):
    facts = call(admits, iam)
    last = facts.last
    assert (last.admits, last.iam, last.allowed) == (admits, iam, (admits, iam) in OPENS)
    said = texts(two_keys(facts).svg)
    assert ("Allowed" in said) is last.allowed
    assert ("Denied: AccessDeniedException" in said) is not last.allowed


@pytest.mark.parametrize(
    ("admits", "iam", "title"),
    [
        ("nobody", False, "Neither account said yes: denied"),
        ("nobody", True, "Only the neighbour's account said yes: denied"),
        ("person", False, "Only the key's account said yes: denied"),
        ("account", True, "Both accounts said yes, and the door opens"),
    ],
)
def test_the_title_says_who_said_yes(call, admits, iam, title):
    assert two_keys(call(admits, iam)).title == title


def test_a_call_that_went_well_stands_in_both_trails_and_a_denied_one_in_the_callers(call):
    assert call("account", True).last.logged == (AWAY, HOME)
    assert call("nobody", True).last.logged == (AWAY,)


def test_what_was_not_tried_is_left_open_and_the_newest_try_counts(call):
    call("nobody", False)
    facts = call("account", True)
    assert len(facts.tried) == 2
    assert texts(two_keys(facts).svg).count("not tried yet") == 4
    assert facts.last.returned == (("Plaintext", 8),)


def test_of_two_calls_under_the_same_policies_the_newer_is_told(call):
    call("account", True)
    call("nobody", False)
    facts = call("account", True)
    assert [attempt.admits for attempt in facts.calls] == ["account", "nobody", "account"]
    assert facts.newest("account", iam=True) is facts.last


def test_calls_from_the_keys_own_account_do_not_count(sim, kms, call):
    with pytest.raises(ValueError, match="nobody from another account"):
        read(sim.trail, call.key)


def test_words_get_along(call):
    for admits, iam in (("nobody", True), ("person", True)):
        picture = two_keys(call(admits, iam))
        assert quarrels(picture.svg) == quarrels(picture.narrow) == []
        assert call.key.rpartition("/")[2] not in picture.svg + picture.alt


def test_the_picture_is_as_high_whatever_the_answer(call):
    drawn = [two_keys(call(admits, iam)) for admits in WHOM for iam in (False, True)]
    for canvas in ("svg", "narrow"):
        assert len({re.search('viewBox="(.*?)"', getattr(picture, canvas))[1] for picture in drawn}) == 1


def test_an_arrow_comes_as_far_as_the_first_gate_that_is_shut(call):
    def reach(admits, iam):
        picture = two_keys(call(admits, iam))
        (x,), (y,) = (re.findall(ARROW, svg) for svg in (picture.svg, picture.narrow))
        return float(x[0]), float(y[1])

    first, second, key = reach("nobody", False), reach("nobody", True), reach("person", True)
    assert reach("person", False) == first
    for canvas in (0, 1):
        assert first[canvas] < second[canvas] < key[canvas]


def test_an_earlier_call_is_drawn_by_its_combination(call):
    call("account", False)
    facts = call("account", True)
    earlier = facts.ending_in("account", iam=False)
    assert two_keys(earlier).title == "Only the key's account said yes: denied"
    assert sorted(map(repr, earlier.calls)) == sorted(map(repr, facts.calls))
    with pytest.raises(ValueError, match="has not been tried yet"):
        facts.ending_in("person", iam=True)


def test_a_service_that_calls_for_itself_is_no_neighbour(call, sim, kms):
    call("account", True)
    policy = json.loads(kms.get_key_policy(KeyId=call.key)["Policy"])
    may = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "kms:GenerateDataKey*"}
    policy["Statement"].append(may | {"Resource": "*"})
    kms.put_key_policy(KeyId=call.key, Policy=json.dumps(policy))
    sim.aws_service("cloudtrail.amazonaws.com").client("kms").generate_data_key(KeyId=call.key, KeySpec="AES_256")
    assert [attempt.who for attempt in read(sim.trail, call.key).calls] == ["bob"]
