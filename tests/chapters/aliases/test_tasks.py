import pytest

from kms_teach import Simulator
from kms_teach.chapters.aliases.tasks import FREE_THE_NAME, NAME, OPEN_ABROAD, SECRET, backup_at_home, name_in_use
from kms_teach.teaching import Do

# --- a backup that must open in another Region ---


@pytest.fixture
def erin(sim):
    return backup_at_home(sim)


def a_multi_region_key(client):
    return client.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]


def moved(erin, key):
    return erin["virginia"].re_encrypt(CiphertextBlob=erin["backup"], DestinationKeyId=key)["CiphertextBlob"]


def by_a_replica(sim, erin):
    key = a_multi_region_key(erin["virginia"])
    blob = moved(erin, key)
    erin["virginia"].replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    erin["ireland"].decrypt(CiphertextBlob=blob)


def by_a_primary_in_ireland(sim, erin):
    key = a_multi_region_key(erin["ireland"])
    erin["ireland"].replicate_key(KeyId=key, ReplicaRegion="us-east-1")
    erin["ireland"].decrypt(CiphertextBlob=moved(erin, key), KeyId=key)


def by_hand_under_a_key_of_ireland(sim, erin):
    plaintext = erin["virginia"].decrypt(CiphertextBlob=erin["backup"])["Plaintext"]
    key = erin["ireland"].create_key()["KeyMetadata"]["KeyId"]
    erin["ireland"].decrypt(CiphertextBlob=erin["ireland"].encrypt(KeyId=key, Plaintext=plaintext)["CiphertextBlob"])


def by_another_person_with_virginia_switched_off(sim, erin):
    virginia, ireland = (sim.client("kms", region=region) for region in ("us-east-1", "eu-west-1"))
    key = a_multi_region_key(virginia)
    virginia.replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    ireland.create_alias(AliasName="alias/backup", TargetKeyId=key)
    blob = moved(erin, key)
    virginia.disable_key(KeyId=key)
    ireland.decrypt(CiphertextBlob=blob, KeyId="alias/backup")


@pytest.mark.parametrize(
    "way",
    [
        by_a_replica,
        by_a_primary_in_ireland,
        by_hand_under_a_key_of_ireland,
        by_another_person_with_virginia_switched_off,
    ],
)
def test_any_way_that_opens_the_backup_abroad_is_right(sim, erin, way):
    assert not OPEN_ABROAD.check(sim).done
    way(sim, erin)
    outcome = OPEN_ABROAD.check(sim)
    assert outcome.done, outcome.feedback
    assert ("ReEncrypt" in outcome.feedback) == (way is by_hand_under_a_key_of_ireland)
    assert ("a replica" in outcome.feedback) == (way is not by_hand_under_a_key_of_ireland)


def nothing(sim, erin, refused):
    pass


def sent_as_it_is(sim, erin, refused):
    refused(erin["ireland"].decrypt, CiphertextBlob=erin["backup"])


def the_key_itself_replicated(sim, erin, refused):
    key = sim.trail.named("Encrypt")[-1].used[0].key_arn
    refused(erin["virginia"].replicate_key, KeyId=key, ReplicaRegion="eu-west-1")


def by_a_name(sim, erin, refused):
    key = erin["ireland"].create_key()["KeyMetadata"]["KeyId"]
    erin["ireland"].create_alias(AliasName="alias/backup", TargetKeyId=key)
    refused(erin["ireland"].decrypt, CiphertextBlob=erin["backup"], KeyId="alias/backup")


def a_replica_of_another_key(sim, erin, refused):
    key = a_multi_region_key(erin["virginia"])
    erin["virginia"].replicate_key(KeyId=key, ReplicaRegion="eu-west-1")
    refused(erin["ireland"].decrypt, CiphertextBlob=erin["backup"])


def moved_and_not_replicated(sim, erin, refused):
    refused(erin["ireland"].decrypt, CiphertextBlob=moved(erin, a_multi_region_key(erin["virginia"])))


def moved_to_a_key_of_one_region(sim, erin, refused):
    refused(erin["ireland"].decrypt, CiphertextBlob=moved(erin, erin["virginia"].create_key()["KeyMetadata"]["KeyId"]))


def ready_and_not_shown(sim, erin, refused):
    key = a_multi_region_key(erin["virginia"])
    moved(erin, key)
    erin["virginia"].replicate_key(KeyId=key, ReplicaRegion="eu-west-1")


def something_else_of_that_size(sim, erin, refused):
    key = erin["ireland"].create_key()["KeyMetadata"]["KeyId"]
    blob = erin["ireland"].encrypt(KeyId=key, Plaintext=bytes(len(SECRET)))["CiphertextBlob"]
    erin["ireland"].decrypt(CiphertextBlob=blob)


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (nothing, "under Erin's first key alone"),
        (sent_as_it_is, "No call to KMS leaves its Region"),
        (the_key_itself_replicated, "A key is born multi-Region"),
        (by_a_name, "A name opens nothing"),
        (a_replica_of_another_key, "the backup is still under its first key alone"),
        (moved_and_not_replicated, "has no replica there"),
        (moved_to_a_key_of_one_region, "its new key is of one Region, too"),
        (ready_and_not_shown, "Show it"),
        (something_else_of_that_size, "under Erin's first key alone"),
    ],
)
def test_an_attempt_abroad_that_misses_is_answered_with_the_belief_that_led_to_it(sim, erin, refused, attempt, said):
    attempt(sim, erin, refused)
    outcome = OPEN_ABROAD.check(sim)
    assert not outcome.done
    assert said in outcome.feedback


# --- a name that a key on its way out still has ---


@pytest.fixture
def given(sim):
    return name_in_use(sim)


def by_moving_it(sim, kms, given):
    kms.update_alias(AliasName=NAME, TargetKeyId=given["fresh"])


def by_freeing_it(sim, kms, given):
    kms.delete_alias(AliasName=NAME)
    kms.create_alias(AliasName=NAME, TargetKeyId=given["fresh"])


def by_waiting(sim, kms, given):
    sim.advance(days=8)
    kms.create_alias(AliasName=NAME, TargetKeyId=given["fresh"])


def by_a_key_of_their_own(sim, kms, given):
    kms.update_alias(AliasName=NAME, TargetKeyId=a_multi_region_key(kms))


@pytest.mark.parametrize("way", [by_moving_it, by_freeing_it, by_waiting, by_a_key_of_their_own])
def test_any_way_that_lets_the_shop_encrypt_by_its_name_is_right(sim, kms, given, way):
    assert not FREE_THE_NAME.check(sim).done
    way(sim, kms, given)
    given["shop"].encrypt(KeyId=NAME, Plaintext=b"an order")
    outcome = FREE_THE_NAME.check(sim)
    assert outcome.done, outcome.feedback


def created_again(kms, given, refused):
    refused(kms.create_alias, AliasName=NAME, TargetKeyId=given["fresh"])


def another_name(kms, given, refused):
    kms.create_alias(AliasName="alias/shop-2", TargetKeyId=given["fresh"])
    refused(given["shop"].encrypt, KeyId="alias/shop-2", Plaintext=b"x")


def by_the_key_s_id(kms, given, refused):
    refused(given["shop"].encrypt, KeyId=given["fresh"], Plaintext=b"x")


def freed_and_left(kms, given, refused):
    kms.delete_alias(AliasName=NAME)
    refused(given["shop"].encrypt, KeyId=NAME, Plaintext=b"x")


def moved_and_not_shown(kms, given, refused):
    kms.update_alias(AliasName=NAME, TargetKeyId=given["fresh"])


def moved_to_a_key_that_is_off(kms, given, refused):
    kms.disable_key(KeyId=given["fresh"])
    kms.update_alias(AliasName=NAME, TargetKeyId=given["fresh"])
    refused(given["shop"].encrypt, KeyId=NAME, Plaintext=b"x")


def the_old_key_brought_back(kms, given, refused):
    key = kms.describe_key(KeyId=NAME)["KeyMetadata"]["KeyId"]
    kms.cancel_key_deletion(KeyId=key)
    kms.enable_key(KeyId=key)
    given["shop"].encrypt(KeyId=NAME, Plaintext=b"x")


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (lambda *_: None, "still names the key that is pending deletion"),
        (created_again, "keeps its names"),
        (another_name, "Another name helps neither"),
        (by_the_key_s_id, "kms:RequestAlias"),
        (freed_and_left, "is free now, and names nothing"),
        (moved_and_not_shown, "Show that it works"),
        (moved_to_a_key_that_is_off, "DisabledException"),
        (the_old_key_brought_back, "the key that was to go"),
    ],
)
def test_an_attempt_at_the_name_that_misses_is_answered_with_the_belief_that_led_to_it(
    sim, kms, given, refused, attempt, said
):
    attempt(kms, given, refused)
    outcome = FREE_THE_NAME.check(sim)
    assert not outcome.done
    assert said in outcome.feedback


@pytest.mark.parametrize("task", [OPEN_ABROAD, FREE_THE_NAME], ids=["abroad", "name"])
def test_the_third_hint_solves_it_also_when_it_is_begun_again(sim, task):
    panel = Do(task, sim)
    assert "press “Start again”" in task.check(Simulator()).feedback
    for _ in range(2):
        panel.again.click()
        assert not task.check(sim).done
        exec(task.solution, {"sim": sim, **panel.given})
        assert task.check(sim).done
