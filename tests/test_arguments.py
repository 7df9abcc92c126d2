"""What people type at the public functions: a wrong type is answered with an example, before anything is done."""

import inspect

import pytest

from kms_teach import Enclave, KeyStoreBackend, Person, Simulator, Trail
from kms_teach.arguments import fits, told

PUBLIC = {
    Simulator: ("__exit__", "advance"),  # which is given any unit, and answers by itself
    Person: (),
    KeyStoreBackend: (),
    Enclave: (),
    Trail: (
        "add",
        "used",
        "write",
        "copied",
        "last_usage",
        "backwards",
        "index",
        "count",
    ),  # of the simulator itself, or Sequence's
}


class Odd: ...


ODD = [None, 5, -1, True, 1.5, float("nan"), b"x", "", "\ud800", "x" * 100_000, [], [None], [5], {}, {"a": 1}, {5: 5}, {"a": Odd()}, Odd(), Odd, (), set(), 10**30, range(3)]  # fmt: skip


def own(kind):
    """The public methods of a class that take something."""
    for name, function in inspect.getmembers(kind, inspect.isfunction):
        shown = not name.startswith("_") or name in ("__init__", "__getitem__", "__exit__")
        if shown and len(inspect.signature(function).parameters) > 1 and name not in PUBLIC[kind]:
            yield function


@pytest.mark.parametrize("kind", [Simulator, Person, KeyStoreBackend, Trail], ids=lambda kind: kind.__name__)
def test_each_public_function_is_checked_at_its_door(kind):
    functions = [function for function in own(kind) if function.__qualname__.startswith(kind.__name__)]
    made_inside = {"Person.__init__", "KeyStoreBackend.__init__", "Trail.__init__"}
    assert [f.__qualname__ for f in functions if not hasattr(f, "__wrapped__")] == sorted(made_inside & {f"{kind.__name__}.__init__"})  # fmt: skip


CALLS = {
    "store": lambda _, value: Simulator(value), "start": lambda _, value: Simulator(start=value),
    "keep": lambda _, value: Simulator(keep=value), "quota": lambda _, value: Simulator(quota=value),
    "name": lambda sim, value: sim.user(value), "account": lambda sim, value: sim.root(value),
    "path": lambda sim, value: sim.user("one", path=value), "tags": lambda sim, value: sim.user("two", tags=value),
    "policies": lambda sim, value: sim.user("three", policies=value),
    "boundary": lambda sim, value: sim.user("four", boundary=value),
    "trust": lambda sim, value: sim.role("five", trust=value),
    "credentials": lambda sim, value: sim.session(value),
    "organization": lambda sim, value: sim.account("444455556666", organization=value),
    "scps": lambda sim, value: sim.account("444455556667", scps=value),
    "key_id": lambda sim, value: sim.who_may(value), "actions": lambda sim, value: sim.who_may("alias/aws/s3", value),
    "region": lambda sim, value: sim.faults("alias/aws/s3", region=value),
    "source_ip": lambda sim, value: sim.client("kms", source_ip=value).list_keys(),
    "via": lambda sim, value: sim.root().client("kms", via=value).list_keys(),
    "endpoint": lambda sim, value: sim.root().client("kms", endpoint=value).list_keys(),
    "policy": lambda sim, value: sim.vpc_endpoint(value), "kind": lambda sim, value: sim.key_store(value),
    "image": lambda sim, value: sim.enclave(value), "record": lambda sim, value: sim.authorization(value),
    "port": lambda sim, value: sim.serve(value if isinstance(value, int | float) and value != value // 1 else "x"),
    "index": lambda sim, value: sim.trail[value], "request_id": lambda sim, value: sim.trail.by_request(value),
    "add": lambda sim, value: sim.key_store("EXTERNAL_KEY_STORE").add_key(value),
}  # fmt: skip
SLOW_TO_MAKE = {"image"}  # an enclave makes an RSA key


@pytest.mark.parametrize("name", CALLS)
def test_whatever_is_given_is_answered_with_what_to_do(sim, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sim.client("kms").describe_key(KeyId="alias/aws/s3")
    for value in ODD[:6] if name in SLOW_TO_MAKE else ODD:
        if name == "store" and value is None:
            continue
        try:
            CALLS[name](sim, value)
        except TypeError as error:
            assert str(error).startswith("`")
            assert ", and not " in str(error)
            assert len(str(error)) < 2000
        except Exception as error:  # noqa: BLE001 (whatever it is, it is looked at)
            assert not isinstance(error, AttributeError | UnicodeError | KeyError) or name == "request_id"
            assert len(str(error)) < 2000


def test_a_wrong_type_changes_nothing(sim):
    with pytest.raises(TypeError, match=r'^`organization` is text, such as "o-exampleorg", and not 5$'):
        sim.account("444455556666", organization=5)
    assert sim.client("kms", account="444455556666").list_keys()["Keys"] == []
    store = sim.key_store("EXTERNAL_KEY_STORE")
    with pytest.raises(TypeError, match=r"^`key_id` is text"):
        store.add_key(5)
    assert store.parameters["CustomKeyStoreType"] == "EXTERNAL_KEY_STORE"


@pytest.mark.parametrize(
    ("value", "hint", "yes"),
    [
        ("a", str, True), ("\ud800", str, False), (True, int, False), (1, float, True), (None, str | None, True),
        (["a"], list[str] | str, True), (5, str | bytes, False), (object, type, True),
    ],
)  # fmt: skip
def test_a_value_fits_a_type_or_not(value, hint, yes):
    assert fits(value, hint) is yes


def test_a_type_is_told_in_words():
    assert told(str | bytes | None) == "text or bytes"
    assert told(Person) == "a Person"
