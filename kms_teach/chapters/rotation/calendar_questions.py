"""The question families of "Rotation" about dates: how often, how many key materials, and what it takes."""

from random import Random
from typing import Any

from kms_teach.teaching.question import Asked, Tried, one
from kms_teach.teaching.trial import NOTE, scratch

OPERATIONS = ("SAA-C03", "SOA-C03", "SCS-C03")
TIMES = {0: "never", 1: "once", 2: "twice"}
PERIODS = (90, 180, 365, 730)  # days; an automatic rotation has 365 unless told


@one("fewest-rotations", subject="rotation", exams=(*OPERATIONS, "SAP-C03"))
def fewest_rotations(draw: Random) -> Asked:
    most = draw.choice((100, 120, 150, 170, 200, 250, 300, 340, 400, 500, 600, 700, 750, 800, 900))  # days
    options = {
        f"`EnableKeyRotation` with a period of {period} days"
        if period != 365
        else "`EnableKeyRotation` without any period": period
        for period in PERIODS
    }

    def run() -> list[Tried]:
        ages = []
        for option, period in options.items():
            sim, kms, key = scratch()
            terms = {} if option.endswith("any period") else {"RotationPeriodInDays": period}
            kms.enable_key_rotation(KeyId=key, **terms)
            begun = sim.now
            due = kms.get_key_rotation_status(KeyId=key)["NextRotationDate"]
            sim.advance(until=due)
            sim.advance(days=1)
            rotated = kms.list_key_rotations(KeyId=key)["Rotations"]
            ages.append(round((rotated[-1]["RotationDate"] - begun).total_seconds() / 86_400) if rotated else 10**6)
        best = max((age for age in ages if age <= most), default=0)
        return [Tried(age == best, f"The material was replaced after {age} days.") for age in ages]

    why = ("It meets every rule of more than 90 days, and makes more materials than most of them ask for.",
           "It rotates every half a year.",
           "Without a period it is 365 days.",
           "It rotates every two years, and 2,560 days are the most.")  # fmt: skip
    return Asked(
        f"A rule says that key material of a symmetric KMS key may encrypt for {most} days at most. Programs must not "
        "be changed, nobody is to call anything later on, and the auditors want no more key materials to list than the "
        "rule makes necessary. What do you call?",
        dict(zip(options, why, strict=True)),
        run,
    )


@one("materials-of-a-key", subject="rotation", exams=OPERATIONS)
def materials_of_a_key(draw: Random) -> Asked:
    period, by_hand = draw.choice((90, 100, 120, 180, 200, 365)), draw.randrange(2, 4)
    times = draw.randrange(2, 5)
    days = period * times + draw.randrange(10, period - 10)

    def run() -> list[Tried]:
        sim, kms, key = scratch()
        kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=period)
        for _ in range(by_hand):
            sim.advance(days=7)
            kms.rotate_key_on_demand(KeyId=key)
        sim.advance(days=days - 7 * by_hand)
        listed = kms.list_key_rotations(KeyId=key, IncludeKeyMaterial="ALL_KEY_MATERIAL")["Rotations"]
        shown = f"`ListKeyRotations` shows {len(listed)} key materials."
        return [Tried(len(listed) == number, shown) for number in numbers]

    numbers = (1 + times + by_hand, times + by_hand, 1 + times, times)
    why = (
        "The first one, one for each date that came, and one for each rotation on demand.",
        "That counts rotations. The key had a material before the first of them.",
        "A rotation on demand makes a material too, and moves no date.",
        "That counts the dates alone.",
    )
    return Asked(
        f"A key is made, and automatic rotation is switched on with a period of {period} days. In the first weeks "
        f"somebody rotates it on demand {'twice' if by_hand == 2 else 'three times'}. How many key materials does "
        f"the key have after {days} days?",
        {f"{number}": each for number, each in zip(numbers, why, strict=True)},
        run,
    )


@one("years-of-a-managed-key", subject="rotation", exams=("CLF-C02", *OPERATIONS))
def years_of_a_managed_key(draw: Random) -> Asked:
    service = draw.choice(("s3", "ebs", "rds", "sqs"))
    years, more = draw.randrange(3, 7), draw.randrange(60, 300)
    days = 365 * years + more

    def run() -> list[Tried]:
        sim, kms, _ = scratch()
        through: Any = sim.root().client("kms", via="ec2" if service == "ebs" else service)
        name = f"alias/aws/{service}"
        through.encrypt(KeyId=name, Plaintext=NOTE)
        materials = set()
        for _ in range(days // 30 + 1):
            materials.add(kms.describe_key(KeyId=name)["KeyMetadata"]["CurrentKeyMaterialId"])
            sim.advance(days=30)
        return [Tried(len(materials) == 1 + number, f"It has had {len(materials)} materials.") for number in numbers]

    numbers = (years, days // 1095, 0, days // 90)
    why = (
        "AWS rotates it about once a year, and has done so since May 2022.",
        "Every three years was the rule until May 2022.",
        "AWS rotates its managed keys without being asked, and cannot be asked not to.",
        "90 days is the shortest period of a customer managed key.",
    )
    return Asked(
        f"The AWS managed key `aws/{service}` came into being in 2026, and the account has used it for {days:,} days. "
        "How often has it been rotated?",
        {
            {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times"): each
            for number, each in zip(numbers, why, strict=True)
        },
        run,
    )
