"""Write notebooks/glossary.md from the words in `kms_teach.teaching.glossary`; with --check, only compare."""

import sys
from pathlib import Path

from kms_teach.teaching.glossary import glossary

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PAGE = NOTEBOOKS / "glossary.md"


def page() -> str:
    """The page, with links to the notebooks that are there."""
    return glossary({path.name[:2]: path.name for path in NOTEBOOKS.glob("[0-9]*.ipynb")})


if __name__ == "__main__":
    written = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text() == written else f"{PAGE.name} is not what scripts/glossary.py writes")
    PAGE.write_text(written)
