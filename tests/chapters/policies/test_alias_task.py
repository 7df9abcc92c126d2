import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.policies.alias_task import ALIAS, OTHER, PERSON, labels
from kms_teach.chapters.policies.tasks import NAME_THE_KEY

PRINTER = f"arn:aws:iam::111122223333:user/{PERSON}"


class Printer:
    def __init__(self, sim):
        self.sim, self.kms = sim, sim.client("kms")
        self.note = labels(sim)["label"]
        self.key, self.other = (self.kms.describe_key(KeyId=name)["KeyMetadata"]["Arn"] for name in (ALIAS, OTHER))

    def encrypts(self, resource=None, key=ALIAS, **more):
        if resource:
            statement = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": resource, **more}
            self.sim.user(PERSON, policies=[{"Version": "2012-10-17", "Statement": [statement]}])
        person = self.sim.user(
            PERSON, policies=[{"Version": "2012-10-17", "Statement": [statement]}] if resource else []
        )
        with suppress(ClientError):
            person.client("kms").encrypt(KeyId=key, Plaintext=self.note)


@pytest.fixture
def printer(sim):
    return Printer(sim)


def by_the_key_s_arn(printer):
    printer.encrypts(printer.key)


def by_the_alias_it_has(printer):
    printer.encrypts("*", Condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": ALIAS}})


def by_the_alias_it_is_called_by(printer):
    printer.encrypts("*", Condition={"StringEquals": {"kms:RequestAlias": ALIAS}})


def by_the_key_policy(printer):
    policy = json.loads(printer.kms.get_key_policy(KeyId=printer.key)["Policy"])
    policy["Statement"].append(
        {"Effect": "Allow", "Principal": {"AWS": PRINTER}, "Action": "kms:Encrypt", "Resource": "*"}
    )
    printer.kms.put_key_policy(KeyId=printer.key, Policy=json.dumps(policy))
    printer.encrypts()


def by_a_grant(printer):
    printer.kms.create_grant(KeyId=printer.key, GranteePrincipal=PRINTER, Operations=["Encrypt"])
    printer.encrypts()


@pytest.mark.parametrize("way", [
    by_the_key_s_arn, by_the_alias_it_has, by_the_alias_it_is_called_by, by_the_key_policy, by_a_grant,
])  # fmt: skip
def test_any_way_that_opens_this_key_alone_is_right(printer, way):
    assert not NAME_THE_KEY.check(printer.sim).done
    way(printer)
    outcome = NAME_THE_KEY.check(printer.sim)
    assert outcome.done, outcome.feedback
    assert ("follows the alias" in outcome.feedback) is (way in (by_the_alias_it_has, by_the_alias_it_is_called_by))


def nothing(printer):
    pass


def as_it_was(printer):
    printer.encrypts(f"arn:aws:kms:us-east-1:111122223333:{ALIAS}")


def by_the_key_s_id_with_the_alias_in_the_policy(printer):
    printer.encrypts(f"arn:aws:kms:us-east-1:111122223333:{ALIAS}", key=printer.key)


def by_every_alias(printer):
    printer.encrypts("arn:aws:kms:*:*:alias/*")


def by_every_key(printer):
    printer.encrypts("*")


def with_the_wrong_key(printer):
    printer.encrypts("*", key=OTHER)


def by_a_new_target(printer):
    new = printer.kms.create_key()["KeyMetadata"]["KeyId"]
    printer.kms.update_alias(AliasName=ALIAS, TargetKeyId=new)
    printer.encrypts(f"arn:aws:kms:us-east-1:111122223333:{ALIAS}")


@pytest.mark.parametrize(("way", "says"), [
    (nothing, "has not called Encrypt yet"),
    (as_it_was, "its ARN never stands for the key"),
    (by_the_key_s_id_with_the_alias_in_the_policy, "its ARN never stands for the key"),
    (by_every_alias, "its ARN never stands for the key"),
    (by_every_key, "`*` without a condition is every key"),
    (with_the_wrong_key, "the right is too wide"),
    (by_a_new_target, "The alias points elsewhere now"),
])  # fmt: skip
def test_a_way_that_leads_astray_is_answered_by_its_name(printer, way, says):
    way(printer)
    outcome = NAME_THE_KEY.check(printer.sim)
    assert not outcome.done
    assert says in outcome.feedback
