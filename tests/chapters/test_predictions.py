"""No prediction is given away: not by what stands before it, nor by what is stored below it."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from kms_teach.teaching import Prediction, catalog, exam

ROOT = Path(__file__).parents[2]
BOOKS = {
    path.stem: nbformat.read(path, as_version=4).cells for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
}
PREDICTIONS = {
    (module.__name__.split(".")[2], name): value
    for module in catalog.every("predictions")
    for name, value in vars(module).items()
    if isinstance(value, Prediction)
}
ANSWERS = {  # by hand, from AWS's documents: what the chapter's own run must come to
    ("start", "ALICE"): "AccessDeniedException",
    ("key", "COPY"): "GenerateDataKey",
    ("key", "REGION"): "AccessDeniedException",
    ("key", "SHARE"): "AccessDeniedException: nobody may",
    ("encrypt", "LARGEST"): "4,096",
    ("encrypt", "NO_KEY_ID"): "the note",
    ("encrypt", "CONTEXT"): "the pairs in another order",
    ("envelope", "CALLS"): "2",
    ("envelope", "STOLEN_KEY"): "No: the thief needs no KMS",
    ("objects", "NO_DECRYPT"): "403, which names kms:Decrypt",
    ("objects", "CALLS"): "2",
    ("objects", "SWITCHED_OFF"): "the photo, as before",
    ("rotation", "YEAR"): "the plaintext, by the old material",
    ("rotation", "ON_DEMAND"): "1 January 2028, as before",
    ("aliases", "NAME_AGAIN"): "AlreadyExistsException",
    ("aliases", "NAME_ABROAD"): "NotFoundException",
    ("aliases", "PRIMARY_OFF"): "the plaintext",
    ("policies", "NEW_KEY"): "AccessDeniedException",
    ("policies", "ROOT"): "a ciphertext",
    ("policies", "ALIAS"): "neither",
    ("policies", "TIDIED"): "neither of them",
    ("grants", "GRANTED"): "AccessDeniedException, for the moment",
    ("grants", "PASSED_ON"): "no grant",
    ("grants", "RETIRED"): "the plaintext, for some minutes",
    ("accounts", "WAYS"): "1",
    ("accounts", "NEIGHBOUR"): "AccessDeniedException",
    ("lifecycle", "WAITING"): "KMSInvalidStateException",
    ("lifecycle", "CANCELLED"): "DisabledException",
    ("lifecycle", "EXPIRY"): "03:00 on 2 June",
    ("notes", "MANAGED"): "one",
    ("notes", "IMPORTED"): "yes, both",
    ("notes", "LEDGER"): "7",
    ("signing", "FLIPPED"): "32 bytes, but other ones",
    ("signing", "SWITCHED_OFF"): "it fits, as before",
    ("watching", "STOLEN"): "the encryption context of each",
    ("watching", "LAST_USE"): "that of the archiver, on 7 June",
    ("watching", "THREE_KEYS"): "$7",
    ("watching", "CUT"): "KMSInvalidStateException",
}
CELLS = 30


class Page(HTMLParser):
    """The words of a page, and the alternative texts of its images, but for what is folded away."""

    def __init__(self):
        super().__init__()
        self.words, self.folded, self.summary = [], 0, False

    def handle_starttag(self, tag, attributes):
        self.folded += tag == "details"
        self.summary = tag == "summary"
        if not self.folded:
            self.words.append(dict(attributes).get("alt") or "")

    def handle_endtag(self, tag):
        self.folded -= tag == "details"
        self.summary = False

    def handle_data(self, data):
        if not self.folded or (self.folded == 1 and self.summary):
            self.words.append(data)


def place(room, name):
    """The cells of the prediction's chapter, the place where it is asked, and the place where it is answered."""
    (cells,) = (cells for cells in BOOKS.values() if any(f"chapters.{room} import" in cell.source for cell in cells))
    asked = next(at for at, cell in enumerate(cells) if f"Predict(predictions.{name})" in cell.source)
    return cells, asked, next(at for at, cell in enumerate(cells) if at > asked and ".compare(" in cell.source)


def stored(cell):
    """The HTML and the text that a cell has stored, one for each output."""
    outputs = cell.get("outputs", [])
    return [output.get("text") or output.data.get("text/html") or output.data["text/plain"] for output in outputs]


def visible(cell):
    """What a reader sees of a cell without unfolding anything: prose, output, titles and alternative texts."""
    if cell.cell_type == "markdown":
        return cell.source
    page = Page()
    for shown in stored(cell):
        page.feed(shown)
    return " ".join(page.words)


@pytest.mark.parametrize("which", PREDICTIONS, ids=".".join)
def test_nothing_that_is_seen_before_the_answer_tells_it(which):
    prediction = PREDICTIONS[which]
    cells, asked, answered = place(*which)
    assert prediction.tells
    seen = [
        visible(cell) for at, cell in enumerate(cells[: answered + 1]) if at != asked
    ]  # its own options are no secret
    seen += [cells[asked].source]
    for words in prediction.tells:
        told = re.compile(rf"\b{re.escape(words)}", re.IGNORECASE)
        assert [part for part in seen if told.search(part)] == [], words


@pytest.mark.parametrize("which", PREDICTIONS, ids=".".join)
def test_what_tells_the_answer_is_stored_closed_and_nothing_else_of_those_cells_shows(which):
    cells, asked, answered = place(*which)
    for cell in cells[asked + 1 : answered]:
        assert "outputs" not in cell or not cell.outputs
    (output,) = cells[answered].outputs
    assert output.data["text/plain"].startswith("Answer, closed until you commit: ")
    assert output.data["text/html"].startswith('<details class="kms-answer"><summary')
    assert "jupyter" not in cells[answered].metadata


@pytest.mark.parametrize("which", PREDICTIONS, ids=".".join)
def test_the_chapter_s_run_comes_to_what_aws_documents(which):
    cells, _, answered = place(*which)
    (page,) = stored(cells[answered])
    assert f"The answer is: {ANSWERS[which]}.".replace("`", "") in re.sub(r"<[^>]*>", "", page)


@pytest.mark.parametrize("which", PREDICTIONS, ids=".".join)
def test_every_option_has_something_to_say(which):
    assert all(PREDICTIONS[which].options.values())


@pytest.mark.parametrize("book", BOOKS)
def test_every_prediction_of_a_chapter_is_answered_and_a_chapter_is_short(book):
    code = "\n".join(cell.source for cell in BOOKS[book] if cell.cell_type == "code")
    assert code.count("Predict(") == code.count(".compare(") >= 1
    assert len(BOOKS[book]) <= CELLS


@pytest.mark.parametrize("book", BOOKS)
def test_a_question_at_a_chapter_s_end_is_its_own_and_those_at_its_beginning_are_not(book):
    code = [cell.source for cell in BOOKS[book] if cell.cell_type == "code"]
    room = re.search(r"kms_teach\.chapters\.(\w+) import", "\n".join(code))[1]
    rooms = [
        {exam.family(name).chapter for name in re.findall(r'"([^"]+)"', source)}
        for source in code
        for source in re.findall(r"^Quiz\((.*)\)$", source, re.MULTILINE)
    ]
    if room == "start":
        assert rooms == []
        return
    before, end = rooms
    assert end == {room}
    assert room not in before


def test_what_is_asked_at_a_chapter_s_beginning_was_not_asked_at_the_end_of_the_one_before():
    books = ["\n".join(cell.source for cell in cells if cell.cell_type == "code") for cells in BOOKS.values()]
    asked = [re.findall(r"^Quiz\((.*)\)$", code, re.MULTILINE) for code in books]
    for before, after in pairwise(asked[1:]):
        assert not set(re.findall(r'"([^"]+)"', before[1])) & set(re.findall(r'"([^"]+)"', after[0]))
