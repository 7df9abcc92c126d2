"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.aliases.board import alias_board
from kms_teach.chapters.aliases.page import AliasesFacts, aliases_page
from kms_teach.chapters.aliases.regions import regions

__all__ = [
    "AliasesFacts",
    "alias_board",
    "aliases_page",
    "regions",
]
