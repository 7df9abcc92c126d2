import re
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def address():
    """A `kms-teach serve` of its own, as another program meets it."""
    process = subprocess.Popen([BIN / "kms-teach", "serve"], stdout=subprocess.PIPE, text=True)
    yield re.search(r"http://\S+", process.stdout.readline())[0]
    process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()
