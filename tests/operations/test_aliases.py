import pytest

ALIAS_ARN = "arn:aws:kms:us-east-1:111122223333:alias/photos"


@pytest.fixture
def other(kms):
    return kms.create_key()["KeyMetadata"]["KeyId"]


def test_an_alias_names_one_key_at_a_time(kms, key, other):
    kms.create_alias(AliasName="alias/photos", TargetKeyId=key)
    assert kms.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"] == key
    kms.update_alias(AliasName="alias/photos", TargetKeyId=other)
    assert kms.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"] == other
    kms.delete_alias(AliasName="alias/photos")
    assert kms.list_aliases()["Aliases"] == []


def test_an_alias_is_listed_with_its_dates(sim, kms, key, other):
    kms.create_alias(AliasName="alias/photos", TargetKeyId=key)
    sim.advance(days=1)
    kms.update_alias(AliasName="alias/photos", TargetKeyId=other)
    (alias,) = kms.list_aliases()["Aliases"]
    assert (alias["AliasName"], alias["AliasArn"], alias["TargetKeyId"]) == ("alias/photos", ALIAS_ARN, other)
    assert (alias["LastUpdatedDate"] - alias["CreationDate"]).days == 1
    assert kms.list_aliases(KeyId=key)["Aliases"] == []
    assert len(kms.list_aliases(KeyId=other)["Aliases"]) == 1


def test_a_name_is_taken_once(kms, key, other, refused):
    kms.create_alias(AliasName="alias/photos", TargetKeyId=key)
    said = refused(kms.create_alias, AliasName="alias/photos", TargetKeyId=other)
    assert said == ("AlreadyExistsException", f"An alias with the name {ALIAS_ARN} already exists")


def test_a_key_that_waits_for_its_deletion_keeps_its_name(kms, key, other, refused):
    kms.create_alias(AliasName="alias/photos", TargetKeyId=key)
    kms.schedule_key_deletion(KeyId=key)
    assert refused(kms.create_alias, AliasName="alias/photos", TargetKeyId=other).code == "AlreadyExistsException"
    kms.delete_alias(AliasName="alias/photos")
    kms.create_alias(AliasName="alias/photos", TargetKeyId=other)


def test_an_alias_moves_away_from_a_key_that_waits_for_its_deletion_and_to_none(kms, key, other, refused):
    kms.create_alias(AliasName="alias/photos", TargetKeyId=key)
    kms.schedule_key_deletion(KeyId=key)
    kms.update_alias(AliasName="alias/photos", TargetKeyId=other)
    assert kms.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"] == other
    error = refused(kms.update_alias, AliasName="alias/photos", TargetKeyId=key)
    said = f"arn:aws:kms:us-east-1:111122223333:key/{key} is pending deletion."
    assert error == ("KMSInvalidStateException", said)


PREFIX = 'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html'


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("photos", ("ValidationException", PREFIX)),
        ("alias/", ("ValidationException", PREFIX)),
        ("alias/a:b", ("ValidationException", "alias/a:b contains invalid characters for an alias")),
        (
            "alias/aws/s3",
            ("NotAuthorizedException", "The alias name for a customer managed CMK cannot begin with alias/aws/."),
        ),
    ],
)
def test_names_that_cannot_be(kms, key, refused, name, said):
    assert refused(kms.create_alias, AliasName=name, TargetKeyId=key) == said


def test_an_unknown_alias_cannot_be_changed(kms, key, refused):
    said = ("NotFoundException", f"Alias {ALIAS_ARN} is not found.")
    assert refused(kms.update_alias, AliasName="alias/photos", TargetKeyId=key) == said
    assert refused(kms.delete_alias, AliasName="alias/photos") == said


def test_the_same_name_in_two_regions_names_two_keys(sim, kms, key):
    kms.create_alias(AliasName="alias/photos", TargetKeyId=key)
    ireland = sim.client("kms", region="eu-west-1")
    theirs = ireland.create_key()["KeyMetadata"]["KeyId"]
    ireland.create_alias(AliasName="alias/photos", TargetKeyId=theirs)
    assert ireland.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"] == theirs
    assert kms.describe_key(KeyId="alias/photos")["KeyMetadata"]["KeyId"] == key


@pytest.mark.slow
def test_a_key_has_at_most_fifty(kms, key, refused):
    for n in range(50):
        kms.create_alias(AliasName=f"alias/n{n}", TargetKeyId=key)
    assert refused(kms.create_alias, AliasName="alias/one-more", TargetKeyId=key).code == "LimitExceededException"
    seen = [a["AliasName"] for page in kms.get_paginator("list_aliases").paginate() for a in page["Aliases"]]
    assert sorted(seen) == sorted(f"alias/n{n}" for n in range(50))


def test_an_alias_needs_the_permission_on_both_alias_and_key(sim, key, refused):
    def may(*resources):
        return {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "kms:CreateAlias", "Resource": list(resources)}],
        }

    key_arn = f"arn:aws:kms:us-east-1:111122223333:key/{key}"
    alice = sim.user("alice", policies=[may(key_arn)]).client("kms")
    assert ALIAS_ARN in refused(alice.create_alias, AliasName="alias/photos", TargetKeyId=key).message
    sim.user("alice", policies=[may(ALIAS_ARN)])
    assert key_arn in refused(alice.create_alias, AliasName="alias/photos", TargetKeyId=key).message
    sim.user("alice", policies=[may(ALIAS_ARN, key_arn)])
    alice.create_alias(AliasName="alias/photos", TargetKeyId=key)


def test_an_alias_cannot_move_to_a_key_that_has_fifty(kms, key, refused):
    full = kms.create_key()["KeyMetadata"]["KeyId"]
    for number in range(50):
        kms.create_alias(AliasName=f"alias/full-{number}", TargetKeyId=full)
    kms.create_alias(AliasName="alias/mine", TargetKeyId=key)
    assert refused(kms.update_alias, AliasName="alias/mine", TargetKeyId=full).code == "LimitExceededException"
    kms.update_alias(AliasName="alias/full-1", TargetKeyId=full)  # it is one of the fifty already
