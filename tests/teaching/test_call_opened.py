import re

import pytest

from kms_teach.inspect.opened_drawing import CALL, TRAIL_SAYS, WHO_MAY
from kms_teach.teaching import CallOpened
from kms_teach.teaching.call_opened import SHOWN
from tests.drawing.drawn import quarrels, texts


@pytest.fixture
def calls(kms):
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName="alias/orders", TargetKeyId=key["KeyId"])
    kms.encrypt(KeyId="alias/orders", Plaintext=b"hello")
    return key


def test_it_opens_with_the_newest_call(sim, calls):
    lab = CallOpened(sim)
    assert lab.call.value == 3
    assert lab.picture.title == "Allowed: only ciphertext came back"
    assert lab.status == "Call 3 of 3. Allowed: only ciphertext came back."


def test_each_call_is_listed_with_number_caller_operation_and_outcome(sim, calls, refused):
    refused(sim.user("alice").client("kms").describe_key, KeyId=calls["KeyId"])
    words = [label for label, _ in CallOpened(sim).call.options]
    assert words[0] == "1: the root user of 111122223333, CreateKey, ok"
    assert words[3] == "4: alice, DescribeKey, AccessDeniedException"


def test_choosing_a_call_opens_it(sim, calls):
    lab = CallOpened(sim)
    lab.call.value = 1
    assert "CreateKey" in lab.picture.title
    assert lab.status.startswith("Call 1 of 3.")


def test_look_again_finds_the_calls_made_since(sim, kms, calls):
    lab = CallOpened(sim)
    kms.generate_random(NumberOfBytes=8)
    lab.again.click()
    assert (lab.call.value, len(lab.call.options)) == (4, 4)
    assert "random bytes" in lab.picture.title


def test_ids_are_shown_when_asked_for(sim, calls):
    lab = CallOpened(sim)
    assert calls["KeyId"] not in lab.picture.alt
    lab.ids.value = True
    assert calls["KeyId"] in lab.picture.alt


def test_an_empty_trail_says_what_to_do(sim):
    lab = CallOpened(sim)
    assert lab.picture is None
    assert "Make a call" in lab.status
    lab.ids.value = True
    assert "Make a call" in lab.status


def test_a_call_can_be_named_and_must_exist(sim, calls):
    assert "CreateKey" in CallOpened(sim, 1).picture.title
    with pytest.raises(ValueError, match="calls 1 to 3"):
        CallOpened(sim, 4)


def test_a_long_trail_is_cut_to_the_newest_unless_an_older_call_is_named(sim, kms):
    for _ in range(SHOWN + 5):
        kms.list_keys()
    assert [n for _, n in CallOpened(sim).call.options] == list(range(6, SHOWN + 6))
    assert CallOpened(sim, 2).call.value == 2


def test_two_runs_show_the_same_to_a_reader(sim, calls):
    assert CallOpened(sim)._repr_mimebundle_()["text/html"] == CallOpened(sim)._repr_mimebundle_()["text/html"]


def test_one_part_is_shown_at_a_time_and_all_are_as_high(sim, calls, refused):
    refused(sim.user("alice").client("kms").describe_key, KeyId=calls["KeyId"])
    lab, sizes, words = CallOpened(sim), set(), {}
    for lab.call.value in range(1, 5):
        for lab.part.value in (CALL, WHO_MAY, TRAIL_SAYS):
            sizes.add(re.search(r'viewBox="0 0 ([\d. ]+)"', lab.picture.svg).group(1))
            words[lab.part.value] = " ".join(texts(lab.picture.svg))
            assert quarrels(lab.picture.svg) == []
    assert sizes == {"560 500"}
    assert "AWS's words" in words[CALL]
    assert "This step decided." in words[WHO_MAY]
    assert "What the trail says" in words[TRAIL_SAYS]
