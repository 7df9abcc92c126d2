"""By hand, from AWS's documents: what an encryption context ties, and what a ciphertext and an event tell."""

from tests.questions import right, seeds

TIED = {"of the rows": "the row's number", "of the columns": "the column's name", "of the tables": "the table's name"}
IN_THE_EVENT = ("the encryption context", "the ARN of the KMS key", "who called")
NEEDS_MORE = ("an RSA_", "with an encryption context", "in another Region")


def test_what_was_exchanged_is_noticed_by_the_context_that_names_it():
    for question in seeds("swapped-cells"):
        exchanged = next(words for words in TIED if f"the ciphertexts {words}" in question.words)
        assert right(question) == [TIED[exchanged]]


def test_an_event_tells_caller_key_and_context_and_no_bytes():
    for question in seeds("read-in-the-trail"):
        assert set(right(question)) == {o for o in question.options if o.startswith(IN_THE_EVENT)}


def test_a_symmetric_ciphertext_names_its_key_and_neither_context_nor_region_is_guessed():
    for question in seeds("ciphertext-alone"):
        assert set(right(question)) == {o for o in question.options if not any(words in o for words in NEEDS_MORE)}


def test_a_blob_that_is_not_what_kms_made_has_an_error_without_a_message():  # API Reference, Decrypt
    causes = ("one bit of the blob", "the context of the call", "no KMS key made")
    for question in seeds("no-message", 8):
        can = "can be" in question.words
        assert right(question) == [option for option in question.options if option.startswith(causes) == can]
