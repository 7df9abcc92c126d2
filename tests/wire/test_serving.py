import sys
import threading

import pytest
from botocore.exceptions import EndpointConnectionError

from kms_teach import Simulator
from kms_teach.wire.maker import isolated_session


def client(at, name="kms", access_key="test"):
    """A client that knows nothing of the simulator but its address."""
    return isolated_session().create_client(
        name, region_name="us-east-1", endpoint_url=at.url, aws_access_key_id=access_key, aws_secret_access_key="test"
    )


def test_one_simulator_answers_in_process_and_over_http_into_one_trail(sim, kms):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    with sim.serve() as at:
        blob = client(at).encrypt(KeyId=key, Plaintext=b"hello")["CiphertextBlob"]
        assert kms.decrypt(CiphertextBlob=blob)["Plaintext"] == b"hello"
        assert client(at, "sts", "444455556666").get_caller_identity()["Account"] == "444455556666"
        client(at).describe_key(KeyId=key)
    names = ["CreateKey", "Encrypt", "Decrypt", "GetCallerIdentity", "DescribeKey"]
    assert [record.event["eventName"] for record in sim.trail] == names
    assert sim.now.year == 2026  # its time is still the simulator's


def test_after_the_block_nobody_listens(sim):
    with sim.serve() as at:
        assert client(at).list_keys()["Keys"] == []
    with pytest.raises(EndpointConnectionError):
        client(at).list_keys()
    assert str(at).endswith("closed>")
    at.close()


def test_serving_again_closes_what_served_before(sim):
    first = sim.serve()
    port = int(first.url.rsplit(":", 1)[1])
    second = sim.serve(port)  # as when a cell is run again
    assert second.url == first.url
    assert client(second).list_keys()["Keys"] == []
    assert len([thread for thread in threading.enumerate() if thread.name == f"kms-teach at {first.url}"]) == 1


def test_a_simulator_that_is_closed_serves_no_more():
    with Simulator() as sim:
        at = sim.serve()
    assert not [thread for thread in threading.enumerate() if thread.name == f"kms-teach at {at.url}"]


def test_a_port_that_cannot_be_had_is_said_in_a_sentence(sim):
    with Simulator() as other:
        port = int(other.serve().url.rsplit(":", 1)[1])
        with pytest.raises(
            RuntimeError, match=rf"^cannot serve at port {port} \(Address already in use\): choose another, or 0$"
        ):
            sim.serve(port)
    with pytest.raises(RuntimeError, match="a port is a number from 0 to 65535"):
        sim.serve(70000)


@pytest.mark.parametrize("package", ["uvicorn", "httptools"])
def test_without_the_extra_it_says_how_to_get_it(sim, monkeypatch, package):
    ours = ("kms_teach.wire.connection", "kms_teach.wire.http")
    for module in [m for m in sys.modules if m.startswith((*ours, "uvicorn", "httptools"))]:
        monkeypatch.delitem(sys.modules, module)
    for module in ("connection", "http"):
        monkeypatch.delattr(sys.modules["kms_teach.wire"], module, raising=False)
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not installed
    with pytest.raises(RuntimeError, match=rf'^serving needs {package}: pip install "kms-teach\[serve\]"$'):
        sim.serve()


def test_in_a_browser_nobody_can_listen(sim, monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(RuntimeError, match=r"^a browser lets nobody listen"):
        sim.serve()


def test_a_service_that_is_not_here_is_said_in_a_sentence(sim):
    with pytest.raises(ValueError, match=r"^this simulator has no `ec2`: ask for kms, iam, sts, s3 or cloudtrail"):
        sim.client("ec2")
