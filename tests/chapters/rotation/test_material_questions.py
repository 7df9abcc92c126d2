"""By hand, from AWS's documents: old material stays, the primary rotates for all, and imported material waits."""

import re

from tests.questions import matched, right, seeds

MONTHS = ("January", "February", "March", "April", "May", "June", "July")
STEPS = ("`GetParametersForImport`", "wrap new bytes", "`ImportKeyMaterial`", "`RotateKeyOnDemand`")


def test_a_letter_is_opened_by_the_material_of_its_month_unless_it_was_re_encrypted():
    for question in seeds("material-of-a-letter"):
        rotations = re.search(r"rotated in (\w+) and in (\w+)\.", question.words).groups()
        for letter, material in matched(question).items():
            month = MONTHS.index(re.match(r"a letter of (\w+)", letter).group(1))
            passed = sum(MONTHS.index(rotation) < month for rotation in rotations)
            which = 2 if "re-encrypted" in letter else passed
            assert material == f"the {('first', 'second', 'third')[which]} key material"


def test_rotation_is_called_where_the_primary_is_and_looked_at_anywhere():
    for question in seeds("rotation-from-two-regions"):
        primary = re.search(r"(?:moved to|made in) ([a-z0-9-]+)", question.words.split("replicated to")[-1])
        primary = primary or re.search(r"made in ([a-z0-9-]+)", question.words)
        expected = {o for o in question.options if o.endswith(primary.group(1)) or "Status" in o}
        assert set(right(question)) == expected


def test_new_material_of_your_own_is_imported_and_then_rotated_to():
    for question in seeds("turn-your-own")[:2]:
        assert all(step.startswith(start) for step, start in zip(right(question), STEPS, strict=True))


def test_what_an_old_key_made_needs_the_old_key_and_a_symmetric_ciphertext_names_it():
    for question in seeds("after-the-alias-moved"):
        assert set(right(question)) == {o for o in question.options if not o.endswith("the alias")}
