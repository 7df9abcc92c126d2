"""The pictures of chapter 04: what they say is read off the trail, in each canvas, and no words overlap."""

import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.objects.counting import WITH, WITHOUT, Count, Counts, counts
from kms_teach.chapters.objects.facts import BUCKET_POLICY, IAM_POLICY, KEY_POLICY, KEY_STATE, Get
from kms_teach.chapters.objects.page import ObjectsPage, objects_page
from kms_teach.chapters.objects.refusals import refusals
from kms_teach.chapters.objects.two_yeses import two_yeses
from kms_teach.drawing.look import LAB
from kms_teach.teaching.trial import policy
from tests.drawing.drawn import quarrels, texts

BUCKET, BOTH = "harbour-photos", ["s3:GetObject", "kms:Decrypt"]


@pytest.fixture
def s3(sim):
    return sim.client("s3")


@pytest.fixture
def key(kms, s3):
    """A key, and an object under it."""
    key = kms.create_key()["KeyMetadata"]["Arn"]
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="lake.jpg", Body=b"x" * 20_911, ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    return key


@pytest.fixture
def get(sim, key):
    """Read the object as somebody with these permissions, and give the facts."""

    def get(*actions, name="alice", object_key="lake.jpg"):
        person = sim.user(name, policies=[policy(action) for action in actions])
        with suppress(ClientError):
            person.client("s3").get_object(Bucket=BUCKET, Key=object_key)
        return Get.of(sim.trail[-2:])

    return get


def test_a_get_that_is_allowed_shows_two_yeses_and_what_kms_was_told(get):
    facts = get(*BOTH)
    assert (facts.title, facts.refused_by) == ("alice was let in twice: by S3, by KMS", "")
    assert (facts.count, facts.context) == (20_911, f"arn:aws:s3:::{BUCKET}/lake.jpg")
    assert repr(two_yeses(facts)) == "GET lake.jpg by alice: S3 yes, KMS yes, 20,911 bytes"


def test_the_no_of_kms_comes_from_s3_and_names_kms_decrypt(get):
    facts = get("s3:GetObject")
    assert (facts.code, facts.named, facts.refused_by) == ("AccessDenied", "kms:Decrypt", IAM_POLICY)
    assert (facts.s3.allowed, facts.kms.allowed) == (True, False)
    assert facts.title == "403: S3 said yes, KMS said no"


def test_where_s3_says_no_kms_is_not_asked_though_it_was_asked_just_before(get):
    get(*BOTH)
    facts = get("kms:Decrypt")
    assert (facts.kms, facts.named, facts.refused_by) == (None, "s3:GetObject", IAM_POLICY)
    assert "KMS not asked" in repr(two_yeses(facts))


def test_a_deny_of_the_bucket_policy_is_told_from_a_silent_iam_policy(get, s3):
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    facts = get(*BOTH)
    assert (facts.refused_by, facts.named) == (BUCKET_POLICY, "s3:GetObject")
    assert facts.s3.documents[0].says == "denies"


def test_a_key_policy_that_names_neither_alice_nor_the_account_is_what_said_no(get, kms, key, sim):
    only = {"Effect": "Allow", "Principal": {"AWS": sim.role("keeper").arn}, "Action": "kms:*", "Resource": "*"}
    text = json.dumps({"Version": "2012-10-17", "Statement": [only]})
    kms.put_key_policy(KeyId=key, Policy=text, BypassPolicyLockoutSafetyCheck=True)
    facts = get(*BOTH)
    assert (facts.refused_by, facts.named) == (KEY_POLICY, "kms:Decrypt")


def test_a_disabled_key_is_no_denial(get, kms, key):
    kms.disable_key(KeyId=key)
    facts = get(*BOTH)
    assert (facts.code, facts.named, facts.refused_by) == ("KMS.DisabledException", "", KEY_STATE)
    assert key.rpartition("/")[2] not in two_yeses(facts).svg


def test_kms_is_not_asked_for_an_object_by_sse_s3(get, s3):
    s3.put_object(Bucket=BUCKET, Key="plain.txt", Body=b"x")
    facts = get("s3:GetObject", object_key="plain.txt")
    assert (facts.kms, facts.applied, facts.count) == (None, "SSE_S3", 1)
    assert "no call" in texts(two_yeses(facts).svg)


def test_a_get_from_another_account_is_read_through_the_records_of_the_owner_s_trail(sim, s3, kms, key):
    frida = sim.user("frida", account="444455556666", policies=[policy("s3:*"), policy("kms:*")])
    admit = {"Effect": "Allow", "Principal": {"AWS": frida.arn}, "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    document = {"Version": "2012-10-17", "Statement": [{**admit, "Action": "s3:GetObject"}]}
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(document))
    key_policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    seen = []
    for more in ([], [{**admit, "Action": "kms:Decrypt", "Resource": "*"}]):
        statements = [*key_policy["Statement"], *more]
        kms.put_key_policy(KeyId=key, Policy=json.dumps({**key_policy, "Statement": statements}))
        with suppress(ClientError):
            frida.client("s3").get_object(Bucket=BUCKET, Key="lake.jpg")
        seen.append(Get.of(sim.trail[-4:]))
    shut, opened = seen
    assert (shut.s3.allowed, shut.kms.allowed, shut.refused_by) == (True, False, KEY_POLICY)
    assert (opened.s3.allowed, opened.kms.allowed, opened.count) == (True, True, 20_911)
    assert "line" in opened.kms.documents[0].where


def test_the_root_user_needs_no_iam_policy(s3, key, sim):
    s3.get_object(Bucket=BUCKET, Key="lake.jpg")
    facts = Get.of(sim.trail[-2:])
    assert facts.title == "The root user was let in twice: by S3, by KMS"
    assert facts.s3.documents[-1].where == "not needed by the root user"


def test_records_that_end_with_something_else_are_refused(sim, key):
    with pytest.raises(ValueError, match="end with a GetObject"):
        Get.of(sim.trail[-2:])


@pytest.mark.parametrize("actions", [BOTH, ["s3:GetObject"], ["kms:Decrypt"], []])
def test_no_words_of_a_get_overlap_and_beside_the_controls_it_is_always_as_high(get, actions):
    facts = get(*actions)
    for picture in (two_yeses(facts), two_yeses(facts, canvas=LAB)):
        assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    assert 'viewBox="0 0 560 532"' in two_yeses(facts, canvas=LAB).svg


@pytest.fixture
def counted(sim, s3, kms, key):
    """Put and read objects with a bucket key or without, and count the calls."""

    def counted(setting, objects):
        bucket, begin = f"{'with' if setting == WITH else 'without'}-{objects}", len(sim.trail)
        s3.create_bucket(Bucket=bucket)
        for number in range(objects):
            s3.put_object(Bucket=bucket, Key=f"{number}", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key,
                          BucketKeyEnabled=setting == WITH)  # fmt: skip
            s3.get_object(Bucket=bucket, Key=f"{number}")["Body"].read()
        return Count.of(setting, sim.trail[begin:])

    return counted


def test_calls_grow_with_the_objects_unless_there_is_a_bucket_key(counted):
    facts = Counts(tuple(counted(setting, objects) for objects in (3, 9) for setting in (WITHOUT, WITH)))
    assert [(c.total, c.contexts) for c in facts.counts] == [(6, 3), (2, 1), (18, 9), (2, 1)]
    assert facts.title == "With a bucket key, more objects make no more calls"
    assert facts.for_many == "At this rate 10,000 objects without a bucket key make 20,000 calls."
    picture = counts(facts)
    assert "9 objects without a bucket key: 18 calls" in repr(picture)
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    with pytest.raises(ValueError, match="puts and gets"):
        Count.of(WITH, [])


def test_the_page_is_made_of_the_calls(get, counted, kms, key, s3, sim):
    gets = tuple(get(*actions, name=name) for name, actions in (("alice", BOTH), ("bob", ["s3:GetObject"])))
    facts = Counts((counted(WITHOUT, 2), counted(WITH, 2)))
    other = kms.create_key()["KeyMetadata"]["Arn"]
    s3.put_object(Bucket=BUCKET, Key="moved", Body=b"x")
    s3.update_object_encryption(Bucket=BUCKET, Key="moved", ObjectEncryption={"SSEKMS": {"KMSKeyArn": other}})
    moved = sim.trail[-1]
    kms.disable_key(KeyId=key)
    disabled = get(*BOTH)
    picture = objects_page(ObjectsPage(gets, facts, disabled, moved))
    assert "alice: both yes, bob: no from kms:Decrypt; 4 calls without a bucket key, 2 calls with" in repr(picture)
    assert "bob: no from kms:Decrypt." in picture.alt
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    with pytest.raises(ValueError, match="key's state"):
        ObjectsPage(gets, facts, gets[0], moved)


def test_who_said_no_is_told_for_each_reader(get):
    picture = refusals([get(*BOTH), get("s3:GetObject", name="bob"), get("kms:Decrypt", name="dora")])
    assert repr(picture) == "Who said no: alice: nobody; bob: IAM policy; dora: IAM policy"
    assert picture.title == "Two times 403, from one policy"
    assert "dora: S3 says no; KMS was not asked; refused by: IAM policy." in picture.alt
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
    with pytest.raises(ValueError, match="one GET"):
        refusals([])
