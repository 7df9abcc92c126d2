"""A panel that is closed leaves nothing: no widget, no simulator of its own, no folder."""

import tempfile

import pytest
from ipywidgets.widgets.widget import _instances

from kms_teach import Simulator
from kms_teach.chapters.accounts.lab import ConditionLab, TwoKeysLab
from kms_teach.chapters.aliases.lab import AliasLab, RegionLab
from kms_teach.chapters.encrypt.lab import BlobLab, LimitLab
from kms_teach.chapters.envelope.lab import EnvelopeLab
from kms_teach.chapters.grants.lab import GrantLab
from kms_teach.chapters.policies.lab import PolicyLab, WhoMayLab
from kms_teach.chapters.rotation.lab import RotationLab, RotationTableLab
from kms_teach.chapters.start import predictions, tasks
from kms_teach.teaching import CallOpened, Do, Predict, Quiz

PANELS = {
    "conditions": ConditionLab,
    "two keys": TwoKeysLab,
    "aliases": lambda _: AliasLab(),
    "regions": lambda _: RegionLab(),
    "blob": BlobLab,
    "limit": LimitLab,
    "envelope": EnvelopeLab,
    "grants": lambda _: GrantLab(),
    "policies": lambda _: PolicyLab(),
    "who may": lambda _: WhoMayLab(),
    "rotation": lambda _: RotationLab(),
    "rotation of a learner's": RotationLab,
    "rotation table": lambda _: RotationTableLab(),
    "prediction": lambda _: Predict(predictions.ALICE),
    "quiz": lambda _: Quiz("two-users"),
    "quiz of two": lambda _: Quiz("two-users", "ways-in"),
    "task": lambda sim: Do(tasks.LET_ALICE_READ, sim),
    "call opened": CallOpened,
}


@pytest.fixture
def simulators(monkeypatch):
    """How often each simulator was closed, of those made from here on."""
    closed, begin, end = {}, Simulator.__init__, Simulator.close

    def init(self, *arguments, **more):
        begin(self, *arguments, **more)
        closed[self] = 0

    def close(self):
        end(self)
        closed[self] += 1

    monkeypatch.setattr(Simulator, "__init__", init)
    monkeypatch.setattr(Simulator, "close", close)
    return closed


@pytest.mark.parametrize("name", PANELS)
def test_a_closed_panel_leaves_no_widget_and_closes_each_simulator_of_its_own_once(name, sim, kms, simulators):
    widgets = dict(_instances)
    panel = PANELS[name](sim)
    assert len(_instances) > len(widgets)
    panel.close()
    panel.close()
    assert _instances == widgets
    assert set(simulators.values()) <= {1}
    kms.list_keys()  # the learner's goes on


def test_a_lab_that_begins_again_closes_the_simulator_it_leaves(simulators):
    rotation, grants, policies = RotationLab(), GrantLab(), PolicyLab()
    rotation.time.index = 12
    rotation.time.index = 6
    rotation.again.click()
    grants.again.click()
    policies.example.value = 2
    now = {rotation.world.sim, grants.sim, policies.world.sim}
    assert len(simulators) == 7
    assert {sim for sim, count in simulators.items() if not count} == now
    for lab in (rotation, grants, policies):
        lab.close()
    assert set(simulators.values()) == {1}


def test_a_step_back_does_not_close_the_learners_simulator(sim, simulators):
    lab = RotationLab(sim)
    lab.time.index = 12
    lab.time.index = 6
    sim.client("kms").list_keys()
    assert list(simulators.values()) == [0]
    lab.close()
    assert list(simulators.values()) == [1]


def test_the_folder_of_the_envelope_lab_goes_with_it(sim, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lab = EnvelopeLab(sim)
    assert list(tmp_path.iterdir())
    lab.close()
    assert not list(tmp_path.iterdir())
