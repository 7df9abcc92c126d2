import importlib
import pkgutil

import nbformat
import pytest

from kms_teach.course import questions
from kms_teach.course.questions.trying import error, only
from kms_teach.widgets import Question
from tests.layers import PACKAGE

CHAPTERS = [found.name for found in pkgutil.iter_modules(questions.__path__) if found.name.startswith("ch")]
QUESTIONS = {
    f"{chapter}.{name}": value
    for chapter in CHAPTERS
    for name, value in vars(importlib.import_module(f"{questions.__name__}.{chapter}")).items()
    if isinstance(value, Question)
}
RUN = {name: question for name, question in QUESTIONS.items() if question.run}
BOOKS = {
    path.stem: [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    for path in sorted((PACKAGE.parent / "notebooks").glob("*.ipynb"))
}
EXPECTED = {  # by hand, from AWS's documents: the run must come to the same
    "ch00.BYTES_OF_A_KEY": "none",
    "ch00.TWO_USERS": "the one with the policy",
    "ch02.LARGE_SECRET": "encrypt with a data key yourself",
    "ch02.RSA_200": "`RSAES_OAEP_SHA_1` only",
    "ch02.NO_MESSAGE": "the pairs of the context come in another order",
    "ch03.ORDER": "`GenerateDataKey`; encrypt the file; store the encrypted data key; discard",
    "ch03.STOLEN_DISK": "permission for `kms:Decrypt`",
    "ch03.TEN_TERABYTES": "send the encrypted data keys to `ReEncrypt`",
    "ch05.SIXTY_DAYS": "`RotateKeyOnDemand`",
    "ch05.FOUR_DAYS": "in four days",
    "ch05.NOT_ANY_MORE": "`ReEncrypt` what you need",
    "ch07.DEFAULT_POLICY": "the root user, and whoever an IAM policy allows it",
    "ch07.REPAIR": "whoever the key policy allows `kms:PutKeyPolicy`",
    "ch07.BY_ALIAS": "`*` as `Resource`, and a condition on `kms:RequestAlias`",
    "ch08.NEXT_LINE": "pass the grant token in the call",
    "ch08.OFFICE": "none",
    "ch08.OTHER_ACCOUNT": "an IAM policy for it in its own account",
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
    assert any(name in cell.source for cells in BOOKS.values() for cell in cells)


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
    assert code.count("Predict(ch") == code.count(".compare(")


@pytest.mark.parametrize("proved", [(False, False), (True, True)])
def test_an_answer_that_is_not_the_only_one_is_refused(proved):
    with pytest.raises(ValueError, match="unpack"):
        only(("a", "b"), proved)


def test_what_boto3_does_not_send_is_an_error_too(kms, key):
    assert error(kms.encrypt, KeyId=key, Plaintext=b"x") == ""
    assert error(kms.encrypt, KeyId=key, Plaintext=bytes(5000)) == "ValidationException"
    assert error(kms.encrypt, KeyId=key, Nothing=b"x") == "ParamValidationError"
