import gc
import sys

import pytest
from botocore.exceptions import ClientError
from hypothesis import settings

from kms_teach import Simulator

settings.register_profile("here", deadline=None, derandomize=True)  # no timed assertions; the same cases each run
settings.load_profile("here")

START = "2026-01-01T00:00:00Z"


def pytest_collection_finish():
    """Thousands of tests and all that they import stay to the end: a tenth of the time went in search of garbage there."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def own_state(tmp_path_factory):
    """Folders of the tests' own: no server of theirs is found by a developer's command, and no answer is kept as theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("KMS_TEACH_PROGRESS", str(tmp_path_factory.mktemp("progress")))
        yield


@pytest.fixture
def sim():
    with Simulator(start=START) as simulator:
        yield simulator


@pytest.fixture
def kms(sim):
    return sim.client("kms")


@pytest.fixture
def key(kms):
    """The id of a symmetric key."""
    return kms.create_key()["KeyMetadata"]["KeyId"]


@pytest.fixture(autouse=True)
def closed_widgets():
    """Close after each test what it made: ipywidgets keeps every widget for ever."""
    before = set(live_widgets())
    yield
    for name, widget in live_widgets().items():
        if name not in before:
            widget.close()


def live_widgets():
    """Model id -> widget, if any test has made one."""
    module = sys.modules.get("ipywidgets.widgets.widget")
    return dict(module._instances) if module else {}


class Refusal:
    """What AWS answered instead: its code and its words."""

    def __init__(self, error):
        self.code = error.response["Error"]["Code"]
        self.message = error.response["Error"].get("Message", "")

    def __eq__(self, other):
        return (self.code, self.message) == other

    def __repr__(self):
        return f"{self.code}: {self.message}"


@pytest.fixture
def refused():
    """Call something that must be refused; gives the refusal, which equals (code, message)."""

    def call(operation, *arguments, **parameters):
        with pytest.raises(ClientError) as caught:
            operation(*arguments, **parameters)
        return Refusal(caught.value)

    return call
