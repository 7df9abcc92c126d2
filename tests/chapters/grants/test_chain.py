from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.grants.chain import SHOWN, grant_chain
from kms_teach.chapters.grants.facts import read
from kms_teach.drawing.look import WIDE
from tests.drawing.drawn import quarrels, texts, words

MINUTES = timedelta(minutes=5)
BLUE = {"tenant": "Blue"}


class World:
    """A key, roles without a policy, and the chain as it is drawn now."""

    def __init__(self):
        self.sim = Simulator(start="2026-01-01T00:00:00Z", slow=True)
        self.kms = self.sim.client("kms")
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]
        self.roles = {name: self.sim.role(name) for name in ("worker", "helper", "lead")}

    def give(self, grantee, *operations, by=None, **more):
        kms = self.roles[by].client("kms") if by else self.kms
        asked = {"KeyId": self.key, "GranteePrincipal": self.roles[grantee].arn, "Operations": list(operations)}
        return self.call(kms.create_grant, **asked, **more)

    def use(self, who, **more):
        kms = self.roles[who].client("kms")
        return self.call(kms.generate_data_key, KeyId=self.key, KeySpec="AES_256", **more)

    def call(self, operation, **parameters):
        try:
            return operation(**parameters)
        except ClientError:
            return {}

    @property
    def facts(self):
        listed = self.kms.list_grants(KeyId=self.key)["Grants"]
        return read(self.sim.trail, self.key, listed, self.sim.now, name="alias/a", propagation=MINUTES)

    @property
    def picture(self):
        return grant_chain(self.facts)


@pytest.fixture
def world():
    one = World()
    yield one
    one.sim.close()


def test_without_grants_the_policies_alone_decide(world):
    assert world.picture.title == "No grant yet: policies alone say who may use this key"
    assert "no grants" in texts(world.picture.svg)
    assert world.picture.table is None


def test_a_grant_is_told_with_giver_grantee_terms_and_end(world):
    world.give("worker", "GenerateDataKey", "Decrypt", Constraints={"EncryptionContextSubset": BLUE}, Name="nightly",
               RetiringPrincipal=world.roles["lead"].arn)  # fmt: skip
    (grant,) = world.facts.grants
    assert (grant.giver, grant.grantee, grant.retiring) == ("root", "worker", "lead")
    assert (grant.operations, grant.context) == (("GenerateDataKey", "Decrypt"), "at least tenant=Blue")
    assert world.picture.title == "worker may GenerateDataKey and Decrypt, and no policy was changed"
    shown = texts(world.picture.svg)
    assert {"GenerateDataKey, Decrypt", "at least tenant=Blue in the encryption context", "“nightly”"} <= set(shown)
    assert "RetireGrant by lead or root, or RevokeGrant by an administrator" in shown


def test_a_new_grant_needs_its_token_until_it_has_spread(world):
    token = world.give("worker", "GenerateDataKey")["GrantToken"]
    world.use("worker")
    assert world.picture.title == "Denied: grant 1 is there, but has not spread yet"
    assert "token needed until 00:05" in texts(world.picture.svg)
    assert "Denied: AccessDeniedException" in texts(world.picture.svg)
    world.use("worker", GrantTokens=[token])
    assert world.picture.title == "With its token, grant 1 lets worker call GenerateDataKey"
    world.sim.advance(minutes=5)
    world.use("worker")
    assert world.picture.title == "Grant 1 lets worker call GenerateDataKey"
    assert "counts" in texts(world.picture.svg)


def test_a_grant_made_by_means_of_a_grant_hangs_below_it(world):
    world.give("worker", "GenerateDataKey", "CreateGrant")
    world.sim.advance(minutes=5)
    world.give("helper", "GenerateDataKey", by="worker")
    assert [grant.parent for grant in world.facts.grants] == [0, 1]
    assert world.picture.title == "Grant 2 passes on part of grant 1"
    assert "by means of grant 1" in world.picture.alt


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("Decrypt",), "which it does not have"),
        (("GenerateDataKey",), "must constrain the encryption context"),
    ],
)
def test_a_child_that_would_give_more_is_denied_with_the_reason(world, more, said):
    world.give("worker", "GenerateDataKey", "CreateGrant", Constraints={"EncryptionContextSubset": BLUE})
    world.sim.advance(minutes=5)
    world.give("helper", *more, by="worker", Constraints={"EncryptionContextSubset": BLUE} if said[0] == "w" else {})
    assert world.picture.title.startswith("Denied: a grant made through grant 1")
    assert said in world.picture.title
    assert len(world.facts.grants) == 1


def test_what_is_gone_stays_as_an_outline_and_its_child_lives(world):
    first = world.give("worker", "GenerateDataKey", "CreateGrant", RetiringPrincipal=world.roles["lead"].arn)
    world.sim.advance(minutes=5)
    world.give("helper", "GenerateDataKey", by="worker")
    world.call(world.roles["lead"].client("kms").retire_grant, KeyId=world.key, GrantId=first["GrantId"])
    assert world.picture.title == "Grant 1 is retired, and grant 2 made by means of it is still there"
    assert world.facts.grants[0].ended == "retired by lead"
    world.use("worker")
    assert world.picture.title == "Grant 1 is retired, and still lets worker call GenerateDataKey"
    assert "still counts until 00:10" in texts(world.picture.svg)
    assert quarrels(world.picture.svg) == quarrels(world.picture.narrow) == []
    world.sim.advance(minutes=5)
    world.use("worker")
    assert world.picture.title == "Denied: grant 1 is gone"
    assert "gone" in texts(world.picture.svg)
    world.call(world.kms.revoke_grant, KeyId=world.key, GrantId=world.facts.grants[1].id)
    assert [grant.ended for grant in world.facts.grants] == ["retired by lead", "revoked by root"]


def test_what_list_grants_no_longer_knows_is_gone(world):
    world.give("worker", "GenerateDataKey")
    facts = read(world.sim.trail, world.key, [], world.sim.now)
    assert facts.grants[0].ended == "gone"


def test_a_named_grant_asked_for_twice_is_one(world):
    for _ in range(2):
        world.give("worker", "GenerateDataKey", Name="n")
    assert len(world.facts.grants) == 1


def test_an_allowed_call_that_no_grant_allowed_says_so(world):
    world.kms.generate_data_key(KeyId=world.key, KeySpec="AES_256")
    assert world.picture.title.startswith("Allowed, and by no grant: key policy")


def test_calls_about_another_key_are_left_out(world):
    other = world.kms.create_key()["KeyMetadata"]["KeyId"]
    world.kms.create_grant(KeyId=other, GranteePrincipal=world.roles["worker"].arn, Operations=["Decrypt"])
    assert world.facts.grants == ()


def test_the_same_run_gives_the_same_bytes_whatever_the_ids():
    pictures = []
    for _ in range(2):
        world = World()
        world.give("worker", "GenerateDataKey")
        world.use("worker")
        pictures.append(world.picture)
        world.sim.close()
    assert pictures[0] == pictures[1]


def test_words_get_along_with_a_chain_and_with_more_grants_than_are_shown(world):
    for _ in range(SHOWN[WIDE] + 3):
        world.give("worker", "GenerateDataKey", "CreateGrant", Constraints={"EncryptionContextEquals": BLUE})
    world.sim.advance(minutes=5)
    world.give("helper", "GenerateDataKey", by="worker", Constraints={"EncryptionContextEquals": BLUE})
    world.use("helper", EncryptionContext=BLUE)
    picture = world.picture
    assert "and 4 older grants" in texts(picture.svg)
    assert len(picture.table.rows) == SHOWN[WIDE] + 4
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []


@pytest.mark.parametrize("canvas", ["svg", "narrow"])
def test_a_grant_stands_below_the_one_it_was_made_by_and_further_in(world, canvas):
    world.give("worker", "GenerateDataKey", "CreateGrant")
    world.sim.advance(minutes=5)
    world.give("helper", "GenerateDataKey", by="worker")
    world.give("lead", "GenerateDataKey")
    drawn = {word.text: word for word in words(getattr(world.picture, canvas)) if word.text in ("1", "2", "3")}
    first, second, third = (drawn[number] for number in "123")
    assert first.foot < second.top < second.foot < third.top
    assert first.left == third.left < second.left
