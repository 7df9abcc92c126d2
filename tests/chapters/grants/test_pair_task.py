import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.grants.pair_task import CONTEXT, PERSON, a_parcel
from kms_teach.chapters.grants.tasks import LET_IT_UNPACK

BLUE = {"tenant": "Blue"}


class Parcel:
    def __init__(self, sim):
        self.sim, self.kms, self.blob = sim, sim.client("kms"), a_parcel(sim)["parcel"]
        self.key = sim.trail.named("CreateKey")[-1].event["resources"][0]["ARN"]
        self.packer = f"arn:aws:iam::111122223333:user/{PERSON}"

    def lend(self, **constraints):
        more = {"Constraints": constraints} if constraints else {}
        made = self.kms.create_grant(KeyId=self.key, GranteePrincipal=self.packer, Operations=["Decrypt"], **more)
        return made["GrantToken"]

    def unpacks(self, *tokens, context=CONTEXT, policies=(), client=None):
        client = client or self.sim.user(PERSON, policies=policies).client("kms")
        with suppress(ClientError):
            client.decrypt(CiphertextBlob=self.blob, EncryptionContext=context, GrantTokens=list(tokens))


@pytest.fixture
def parcel(sim):
    return Parcel(sim)


def allow(resource="*", **more):
    return {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": resource, **more}


def by_a_subset(parcel):
    parcel.unpacks(parcel.lend(EncryptionContextSubset=BLUE))


def by_an_iam_policy_with_a_condition(parcel):
    only = {"StringEquals": {"kms:EncryptionContext:tenant": "Blue"}}
    parcel.unpacks(policies=[{"Version": "2012-10-17", "Statement": [allow(parcel.key, Condition=only)]}])


def by_a_key_policy_with_a_condition(parcel):
    policy = json.loads(parcel.kms.get_key_policy(KeyId=parcel.key)["Policy"])
    only = {"StringEquals": {"kms:EncryptionContext:tenant": "Blue"}}
    policy["Statement"].append({**allow(Condition=only), "Principal": {"AWS": parcel.packer}})
    parcel.kms.put_key_policy(KeyId=parcel.key, Policy=json.dumps(policy))
    parcel.unpacks()


@pytest.mark.parametrize("way", [by_a_subset, by_an_iam_policy_with_a_condition, by_a_key_policy_with_a_condition])
def test_any_way_that_asks_for_the_tenant_and_leaves_other_pairs_alone_is_right(parcel, way):
    parcel.unpacks()
    assert not LET_IT_UNPACK.check(parcel.sim).done
    way(parcel)
    outcome = LET_IT_UNPACK.check(parcel.sim)
    assert outcome.done, outcome.feedback


def nothing(parcel):
    pass


def as_it_is(parcel):
    parcel.unpacks()


def by_the_same_grant_again(parcel):
    parcel.unpacks(parcel.lend(EncryptionContextEquals=BLUE))


def without_the_second_pair(parcel):
    parcel.unpacks(context=BLUE)


def without_a_constraint(parcel):
    parcel.unpacks(parcel.lend())


def by_an_iam_policy_for_all(parcel):
    parcel.unpacks(policies=[{"Version": "2012-10-17", "Statement": [allow()]}])


def by_exactly_this_parcel(parcel):
    parcel.unpacks(parcel.lend(EncryptionContextEquals=CONTEXT))


def for_another_operation(parcel):
    made = parcel.kms.create_grant(KeyId=parcel.key, GranteePrincipal=parcel.packer, Operations=["Encrypt"])
    parcel.unpacks(made["GrantToken"])


def for_another_tenant(parcel):
    parcel.unpacks(parcel.lend(EncryptionContextSubset={"tenant": "Red"}))


def by_root(parcel):
    parcel.unpacks(client=parcel.kms)


@pytest.mark.parametrize(("way", "says"), [
    (nothing, "has not called Decrypt yet"),
    (as_it_is, "and the call carries two pairs"),
    (by_the_same_grant_again, "The new grant asks as the old one did"),
    (without_the_second_pair, "KMS compares all of them"),
    (without_a_constraint, "it opens Red's parcels too"),
    (by_an_iam_policy_for_all, "it opens Red's parcels too"),
    (by_exactly_this_parcel, "opens parcel 17, and no other of Blue"),
    (for_another_operation, "lists Encrypt, and not Decrypt"),
    (for_another_tenant, "a pair that this parcel does not have"),
    (by_root, "Somebody else opened it"),
])  # fmt: skip
def test_a_way_that_leads_astray_is_answered_by_its_name(parcel, way, says):
    way(parcel)
    outcome = LET_IT_UNPACK.check(parcel.sim)
    assert not outcome.done
    assert says in outcome.feedback


def test_a_new_grant_without_its_token_is_told_to_wait():
    with Simulator(start="2026-01-01T00:00:00Z", slow=True) as sim:
        parcel = Parcel(sim)
        sim.advance(minutes=10)
        parcel.lend(EncryptionContextSubset=BLUE)
        parcel.unpacks()
        assert "show its token" in LET_IT_UNPACK.check(sim).feedback
        sim.advance(minutes=10)
        parcel.unpacks()
        assert LET_IT_UNPACK.check(sim).done
