"""The pictures of this chapter, with the facts that each is drawn from."""

from kms_teach.chapters.lifecycle.life import life
from kms_teach.chapters.lifecycle.lives import Lives, lives
from kms_teach.chapters.lifecycle.page import LifecycleFacts, lifecycle_page
from kms_teach.chapters.lifecycle.shredding import Shredding, shredding
from kms_teach.chapters.lifecycle.state_table import state_table

__all__ = ["LifecycleFacts", "Lives", "Shredding", "life", "lifecycle_page", "lives", "shredding", "state_table"]
