import re
from pathlib import Path

import nbformat
import pytest

from kms_teach.teaching import Question, catalog
from kms_teach.teaching.trial import error, only

ROOT = Path(__file__).parents[2]
QUESTIONS = {
    f"{room.name}.{name}": value
    for room in sorted((ROOT / "kms_teach/chapters").iterdir())
    if (room / "questions.py").exists()
    for name, value in vars(catalog.load(room.name, "questions")).items()
    if isinstance(value, Question)
}
RUN = {name: question for name, question in QUESTIONS.items() if question.run}
BOOKS = {
    path.stem: [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
}
EXPECTED = {  # by hand, from AWS's documents: the run must come to the same
    "start.BYTES_OF_A_KEY": "none",
    "start.TWO_USERS": "the one with the policy",
    "encrypt.LARGE_SECRET": "encrypt with a data key yourself",
    "encrypt.RSA_200": "`RSAES_OAEP_SHA_1` only",
    "encrypt.NO_MESSAGE": "the pairs of the context come in another order",
    "envelope.ORDER": "`GenerateDataKey`; encrypt the file; store the encrypted data key; discard",
    "envelope.STOLEN_DISK": "permission for `kms:Decrypt`",
    "envelope.TEN_TERABYTES": "send the encrypted data keys to `ReEncrypt`",
    "rotation.SIXTY_DAYS": "`RotateKeyOnDemand`",
    "rotation.FOUR_DAYS": "in four days",
    "rotation.NOT_ANY_MORE": "`ReEncrypt` what you need",
    "policies.DEFAULT_POLICY": "the root user, and whoever an IAM policy allows it",
    "policies.REPAIR": "whoever the key policy allows `kms:PutKeyPolicy`",
    "policies.BY_ALIAS": "`*` as `Resource`, and a condition on `kms:RequestAlias`",
    "grants.NEXT_LINE": "pass the grant token in the call",
    "accounts.OFFICE": "none",
    "accounts.OTHER_ACCOUNT": "an IAM policy for it in its own account",
}


@pytest.mark.parametrize("name", RUN)
def test_the_run_of_a_question_finds_the_answer_that_aws_documents(name):
    assert RUN[name].answer().startswith(EXPECTED[name])


def test_every_question_with_a_run_is_checked_here():
    assert set(RUN) == set(EXPECTED)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_option_has_something_to_say(name):
    assert all(QUESTIONS[name].options.values())


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_asked_in_a_chapter(name):
    own = re.compile(rf"\b(?:accounts_)?questions\.{name.partition('.')[2]}\b|\"{name}\"")
    assert any(own.search(cell.source) for cells in BOOKS.values() for cell in cells)


@pytest.mark.parametrize("book", BOOKS)
def test_what_answers_a_prediction_is_stored_folded_and_its_first_line_which_jupyterlab_shows_says_nothing(book):
    answers = [cell for cell in BOOKS[book] if ".compare(" in cell.source]
    assert answers
    for cell in answers:
        assert cell.metadata.jupyter.outputs_hidden, cell.source
        (output,) = cell.outputs
        assert next(filter(None, output.data["text/html"].split("\n"))).isspace()


@pytest.mark.parametrize("book", BOOKS)
def test_every_prediction_of_a_chapter_is_answered(book):
    code = "\n".join(cell.source for cell in BOOKS[book])
    assert code.count("Predict(") == code.count(".compare(")


@pytest.mark.parametrize("proved", [(False, False), (True, True)])
def test_an_answer_that_is_not_the_only_one_is_refused(proved):
    with pytest.raises(ValueError, match="unpack"):
        only(("a", "b"), proved)


def test_what_boto3_does_not_send_is_an_error_too(kms, key):
    assert error(kms.encrypt, KeyId=key, Plaintext=b"x") == ""
    assert error(kms.encrypt, KeyId=key, Plaintext=bytes(5000)) == "ValidationException"
    assert error(kms.encrypt, KeyId=key, Nothing=b"x") == "ParamValidationError"
