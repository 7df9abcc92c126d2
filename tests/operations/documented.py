"""What the docstring of an operation says: its page of the API Reference, and its errors in order."""

import inspect
import re

from kms_teach.operations.catalog import CATALOG


def page(name):
    (named,) = re.findall(r'KMS API Reference, "(\w+)"', _in_one_line(name))
    return named


def errors(name):
    (listed,) = re.findall(r"Errors, in the order they are checked: ([\w, ]+)\.", _in_one_line(name))
    return listed.split(", ")


def _in_one_line(name):
    return " ".join(inspect.getdoc(CATALOG[name].function).split())
