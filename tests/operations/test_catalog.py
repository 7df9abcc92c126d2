import pytest

from kms_teach.keys.states import LIFECYCLE, STATES
from kms_teach.operations.catalog import CATALOG
from kms_teach.wire.model import operation_model, service_model

COMMON = {"GrantTokens", "DryRun", "DryRunModifiers", "Recipient"}  # served once, for all


@pytest.mark.parametrize("name", sorted(CATALOG))
def test_every_parameter_is_the_models(name):
    operation = CATALOG[name]
    members = set(operation_model(name).input_shape.members)
    named = {parameter for role in operation.on for parameter in (role.parameter, role.blob) if parameter}
    assert set(operation.parameters) <= members
    assert members - set(operation.parameters) - COMMON <= named


def test_every_operation_is_one_of_the_models():
    assert set(CATALOG) <= set(service_model().operation_names)


@pytest.mark.parametrize("name", sorted(CATALOG))
def test_every_operation_on_a_key_has_its_row_of_states(name):
    if CATALOG[name].on:
        assert set(LIFECYCLE[name]) == set(STATES)


def test_operations_are_short():
    import inspect

    long = {name: len(inspect.getsource(op.function).splitlines()) for name, op in CATALOG.items()}
    assert {name: lines for name, lines in long.items() if lines > 45} == {}
