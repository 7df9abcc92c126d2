"""The question families of "Watching, counting, paying"."""

from kms_teach.chapters.watching.price_questions import (
    fewest_requests,
    not_among_the_free_ones,
    shared_quota,
    stored_for_nothing,
    what_the_keys_cost,
    who_pays_the_request,
)
from kms_teach.chapters.watching.store_questions import (
    cut_off_key_store,
    error_of_a_cut_key,
    into_an_external_key_store,
    where_the_key_may_live,
)
from kms_teach.chapters.watching.trail_questions import (
    look_up_a_deletion,
    used_long_ago,
    what_an_event_holds,
    what_counts_as_a_use,
    who_is_in_the_event,
)

__all__ = [
    "cut_off_key_store", "error_of_a_cut_key", "fewest_requests", "into_an_external_key_store", "look_up_a_deletion",
    "not_among_the_free_ones", "shared_quota", "stored_for_nothing", "used_long_ago", "what_an_event_holds",
    "what_counts_as_a_use", "what_the_keys_cost", "where_the_key_may_live", "who_is_in_the_event",
    "who_pays_the_request",
]  # fmt: skip
