import pytest
from hypothesis import given
from hypothesis import strategies as st

from kms_teach.wire.hosts import bare, is_every_address, is_loopback, objection

NAMES = frozenset({"kms.example.com"})


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.0.0.1:8080", "127.1.2.3:1", "localhost", "LocalHost:8080", "[::1]", "[::1]:8080", "kms.example.com:1"],
)  # fmt: skip
def test_a_server_is_called_by_its_own_names(host):
    assert objection({"host": host}, NAMES) == ""
    for scheme in ("http", "https"):
        assert objection({"host": "localhost", "origin": f"{scheme}://{host}"}, NAMES) == ""


@pytest.mark.parametrize(
    "host",
    [
        "", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "kms.example.com.evil", "evil-localhost",
        "localhost.", "0.0.0.0", "[::]", "128.0.0.1", "2130706433", "0x7f000001", "127.1", "[::1", "::1:80", "[::ffff:8.8.8.8]",
        "127.0.0.1,evil.example", "evil.example,127.0.0.1", "localhost@evil.example", "localhost/evil", "localhost:80:80", "localhost evil",
        "192.168.0.5", "x.kms.example.com",
    ],
)  # fmt: skip
def test_any_other_host_or_origin_is_a_strangers(host):
    assert f"`{host}`" in objection({"host": host}, NAMES)
    assert f"http://{host}`" in objection({"host": "localhost", "origin": f"http://{host}"}, NAMES)


@pytest.mark.parametrize(
    "origin", ["", "null", "file://", "localhost", "http:localhost", "http://localhost, http://evil.example"]
)
def test_an_origin_that_is_no_site_of_ours(origin):
    assert objection({"host": "localhost", "origin": origin}, NAMES) != ""


def test_without_a_host_nobody_knows_who_is_meant():
    assert objection({}, NAMES) != ""


@given(st.text(max_size=40))
def test_only_what_is_wholly_a_host_is_one(text):
    host = bare(text)
    assert host == "" or set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-:")


@pytest.mark.parametrize(
    ("host", "loopback", "every"),
    [
        ("127.0.0.1", True, False), ("127.9.9.9", True, False), ("::1", True, False), ("localhost", True, False),
        ("0.0.0.0", False, True), ("::", False, True), ("", False, True), ("example.com", False, False), ("10.0.0.1", False, False),
    ],
)  # fmt: skip
def test_what_is_loopback_and_what_is_every_address(host, loopback, every):
    assert (is_loopback(host), is_every_address(host)) == (loopback, every)
