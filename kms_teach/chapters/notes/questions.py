"""The question families of "What the notes say": sentences of sheets, judged by the runs of their claims."""

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

from kms_teach.chapters.notes.pasted import claim
from kms_teach.inspect.claim import DATED, DEPENDS, TRUE, WRONG, Claim, Finding
from kms_teach.teaching.question import Asked, Order, Tried, matching, one, ordering, several
from kms_teach.teaching.trial import NOTE, Answer, attempted, error, scratch, shared, told

EXAMS = ("SAA-C03", "SCS-C03")
COLLEAGUE = ("A colleague's", "An old", "Your neighbour's", "A printed")

# Pools of claims, by their ids: those of a question are about one subject.
ROTATION = {
    TRUE: ("managed-every-year", "period-of-your-choice", "old-material-stays", "owned-varies"),
    DATED: ("managed-three-years", "ten-on-demand"),
    WRONG: ("rotation-reencrypts", "rotation-cuts-off", "on-demand-new-key", "asymmetric-rotate", "on-demand-moves"),
}
ACCESS = {
    TRUE: ("told-to-trust", "view-not-manage"),
    DATED: ("grants-no-service", "no-ram"),
    DEPENDS: ("grant-at-once", "key-id-needed"),
    WRONG: ("admin-uses-all", "root-is-everyone", "root-is-root", "creator-always", "alias-in-resource", "one-side"),
}
END_OF_A_KEY = {
    TRUE: ("waiting-period", "old-material-stays", "view-not-manage"),
    WRONG: ("deleted-now", "dies-alone", "alias-freed", "cancelled-restores"),
    DATED: ("no-last-use",),
}
KINDS = ("symmetric-only", "encrypt-or-sign", "imported-symmetric", "not-post-quantum")
ENDED = ("managed-three-years", "customer-every-year", "ten-on-demand", "symmetric-only", "encrypt-or-sign")
OBJECTS = ("key-per-object", "plain-by-default", "bucket-policy-enough", "managed-abroad", "owned-varies")
AGES = {  # lines of a sheet that were all right in some years and in no others
    "two-kinds": ("one-region", "encrypt-or-sign", "managed-three-years"),
    "period-of-your-choice": ("ten-on-demand", "imported-new-key", "no-last-use"),
    "managed-every-year": ("plain-by-default", "imported-symmetric", "fips-level-2"),
}
YEARS = range(2015, 2026)
DEPENDING = ("every-key-rotates", "any-replicates", "key-id-needed")  # claims that are so for some keys alone
OAEP = {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}


def _sentences(names: Sequence[str]) -> dict[str, Claim]:
    """The claims of these ids, by their sentences."""
    return {claim(name).sentence: claim(name) for name in names}


def _told(finding: Finding) -> str:
    """What the run came to, with the call that tells."""
    request = finding.call.request_id if finding.call else ""
    return Answer(f"{finding.words[:1].upper()}{finding.words[1:]}.", request)


WANTED = {TRUE: "is true today", DATED: "was true once, and no longer is", WRONG: "was never true"}


@one("still-true", subject="rotation", exams=EXAMS)
def still_true(draw: Random) -> Asked:
    wanted = draw.choice(tuple(WANTED))
    twice = TRUE if wanted == WRONG else WRONG
    names = [name for verdict in ROTATION for name in draw.sample(ROTATION[verdict], 1 + (verdict == twice))]
    asked = _sentences(names)

    def run() -> list[Tried]:
        findings = map(Finding.of, asked.values())
        return [Tried(found.verdict == wanted, _told(found)) for found in findings]

    words = f"{draw.choice(COLLEAGUE)} sheet has these sentences about rotation. Which one {WANTED[wanted]}?"
    return Asked(words, {sentence: each.fact for sentence, each in asked.items()}, run)


@several("sentences-to-strike", subject="deletion", exams=EXAMS)
def sentences_to_strike(draw: Random) -> Asked:
    names = [
        *draw.sample(END_OF_A_KEY[TRUE], 2), *draw.sample(END_OF_A_KEY[WRONG], 2), *END_OF_A_KEY[DATED],
    ]  # fmt: skip
    asked = _sentences(names)

    def run() -> list[Tried]:
        findings = map(Finding.of, asked.values())
        return [Tried(found.verdict != TRUE, _told(found)) for found in findings]

    words = f"{draw.choice(COLLEAGUE)} sheet is to be right again. Which sentences must go?"
    return Asked(words, {sentence: each.fact for sentence, each in asked.items()}, run)


@matching("fate-of-a-sentence", subject="access", exams=EXAMS)
def fate_of_a_sentence(draw: Random) -> Asked:
    fates = draw.sample(tuple(ACCESS), 3)
    asked = _sentences([draw.choice(ACCESS[fate]) for fate in fates])

    def run() -> list[Tried]:
        findings = map(Finding.of, asked.values())
        return [Tried(found.verdict, _told(found)) for found in findings]

    words = "What is each of these sentences: true, true once, never true, or does it depend?"
    return Asked(words, {sentence: each.fact for sentence, each in asked.items()}, run, tuple(ACCESS))


@matching("true-until-when", subject="asymmetric keys", exams=EXAMS)
def true_until_when(draw: Random) -> Asked:
    asked = _sentences(draw.sample(KINDS, 3))
    never = "it is still true"

    def run() -> list[Tried]:
        findings = map(Finding.of, asked.values())
        return [Tried(found.claim.turned if found.verdict == DATED else never, _told(found)) for found in findings]

    dates = [each.turned for each in asked.values()]
    words = "Each of these sentences was true once, unless it still is. Until when?"
    return Asked(words, {sentence: each.fact for sentence, each in asked.items()}, run, (*dates, never))


@ordering("order-of-ends", subject="rotation", exams=("SCS-C03",))
def order_of_ends(draw: Random) -> Asked:
    asked = _sentences(draw.sample(ENDED, 3))

    @cache
    def ends() -> Order:
        """The sentences in the order in which they ended, once each was tried: none still holds."""
        findings = [Finding.of(each) for each in asked.values()]
        ended = sorted(
            (found for found in findings if found.verdict == DATED), key=lambda found: str(found.claim.until)
        )
        return tuple(found.claim.sentence for found in ended)

    def run(order: Order) -> Tried:
        dates = ", then ".join(f"{asked[sentence].turned}" for sentence in ends())
        return Tried(order == ends(), f"They ended in this order: {dates}.")

    words = "None of these sentences is the whole truth any more. In which order did that end, the earliest first?"
    return Asked(words, {sentence: f"Until {each.turned}. {each.fact}" for sentence, each in asked.items()}, run)


@several("right-in-that-year", subject="S3", exams=("SAA-C03",))
def right_in_that_year(draw: Random) -> Asked:
    year = draw.choice((2018, 2019, 2021, 2022))
    asked = _sentences((*OBJECTS, draw.choice(("sealed-on-disk", "view-not-manage"))))

    def run() -> list[Tried]:
        findings = map(Finding.of, asked.values())
        return [Tried(found.in_year(year) == TRUE, _told(found)) for found in findings]

    words = f"You find a sheet of December {year}. Which of its sentences were right when it was written?"
    return Asked(words, {sentence: each.fact for sentence, each in asked.items()}, run)


@one("age-of-a-sheet", subject="multi-Region", exams=("SCS-C03",))
def age_of_a_sheet(draw: Random) -> Asked:
    began = draw.choice(tuple(AGES))
    asked = _sentences((began, draw.choice(AGES[began])))
    findings = cache(lambda: tuple(map(Finding.of, asked.values())))
    since, until = (claim(name) for name in (began, next(each.id for each in asked.values() if each.id != began)))
    assert since.since
    assert until.until
    in_between = range(since.since.year, until.until.year)
    outside = [year for year in YEARS if year not in in_between]
    years = sorted((draw.choice(in_between), *draw.sample(outside, 3)))

    def run() -> list[Tried]:
        right = [all(found.in_year(year) == TRUE for found in findings()) for year in years]
        wrong = {year: next((found for found in findings() if found.in_year(year) != TRUE), None) for year in years}
        return [
            Tried(held, f"Not then: “{found.claim.sentence}” is {found.words}." if (found := wrong[year]) else "")
            for year, held in zip(years, right, strict=True)
        ]

    lines = " ".join(f"“{each.sentence}”" for each in asked.values())
    options = {f"December {year}": "A sentence that ended, and one that began, date a sheet." for year in years}
    return Asked(
        f"A sheet without a date says: {lines} Both were right when it was written. When was that?", options, run
    )


@one("of-which-key", subject="limits", exams=EXAMS)
def of_which_key(draw: Random) -> Asked:
    said, spec = claim(draw.choice(DEPENDING)), draw.choice(("HMAC_256", "HMAC_384", "ECC_NIST_P256", "ECC_NIST_P384"))
    usage = "GENERATE_VERIFY_MAC" if spec.startswith("HMAC") else "SIGN_VERIFY"

    def run() -> list[Tried]:
        _, kms, symmetric = scratch()
        primary = kms.create_key(KeySpec=spec, KeyUsage=usage, MultiRegion=True)["KeyMetadata"]["KeyId"]
        keys: tuple[tuple[Any, str, dict[str, str]], ...] = (
            (kms, symmetric, {}),
            (kms, primary, {}),
            (*shared("RSA_2048", "ENCRYPT_DECRYPT"), OAEP),
        )
        if said.id == "every-key-rotates":
            return [attempted(client.enable_key_rotation, KeyId=key) for client, key, _ in keys]
        if said.id == "any-replicates":
            return [attempted(client.replicate_key, KeyId=key, ReplicaRegion="eu-west-1") for client, key, _ in keys]
        return [_opened_without_its_name(client, key, algorithm) for client, key, algorithm in keys]

    return Asked(
        f"{draw.choice(COLLEAGUE)} sheet says: “{said.sentence}” It depends. For which of these keys is it so?",
        {
            "symmetric, made by KMS, in one Region": said.fact,
            f"{spec}, a multi-Region primary key": said.fact,
            "RSA_2048, for encryption, in one Region": said.fact,
        },
        run,
    )


def _opened_without_its_name(kms: Any, key: str, algorithm: Mapping[str, str]) -> Tried:
    """Encrypt with the key, if it can do that, and decrypt without saying by which key: right if that is refused."""
    if code := error(kms.encrypt, KeyId=key, Plaintext=NOTE, **algorithm):
        return Tried(False, told(kms.encrypt, code))
    blob = kms.encrypt(KeyId=key, Plaintext=NOTE, **algorithm)["CiphertextBlob"]
    code = error(kms.decrypt, CiphertextBlob=blob, **algorithm)
    return Tried(bool(code), told(kms.decrypt, code, "Without a `KeyId`:"))
