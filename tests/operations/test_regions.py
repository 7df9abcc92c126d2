from datetime import UTC, datetime, timedelta

import pytest

from kms_teach import Simulator
from tests.operations.importing import STAYS, bring, external, rotations, state, wrapped

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HERE, EU, AP = "us-east-1", "eu-west-1", "ap-northeast-1"
MATERIAL, OTHER = bytes(range(32)), bytes(range(100, 132))


@pytest.fixture
def eu(sim):
    return sim.client("kms", region=EU)


@pytest.fixture
def ap(sim):
    return sim.client("kms", region=AP)


@pytest.fixture
def mrk(kms):
    """The id of a multi-Region primary key in us-east-1."""
    return kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]


@pytest.fixture
def two(kms, mrk):
    """The id of a multi-Region key in us-east-1 and eu-west-1."""
    kms.replicate_key(KeyId=mrk, ReplicaRegion=EU)
    return mrk


def arn(key, region=HERE):
    return f"arn:aws:kms:{region}:111122223333:key/{key}"


def family(kms, key):
    config = kms.describe_key(KeyId=key)["KeyMetadata"]["MultiRegionConfiguration"]
    return config["MultiRegionKeyType"], config["PrimaryKey"]["Region"], [k["Region"] for k in config["ReplicaKeys"]]


def material(kms, key):
    return kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]


def test_a_primary_begins_alone(kms):
    made = kms.create_key(MultiRegion=True)["KeyMetadata"]
    assert made["KeyId"].startswith("mrk-")
    assert made["MultiRegion"] is True
    assert made["MultiRegionConfiguration"] == {
        "MultiRegionKeyType": "PRIMARY", "PrimaryKey": {"Arn": made["Arn"], "Region": HERE}, "ReplicaKeys": [],
    }  # fmt: skip


def test_a_replica_is_described_in_the_answer(kms, eu, mrk):
    answer = kms.replicate_key(KeyId=mrk, ReplicaRegion=EU, Description="copy", Tags=[{"TagKey": "a", "TagValue": "b"}])
    assert set(answer) - {"ResponseMetadata"} == {"ReplicaKeyMetadata", "ReplicaPolicy", "ReplicaTags"}
    described = answer["ReplicaKeyMetadata"]
    assert described == eu.describe_key(KeyId=mrk)["KeyMetadata"]
    assert (described["Arn"], described["KeyId"], described["KeyState"]) == (arn(mrk, EU), mrk, "Enabled")
    assert (described["Description"], answer["ReplicaTags"]) == ("copy", [{"TagKey": "a", "TagValue": "b"}])
    assert described["MultiRegionConfiguration"] == {
        "MultiRegionKeyType": "REPLICA",
        "PrimaryKey": {"Arn": arn(mrk), "Region": HERE},
        "ReplicaKeys": [{"Arn": arn(mrk, EU), "Region": EU}],
    }
    assert answer["ReplicaPolicy"] == eu.get_key_policy(KeyId=mrk)["Policy"]
    assert "ReplicaTags" not in kms.replicate_key(KeyId=mrk, ReplicaRegion=AP)


def test_any_region_opens_what_another_sealed_and_names_itself(kms, eu, two):
    blob = kms.encrypt(KeyId=two, Plaintext=b"hello", EncryptionContext={"a": "b"})["CiphertextBlob"]
    opened = eu.decrypt(CiphertextBlob=blob, EncryptionContext={"a": "b"})
    assert (opened["Plaintext"], opened["KeyId"]) == (b"hello", arn(two, EU))
    assert opened["KeyMaterialId"] == material(kms, two) == material(eu, two)
    back = eu.encrypt(KeyId=two, Plaintext=b"back")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=back)["KeyId"] == arn(two)


def test_a_replica_gets_every_material_that_the_primary_has_had(kms, eu, mrk):
    old = kms.encrypt(KeyId=mrk, Plaintext=b"old")["CiphertextBlob"]
    kms.rotate_key_on_demand(KeyId=mrk)
    kms.replicate_key(KeyId=mrk, ReplicaRegion=EU)
    assert eu.decrypt(CiphertextBlob=old)["Plaintext"] == b"old"


@pytest.mark.parametrize(("spec", "usage"), [("HMAC_256", "GENERATE_VERIFY_MAC"), ("ECC_NIST_P256", "SIGN_VERIFY")])
def test_every_kind_of_key_can_be_in_several_regions(kms, eu, spec, usage):
    key = kms.create_key(MultiRegion=True, KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=key, ReplicaRegion=EU)
    if spec == "HMAC_256":
        mac = kms.generate_mac(KeyId=key, Message=b"m", MacAlgorithm="HMAC_SHA_256")["Mac"]
        assert eu.verify_mac(KeyId=key, Message=b"m", MacAlgorithm="HMAC_SHA_256", Mac=mac)["MacValid"]
    else:
        assert kms.get_public_key(KeyId=key)["PublicKey"] == eu.get_public_key(KeyId=key)["PublicKey"]


def test_single_region_keys_are_strangers_to_other_regions(kms, eu, key, refused):
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    assert refused(eu.decrypt, CiphertextBlob=blob).code == "AccessDeniedException"
    said = ("UnsupportedOperationException", f"{arn(key)} is not a multi-region primary key.")
    assert refused(kms.replicate_key, KeyId=key, ReplicaRegion=EU) == said
    assert refused(kms.update_primary_region, KeyId=key, PrimaryRegion=EU) == said


def test_what_a_region_has_for_itself(kms, eu, two, refused):
    kms.create_alias(AliasName="alias/mine", TargetKeyId=two)
    assert refused(eu.describe_key, KeyId="alias/mine").code == "NotFoundException"
    kms.tag_resource(KeyId=two, Tags=[{"TagKey": "a", "TagValue": "b"}])
    assert eu.list_resource_tags(KeyId=two)["Tags"] == []
    kms.update_key_description(KeyId=two, Description="here")
    assert eu.describe_key(KeyId=two)["KeyMetadata"]["Description"] == ""
    kms.disable_key(KeyId=two)
    assert (state(kms, two), state(eu, two)) == ("Disabled", "Enabled")
    assert eu.encrypt(KeyId=two, Plaintext=b"x")["KeyId"] == arn(two, EU)
    policy = eu.get_key_policy(KeyId=two)["Policy"].replace("key-default-1", "other")
    eu.put_key_policy(KeyId=two, Policy=policy)
    assert "other" not in kms.get_key_policy(KeyId=two)["Policy"]


def test_the_policy_is_not_copied(kms, mrk):
    own = kms.get_key_policy(KeyId=mrk)["Policy"].replace("key-default-1", "primary")
    kms.put_key_policy(KeyId=mrk, Policy=own)
    assert "key-default-1" in kms.replicate_key(KeyId=mrk, ReplicaRegion=EU)["ReplicaPolicy"]
    given = own.replace("primary", "replica")
    assert kms.replicate_key(KeyId=mrk, ReplicaRegion=AP, Policy=given)["ReplicaPolicy"] == given


def test_a_policy_that_would_lock_its_caller_out(kms, mrk, refused):
    look = '{"Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"kms:DescribeKey","Resource":"*"}'
    locked = f'{{"Version":"2012-10-17","Statement":[{look}]}}'
    said = refused(kms.replicate_key, KeyId=mrk, ReplicaRegion=EU, Policy=locked)
    assert said == (
        "MalformedPolicyDocumentException",
        "The new key policy will not allow you to update the key policy in the future.",
    )
    assert family(kms, mrk) == ("PRIMARY", HERE, [])
    kms.replicate_key(KeyId=mrk, ReplicaRegion=EU, Policy=locked, BypassPolicyLockoutSafetyCheck=True)


def test_one_replica_for_each_region(kms, two, refused):
    said = refused(kms.replicate_key, KeyId=two, ReplicaRegion=EU)
    assert said == ("AlreadyExistsException", f"{arn(two, EU)} already exists")
    said = refused(kms.replicate_key, KeyId=two, ReplicaRegion=HERE)
    assert said == ("ValidationException", f"{HERE} cannot have a replica because it contains the primary.")


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "nowhere-at-all-1"])
def test_regions_out_of_reach(kms, mrk, refused, region):
    said = refused(kms.replicate_key, KeyId=mrk, ReplicaRegion=region)
    assert said == ("ValidationException", f"`{region}` is not a Region of the same partition as us-east-1")


def test_a_replica_cannot_be_replicated(eu, two, refused):
    said = refused(eu.replicate_key, KeyId=two, ReplicaRegion=AP)
    assert said == ("UnsupportedOperationException", f"{arn(two, EU)} is not a multi-region primary key.")


def test_a_disabled_primary_is_not_replicated(kms, mrk, refused):
    kms.disable_key(KeyId=mrk)
    assert refused(kms.replicate_key, KeyId=mrk, ReplicaRegion=EU) == ("DisabledException", f"{arn(mrk)} is disabled.")


def allow(*actions):
    statement = {"Effect": "Allow", "Action": [f"kms:{a}" for a in actions], "Resource": "*"}
    return [{"Version": "2012-10-17", "Statement": [statement]}]


def test_replicating_needs_two_permissions_and_tagging_a_third(sim, mrk, refused):
    tags = [{"TagKey": "a", "TagValue": "b"}]
    one = sim.user("one", policies=allow("ReplicateKey")).client("kms")
    said = refused(one.replicate_key, KeyId=mrk, ReplicaRegion=EU)
    assert (said.code, "kms:CreateKey" in said.message) == ("AccessDeniedException", True)
    other = sim.user("other", policies=allow("CreateKey")).client("kms")
    assert "kms:ReplicateKey" in refused(other.replicate_key, KeyId=mrk, ReplicaRegion=EU).message
    both = sim.user("both", policies=allow("ReplicateKey", "CreateKey", "PutKeyPolicy")).client("kms")
    assert "kms:TagResource" in refused(both.replicate_key, KeyId=mrk, ReplicaRegion=EU, Tags=tags).message
    both.replicate_key(KeyId=mrk, ReplicaRegion=EU)


def test_replicating_is_told_in_both_regions(sim, kms, mrk):
    kms.replicate_key(KeyId=mrk, ReplicaRegion=EU)
    here, there = (record.event for record in sim.trail[-2:])
    assert [(e["eventName"], e["awsRegion"], e["eventType"]) for e in (here, there)] == [
        ("ReplicateKey", HERE, "AwsApiCall"), ("CreateKey", EU, "AwsApiCall"),
    ]  # fmt: skip
    assert here["requestParameters"] == {
        "keyId": mrk, "replicaRegion": EU, "description": "", "bypassPolicyLockoutSafetyCheck": False,
    }  # fmt: skip
    assert here["responseElements"]["replicaKeyMetadata"]["arn"] == arn(mrk, EU)
    assert [r["ARN"] for r in here["resources"]] == [arn(mrk)]
    assert [r["ARN"] for r in there["resources"]] == [arn(mrk, EU)]
    assert there["userIdentity"]["invokedBy"] == "kms.amazonaws.com"
    assert there["requestID"] == here["requestID"]
    assert there["eventID"] != here["eventID"]


def test_rotation_is_set_on_the_primary_and_holds_everywhere(sim, kms, eu, two, refused):
    kms.enable_key_rotation(KeyId=two, RotationPeriodInDays=90)
    assert eu.get_key_rotation_status(KeyId=two)["NextRotationDate"] == NOW + timedelta(days=90)
    said = ("UnsupportedOperationException", f"{arn(two, EU)} is not a multi-region primary key.")
    for asked in (eu.enable_key_rotation, eu.disable_key_rotation, eu.rotate_key_on_demand):
        assert refused(asked, KeyId=two) == said
    sim.advance(days=200)
    for client in (kms, eu):
        assert [e["RotationDate"] for e in client.list_key_rotations(KeyId=two)["Rotations"]] == [
            NOW + timedelta(days=90), NOW + timedelta(days=180),
        ]  # fmt: skip
        assert client.get_key_rotation_status(KeyId=two)["NextRotationDate"] == NOW + timedelta(days=270)
    assert rotations(kms, two, "KeyMaterialId") == rotations(eu, two, "KeyMaterialId")
    kms.disable_key_rotation(KeyId=two)
    assert eu.get_key_rotation_status(KeyId=two)["KeyRotationEnabled"] is False


def test_a_rotation_reaches_every_region_at_once(sim, kms, eu, two):
    kms.rotate_key_on_demand(KeyId=two)
    blob = eu.encrypt(KeyId=two, Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["KeyMaterialId"] == material(kms, two) == material(eu, two)
    names = [r.event["eventName"] for r in sim.trail.named("RotateKey", "SynchronizeMultiRegionKey")]
    assert names == ["RotateKey", "SynchronizeMultiRegionKey"]


def test_synchronizing_is_told_in_the_primarys_region(sim, kms, two):
    kms.enable_key_rotation(KeyId=two)
    event = sim.trail[-1].event
    assert (event["eventName"], event["awsRegion"], event["eventType"]) == (
        "SynchronizeMultiRegionKey",
        HERE,
        "AwsApiCall",
    )
    assert event["userIdentity"] == {"accountId": "111122223333", "invokedBy": "AWS Internal"}
    assert event["responseElements"] == {"keyId": arn(two)}
    assert [r["ARN"] for r in event["resources"]] == [arn(two)]
    assert "serviceEventDetails" not in event


def test_a_primary_without_replicas_has_nothing_to_synchronize(sim, kms, mrk):
    kms.enable_key_rotation(KeyId=mrk)
    kms.rotate_key_on_demand(KeyId=mrk)
    assert sim.trail.named("SynchronizeMultiRegionKey") == []


def test_the_primary_can_move(sim, kms, eu, ap, two, refused):
    kms.replicate_key(KeyId=two, ReplicaRegion=AP)
    kms.enable_key_rotation(KeyId=two, RotationPeriodInDays=90)
    assert set(kms.update_primary_region(KeyId=two, PrimaryRegion=EU)) == {"ResponseMetadata"}
    assert family(eu, two) == ("PRIMARY", EU, [HERE, AP])
    assert family(kms, two) == family(ap, two) == ("REPLICA", EU, [HERE, AP])
    assert refused(kms.rotate_key_on_demand, KeyId=two).code == "UnsupportedOperationException"
    eu.rotate_key_on_demand(KeyId=two)
    sim.advance(days=100)
    assert len(ap.list_key_rotations(KeyId=two)["Rotations"]) == 2
    assert material(kms, two) == material(eu, two) == material(ap, two)


def test_moving_the_primary_is_told_in_both_regions(sim, kms, two):
    kms.update_primary_region(KeyId=two, PrimaryRegion=EU)
    here, there = (record.event for record in sim.trail[-2:])
    assert (here["eventName"], here["awsRegion"]) == ("UpdatePrimaryRegion", HERE)
    assert here["requestParameters"] == {"keyId": two, "primaryRegion": EU}
    assert (there["eventName"], there["awsRegion"]) == ("UpdatePrimaryRegion", EU)
    assert there["requestParameters"] == {"keyId": arn(two, EU), "primaryRegion": EU}
    assert there["requestID"] == here["requestID"]


def test_where_the_primary_cannot_move(kms, eu, two, refused):
    said = ("NotFoundException", f"Key '{arn(two, AP)}' does not exist")
    assert refused(kms.update_primary_region, KeyId=two, PrimaryRegion=AP) == said
    said = ("UnsupportedOperationException", f"{arn(two)} is the primary key already")
    assert refused(kms.update_primary_region, KeyId=two, PrimaryRegion=HERE) == said
    said = ("UnsupportedOperationException", f"{arn(two, EU)} is not a multi-region primary key.")
    assert refused(eu.update_primary_region, KeyId=two, PrimaryRegion=HERE) == said
    eu.disable_key(KeyId=two)
    said = ("DisabledException", f"{arn(two, EU)} is disabled.")
    assert refused(kms.update_primary_region, KeyId=two, PrimaryRegion=EU) == said
    assert family(kms, two) == ("PRIMARY", HERE, [EU])


def test_moving_the_primary_needs_permission_on_both_keys(sim, kms, two, refused):
    here_only = [{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": arn(two)}]}]
    mover = sim.user("mover", policies=here_only).client("kms")
    said = refused(mover.update_primary_region, KeyId=two, PrimaryRegion=EU)
    assert (said.code, arn(two, EU) in said.message) == ("AccessDeniedException", True)
    assert family(kms, two)[1] == HERE


def test_a_primary_waits_for_its_replicas_to_be_gone(sim, kms, eu, ap, two, refused):
    kms.replicate_key(KeyId=two, ReplicaRegion=AP)
    answer = kms.schedule_key_deletion(KeyId=two, PendingWindowInDays=7)
    assert set(answer) - {"ResponseMetadata"} == {"KeyId", "KeyState", "PendingWindowInDays"}
    assert (answer["KeyState"], answer["PendingWindowInDays"]) == ("PendingReplicaDeletion", 7)
    described = kms.describe_key(KeyId=two)["KeyMetadata"]
    assert described["PendingDeletionWindowInDays"] == 7
    assert "DeletionDate" not in described
    said = ("KMSInvalidStateException", f"{arn(two)} is pending deletion.")
    assert refused(kms.encrypt, KeyId=two, Plaintext=b"x") == said
    assert refused(kms.replicate_key, KeyId=two, ReplicaRegion="us-west-2") == said
    sim.advance(days=100)
    assert state(kms, two) == "PendingReplicaDeletion"
    eu.schedule_key_deletion(KeyId=two, PendingWindowInDays=7)
    ap.schedule_key_deletion(KeyId=two, PendingWindowInDays=10)
    sim.advance(days=9)
    assert family(kms, two) == ("PRIMARY", HERE, [AP])
    assert state(kms, two) == "PendingReplicaDeletion"
    sim.advance(days=2)
    described = kms.describe_key(KeyId=two)["KeyMetadata"]
    assert (described["KeyState"], described["DeletionDate"]) == ("PendingDeletion", NOW + timedelta(days=117))
    assert "PendingDeletionWindowInDays" not in described
    assert described["MultiRegionConfiguration"]["ReplicaKeys"] == []
    sim.advance(days=7)
    assert refused(kms.describe_key, KeyId=two) == ("NotFoundException", f"Key '{arn(two)}' does not exist")


def test_a_waiting_primary_can_be_saved(kms, eu, two, refused):
    kms.enable_key_rotation(KeyId=two)
    kms.schedule_key_deletion(KeyId=two, PendingWindowInDays=7)
    assert kms.get_key_rotation_status(KeyId=two)["KeyRotationEnabled"] is False
    assert eu.get_key_rotation_status(KeyId=two)["KeyRotationEnabled"] is True
    kms.cancel_key_deletion(KeyId=two)
    described = kms.describe_key(KeyId=two)["KeyMetadata"]
    assert described["KeyState"] == "Disabled"
    assert not {"PendingDeletionWindowInDays", "DeletionDate"} & set(described)


def test_a_saved_primary_is_not_deleted_when_its_replicas_are(sim, kms, eu, two):
    kms.schedule_key_deletion(KeyId=two, PendingWindowInDays=7)
    kms.cancel_key_deletion(KeyId=two)
    eu.schedule_key_deletion(KeyId=two, PendingWindowInDays=7)
    sim.advance(days=60)
    assert state(kms, two) == "Disabled"
    assert family(kms, two) == ("PRIMARY", HERE, [])


def test_a_replica_goes_alone_and_can_be_made_again(sim, kms, eu, two, refused):
    blob = kms.encrypt(KeyId=two, Plaintext=b"x")["CiphertextBlob"]
    answer = eu.schedule_key_deletion(KeyId=two, PendingWindowInDays=7)
    assert answer["DeletionDate"] == NOW + timedelta(days=7)
    assert refused(kms.replicate_key, KeyId=two, ReplicaRegion=EU).code == "AlreadyExistsException"
    sim.advance(days=8)
    assert refused(eu.decrypt, CiphertextBlob=blob).code == "AccessDeniedException"
    assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"
    kms.replicate_key(KeyId=two, ReplicaRegion=EU)
    assert eu.decrypt(CiphertextBlob=blob)["Plaintext"] == b"x"


@pytest.fixture
def imported(kms):
    """The id of a multi-Region key with imported MATERIAL in us-east-1 and an empty replica in eu-west-1."""
    key = external(kms, MultiRegion=True)
    bring(kms, key, MATERIAL)
    kms.replicate_key(KeyId=key, ReplicaRegion=EU)
    return key


def test_a_key_without_material_is_not_replicated(kms, refused):
    key = external(kms, MultiRegion=True)
    said = ("KMSInvalidStateException", f"{arn(key)} is pending import.")
    assert refused(kms.replicate_key, KeyId=key, ReplicaRegion=EU) == said


def test_imported_material_does_not_travel(kms, eu, imported, refused):
    assert state(eu, imported) == "PendingImport"
    blob = kms.encrypt(KeyId=imported, Plaintext=b"x")["CiphertextBlob"]
    said = ("KMSInvalidStateException", f"{arn(imported, EU)} is pending import.")
    assert refused(eu.decrypt, CiphertextBlob=blob) == said
    said = refused(eu.import_key_material, **wrapped(eu, imported, OTHER), ExpirationModel=STAYS)
    assert said == ("IncorrectKeyMaterialException", "")
    assert bring(eu, imported, MATERIAL) == material(kms, imported)
    assert eu.decrypt(CiphertextBlob=blob)["KeyId"] == arn(imported, EU)


def test_a_token_belongs_to_one_region(kms, eu, imported, refused):
    sent = wrapped(kms, imported, MATERIAL)
    assert refused(eu.import_key_material, **sent, ExpirationModel=STAYS) == ("InvalidImportTokenException", "")


def test_each_region_has_its_own_expiry(sim, kms, eu, imported):
    bring(eu, imported, MATERIAL, ValidTo=NOW + timedelta(days=5))
    sim.advance(days=6)
    assert (state(kms, imported), state(eu, imported)) == ("Enabled", "PendingImport")


def stages(client, key):
    return rotations(client, key, "KeyMaterialState", "ImportState")


def test_new_material_must_be_in_every_region_before_it_can_rotate(kms, eu, imported, refused):
    bring(eu, imported, MATERIAL)
    said = refused(
        eu.import_key_material, **wrapped(eu, imported, OTHER), ExpirationModel=STAYS, ImportType="NEW_KEY_MATERIAL"
    )
    assert said == ("UnsupportedOperationException", f"{arn(imported, EU)} is not a multi-region primary key.")
    bring(kms, imported, OTHER, ImportType="NEW_KEY_MATERIAL")
    waiting = "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"
    assert stages(kms, imported) == [("CURRENT", "IMPORTED"), (waiting, "IMPORTED")]
    assert stages(eu, imported) == [("CURRENT", "IMPORTED"), (waiting, "PENDING_IMPORT")]
    assert state(eu, imported) == "Enabled"
    said = refused(kms.rotate_key_on_demand, KeyId=imported)
    assert said == (
        "KMSInvalidStateException", f"No available key material pending rotation for the key: {arn(imported)}.",
    )  # fmt: skip
    bring(eu, imported, OTHER)
    for client in (kms, eu):
        assert stages(client, imported) == [("CURRENT", "IMPORTED"), ("PENDING_ROTATION", "IMPORTED")]
    kms.rotate_key_on_demand(KeyId=imported)
    for client in (kms, eu):
        assert stages(client, imported) == [("NON_CURRENT", "IMPORTED"), ("CURRENT", "IMPORTED")]
    blob = eu.encrypt(KeyId=imported, Plaintext=b"x")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=blob)["KeyMaterialId"] == material(eu, imported)


def test_new_material_dropped_in_the_primary_is_dropped_everywhere(kms, eu, imported):
    bring(eu, imported, MATERIAL)
    new = bring(kms, imported, OTHER, ImportType="NEW_KEY_MATERIAL")
    bring(eu, imported, OTHER)
    kms.delete_imported_key_material(KeyId=imported, KeyMaterialId=new)
    assert stages(kms, imported) == stages(eu, imported) == [("CURRENT", "IMPORTED")]


def test_new_material_dropped_in_a_replica_changes_nothing_elsewhere(kms, eu, imported):
    bring(eu, imported, MATERIAL)
    new = bring(kms, imported, OTHER, ImportType="NEW_KEY_MATERIAL")
    bring(eu, imported, OTHER)
    eu.delete_imported_key_material(KeyId=imported, KeyMaterialId=new)
    assert stages(kms, imported)[1] == ("PENDING_ROTATION", "IMPORTED")
    assert stages(eu, imported)[1] == ("PENDING_ROTATION", "PENDING_IMPORT")
    assert state(eu, imported) == "Enabled"
    kms.rotate_key_on_demand(KeyId=imported)
    assert (state(kms, imported), state(eu, imported)) == ("Enabled", "PendingImport")
    bring(eu, imported, OTHER)
    assert state(eu, imported) == "Enabled"


def test_one_region_more_puts_a_rotation_off_and_one_less_brings_it_on(sim, kms, eu, ap, imported):
    bring(eu, imported, MATERIAL)
    bring(kms, imported, OTHER, ImportType="NEW_KEY_MATERIAL")
    bring(eu, imported, OTHER)
    kms.replicate_key(KeyId=imported, ReplicaRegion=AP)
    assert stages(kms, imported)[1][0] == "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"
    assert stages(ap, imported)[1] == ("PENDING_MULTI_REGION_IMPORT_AND_ROTATION", "PENDING_IMPORT")
    ap.schedule_key_deletion(KeyId=imported, PendingWindowInDays=7)
    sim.advance(days=8)
    assert stages(kms, imported)[1][0] == stages(eu, imported)[1][0] == "PENDING_ROTATION"


def test_a_primary_that_has_not_the_new_material_itself_waits_for_it(kms, eu, imported):
    bring(eu, imported, MATERIAL)
    bring(kms, imported, OTHER, ImportType="NEW_KEY_MATERIAL")
    kms.update_primary_region(KeyId=imported, PrimaryRegion=EU)
    bring(kms, imported, OTHER)  # again, in what is a replica now
    assert stages(eu, imported)[1] == ("PENDING_MULTI_REGION_IMPORT_AND_ROTATION", "PENDING_IMPORT")
    bring(eu, imported, OTHER)
    eu.rotate_key_on_demand(KeyId=imported)
    assert stages(kms, imported) == stages(eu, imported) == [("NON_CURRENT", "IMPORTED"), ("CURRENT", "IMPORTED")]


@pytest.fixture
def slowly():
    with Simulator(start="2026-01-01T00:00:00Z", slow=True) as simulator:
        yield simulator


def test_a_new_replica_is_creating_for_some_seconds(slowly, refused):
    kms, eu = slowly.client("kms"), slowly.client("kms", region=EU)
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    described = kms.replicate_key(KeyId=key, ReplicaRegion=EU)["ReplicaKeyMetadata"]
    assert (described["KeyState"], described["Enabled"]) == ("Creating", False)
    assert "CurrentKeyMaterialId" not in described
    said = ("KMSInvalidStateException", f"{arn(key, EU)} is creating.")
    assert refused(eu.encrypt, KeyId=key, Plaintext=b"x") == said
    said = ("UnsupportedOperationException", f"{arn(key, EU)} is not a multi-region primary key.")
    assert refused(eu.replicate_key, KeyId=key, ReplicaRegion="ap-south-1") == said  # recorded: not that it is creating
    slowly.advance(seconds=1)
    assert state(eu, key) == "Creating"
    slowly.advance(seconds=1)
    assert state(eu, key) == "Enabled"
    assert material(eu, key) == material(kms, key)


def test_keys_that_change_roles_are_updating_for_some_seconds_and_work_meanwhile(slowly, refused):
    kms, eu = slowly.client("kms"), slowly.client("kms", region=EU)
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=key, ReplicaRegion=EU)
    slowly.advance(seconds=10)
    kms.update_primary_region(KeyId=key, PrimaryRegion=EU)
    assert (state(kms, key), state(eu, key)) == ("Updating", "Updating")
    assert refused(kms.disable_key, KeyId=key) == ("KMSInvalidStateException", f"{arn(key)} is updating.")
    eu.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"])
    slowly.advance(seconds=10)
    assert (state(kms, key), state(eu, key)) == ("Enabled", "Enabled")


def test_a_replica_deleted_while_creating_stays_scheduled(slowly):
    kms, eu = slowly.client("kms"), slowly.client("kms", region=EU)
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]
    kms.replicate_key(KeyId=key, ReplicaRegion=EU)
    eu.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    slowly.advance(seconds=20)
    assert state(eu, key) == "PendingDeletion"


def test_an_empty_replica_is_pending_import_when_it_has_been_created(slowly):
    kms, eu = slowly.client("kms"), slowly.client("kms", region=EU)
    key = external(kms, MultiRegion=True)
    bring(kms, key, MATERIAL)
    assert kms.replicate_key(KeyId=key, ReplicaRegion=EU)["ReplicaKeyMetadata"]["KeyState"] == "Creating"
    slowly.advance(seconds=10)
    assert state(eu, key) == "PendingImport"
