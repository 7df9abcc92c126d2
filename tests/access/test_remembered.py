import json

from kms_teach.access.remembered import LONG_KEPT, SHORT, remembered
from kms_teach.operations import asked as asked_of_calls


def counted(most):
    asked = []

    @remembered(most)
    def length(text, *, more=0):
        asked.append(text)
        return len(text) + more

    return length, asked


def test_an_answer_is_remembered_with_all_that_was_asked():
    length, asked = counted(8)
    assert [length("ab"), length("ab"), length("ab", more=1)] == [2, 2, 3]
    assert asked == ["ab", "ab"]


def test_of_long_texts_few_are_remembered_and_they_push_no_short_one_out():
    length, asked = counted(1000)
    length("short")
    long = [str(n) + "x" * SHORT for n in range(LONG_KEPT + 1)]
    for text in long:
        length(text)
    asked.clear()
    length("short")
    length(long[-1])
    assert asked == []
    length(long[0])
    assert asked == [long[0]]


def test_what_is_remembered_of_calls_has_an_end_in_characters_too(sim, kms, key, monkeypatch):
    monkeypatch.setattr(asked_of_calls, "CHARACTERS_KEPT", 50_000)
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
    for n in range(20):
        policy = {"Version": "2012-10-17", "Id": f"{n}" + "x" * 10_000, "Statement": statement}
        kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    remembered = sim.service.authorizations
    assert 0 < sum(each.documents.size for asked in remembered.values() for each in asked) <= 50_000
    assert sim.authorization(sim.trail[-1]).decision.allowed
    monkeypatch.setattr(asked_of_calls, "CHARACTERS_KEPT", 10)
    kms.describe_key(KeyId=key)
    assert len(remembered) == 1
