import pytest

from kms_teach.classroom import sign_in as module
from kms_teach.classroom.sign_in import sign_in
from kms_teach.directory.access_keys import AccessKey
from kms_teach.teaching.class_account import KEY, SECRET, URL, ClassError
from kms_teach.wire import shell

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    monkeypatch.setattr(shell, "state", lambda: tmp_path / "state")


def typing(*words):
    """What a learner types, one after another; they are asked no more often than that."""
    told = iter(words)
    return lambda question: next(told, None) or pytest.fail(f"asked again: {question}")


def test_a_key_is_asked_for_once_tried_and_kept(room):
    account, key = room.keys["Alice"]
    me = sign_in(room.url + "/", typing(f" {key.id} "), typing(key.secret))
    assert (me.learner, me.account) == ("Alice", account)
    assert me.environment == {URL: room.url, KEY: key.id, SECRET: key.secret}
    assert sign_in(room.url, typing(), typing()) == me
    assert module._file().stat().st_mode & 0o777 == 0o600


def test_a_key_that_is_refused_is_not_kept(room):
    key = room.keys["Alice"][1]
    with pytest.raises(ClassError, match="signature"):
        sign_in(room.url, typing(key.id), typing("wrong"))
    assert sign_in(room.url, typing(key.id), typing(key.secret)).learner == "Alice"


def test_after_new_keys_it_is_asked_again(room):
    key = room.keys["Alice"][1]
    module._keep(room.url, AccessKey(id="AKIAGONE", secret="gone"))
    assert sign_in(room.url, typing(key.id), typing(key.secret)).learner == "Alice"
    assert sign_in(room.url, typing(), typing()).learner == "Alice"


def test_a_server_that_does_not_answer_costs_nobody_the_key():
    url = "http://127.0.0.1:1"
    module._keep(url, AccessKey(id="AKIA", secret="s"))
    with pytest.raises(ClassError, match=f"nothing answers at {url}"):
        sign_in(url, typing(), typing())
    assert module._kept() == {url: ["AKIA", "s"]}


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:8765", "ftp://127.0.0.1", "http://", "http://a b", "http://127.0.0.1/path"]
)
def test_what_is_no_address_is_said_so(url):
    with pytest.raises(ClassError, match="is no address of a server"):
        sign_in(url, typing(), typing())


def test_where_nobody_can_type_it_is_said_so(room):
    def ends(_):
        raise EOFError

    with pytest.raises(ClassError, match="in a terminal"):
        sign_in(room.url, ends, ends)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"http://x": 1}', '{"http://x": ["a"]}'])
def test_a_file_that_is_broken_is_as_if_it_was_not_there(text):
    module._file().parent.mkdir(parents=True)
    module._file().write_text(text)
    assert module._kept() == {}
