import pytest

from kms_teach.chapters.aliases.alias_lab import FILES, AliasLab


@pytest.fixture
def lab():
    return AliasLab()


def press(lab, key, *buttons):
    lab.key.value = next(value for _, value in lab.key.options if value.startswith(key))
    for button in buttons:
        button.click()


def test_it_opens_with_a_name_a_file_and_a_first_thing_to_do(lab):
    assert lab.status == "A program encrypted lake.jpg by `alias/photos`. Choose key B, and press UpdateAlias."
    assert lab.picture.title == "alias/photos names key A, and no other"


def test_a_moved_name_is_told_with_what_stays(lab):
    press(lab, "B", lab.update, lab.encrypt)
    assert lab.status == "hill.jpg is encrypted by key B, which `alias/photos` names now."
    assert [(file.letter, file.allowed) for file in lab.facts_now.files] == [("A", True), ("B", True)]


@pytest.mark.parametrize(
    ("key", "what", "said"),
    [
        ("B", "create", "One name names one key: move it with UpdateAlias, or DeleteAlias first."),
        ("C", "update", "A name moves between keys of one kind, so that no program that uses it fails."),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(lab, key, what, said):
    press(lab, key, getattr(lab, what))
    assert lab.status.startswith("Refused. ")
    assert lab.status.endswith(said)


def test_a_name_given_to_an_rsa_key_breaks_the_program(lab):
    press(lab, "C", lab.delete, lab.create, lab.encrypt)
    assert "InvalidKeyUsageException" in lab.status
    assert lab.status.endswith("The program sends no algorithm, and so asks for a symmetric key.")


def test_a_key_that_goes_keeps_its_name_and_takes_it_along(lab):
    press(lab, "A", lab.schedule)
    assert lab.status.endswith("Its name stays taken: `alias/photos`.")
    assert lab.picture.title == "alias/photos still names a key that is pending deletion"
    lab.wait.click()
    assert lab.status == "7 days later, key A is deleted, and with it `alias/photos`."
    press(lab, "B", lab.create)
    assert lab.picture.title == "alias/photos moved on, and lake.jpg is closed with its key"


def test_a_deletion_is_cancelled_and_the_key_works_again(lab):
    press(lab, "A", lab.schedule, lab.cancel, lab.wait)
    assert lab.status == "7 days later, all is as it was."
    assert lab.facts_now.files[0].allowed


def test_the_picture_is_as_high_whatever_happened_and_files_have_an_end(lab):
    heights = {lab.picture.svg.split("viewBox=")[1][:20]}
    for _ in FILES:
        lab.encrypt.click()
        heights.add(lab.picture.svg.split("viewBox=")[1][:20])
    assert len(heights) == 1
    assert lab.status == "Not done. There is room for 8 files: press Start again for new ones."
    lab.again.click()
    assert len(lab.facts_now.files) == 1
