import html
import re
from datetime import UTC, datetime, timedelta

import pytest

from kms_teach.keys.delays import DELAYS, as_of, delay, remembering
from kms_teach.operations.catalog import CATALOG
from kms_teach.wire.model import service_model
from scripts.delays import PAGE, length, page

REFERENCE = "KMS API Reference, "
QUOTED = {what: row for what, row in DELAYS.items() if row.source.startswith(REFERENCE)}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def prose(operation):
    """All that botocore's model says of an operation and its members."""
    model = service_model().operation_model(operation)
    shapes = [shape for shape in (model.input_shape, model.output_shape) if shape]
    said = [model.documentation, *(member.documentation for shape in shapes for member in shape.members.values())]
    return html.unescape(re.sub(r"<[^>]+>", "", " ".join(said)))


def test_the_page_is_what_the_table_says():
    assert PAGE.read_text() == page()


@pytest.mark.parametrize("what", DELAYS)
def test_a_row_is_whole_and_about_operations_that_exist(what):
    row = DELAYS[what]
    assert row.at_aws and row.source
    assert row.operations == "all" or set(row.operations.split()) <= set(CATALOG)
    if row.why:
        assert (row.usual, row.slow, row.meanwhile) == (timedelta(), timedelta(), "")
    else:
        assert row.meanwhile
        assert row.usual == row.slow or row.usual == timedelta() < row.slow


@pytest.mark.parametrize("what", QUOTED)
def test_what_the_api_reference_is_said_to_say_it_says(what):
    """Foreign eyes: botocore's model."""
    row = QUOTED[what]
    assert row.at_aws in prose(row.source.removeprefix(REFERENCE))


def test_every_operation_that_changes_something_has_a_row():
    told = {name for row in DELAYS.values() for name in row.operations.split()}
    assert {name for name, operation in CATALOG.items() if operation.changes} <= told


def test_policies_learn_of_an_alias_last():
    """What an alias named before is remembered until they have."""
    assert delay("an alias as a name", slow=True) <= delay("an alias in a policy", slow=True)


def test_what_the_request_says_has_no_length_of_its_own():
    with pytest.raises(AssertionError):
        delay("the waiting period before a deletion", slow=True)


def test_the_past_is_what_it_was_until_it_ended():
    earlier = ((NOW, "a"), (NOW + timedelta(seconds=5), "b"))
    seen = [as_of(NOW + timedelta(seconds=at), earlier, "c") for at in (-1, 0, 4, 5, 6)]
    assert seen == ["a", "b", "b", "c", "c"]
    assert as_of(NOW, (), "c") == "c"


def test_nothing_is_remembered_longer_than_it_can_be_asked_for():
    minute = timedelta(minutes=1)
    earlier = remembering((), "a", NOW, minute)
    assert remembering(earlier, "b", NOW + minute / 2, minute) == ((NOW, "a"), (NOW + minute / 2, "b"))
    assert remembering(earlier, "b", NOW + minute, minute) == ((NOW + minute, "b"),)
    assert remembering(earlier, "b", NOW, timedelta()) == ()


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (None, "as asked"),
        (timedelta(), "at once"),
        (timedelta(seconds=1), "1 second"),
        (timedelta(minutes=20), "20 minutes"),
        (timedelta(hours=24), "24 hours"),
    ],
)
def test_a_time_is_told_in_words(time, words):
    assert length(time) == words
