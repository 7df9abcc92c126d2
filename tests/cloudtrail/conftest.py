import pytest


def doc(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(*actions):
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*"}


def attribute(name, value):
    return {"LookupAttributes": [{"AttributeKey": name, "AttributeValue": value}]}


@pytest.fixture
def cloudtrail(sim):
    return sim.client("cloudtrail")


@pytest.fixture
def names(cloudtrail):
    """What was called in the events that are looked up, the newest first."""
    return lambda **asked: [event["EventName"] for event in cloudtrail.lookup_events(**asked)["Events"]]
