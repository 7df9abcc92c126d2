import json

import pytest

from kms_teach import Simulator

HOME = "111122223333"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def trust(principal=None):
    who = {"AWS": f"arn:aws:iam::{HOME}:root"} if principal is None else principal
    return document({"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"})


@pytest.fixture
def sim():
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        yield sim


@pytest.fixture
def iam(sim):
    return sim.client("iam")
