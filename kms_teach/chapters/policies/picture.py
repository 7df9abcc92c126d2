"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.policies.page import PoliciesFacts, policies_page
from kms_teach.chapters.policies.who_may import who_may
from kms_teach.inspect.decision import decision

__all__ = [
    "PoliciesFacts",
    "decision",
    "policies_page",
    "who_may",
]
