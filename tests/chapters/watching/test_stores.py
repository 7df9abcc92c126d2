"""How far a call comes on its way to the key material, in each place and state."""

from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.watching.key_stores import Chain
from kms_teach.chapters.watching.page import WatchingPage
from kms_teach.chapters.watching.store_chain import store_chain
from kms_teach.chapters.watching.store_questions import stored
from kms_teach.drawing.look import LAB
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL
from tests.drawing.drawn import quarrels, texts

BEHIND = {CLOUDHSM: "CloudHSM cluster", EXTERNAL: "proxy"}


def tried(kind, cut="", operation="Decrypt"):
    """A call to a key in a store, which is cut off from one side or the other."""
    sim, kms, backend, store, key = stored(kind)
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    if cut == "behind":
        backend.cut_off()
    if cut == "before":
        kms.disconnect_custom_key_store(CustomKeyStoreId=store)
    with suppress(ClientError):
        kms.decrypt(CiphertextBlob=blob) if operation == "Decrypt" else kms.describe_key(KeyId=key)
    record = sim.trail[-1]
    return Chain.of(record, kms.describe_key(KeyId=key)["KeyMetadata"], kms.describe_custom_key_stores())


@pytest.mark.parametrize("kind", [CLOUDHSM, EXTERNAL])
def test_a_call_stops_where_the_way_is_cut(kind):
    whole, behind, before = (tried(kind, cut) for cut in ("", "behind", "before"))
    assert [facts.broken for facts in (whole, behind, before)] == ["", BEHIND[kind], "key store"]
    assert [facts.state for facts in (whole, behind, before)] == ["Enabled", "Enabled", "Unavailable"]
    assert whole.reached == len(whole.stations)


def test_a_call_that_needs_no_key_material_goes_no_further_than_kms():
    facts = tried(EXTERNAL, "behind", "DescribeKey")
    assert (facts.code, facts.broken, facts.reached) == ("", "", 2)
    assert store_chain(facts).title == "DescribeKey needs no key material, and works"


def test_a_key_in_kms_itself_has_no_key_store():
    with Simulator() as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        kms.encrypt(KeyId=key, Plaintext=b"x")
        facts = Chain.of(sim.trail[-1], kms.describe_key(KeyId=key)["KeyMetadata"], kms.describe_custom_key_stores())
    assert (facts.connection, facts.reached) == ("", 3)


def test_aws_words_are_shown_where_they_are_on_record_and_ours_never_as_aws():
    before, behind = tried(EXTERNAL, "before"), tried(EXTERNAL, "behind")
    assert "ARN is unavailable." in texts(store_chain(before).svg)
    assert "AWS's words" not in texts(store_chain(behind).svg)


@pytest.mark.parametrize("cut", ["", "behind", "before"])
@pytest.mark.parametrize("kind", [CLOUDHSM, EXTERNAL])
def test_no_words_overlap_and_the_labs_picture_is_always_as_high(kind, cut):
    facts = tried(kind, cut)
    for svg in (store_chain(facts).svg, store_chain(facts, canvas=LAB).svg, store_chain(facts).narrow):
        assert quarrels(svg) == []
    assert 'viewBox="0 0 560 500"' in store_chain(facts, canvas=LAB).svg


def test_a_page_without_a_call_that_was_cut_is_refused():
    with pytest.raises(ValueError, match="cut off"):
        WatchingPage((), {"KeyLastUsage": {}}, None, (None, None), tried(EXTERNAL))
