"""The command `kms-teach`, as `python -m kms_teach`."""

import sys

from kms_teach.cli import main

sys.exit(main())
