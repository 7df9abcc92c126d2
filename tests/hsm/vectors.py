"""This reads the published test vectors that the package `cryptography-vectors` ships: lines of `name = value`."""

import functools
from pathlib import Path

import cryptography_vectors


@functools.cache
def lines(path):
    return (Path(cryptography_vectors.__file__).parent / path).read_text().splitlines()


def rows(path, last, *headings):
    """The rows of a file, as dicts: each ends with the line that names `last`. With `headings`, only those under them.

    A value stays until its name comes again, as a modulus that stands above many messages does.
    """
    row, heading = {}, ""
    for line in lines(path):
        name, equals, value = (part.strip() for part in line.partition("="))
        if line.startswith("["):
            heading = line.strip("[]")
        elif equals and not line.startswith("#"):
            row[name] = value
            if name == last and (not headings or heading in headings):
                yield dict(row)


def number(text):
    return int(text, 16)


def octets(text):
    return bytes.fromhex(text)
