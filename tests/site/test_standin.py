"""The stand-in for pyca's package is equal to pyca's: what one makes the other opens, and both refuse the same."""

import json
import os
import subprocess
import sys

import pytest

from tests.site import exercise
from tests.site.conftest import HERE, ROOT

OPENED = {
    "rsa bent": "ValueError",
    "another curve": "ValueError",
    "no key": "ValueErrorValueError",
}


@pytest.mark.slow
def test_over_nodes_crypto_it_is_pycas_equal_both_ways(python) -> None:
    ours = exercise.made()
    theirs = python("tests.site.exercise", json.dumps(ours))
    assert theirs["secret"] == exercise.secret()
    assert theirs["blocks"] == exercise.blocks()
    for found in (theirs["opened"], exercise.opened(theirs["made"])):
        assert {name: what for name, what in found.items() if what != "well"} == OPENED
        assert len(found) > 35


@pytest.mark.slow
def test_in_python_alone_its_secret_keys_are_pycas_equal_and_it_makes_no_pair() -> None:
    program = (
        "import json, cryptography\n"
        "from tests.site import exercise\n"
        "print(json.dumps([cryptography.__file__, exercise.secret(), exercise._refusal(exercise.made)]))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (HERE / "standin", ROOT)))}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    place, secret, refusal = json.loads(ran.stdout)
    assert place.startswith(str(HERE))
    assert secret == exercise.secret()
    assert refusal == "UnsupportedAlgorithm"
