import boto3
import botocore.utils
import pytest

from kms_teach import Simulator
from kms_teach.wire.inprocess import SERVICES
from kms_teach.wire.model import loader


def refuse(*_, **__):
    raise AssertionError("it was read once more")


@pytest.mark.parametrize("name", SERVICES)
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


@pytest.mark.parametrize("name", SERVICES)
def test_a_client_can_do_all_that_boto3s_can(sim, name):
    theirs = boto3.session.Session().client(
        name, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    assert set(dir(sim.client(name))) == set(dir(theirs))


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
