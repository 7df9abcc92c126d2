"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.envelope.envelope import envelope
from kms_teach.chapters.envelope.facts import Envelope
from kms_teach.chapters.envelope.pieces import in_pieces, pieces_or_envelope
from kms_teach.chapters.envelope.sdk_message import sdk_message
from kms_teach.chapters.envelope.summary import envelope_summary

__all__ = [
    "Envelope",
    "envelope",
    "envelope_summary",
    "in_pieces",
    "pieces_or_envelope",
    "sdk_message",
]
