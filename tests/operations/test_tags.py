import pytest


def pairs(kms, key):
    return {t["TagKey"]: t["TagValue"] for t in kms.list_resource_tags(KeyId=key)["Tags"]}


def tags(**values):
    return [{"TagKey": name, "TagValue": value} for name, value in values.items()]


def test_tags_come_and_go(kms):
    key = kms.create_key(Tags=tags(team="blue", cost="7"))["KeyMetadata"]["KeyId"]
    kms.tag_resource(KeyId=key, Tags=tags(team="red", env="test"))
    assert pairs(kms, key) == {"team": "red", "cost": "7", "env": "test"}
    kms.untag_resource(KeyId=key, TagKeys=["cost", "nothing"])
    assert pairs(kms, key) == {"team": "red", "env": "test"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (tags(a="1") + tags(a="2"), "Duplicate tag keys"),
        (tags(**{f"t{n}": "" for n in range(51)}), "Too many tags"),
        ([{"TagKey": "AWS:team", "TagValue": "x"}], "Tags beginning with aws: are reserved"),
    ],
)
def test_tags_that_cannot_be(kms, key, refused, given, words):
    assert refused(kms.tag_resource, KeyId=key, Tags=given) == ("TagException", words)
    assert refused(kms.create_key, Tags=given) == ("TagException", words)
    assert pairs(kms, key) == {}


def test_a_key_has_at_most_fifty(kms, key, refused):
    kms.tag_resource(KeyId=key, Tags=tags(**{f"t{n}": "" for n in range(50)}))
    assert refused(kms.tag_resource, KeyId=key, Tags=tags(more="")) == ("TagException", "Too many tags")
    kms.tag_resource(KeyId=key, Tags=tags(t1="again"))
    seen = [
        t["TagKey"]
        for page in kms.get_paginator("list_resource_tags").paginate(KeyId=key, PaginationConfig={"PageSize": 20})
        for t in page["Tags"]
    ]
    assert len(seen) == len(set(seen)) == 50


def test_tagging_a_new_key_needs_the_permission_to_tag(sim, refused):
    may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:CreateKey", "Resource": "*"}]}
    alice = sim.user("alice", policies=[may]).client("kms")
    alice.create_key()
    assert "kms:TagResource" in refused(alice.create_key, Tags=tags(a="1")).message
