import json
from typing import NamedTuple

import pytest


class Sts(NamedTuple):
    """A caller of STS, and what AssumeRole answers to it."""

    client: object
    refused: object

    def assume(self, role, **more):
        return self.client.assume_role(**{"RoleArn": role.arn, "RoleSessionName": "monday", **more})

    def no(self, role, **more):
        return self.refused(self.client.assume_role, **{"RoleArn": role.arn, "RoleSessionName": "monday", **more})


def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": "*", **more}


def deny(action, **more):
    return {"Effect": "Deny", "Action": action, "Resource": "*", **more}


def trusts(principal, *actions, **condition):
    actions = list(actions) or ["sts:AssumeRole"]
    more = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, **more}


ALL = ("sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity")


def tags(**given):
    return [{"Key": key, "Value": value} for key, value in given.items()]


def text(document):
    return json.dumps(document)


@pytest.fixture
def as_sts(refused):
    """A caller's view of STS."""
    return lambda person: Sts(person.client("sts"), refused)


@pytest.fixture
def alice(sim):
    return sim.user("alice", policies=[doc(allow())])
