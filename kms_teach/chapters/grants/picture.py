"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.grants.chain import grant_chain
from kms_teach.chapters.grants.page import GrantsFacts, grants_page

__all__ = [
    "GrantsFacts",
    "grant_chain",
    "grants_page",
]
