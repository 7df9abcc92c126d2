"""What takes its time: at once by default; with the switch seen when its time has come, and not a second before."""

from contextlib import suppress
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from msgspec.structs import replace

from kms_teach import Simulator
from kms_teach.access.grants import Grant
from kms_teach.keys.delays import DELAYS, delay
from kms_teach.keys.key import Alias, Key
from kms_teach.keys.names import scope_of
from kms_teach.keys.stores import KeyStore
from tests.operations.importing import bring, external, rotations, state

START = "2026-01-01T00:00:00Z"
EU = "eu-west-1"
SECOND = timedelta(seconds=1)
GRANTED = {"Operations": ["Encrypt"]}


def allowing(condition):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": "*", "Condition": condition}]}  # fmt: skip


class World:
    """Two keys, a worker whom nothing allows anything, and two users whom an alias and a tag do."""

    def __init__(self, *, slow, store=None):
        self.sim = Simulator(store, start=START, slow=slow)
        self.kms, self.eu = self.sim.client("kms"), self.sim.client("kms", region=EU)
        self.key, self.other = (self.kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
        self.worker = self.sim.role("worker")
        self.by_alias = self.sim.user(
            "anna", policies=[allowing({"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}})]
        )
        self.by_tag = self.sim.user(
            "theo", policies=[allowing({"StringEquals": {"aws:ResourceTag/team": "blue"}})]
        )  # fmt: skip

    def wait(self, length=timedelta(days=1)):
        self.sim.advance(seconds=length.total_seconds())

    def works(self, who, key=None, **more):
        try:
            who.client("kms").encrypt(KeyId=key or self.key, Plaintext=b"x", **more)
        except ClientError as refusal:
            assert refusal.response["Error"]["Code"] == "AccessDeniedException"
            return False
        return True

    def named(self, name="alias/a"):
        """The key that an alias names in a call, None if it names none."""
        with suppress(self.kms.exceptions.NotFoundException):
            return self.kms.describe_key(KeyId=name)["KeyMetadata"]["KeyId"]

    def described(self, kms):
        """The key in the Region of a client, {} if it is not there."""
        with suppress(kms.exceptions.NotFoundException):
            return kms.describe_key(KeyId=self.key)["KeyMetadata"]
        return {}

    def listed(self, **more):
        return {entry["AliasName"]: entry["TargetKeyId"] for entry in self.kms.list_aliases(**more)["Aliases"]}

    def rotation(self, key=None):
        return self.kms.get_key_rotation_status(KeyId=key or self.key)

    # --- what the cases begin with

    def with_alias(self):
        self.kms.create_alias(AliasName="alias/a", TargetKeyId=self.key)

    def with_tag(self):
        self.tag("blue")

    def tag(self, value):
        self.kms.tag_resource(KeyId=self.key, Tags=[{"TagKey": "team", "TagValue": value}])

    def grant(self, **more):
        asked = {"KeyId": self.key, "GranteePrincipal": self.worker.arn, **GRANTED, **more}
        made = self.kms.create_grant(**asked)
        self.token, self.grant_id = made["GrantToken"], made["GrantId"]
        return made

    def with_family(self):
        self.key = self.kms.create_key(MultiRegion=True)["KeyMetadata"]["KeyId"]

    def with_replica(self):
        self.with_family()
        self.kms.replicate_key(KeyId=self.key, ReplicaRegion=EU)

    def with_store(self):
        self.behind = self.sim.key_store()
        made = self.kms.create_custom_key_store(CustomKeyStoreName="mine", **self.behind.parameters)
        self.store = made["CustomKeyStoreId"]

    def connection(self):
        (entry,) = self.kms.describe_custom_key_stores(CustomKeyStoreId=self.store)["CustomKeyStores"]
        return entry["ConnectionState"]


@pytest.fixture
def slow():
    world = World(slow=True)
    yield world
    world.sim.close()


def current(world):
    return world.kms.describe_key(KeyId=world.key)["KeyMetadata"]["CurrentKeyMaterialId"]


def primary_of(described):
    return described["MultiRegionConfiguration"]["PrimaryKey"]["Region"]


def nothing(world):
    pass


# (what of the table, operation): what is there before, what is done, and whether others see that it was.
CASES = {
    ("a new replica", "ReplicateKey"): (
        World.with_family, lambda w: w.kms.replicate_key(KeyId=w.key, ReplicaRegion=EU),
        lambda w: w.described(w.eu).get("KeyState") == "Enabled"),
    ("a change of the primary key", "UpdatePrimaryRegion"): (
        World.with_replica, lambda w: w.kms.update_primary_region(KeyId=w.key, PrimaryRegion=EU),
        lambda w: all(w.described(kms)["KeyState"] == "Enabled" and primary_of(w.described(kms)) == EU
                      for kms in (w.kms, w.eu))),
    ("a rotation on demand", "RotateKeyOnDemand"): (
        nothing, lambda w: w.kms.rotate_key_on_demand(KeyId=w.key),
        lambda w: len(w.kms.list_key_rotations(KeyId=w.key)["Rotations"]) == 1),
    ("a new grant", "CreateGrant"): (nothing, World.grant, lambda w: w.works(w.worker)),
    ("the end of a grant", "RevokeGrant"): (
        World.grant, lambda w: w.kms.revoke_grant(KeyId=w.key, GrantId=w.grant_id), lambda w: not w.works(w.worker)),
    ("the end of a grant", "RetireGrant"): (
        World.grant, lambda w: w.kms.retire_grant(GrantToken=w.token), lambda w: not w.works(w.worker)),
    ("an alias as a name", "CreateAlias"): (nothing, World.with_alias, lambda w: w.named() == w.key),
    ("an alias as a name", "UpdateAlias"): (
        World.with_alias, lambda w: w.kms.update_alias(AliasName="alias/a", TargetKeyId=w.other),
        lambda w: w.named() == w.other),
    ("an alias as a name", "DeleteAlias"): (
        World.with_alias, lambda w: w.kms.delete_alias(AliasName="alias/a"), lambda w: w.named() is None),
    ("an alias in a policy", "CreateAlias"): (nothing, World.with_alias, lambda w: w.works(w.by_alias)),
    ("an alias in a policy", "UpdateAlias"): (
        World.with_alias, lambda w: w.kms.update_alias(AliasName="alias/a", TargetKeyId=w.other),
        lambda w: (w.works(w.by_alias), w.works(w.by_alias, w.other)) == (False, True)),
    ("an alias in a policy", "DeleteAlias"): (
        World.with_alias, lambda w: w.kms.delete_alias(AliasName="alias/a"), lambda w: not w.works(w.by_alias)),
    ("a tag in a policy", "TagResource"): (nothing, World.with_tag, lambda w: w.works(w.by_tag)),
    ("a tag in a policy", "UntagResource"): (
        World.with_tag, lambda w: w.kms.untag_resource(KeyId=w.key, TagKeys=["team"]),
        lambda w: not w.works(w.by_tag)),
    ("connecting a custom key store", "ConnectCustomKeyStore"): (
        World.with_store, lambda w: w.kms.connect_custom_key_store(CustomKeyStoreId=w.store),
        lambda w: w.connection() == "CONNECTED"),
}  # fmt: skip


def test_every_operation_of_a_row_with_a_time_of_its_own_has_a_case():
    rows = {what: row for what, row in DELAYS.items() if row.slow != row.usual}
    assert {(what, name) for what, row in rows.items() for name in row.operations.split()} == set(CASES)


@pytest.mark.parametrize("case", CASES, ids=", ".join)
def test_without_the_switch_it_is_seen_at_once(case):
    before, act, seen = CASES[case]
    world = World(slow=False)
    before(world)
    assert not seen(world)
    act(world)
    assert seen(world)
    assert under_way(world) == []
    world.sim.close()


def under_way(world):
    """What the store keeps of before, and what it waits for."""
    store, kept = world.sim.service.store, []
    for scope in (scope_of("111122223333", region) for region in ("us-east-1", EU)):
        for key in store.page(Key, scope):
            kept += [key] if key.earlier_tags or key.on_demand_since or key.ready else []
            kept += [grant for grant in store.page(Grant, key.arn) if grant.until]
        kept += [alias for alias in store.page(Alias, scope) if alias.earlier]
        kept += [one for one in store.page(KeyStore, scope) if one.connecting_since]
    return kept


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("case", CASES, ids=", ".join)
def test_with_the_switch_it_is_seen_when_its_time_has_come_and_not_a_second_before(monkeypatch, slow, case, times):
    """`times`: the table is asked, and nothing else knows how long it takes."""
    what, _ = case
    monkeypatch.setitem(DELAYS, what, replace(DELAYS[what], slow=delay(what, slow=True) * times))
    before, act, seen = CASES[case]
    before(slow)
    slow.wait()
    act(slow)
    assert under_way(slow) or what == "a new grant"
    assert not seen(slow)
    slow.wait(delay(what, slow=True) - SECOND)
    assert not seen(slow)
    slow.wait(SECOND)
    assert seen(slow)
    slow.wait()
    assert seen(slow)


# --- aliases: what manages them sees them as they are


def test_what_manages_aliases_sees_each_change_at_once(slow, refused):
    slow.with_alias()
    assert slow.listed() == {"alias/a": slow.key}
    assert refused(slow.kms.create_alias, AliasName="alias/a", TargetKeyId=slow.other).code == "AlreadyExistsException"
    slow.kms.update_alias(AliasName="alias/a", TargetKeyId=slow.other)
    assert (slow.listed(KeyId=slow.key), slow.listed(KeyId=slow.other)) == ({}, {"alias/a": slow.other})
    slow.kms.delete_alias(AliasName="alias/a")
    assert slow.listed() == slow.listed(KeyId=slow.other) == {}
    said = (
        "NotFoundException",
        "Alias arn:aws:kms:us-east-1:111122223333:alias/a is not found.",
    )
    assert refused(slow.kms.delete_alias, AliasName="alias/a") == said
    assert refused(slow.kms.update_alias, AliasName="alias/a", TargetKeyId=slow.key) == said
    assert slow.named() is None  # nobody else ever heard of it


def test_each_of_two_quick_changes_is_seen_in_its_turn(slow):
    third = slow.kms.create_key()["KeyMetadata"]["KeyId"]
    slow.with_alias()
    slow.wait()
    slow.kms.update_alias(AliasName="alias/a", TargetKeyId=slow.other)
    slow.wait(0.8 * SECOND)
    slow.kms.update_alias(AliasName="alias/a", TargetKeyId=third)
    seen = []
    for _ in range(4):
        seen.append(slow.named())
        slow.wait(0.8 * SECOND)
    assert seen == [slow.key, slow.key, slow.other, third]  # after 0.8, 1.6, 2.4 and 3.2 seconds


def test_an_alias_made_again_is_another_alias_with_the_same_past(slow):
    slow.with_alias()
    slow.wait()
    slow.kms.delete_alias(AliasName="alias/a")
    slow.kms.create_alias(AliasName="alias/a", TargetKeyId=slow.other)
    (entry,) = slow.kms.list_aliases()["Aliases"]
    assert entry["CreationDate"] == entry["LastUpdatedDate"] == slow.sim.now
    assert slow.named() == slow.key
    slow.wait(2 * SECOND)
    assert slow.named() == slow.other
    slow.wait()
    assert slow.listed() == {"alias/a": slow.other}  # what was deleted takes nothing along when it is forgotten


def test_a_deleted_alias_is_forgotten_in_the_end(slow):
    slow.with_alias()
    slow.kms.delete_alias(AliasName="alias/a")
    store, scope = slow.sim.service.store, scope_of("111122223333", "us-east-1")
    slow.wait(delay("an alias in a policy", slow=True) - SECOND)
    assert len(store.page(Alias, scope)) == 1
    slow.wait(SECOND)
    assert store.page(Alias, scope) == []


def test_pages_of_aliases_go_on_past_one_that_was_deleted(slow):
    for name in ("alias/a", "alias/b", "alias/c"):
        slow.kms.create_alias(AliasName=name, TargetKeyId=slow.key)
    slow.kms.delete_alias(AliasName="alias/b")
    pages = slow.kms.get_paginator("list_aliases").paginate(PaginationConfig={"PageSize": 1})
    assert [entry["AliasName"] for page in pages for entry in page["Aliases"]] == ["alias/a", "alias/c"]


def test_an_alias_works_as_a_name_before_policies_go_by_it(slow):
    slow.with_alias()
    slow.wait(2 * SECOND)
    assert slow.named() == slow.key and not slow.works(slow.by_alias, "alias/a")
    slow.wait(timedelta(minutes=5))
    assert slow.works(slow.by_alias, "alias/a")


def test_who_may_is_told_by_what_policies_go_by(slow):
    """The same question asked without a call."""
    slow.with_tag()
    told = []
    for _ in range(2):
        told.append(slow.sim.who_may(slow.key, ["Encrypt"]).cells[slow.by_tag.arn, "Encrypt"].allowed)
        slow.wait()
    assert told == [False, True]


def test_tags_are_listed_at_once_and_each_change_decides_in_its_turn(slow):
    slow.with_tag()
    slow.wait(60 * SECOND)
    slow.tag("red")
    assert slow.kms.list_resource_tags(KeyId=slow.key)["Tags"] == [{"TagKey": "team", "TagValue": "red"}]
    decided = []
    for _ in range(4):
        slow.wait(120 * SECOND)
        decided.append(slow.works(slow.by_tag))
    assert decided == [False, True, False, False]  # after 3, 5, 7 and 9 minutes; blue counts from 5, red from 6


# --- grants


def test_an_ended_grant_is_seen_no_more_though_it_still_allows(slow, refused):
    slow.grant(RetiringPrincipal=slow.worker.arn, Name="n")
    slow.wait()
    first, token = slow.grant_id, slow.token
    slow.kms.revoke_grant(KeyId=slow.key, GrantId=first)
    assert slow.kms.list_grants(KeyId=slow.key)["Grants"] == []
    assert slow.kms.list_retirable_grants(RetiringPrincipal=slow.worker.arn)["Grants"] == []
    said = ("NotFoundException", f"Grant ID {first} not found")
    assert refused(slow.kms.revoke_grant, KeyId=slow.key, GrantId=first) == said
    assert refused(slow.kms.list_grants, KeyId=slow.key, GrantId=first) == said
    assert refused(slow.kms.retire_grant, GrantToken=token).code == "InvalidGrantTokenException"
    assert slow.works(slow.worker)
    slow.grant(RetiringPrincipal=slow.worker.arn, Name="n")
    assert slow.grant_id != first  # not the one that was ended
    (listed,) = slow.kms.list_grants(KeyId=slow.key)["Grants"]
    assert listed["GrantId"] == slow.grant_id


def test_an_ended_grant_is_deleted_in_the_end_and_the_others_are_not(slow):
    ended, kept = slow.grant()["GrantId"], slow.grant()["GrantId"]
    slow.kms.revoke_grant(KeyId=slow.key, GrantId=ended)
    slow.wait()
    arn = slow.kms.describe_key(KeyId=slow.key)["KeyMetadata"]["Arn"]
    assert [grant.id for grant in slow.sim.service.store.page(Grant, arn)] == [kept]
    assert slow.works(slow.worker)


def test_the_day_of_deletion_takes_everything_along_at_once(slow, refused):
    slow.with_alias()
    slow.grant()
    slow.kms.schedule_key_deletion(KeyId=slow.key, PendingWindowInDays=7)
    slow.wait(timedelta(days=7))
    assert slow.listed() == {} and slow.named() is None
    assert refused(slow.kms.list_grants, KeyId=slow.key).code == "NotFoundException"
    assert slow.sim.service.store.by_name(Grant, slow.grant_id) is None


# --- rotation on demand


def test_a_rotation_on_demand_is_in_progress_until_the_new_material_is_current(slow, refused):
    old, began = current(slow), slow.sim.now
    slow.kms.enable_key_rotation(KeyId=slow.key)
    due = slow.rotation()["NextRotationDate"]
    slow.kms.rotate_key_on_demand(KeyId=slow.key)
    assert slow.rotation()["OnDemandRotationStartDate"] == began
    assert (slow.rotation()["KeyRotationEnabled"], slow.rotation()["NextRotationDate"]) == (True, due)
    assert current(slow) == old
    assert rotations(slow.kms, slow.key, "KeyMaterialId", "KeyMaterialState") == [(old, "CURRENT")]
    blob = slow.kms.encrypt(KeyId=slow.key, Plaintext=b"x")["CiphertextBlob"]
    assert slow.sim.trail.named("RotateKey") == []
    assert refused(slow.kms.rotate_key_on_demand, KeyId=slow.key).code == "ConflictException"
    slow.wait(2 * SECOND)
    assert "OnDemandRotationStartDate" not in slow.rotation()
    assert slow.rotation()["NextRotationDate"] == due
    finished = began + timedelta(seconds=2)
    assert rotations(slow.kms, slow.key, "KeyMaterialState", "RotationType", "RotationDate") == [
        ("NON_CURRENT", None, None),
        ("CURRENT", "ON_DEMAND", finished),
    ]
    (event,) = slow.sim.trail.named("RotateKey")
    assert event.event["eventTime"] == f"{finished:%Y-%m-%dT%H:%M:%SZ}"
    assert slow.kms.decrypt(CiphertextBlob=blob)["KeyMaterialId"] == old != current(slow)
    slow.kms.rotate_key_on_demand(KeyId=slow.key)  # and again


def test_switching_automatic_rotation_off_does_not_cancel_one_on_demand(slow):
    slow.kms.enable_key_rotation(KeyId=slow.key)
    slow.kms.rotate_key_on_demand(KeyId=slow.key)
    slow.kms.disable_key_rotation(KeyId=slow.key)
    assert slow.rotation()["KeyRotationEnabled"] is False
    assert "OnDemandRotationStartDate" in slow.rotation()
    slow.wait(2 * SECOND)
    assert len(slow.kms.list_key_rotations(KeyId=slow.key)["Rotations"]) == 1


def test_a_disabled_key_finishes_its_rotation_when_it_is_enabled(slow):
    old = current(slow)
    slow.kms.rotate_key_on_demand(KeyId=slow.key)
    slow.kms.disable_key(KeyId=slow.key)
    slow.wait()
    assert current(slow) == old
    slow.kms.enable_key(KeyId=slow.key)
    assert current(slow) != old


def imported(world, **more):
    """A key with imported material, and other material that waits for its rotation; gives the ids of both."""
    world.key = external(world.kms, **more)
    first = bring(world.kms, world.key, bytes(32))
    return first, bring(world.kms, world.key, bytes(range(32)), ImportType="NEW_KEY_MATERIAL")


def test_imported_material_waits_for_the_end_of_its_rotation(slow):
    first, second = imported(slow)
    slow.kms.rotate_key_on_demand(KeyId=slow.key)
    assert rotations(slow.kms, slow.key, "KeyMaterialState") == [("CURRENT",), ("PENDING_ROTATION",)]
    assert current(slow) == first
    slow.wait(2 * SECOND)
    assert rotations(slow.kms, slow.key, "KeyMaterialState") == [("NON_CURRENT",), ("CURRENT",)]
    assert current(slow) == second


def test_a_rotation_whose_material_is_deleted_meanwhile_comes_to_nothing(slow, refused):
    first, second = imported(slow)
    slow.kms.rotate_key_on_demand(KeyId=slow.key)
    slow.kms.delete_imported_key_material(KeyId=slow.key, KeyMaterialId=second)
    slow.wait(2 * SECOND)
    assert (current(slow), state(slow.kms, slow.key)) == (first, "Enabled")
    said = refused(slow.kms.rotate_key_on_demand, KeyId=slow.key)
    assert said.message.startswith("No available key material pending rotation")  # and no longer in progress
    assert slow.sim.trail.named("RotateKey") == []


def test_a_rotation_follows_the_primary_that_changes_meanwhile(slow):
    slow.with_replica()
    slow.wait()
    old = current(slow)
    slow.kms.rotate_key_on_demand(KeyId=slow.key)
    assert "OnDemandRotationStartDate" in slow.eu.get_key_rotation_status(KeyId=slow.key)
    slow.kms.update_primary_region(KeyId=slow.key, PrimaryRegion=EU)
    slow.wait(20 * SECOND)
    for kms in (slow.kms, slow.eu):
        assert "OnDemandRotationStartDate" not in kms.get_key_rotation_status(KeyId=slow.key)
        assert rotations(kms, slow.key, "KeyMaterialState") == [("NON_CURRENT",), ("CURRENT",)]
    assert current(slow) != old
    assert len(slow.sim.trail.named("RotateKey")) == 1


# --- custom key stores


def stored(world):
    """A key in a store that was connected once, cut off, and is connecting again."""
    world.with_store()
    world.kms.connect_custom_key_store(CustomKeyStoreId=world.store)
    world.wait(timedelta(minutes=20))
    made = world.kms.create_key(Origin="AWS_CLOUDHSM", CustomKeyStoreId=world.store)
    world.key = made["KeyMetadata"]["KeyId"]
    world.kms.disconnect_custom_key_store(CustomKeyStoreId=world.store)
    assert (world.connection(), state(world.kms, world.key)) == ("DISCONNECTED", "Unavailable")
    world.kms.connect_custom_key_store(CustomKeyStoreId=world.store)


def test_a_store_that_is_connecting_cannot_be_used_yet(slow, refused):
    stored(slow)
    assert (slow.connection(), state(slow.kms, slow.key)) == ("CONNECTING", "Unavailable")
    asked = {"Origin": "AWS_CLOUDHSM", "CustomKeyStoreId": slow.store}
    assert refused(slow.kms.create_key, **asked).code == "CustomKeyStoreInvalidStateException"
    slow.kms.connect_custom_key_store(CustomKeyStoreId=slow.store)  # again changes nothing
    slow.wait(timedelta(minutes=20))
    assert (slow.connection(), state(slow.kms, slow.key)) == ("CONNECTED", "Enabled")


def test_whether_connecting_works_is_known_at_its_end(slow):
    stored(slow)
    slow.behind.cut_off()
    slow.wait(timedelta(minutes=20))
    assert (slow.connection(), state(slow.kms, slow.key)) == ("FAILED", "Unavailable")


def test_connecting_can_be_broken_off(slow):
    stored(slow)
    slow.kms.disconnect_custom_key_store(CustomKeyStoreId=slow.store)
    slow.wait()
    assert slow.connection() == "DISCONNECTED"


# --- a file


def test_what_is_under_way_goes_on_when_a_store_is_opened_again(tmp_path):
    path = tmp_path / "class.db"
    world = World(slow=True, store=path)
    world.with_alias()
    world.wait()
    world.grant()
    world.kms.revoke_grant(KeyId=world.key, GrantId=world.grant_id)
    world.kms.rotate_key_on_demand(KeyId=world.key)
    world.kms.update_alias(AliasName="alias/a", TargetKeyId=world.other)
    world.sim.close()
    for slowly, named in ((True, world.key), (False, world.other)):
        with Simulator(path, slow=slowly) as sim:
            kms = sim.client("kms")
            assert kms.describe_key(KeyId="alias/a")["KeyMetadata"]["KeyId"] == named
            assert "OnDemandRotationStartDate" in kms.get_key_rotation_status(KeyId=world.key)
    with Simulator(path) as sim:
        sim.advance(minutes=5)
        kms = sim.client("kms")
        assert len(kms.list_key_rotations(KeyId=world.key)["Rotations"]) == 1
        assert sim.service.store.by_name(Grant, world.grant_id) is None
