import random
from pathlib import Path

import pytest

from kms_teach.teaching import exam
from kms_teach.teaching.question import Asked, Family, Tried
from kms_teach.teaching.trial import error, told
from tests.questions import of_its_situation, played, right

SEEDS = range(6)
EXPECTED = {  # by hand, from AWS's documents: what the run must come to, as beginnings of the right options
    "what-rotates": ["a symmetric key", "a multi-Region primary key"],
}
SITUATIONS = {  # words of the situation: how the right option begins, "" when there are none of the others
    "bytes-of-a-key": {
        "`GenerateDataKey` with": "both the key and an encrypted copy",
        "`GenerateDataKeyWithoutPlaintext`": "an encrypted copy",
        "": "none",
    },
    "move-the-files": {"from now on": "point your program's alias", "": "send the data keys to `ReEncrypt`"},
    "too-short-a-period": {  # API Reference, EnableKeyRotation: 90 to 2,560 days
        **{f"every {days} days": "`RotateKeyOnDemand`" for days in (14, 30, 45, 60, 75)}, "": "`EnableKeyRotation`",
    },
    "default-key-policy": {
        "`*`, if": "every user", "if `aws:PrincipalArn`": "the root user", "": "whoever IAM lets, and the root user",
    },
    "close-old-copies": {  # Developer Guide, "Rotate AWS KMS keys" and "Key states of AWS KMS keys"
        "must not get it": "`ReEncrypt` to another key, then `Disable", "An audit": "`RotateKeyOnDemand`",
        "takes over": "`UpdateAlias`", "": "`EnableKeyRotation`",
    },
    "grant-in-the-next-line": {"it can wait": "make the call again", "": "send the grant token"},
    "locked-out": {"the root user's": "the root user", "is that of": "the user ", "": "whoever acts as"},
    "allow-by-alias": {"no other key": "`*`, if `kms:RequestAlias`", "": "`*`, without"},
}  # fmt: skip
STEPS = {  # by hand: the KMS Developer Guide's order, and the data key discarded as soon as it has done its work
    "store": ("call `GenerateDataKey`", "encrypt the file", "discard", "write the encrypted file"),
    "encrypt": ("call `GenerateDataKeyWithoutPlaintext`", "call `Decrypt`", "encrypt the file", "discard"),
    "read": ("read the encrypted file", "call `Decrypt`", "decrypt the file", "discard"),
}
ERRORS = {  # by hand, from the API Reference
    "`Encrypt` of ": "`ValidationException`",
    "`Decrypt`, with another encryption context": "`InvalidCiphertextException`",
    "`Decrypt`, with the `KeyId` of another key": "`IncorrectKeyException`",
    "`Encrypt` under a key that was disabled": "`DisabledException`",
    "`Sign` with": "`InvalidKeyUsageException`",
    "the retiring principal": "`RetireGrant`",
    "a user whose IAM policy allows": "`RevokeGrant`",
    "the grantee": "neither of them",
}


def passed_on(words, options):
    """Developer Guide, "Granting CreateGrant permission": the same operations or fewer, constraints as strict or more."""
    passed = [o for o in options if "`Encrypt`" not in o or "`Encrypt`" in words]
    tenant = "" if "every encryption context" in words else f"`{words.split('`tenant` = `')[1].split('`')[0]}`"
    return sorted(o for o in passed if tenant in o)


def by_rule(question):
    """Where the right option depends on what was drawn: the rule, by hand."""
    words, options = question.words, question.options
    if question.family.id in SITUATIONS:
        start = of_its_situation(question, SITUATIONS[question.family.id])
        return [next(o for o in options if o.startswith(start))]
    match question.family.id:
        case "two-users":
            return [next(o for o in options if (o.endswith(" alone") if "`kms:Decrypt`" in words else o == "neither"))]
        case "writer-cannot-read":
            pair, unseen = "Pair" * ("key pair" in words), "WithoutPlaintext" * ("may never see" in words)
            return [f"`kms:GenerateDataKey{pair}{unseen}`"]
        case "where-the-key-lies":
            kept = {"allowed to by KMS": "the encrypted data key", "cannot be reached": "the plaintext data key"}
            return [next((option for told, option in kept.items() if told in words), "the KMS key's ARN")]
        case "stolen-disk":
            needed = {"in plaintext": "nothing", "with the encrypted data keys": "credentials that may `Decrypt`"}
            otherwise = "credentials that may `Decrypt`, and the encrypted data keys"
            return [next((option for told, option in needed.items() if told in words), otherwise)]
        case "large-secret":
            size = int(words.split(" has ")[1].split()[0].replace(",", ""))
            first = "`Encrypt` it" if size <= 4_096 else "encrypt it with a data key"
        case "rsa-limit":
            size, block = int(words.split("encrypt ")[1].split()[0]), 256 if "RSA_2048" in words else 384
            first = "either" if size <= block - 66 else "`RSAES_OAEP_SHA_1`" if size <= block - 42 else "neither"
        case "on-demand-before-due":
            first = f"in {words.split('due in ')[1].split()[0]} days"
        case "same-context":
            return sorted(
                o
                for o in options
                if "alias" in o or (o.endswith("no `KeyId`") and not any(w in o for w in swapped(words)))
            )
        case "ways-in":
            return sorted(
                o
                for o in options
                if (o.endswith(" has no IAM policy.") and "names the account" not in o)
                or "names the account; an IAM policy" in o
            )
        case "passing-on":
            return passed_on(words, options)
    return [next(o for o in options if o.startswith(first))]


def swapped(words):
    """The values of the context in the question, in other letters."""
    return [f"`{value.swapcase()}`" for value in words.split("`")[1::2] if value != value.swapcase()]


CHAPTERS = (Path(__file__).parents[1] / "chapters").glob("*/test_*questions.py")
ELSEWHERE = "".join(path.read_text() for path in CHAPTERS)  # the chapters' own tests answer what they name
FAMILIES = [family for family in exam.families() if f'"{family.id}"' not in ELSEWHERE]
ONE_OR_SEVERAL = [family for family in exam.families() if family.format in ("one", "several")]


@pytest.mark.parametrize("family", [f for f in ONE_OR_SEVERAL if f in FAMILIES], ids=lambda family: family.id)
def test_the_run_finds_what_aws_documents(family):
    for seed in SEEDS:
        question = family.question(seed)
        if family.id in EXPECTED:
            starts = EXPECTED[family.id]
            expected = sorted(next(o for o in question.options if o.startswith(start)) for start in starts)
        else:
            expected = by_rule(question)
        assert sorted(right(question)) == sorted(expected), question.words


def test_the_steps_of_an_envelope_come_in_the_order_that_aws_documents():
    seen = set()
    for seed in SEEDS:
        question = exam.question("envelope-steps", seed)
        act = next(act for act in STEPS if f"program {act} " in question.words)
        assert all(step.startswith(start) for step, start in zip(right(question), STEPS[act], strict=True))
        seen.add(act)
    assert seen == set(STEPS)


@pytest.mark.parametrize("name", ["error-of-a-call", "who-ends-a-grant"])
def test_each_is_matched_with_what_aws_documents(name):
    for seed in SEEDS:
        question = exam.question(name, seed)
        for option, match in zip(question.options, question.answer(), strict=True):
            assert question.matches[match] == next(m for start, m in ERRORS.items() if option.startswith(start))


@pytest.mark.parametrize("family", exam.families(), ids=lambda family: family.id)
def test_a_question_says_something_of_each_option_and_judges_its_own_answer_right(family):
    question = played(family.id)
    assert len(set(question.options)) == len(question.options)
    assert all(question.feedback(index).endswith((".", ")")) for index in range(len(question.options)))
    assert question.judged(question.answer())[0]


@pytest.mark.parametrize("family", ONE_OR_SEVERAL, ids=lambda family: family.id)
def test_another_choice_is_judged_wrong_also_beside_the_right_ones(family):
    question = played(family.id)
    answer = question.answer()
    wrong = next(index for index in range(len(question.options)) if index not in answer)
    for given in ({wrong}, {wrong} | answer):
        judged, why = question.judged(given)
        assert not judged
        assert why


def asked(count=3, proved=(True, False, False), matches=()):
    options = {f"option {number}": f"Reason {number}." for number in range(count)}
    return lambda _: Asked("What?", options, lambda: [Tried(outcome, "It ran.") for outcome in proved], matches)


def family(format_="one", ask=None, **changes):
    fields = {"id": "a", "subject": "limits", "chapter": "start", "exams": ("SCS-C03",), "format": format_}
    return Family(**(fields | changes), ask=ask or asked())


@pytest.mark.parametrize("proved", [(False, False, False), (True, True, False)])
def test_a_question_of_one_has_exactly_one_right_option(proved):
    with pytest.raises(ValueError, match=r"is no question: [02] options prove right"):
        family(ask=asked(proved=proved)).question(1).answer()


@pytest.mark.parametrize("proved", [(True, False, False, False, False), (True,) * 5])
def test_a_question_of_several_has_two_at_least_and_a_wrong_one(proved):
    with pytest.raises(ValueError, match="is no question"):
        family("several", asked(5, proved)).question(1).answer()


def test_an_ordering_has_one_order():
    either = family(
        "ordering", lambda _: Asked("What?", dict.fromkeys("abc", ""), lambda order: Tried(order[0] == "a"))
    )
    with pytest.raises(ValueError, match="2 orders prove right"):
        either.question(1).answer()


@pytest.mark.parametrize(("format_", "ask"), [("one", asked(2)), ("one", asked(7)), ("several", asked(4)),
                                              ("matching", asked()), ("one", asked(matches=("x",)))])  # fmt: skip
def test_too_few_or_too_many_options_are_no_question(format_, ask):
    with pytest.raises(ValueError, match=r"asks with \d options and \d matches"):
        family(format_, ask).question(1)


def test_a_matching_whose_run_comes_to_none_of_the_matches_is_no_question():
    with pytest.raises(ValueError, match="index"):
        family("matching", asked(proved=("x", "x", "z"), matches=("x", "y"))).question(1).answer()


@pytest.mark.parametrize("changes", [{"subject": "cooking"}, {"exams": ("XYZ-C01",)}, {"difficulty": 4}])
def test_subjects_exams_and_difficulties_are_known_ones(changes):
    with pytest.raises(ValueError, match=r"is no subject|no exam is called|is no difficulty"):
        family(**changes)


def test_how_many_to_choose_is_said_as_the_run_finds_it():
    question = family("several", asked(5, (True, False, True, True, False))).question(1)
    assert question.words == "What? (Choose three.)"
    judged, why = question.judged(list(question.answer())[:2])
    assert not judged
    assert why.startswith("“option ")  # of two, it is said which is which
    assert why.endswith("That is not all of it.")


def test_options_are_shuffled():
    orders = {family().question(seed).options for seed in range(20)}
    assert len(orders) == 6


def test_what_is_drawn_depends_on_id_and_seed_alone():
    numbers = family(ask=lambda draw: Asked(f"{draw.randrange(10**9)}?", dict.fromkeys("abc", ""), list))
    words = numbers.question(7).words
    random.seed(1)
    assert numbers.question(7).words == words != numbers.question(8).words


def test_what_boto3_does_not_send_is_an_error_too(kms, key):
    assert error(kms.encrypt, KeyId=key, Plaintext=b"x") == ""
    assert error(kms.encrypt, KeyId=key, Plaintext=bytes(5000)) == "ValidationException"
    assert error(kms.encrypt, KeyId=key, Nothing=b"x") == "ParamValidationError"
    assert told(kms.encrypt, "") == "`Encrypt` went well."
    assert told(kms.encrypt, "ValidationException") == "`Encrypt` was refused: `ValidationException`."
    unknown = error(kms.encrypt, KeyId=key, Nothing=b"x")
    assert told(kms.encrypt, unknown) == "boto3 does not send this `Encrypt`: the operation has no such parameter."
    small = error(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=89)
    assert told(kms.enable_key_rotation, small).endswith("RotationPeriodInDays, value: 89, valid min value: 90.")
