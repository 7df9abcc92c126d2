"""What each run must come to, by hand from AWS's documents."""

import pytest

from kms_teach.teaching import exam
from tests.questions import right, where

SEEDS = range(6)
FEW = range(2)  # for what makes a wrapping key in each run: RSA takes its time
FAMILIES = {family.id: family for family in exam.families() if family.chapter == "lifecycle"}
EXPECTED = {  # beginnings of the right options
    "imported-or-made": ["It can end", "It can be deleted", "A copy of it"],  # "Special considerations"
}
LOOKS_OR_SAVES = {"`DescribeKey`", "`GetKeyPolicy`", "`ListGrants`", "`CancelKeyDeletion`", "`ListResourceTags`"}
ORDERS = {
    "back-to-work": ("`CancelKeyDeletion`", "`EnableKey`", "`Decrypt`"),
    "steps-of-an-import": ("`CreateKey`", "`GetParametersForImport`", "wrap", "`ImportKeyMaterial`"),
}
ERRORS = {
    "a key that was": "`DisabledException`",  # disabled, or cancelled: the state is the same
    "a key whose": "`KMSInvalidStateException`",
    "a key that was deleted": "`NotFoundException`",
}


def test_there_are_families_in_every_format():
    assert len(FAMILIES) >= 12
    assert {family.format for family in FAMILIES.values()} == {"one", "several", "ordering", "matching"}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_run_finds_what_aws_documents(name):
    for seed in FEW if FAMILIES[name].subject == "import" else SEEDS:
        question = exam.question(name, seed)
        expected = [next(o for o in question.options if o.startswith(start)) for start in EXPECTED[name]]
        assert sorted(right(question)) == sorted(expected), question.words


def test_of_a_key_that_waits_only_looking_and_saving_go_well():
    for seed in SEEDS:
        question = exam.question("while-it-waits", seed)
        assert set(right(question)) == LOOKS_OR_SAVES & set(question.options)


@pytest.mark.parametrize(
    ("name", "words", "start"),
    [
        # API Reference, ScheduleKeyDeletion: 7 to 30 days, 30 without a number; DisableKey
        ("gone-by-tomorrow", "it cannot be", "`ScheduleKeyDeletion` with `PendingWindowInDays=7`"),
        ("gone-by-tomorrow", "For 7 days", "`ScheduleKeyDeletion` with `PendingWindowInDays=7`"),
        ("gone-by-tomorrow", "For 2", "`ScheduleKeyDeletion` with nothing more"),
        ("gone-by-tomorrow", "needed again", "`DisableKey`"),
        # Developer Guide, "Key states", and API Reference, DeleteAlias
        ("name-of-a-dying-key", "days more", "`UpdateAlias`"),
        ("name-of-a-dying-key", "is deleted", "`CreateAlias`"),
        ("name-of-a-dying-key", "is cancelled", "nothing"),
        # API Reference, by the answer of each call
        ("still-in-use", "used it", "`GetKeyLastUsage`"),
        ("still-in-use", "material", "`GetKeyRotationStatus`"),
        ("still-in-use", "no policy names", "`ListGrants`"),
    ],
)
def test_what_is_wished_decides(name, words, start):
    assert [option.startswith(start) for option in right(where(name, words))] == [True]


@pytest.mark.parametrize("name", ORDERS)
def test_the_steps_come_in_the_order_that_aws_documents(name):
    for seed in FEW if FAMILIES[name].subject == "import" else SEEDS:
        found = right(exam.question(name, seed))
        assert all(step.startswith(start) for step, start in zip(found, ORDERS[name], strict=True))


def test_each_state_is_matched_with_its_error():
    for seed in SEEDS:
        question = exam.question("error-of-a-state", seed)
        for option, match in zip(question.options, question.answer(), strict=True):
            start = max((start for start in ERRORS if option.startswith(start)), key=len)
            assert question.matches[match] == ERRORS[start], option


def test_each_end_is_matched_with_what_brings_the_key_back():
    for seed in FEW:
        question = exam.question("what-brings-it-back", seed)
        for option, match in zip(question.options, question.answer(), strict=True):
            back = {"`Disa": "`EnableKey`", "`Dele": "`ImportKeyMaterial` with the same bytes"}.get(option[:5])
            back = back or ("nothing" if "with" in option else "`CancelKeyDeletion`, then `EnableKey`")
            assert question.matches[match] == back, option


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_has_three_faces_or_more(name):
    family = FAMILIES[name]
    assert len({(family.question(seed).asked.words, *sorted(family.question(seed).options)) for seed in range(24)}) >= 3


def test_a_data_key_in_memory_works_on_without_its_kms_key():  # "How unusable KMS keys affect data keys"
    for seed in SEEDS:
        question = exam.question("after-disable", seed)
        assert set(right(question)) == {option for option in question.options if option.endswith("key in memory")}


def test_a_private_key_comes_as_pkcs8_and_other_keys_as_their_bytes():  # "Import key material step 3"
    for seed in SEEDS:
        question = exam.question("format-of-a-key", seed)
        assert right(question) == ["PKCS#8, DER" if "private key" in question.words else "the 32 bytes alone"]


@pytest.mark.parametrize("lost", ["expired", "DeleteImportedKeyMaterial", "DisableKey", "cancelled"])
def test_lost_material_is_imported_again_and_a_disabled_key_is_enabled(lost):
    question = next(q for q in (exam.question("expired-on-friday", seed) for seed in range(30)) if lost in q.words)
    disabled = lost in ("DisableKey", "cancelled")  # "Reimport key material"; API Reference, CancelKeyDeletion
    assert right(question) == ["`EnableKey`" if disabled else "`ImportKeyMaterial` with the same bytes"]
