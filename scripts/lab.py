"""Open the notebooks of this repository in JupyterLab, as `kms-teach lab` opens a copy of them."""

import os
import sys
from pathlib import Path

from kms_teach import course

if __name__ == "__main__":
    sys.exit(course.show(Path(__file__).resolve().parent.parent / "notebooks", int(os.environ.get("PORT", "8888"))))
