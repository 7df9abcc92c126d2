from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.start.switch_task import MAY_READ, PERSON, a_quiet_key
from kms_teach.chapters.start.tasks import LET_BEN_READ_AGAIN


def may(*actions):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}


class Letter:
    def __init__(self, sim):
        self.sim, self.kms, self.blob = sim, sim.client("kms"), a_quiet_key(sim)["letter"]
        self.key = sim.trail.named("DisableKey")[-1].event["resources"][0]["ARN"]

    def reads(self, *policies, client=None):
        client = client or self.sim.user(PERSON, policies=policies or [MAY_READ]).client("kms")
        with suppress(ClientError):
            client.decrypt(CiphertextBlob=self.blob)


@pytest.fixture
def letter(sim):
    return Letter(sim)


def by_root(letter):
    letter.kms.enable_key(KeyId=letter.key)
    letter.reads()


def by_an_administrator(letter):
    letter.sim.user("admin", policies=[may("kms:EnableKey")]).client("kms").enable_key(KeyId=letter.key)
    letter.reads()


def by_ben_himself(letter):
    ben = letter.sim.user(PERSON, policies=[may("kms:Decrypt", "kms:EnableKey")]).client("kms")
    ben.enable_key(KeyId=letter.key)
    letter.reads(client=ben)


def by_way_of_a_deletion(letter):
    letter.kms.schedule_key_deletion(KeyId=letter.key)
    letter.kms.cancel_key_deletion(KeyId=letter.key)
    letter.kms.enable_key(KeyId=letter.key)
    letter.reads()


@pytest.mark.parametrize("way", [by_root, by_an_administrator, by_ben_himself, by_way_of_a_deletion])
def test_any_way_that_switches_the_key_on_is_right(letter, way):
    letter.reads()
    assert not LET_BEN_READ_AGAIN.check(letter.sim).done
    way(letter)
    outcome = LET_BEN_READ_AGAIN.check(letter.sim)
    assert outcome.done, outcome.feedback


def nothing(letter):
    pass


def by_more_permission(letter):
    letter.reads(may("kms:*"))


def by_a_grant(letter):
    ben = f"arn:aws:iam::111122223333:user/{PERSON}"
    with suppress(ClientError):
        letter.kms.create_grant(KeyId=letter.key, GranteePrincipal=ben, Operations=["Decrypt"])


def by_a_new_key(letter):
    letter.kms.create_key(Description="another one")
    letter.reads()


def switched_on_alone(letter):
    letter.kms.enable_key(KeyId=letter.key)


def read_by_root(letter):
    letter.kms.enable_key(KeyId=letter.key)
    letter.reads(client=letter.kms)


def scheduled(letter):
    letter.kms.schedule_key_deletion(KeyId=letter.key)
    letter.reads()


def by_somebody_who_may_not(letter):
    with suppress(ClientError):
        letter.sim.user(PERSON).client("kms").enable_key(KeyId=letter.key)


def without_permission(letter):
    letter.sim.user(PERSON)
    letter.kms.enable_key(KeyId=letter.key)
    letter.kms.disable_key(KeyId=letter.key)
    letter.reads()


@pytest.mark.parametrize(("way", "says"), [
    (nothing, f"Let {PERSON} call Decrypt"),
    (by_more_permission, "is not about permission"),
    (by_a_grant, "is not about permission"),
    (by_a_new_key, "A new key opens nothing"),
    (switched_on_alone, f"Now let {PERSON} call Decrypt"),
    (read_by_root, f"not to {PERSON}"),
    (scheduled, "the key waits for its deletion"),
    (by_somebody_who_may_not, "may not switch the key on"),
])  # fmt: skip
def test_a_way_that_leads_astray_is_answered_by_its_name(letter, way, says):
    way(letter)
    outcome = LET_BEN_READ_AGAIN.check(letter.sim)
    assert not outcome.done
    assert says in outcome.feedback


def test_a_key_that_was_switched_off_again_is_not_told_to_be_on(letter):
    without_permission(letter)
    assert "is not about permission" in LET_BEN_READ_AGAIN.check(letter.sim).feedback
