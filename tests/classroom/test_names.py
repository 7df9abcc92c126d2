import pytest

from kms_teach.classroom.names import LONGEST, MOST, ListError, read


@pytest.fixture
def written(tmp_path):
    """Read a list of these bytes."""

    def read_them(content):
        path = tmp_path / "names.csv"
        path.write_bytes(content)
        return read(path)

    return read_them


@pytest.mark.parametrize(
    "content",
    [
        b"Alice\nBob\n", b"Alice\r\nBob\r\n", b"\xef\xbb\xbfAlice\nBob", b"Name\nAlice\nBob\n", b'\n Alice \n\n"Bob"\n\n',
    ],
)  # fmt: skip
def test_a_list_is_read_as_spreadsheets_write_it(written, content):
    assert written(content) == ("Alice", "Bob")


def test_a_name_may_have_a_comma_in_quotes_and_letters_of_any_script(written):
    assert written('"Müller, Zoë"\n李小龍\nname\n'.encode()) == ("Müller, Zoë", "李小龍", "name")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no names: write one a line"), (b"\n\n", "has no names"), (b"name\n", "has no names"),
        (b"Alice\nBob,x@y.z\n", "line 2 has 2 columns: write one name a line, in quotes where it has a comma"),
        (b'Alice\n"Bob\n', "line 2 is broken (unexpected end of data): write one name a line"),
        (b"Alice\nBob\nALICE\n", "line 3 has `ALICE` again: tell the two apart, as ALICE B and ALICE M"),
        ("Zoë\nZoe\u0308\n".encode(), "line 2 has `Zoë` again"), (b"M\xfcller\n", "is not UTF-8: save it as “CSV UTF-8”"),
        ("Alice\n".encode("utf-16"), "is not UTF-8"), (b"a\x1b[31m\n", "line 1 is no name"),
        (b"x" * (LONGEST + 1), f"line 1 is no name: use at most {LONGEST} characters"), (b"Alice\x00\n", "line 1 is"),
        ("\n".join(f"n{n}" for n in range(MOST + 1)).encode(), f"has {MOST + 1} names, and one server takes {MOST}"),
        (b"x" * 200_000, "line 1 is"),
    ],
)  # fmt: skip
def test_a_list_that_is_none_is_refused_in_one_sentence(written, content, words):
    with pytest.raises(ListError) as refused:
        written(content)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("name", "why"), [("none.csv", "No such file"), (".", "Is a directory")])
def test_a_list_that_is_not_there_is_said_so(tmp_path, name, why):
    with pytest.raises(ListError, match=why):
        read(tmp_path / name)
