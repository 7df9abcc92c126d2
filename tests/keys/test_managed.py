import json
from datetime import timedelta

import pytest

from kms_teach.keys.managed import SERVICES

USE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}


@pytest.fixture
def s3_key(kms):
    return kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]


def test_it_comes_into_being_when_it_is_asked_for_and_stays(kms, s3_key):
    assert s3_key["KeyManager"] == "AWS"
    assert kms.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"] == s3_key["KeyId"]
    assert [a["AliasName"] for a in kms.list_aliases()["Aliases"]] == ["alias/aws/s3"]


def test_a_service_that_has_none_has_none(kms, refused):
    assert refused(kms.describe_key, KeyId="alias/aws/nonsense").code == "NotFoundException"


def test_only_the_service_uses_it(sim, kms, s3_key, refused):
    alice = sim.user("alice", policies=[USE])
    asked = {"KeyId": s3_key["Arn"], "KeySpec": "AES_256"}
    assert refused(alice.client("kms").generate_data_key, **asked).code == "AccessDeniedException"
    assert refused(kms.generate_data_key, **asked).code == "AccessDeniedException"
    assert refused(alice.client("kms", via="ec2").generate_data_key, **asked).code == "AccessDeniedException"
    assert alice.client("kms", via="s3").generate_data_key(**asked)


@pytest.mark.parametrize(
    "change",
    [
        lambda kms, key: kms.disable_key(KeyId=key),
        lambda kms, key: kms.schedule_key_deletion(KeyId=key),
        lambda kms, key: kms.disable_key_rotation(KeyId=key),
        lambda kms, key: kms.rotate_key_on_demand(KeyId=key),
        lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}]),
        lambda kms, key: kms.put_key_policy(KeyId=key, Policy="{}"),
        lambda kms, key: kms.create_alias(AliasName="alias/mine", TargetKeyId=key),
    ],
)
def test_its_owner_cannot_change_it(kms, s3_key, refused, change):
    assert refused(change, kms, s3_key["KeyId"]).code == "AccessDeniedException"


def test_it_can_be_looked_at(kms, s3_key):
    policy = json.loads(kms.get_key_policy(KeyId=s3_key["KeyId"])["Policy"])
    assert policy["Id"] == "auto-s3-2"
    assert policy["Statement"][0]["Condition"]["StringEquals"]["kms:ViaService"] == "s3.us-east-1.amazonaws.com"


def test_it_rotates_once_a_year_and_says_so(sim, kms, s3_key):
    status = kms.get_key_rotation_status(KeyId=s3_key["KeyId"])
    assert (status["KeyRotationEnabled"], status["RotationPeriodInDays"]) == (True, 365)
    sim.advance(days=366)
    (rotation,) = kms.list_key_rotations(KeyId=s3_key["KeyId"])["Rotations"]
    assert (rotation["RotationType"], rotation["RotationDate"]) == (
        "AUTOMATIC",
        s3_key["CreationDate"] + timedelta(days=365),
    )


def test_the_neighbour_has_another(sim, s3_key, refused):
    neighbour = sim.client("kms", account="444455556666")
    assert neighbour.describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["KeyId"] != s3_key["KeyId"]
    assert refused(neighbour.describe_key, KeyId=s3_key["Arn"]).code == "AccessDeniedException"


@pytest.mark.parametrize("name", SERVICES)
def test_every_services_policy_can_be_read(kms, name):
    key = kms.describe_key(KeyId=f"alias/aws/{name}")["KeyMetadata"]
    assert key["Description"].startswith("Default key that protects my ")
