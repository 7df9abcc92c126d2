"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.notes.ledger import Ledger, ledger
from kms_teach.chapters.notes.page import NotesFacts, notes_page
from kms_teach.chapters.notes.row import Opened, row

__all__ = ["Ledger", "NotesFacts", "Opened", "ledger", "notes_page", "row"]
