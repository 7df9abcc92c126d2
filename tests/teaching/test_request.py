import pytest

from kms_teach.chapters.accounts.lab import ConditionLab
from kms_teach.chapters.encrypt.lab import BlobLab, LimitLab
from kms_teach.chapters.envelope.lab import EnvelopeLab
from kms_teach.chapters.policies.lab import PolicyLab
from kms_teach.chapters.rotation.lab import RotationLab, rotation_of
from kms_teach.teaching.request import record_of, records_of
from kms_teach.trail import Trail


@pytest.fixture
def busy(sim, kms, monkeypatch):
    """A trail in which another's call stands right after each."""
    kms.list_keys()
    add, other = Trail.add, sim.trail[-1]

    def both(trail, record):
        add(trail, record)
        add(trail, other)

    monkeypatch.setattr(Trail, "add", both)


def test_a_call_made_gives_its_own_record_though_another_came_after(sim, kms, key, busy):
    record = record_of(sim.trail, kms.encrypt, KeyId=key, Plaintext=b"x")
    assert (record.operation, record.worked) == ("Encrypt", True)
    assert sim.trail[-1].operation == "ListKeys"


def test_a_refusal_has_its_record_too(sim, kms, busy):
    record = record_of(sim.trail, kms.encrypt, KeyId="alias/none", Plaintext=b"x")
    assert (record.operation, record.error) == ("Encrypt", "NotFoundException")


def test_a_clients_calls_are_heard_while_one_listens_and_no_others(sim, kms, key, busy, refused):
    with records_of(sim.trail, kms) as records:
        kms.describe_key(KeyId=key)
        sim.client("kms").list_aliases()
        refused(kms.encrypt, KeyId="alias/none", Plaintext=b"x")
    kms.list_grants(KeyId=key)
    assert [(record.operation, record.error) for record in records] == [
        ("DescribeKey", ""), ("Encrypt", "NotFoundException"),
    ]  # fmt: skip


def states(sim):
    """What labs say of the calls they make, of refused ones too."""
    blob, limit, conditions, policies = BlobLab(sim), LimitLab(sim), ConditionLab(sim), PolicyLab()
    said = [lab.facts for lab in (blob, limit, conditions, policies)]
    blob.byte.value, limit.slider.value = 30, 5000
    conditions.context.value, policies.caller.value = {}, "bob"
    said += [lab.status for lab in (blob, limit, conditions, policies)]
    envelope, rotation = EnvelopeLab(sim), RotationLab()
    envelope.wrong.value = "key"
    for _ in range(6):
        envelope.next.click()
    rotation.enabled.value = False
    said += [envelope.facts, envelope.status, rotation.facts]
    for lab in (blob, limit, conditions, policies, envelope, rotation):
        lab.close()
    return said


def test_every_lab_says_the_same_while_others_call(sim, request):
    alone = states(sim)
    request.getfixturevalue("busy")
    assert states(sim) == alone
    assert any("InvalidCiphertextException" in words for words in alone)


def test_a_files_encryption_context_is_that_of_the_call_that_made_it(sim, kms, key, busy):
    answers = {n: kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"n": n}) for n in ("1", "2")}
    assert [file.refused for file in rotation_of(sim, key, answers).files] == ["", ""]
