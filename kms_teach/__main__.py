"""The command `kms-teach`, also as `python -m kms_teach`."""

import sys

INTERRUPTED = 130  # the exit code by which shells tell of Ctrl-C


def main() -> int:
    """Do what the command line says; who interrupts it, also while it is still being loaded, is shown no traceback."""
    try:
        from kms_teach.cli import main as command  # noqa: PLC0415 (half a second, in which people change their minds)

        return command()
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
