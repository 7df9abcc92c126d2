"""Every mutation patch, applied and seen, on all cores.

.venv/bin/python tests/long/mutations.py            # some 3 minutes on two cores
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    command = [sys.executable, "-m", "pytest", "-q", "tests/test_mutations.py", "-n", "logical", "--dist", "worksteal"]
    everyone = {**os.environ, "KMS_TEACH_EVERY_MUTATION": "yes"}
    sys.exit(subprocess.call(command, cwd=ROOT, env=everyone))
