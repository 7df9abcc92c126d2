import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kms_teach.teaching.handed_over import packed, unpacked

DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.binary(), inner),
    max_leaves=6,
)


@settings(max_examples=50)
@given(DATA)
def test_what_is_handed_over_arrives_as_it_was(value):
    there = json.loads(json.dumps(packed(value, lambda _: None)))
    assert unpacked(there, lambda *_: None) == value
    assert type(unpacked(there, lambda *_: None)) is type(value)


def test_what_is_no_data_is_made_anew_by_who_knows_how():
    there = packed({"a": {1, 2}}, lambda value: {"set": sorted(value)})
    assert unpacked(there, lambda kind, held: (kind, held)) == {"a": ("set", [1, 2])}


def test_what_nobody_knows_is_refused():
    with pytest.raises(TypeError, match="a set cannot be handed over"):
        packed([{1}], lambda _: None)
