import boto3
import botocore.utils
import pytest

from kms_teach import Simulator
from kms_teach.wire.loader import loader
from kms_teach.wire.services import APIS


def refuse(*_, **__):
    raise AssertionError("it was read once more")


@pytest.mark.parametrize("name", list(APIS))
def test_the_models_are_read_once_for_all_simulators(name, monkeypatch):
    with Simulator() as first:
        first.client(name)
    monkeypatch.setattr(loader().file_loader, "load_file", refuse)
    with Simulator() as second:
        assert second.client(name)


def test_a_model_of_the_learners_own_is_not_read():
    assert loader().search_paths == [loader().BUILTIN_DATA_PATH]


def test_proxies_of_the_environment_are_not_read(sim, monkeypatch):
    monkeypatch.setattr(botocore.utils, "getproxies", refuse)
    assert sim.client("kms")


@pytest.mark.parametrize("region", ["us-east-1", "cn-north-1", "us-mars-1"])
@pytest.mark.parametrize("name", list(APIS))
def test_a_client_is_what_boto3_makes(sim, name, region):
    ours = sim.client(name, region=region)
    theirs = boto3.session.Session().client(
        name, region_name=region, aws_access_key_id="test", aws_secret_access_key="test"
    )
    assert set(dir(ours)) == set(dir(theirs))
    for fact in ("region_name", "partition", "method_to_api_mapping"):
        assert getattr(ours.meta, fact) == getattr(theirs.meta, fact)
    assert {n: ours.can_paginate(n) for n in ours.meta.method_to_api_mapping} == {
        n: theirs.can_paginate(n) for n in theirs.meta.method_to_api_mapping
    }
    assert ours.waiter_names == theirs.waiter_names


def test_what_is_hooked_into_one_client_is_seen_by_no_other(sim):
    seen = []
    one = sim.client("kms")
    one.meta.events.register("before-call.kms", lambda **_: seen.append("one"))
    with Simulator() as other:
        for client in (sim.client("kms"), other.client("kms")):
            client.list_keys()
    assert seen == []
    one.list_keys()
    assert seen == ["one"]
