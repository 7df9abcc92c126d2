"""Where in the course a question is answered: the section of its chapter that its subject is taught in."""

from html import escape
from pathlib import Path
from urllib.parse import quote

from kms_teach.drawing.lettering import clean
from kms_teach.teaching import catalog
from kms_teach.teaching.question import Family

SECTIONS = {  # (room, subject): a heading of the chapter; where there is none, its beginning is meant
    ("accounts", "access"): "The neighbour",
    ("accounts", "accounts"): "The neighbour",
    ("accounts", "grants"): "A service calls, and nobody is logged in",
    ("aliases", "aliases"): "Can I change the key, and not the program?",
    ("aliases", "multi-Region"): "And if both keys are made of the same bytes?",
    ("encrypt", "access"): "The encryption context",
    ("encrypt", "context"): "The encryption context",
    ("encrypt", "envelope"): "“GenerateDataKey encrypts what is larger than 4 KB”",
    ("encrypt", "limits"): "A photo goes to KMS",
    ("encrypt", "trail"): "Is the context a secret?",
    ("envelope", "envelope"): "By hand: ask, encrypt, store",
    ("grants", "grants"): "One night's work",
    ("key", "access"): "A key that you did not make: is it yours?",
    ("key", "accounts"): "A key that you did not make: is it yours?",
    ("key", "asymmetric keys"): "What does CreateKey give you?",
    ("key", "multi-Region"): "Same account, same user: does the key come along to Europe?",
    ("key", "pricing"): "What does CreateKey give you?",
    ("lifecycle", "aliases"): "Can it be gone by tomorrow?",
    ("lifecycle", "deletion"): "Can it be gone by tomorrow?",
    ("lifecycle", "import"): "What if the material is mine?",
    ("lifecycle", "multi-Region"): "What if the material is mine?",
    ("notes", "S3"): "How old is your page?",
    ("notes", "access"): "Line by line",
    ("notes", "asymmetric keys"): "Line by line",
    ("notes", "deletion"): "Thirty things that one hears",
    ("notes", "limits"): "Line by line",
    ("notes", "multi-Region"): "How old is your page?",
    ("notes", "rotation"): "How often did aws/s3 rotate?",
    ("objects", "access"): "Three policies, one 403: which one said no?",
    ("objects", "context"): "Ten thousand objects: how many calls?",
    ("objects", "S3"): "Who opened the envelope?",
    ("policies", "access"): "A new key, and a colleague",
    ("policies", "aliases"): "A policy that names the alias",
    ("rotation", "rotation"): "A backup, and a year",
    ("signing", "access"): "Nora has no AWS account. How does she know that the invoice is yours?",
    ("signing", "aliases"): "“I tick automatic rotation for every key, and give every call a context”",
    ("signing", "asymmetric keys"): "Nora has no AWS account. How does she know that the invoice is yours?",
    ("signing", "context"): "“I tick automatic rotation for every key, and give every call a context”",
    ("signing", "multi-Region"): "“I tick automatic rotation for every key, and give every call a context”",
    ("signing", "rotation"): "“I tick automatic rotation for every key, and give every call a context”",
    ("signing", "trail"): "Is the call itself safe from a quantum computer?",
    ("start", "access"): "The same bytes, in other hands",
    ("watching", "key stores"): "What if the key is not at AWS at all?",
    ("watching", "limits"): "Who has to wait, and who pays?",
    ("watching", "pricing"): "What does a month cost?",
    ("watching", "trail"): "What did the thief read?",
}


def title(room: str) -> str:
    """A chapter as it is called: 05 Rotation."""
    chapter = catalog.chapter(room)
    return f"{chapter.number} {chapter.name}"


def section(family: Family) -> str:
    """Where a family's question is answered, in words: 05 Rotation, “On demand”."""
    heading = SECTIONS.get((family.chapter, family.subject), "")
    return f"{title(family.chapter)}, “{heading.strip('“”')}”" if heading else title(family.chapter)


def linked(family: Family, folder: Path) -> str:
    """The same as HTML, a link where the chapter's notebook lies in the folder."""
    return _link(family.chapter, section(family), SECTIONS.get((family.chapter, family.subject), ""), folder)


def chapter_linked(room: str, folder: Path) -> str:
    """A chapter as HTML, a link where its notebook lies in the folder."""
    return _link(room, title(room), "", folder)


def _link(room: str, words: str, heading: str, folder: Path) -> str:
    shown = escape(clean(words))
    notebook = next((path.name for path in sorted(folder.glob(f"{catalog.chapter(room).number}_*.ipynb"))), "")
    if not notebook:
        return shown
    # JupyterLab's id of a heading: its words with - between them
    anchor = f"#{quote(heading.replace(' ', '-'))}" if heading else ""
    return f'<a href="{quote(notebook)}{anchor}" target="_blank" rel="noopener">{shown}</a>'
