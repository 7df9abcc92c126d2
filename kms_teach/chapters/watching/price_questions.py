"""Questions about money and quotas: what keys and requests cost, who pays, who is throttled."""

from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from kms_teach.chapters.watching.bill import Bill, asked, dollars, keys
from kms_teach.chapters.watching.prices import KEY, ROTATION, SYMMETRIC
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Tried, one, several
from kms_teach.teaching.trial import amend, error, policy, statement

EXAMS = ("CLF-C02", "SAA-C03", "SOA-C03")
DEEP = ("SAA-C03", "SOA-C03", "SCS-C03", "SAP-C03")
OURS, THEIRS = "111122223333", "444455556666"
SINCE, UNTIL = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
REGIONS = ("eu-west-1", "ap-south-1", "ca-central-1")
CALLS = 12  # that stand for many
MESSAGES = (300, 500, 800, 1000)


def june() -> tuple[Simulator, Any]:
    """A simulator at the beginning of June 2026, and a client."""
    sim = Simulator(start=SINCE)
    return sim, sim.client("kms")


def made(kms: Any, **parameters: Any) -> str:
    return str(kms.create_key(**parameters)["KeyMetadata"]["Arn"])


@one("what-the-keys-cost", subject="pricing", exams=EXAMS, difficulty=3)
def what_the_keys_cost(draw: Random) -> Asked:
    plain, turned, replicas = draw.randrange(1, 5), draw.randrange(3, 7), draw.randrange(1, 4)
    amounts = {  # what a sum takes a part for: the right one is found by the bill
        plain + 2 + replicas + 2: "Each key and each replica, and two rotations: the later ones are free.",
        plain + 2 + replicas + turned: f"All {turned} rotations are paid for here, as it was until 2024.",
        plain + 2 + 2: "The replicas are missing: each is a key, and pays like one.",
        plain + 2 + replicas: "The rotations are missing.",
    }

    def run() -> list[Tried]:
        sim, kms = june()
        for _ in range(plain):
            made(kms)
        rotated, several_regions = made(kms), made(kms, MultiRegion=True)
        for _ in range(turned):
            kms.rotate_key_on_demand(KeyId=rotated)
        for region in REGIONS[:replicas]:
            kms.replicate_key(KeyId=several_regions, ReplicaRegion=region)
        bill = Bill.of(sim.trail, OURS, SINCE, UNTIL)
        stored = bill.line(KEY).dollars + bill.line(ROTATION).dollars
        return [Tried(amount == stored, f"The bill of the run says {dollars(stored)}.") for amount in amounts]

    word = "key that is" if plain == 1 else "keys that are"
    return Asked(
        f"An account has {plain} customer managed {word} never rotated, one that was rotated {turned} times, and a "
        f"multi-Region key with {replicas} {'replica' if replicas == 1 else 'replicas'}, all since before this month. "
        "What do they cost this month, without any request?",
        {f"${amount}": why for amount, why in amounts.items()},
        run,
    )


@several("stored-for-nothing", subject="pricing", exams=EXAMS, difficulty=1)
def stored_for_nothing(draw: Random) -> Asked:
    told = {
        "an AWS managed key, such as `aws/s3`": "No price for keeping it; requests with it are paid.",
        "a key whose deletion is scheduled": "Nothing while it waits. Cancelled, it costs as though it had never been "
        "scheduled.",
        "a disabled key": "It is kept, and costs what it cost before.",
        "a replica in another Region": "Each replica is a key.",
        "a key with imported material": "The price does not ask where the material came from.",
        "a key with which nobody did anything": "It costs the same as a busy one.",
    }
    chosen = [*list(told)[:2], *draw.sample(list(told)[2:], 3)]
    for_nothing = draw.choice((True, False))

    def cost(option: str) -> Decimal:
        sim, kms = june()
        if "AWS managed" in option:
            kms.describe_key(KeyId="alias/aws/s3")
        elif "replica" in option:
            kms.replicate_key(KeyId=made(kms, MultiRegion=True), ReplicaRegion=REGIONS[0])
        else:
            key = made(kms, **({"Origin": "EXTERNAL"} if "imported" in option else {}))
            if "scheduled" in option:
                kms.schedule_key_deletion(KeyId=key)
            if "disabled" in option:
                kms.disable_key(KeyId=key)
        bill = Bill.of(sim.trail, OURS, SINCE, UNTIL)
        return bill.line(KEY).dollars - ("replica" in option)  # the primary is not what is asked for

    def run() -> list[Tried]:
        costs = [cost(option) for option in chosen]
        return [Tried((not amount) == for_nothing, f"Kept for a month: {dollars(amount)}.") for amount in costs]

    return Asked(
        f"Requests do not matter here. Which of these cost {'nothing' if for_nothing else 'a dollar'} to keep for a "
        "month?",
        {option: told[option] for option in chosen},
        run,
    )


READERS = {  # how somebody of another account comes to use a key: whether they call as a role of the key's account
    "who has a grant and calls with the keys of their own user": False,
    "who assumes a role in the account of the key and calls with its session": True,
}


@one("who-pays-the-request", subject="pricing", exams=DEEP)
def who_pays_the_request(draw: Random) -> Asked:
    calls, central = draw.randrange(3, 9), draw.choice(("security", "platform", "archive"))
    who = draw.choice(tuple(READERS))

    def run() -> list[Tried]:
        sim, kms = june()
        key = made(kms)
        person = sim.user("reader", account=THEIRS, policies=[policy(["kms:*", "sts:AssumeRole"])])
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": person.arn}, "Action": "sts:AssumeRole"},
        ]}  # fmt: skip
        role = sim.role("key-user", policies=[policy("kms:*")], trust=trust)
        kms.create_grant(KeyId=key, GranteePrincipal=person.arn, Operations=["Encrypt"])
        if READERS[who]:
            answer = person.client("sts").assume_role(RoleArn=role.arn, RoleSessionName="reader")
            person = sim.session(answer["Credentials"])
        begun = len(sim.trail)
        for _ in range(calls):
            person.client("kms").encrypt(KeyId=key, Plaintext=b"x")
        records = sim.trail[begun:]
        counts = [asked(records, keys(sim.trail), account, SINCE, UNTIL)[SYMMETRIC] for account in (OURS, THEIRS)]
        told = f"Requests on the bill of the {central} account: {counts[0]}; of the reader's account: {counts[1]}."
        return [Tried(counts == right, told) for right in ([calls, 0], [0, calls], [calls, calls], [0, 0])]

    return Asked(
        f"The {central} account keeps a KMS key, and lets a reader of another account use it, {who}. `Encrypt` is "
        f"called {calls} times in this way. On whose bill are these requests?",
        {
            f"the {central} account's": "It pays for its key, and for the requests of its own users and roles.",
            "the reader's account's": "The account of the caller pays, and a session of a role is in the role's.",
            "both accounts'": "The event is in both trails, and the request on one bill.",
            "nobody's: both are in one organization": "An organization adds bills up, and waives none.",
        },
        run,
    )


WISHES = {  # what is asked of a way beside few requests: how many plaintext keys the program may see
    "Some messages may share a key.": range(CALLS + 1),
    "Each message must have a data key of its own.": range(CALLS, CALLS + 1),
    "No key that opens a message may be in the program's memory.": range(1),
}


@one("fewest-requests", subject="pricing", exams=DEEP)
def fewest_requests(draw: Random) -> Asked:
    messages, wish = draw.choice(MESSAGES), draw.choice(tuple(WISHES))

    def requests(way: str) -> tuple[int, int]:
        """How many requests the way sends, and how many keys it leaves in the program's memory."""
        sim, kms = june()
        key, seen = made(kms), set()
        begun = len(sim.trail)
        for number in range(CALLS):
            if way == "each":
                kms.encrypt(KeyId=key, Plaintext=b"x")
            elif way == "random":
                seen.add(kms.generate_random(NumberOfBytes=32)["Plaintext"])
                kms.encrypt(KeyId=key, Plaintext=b"x" * 32)
            elif way == "data key" or not number:
                seen.add(kms.generate_data_key(KeyId=key, KeySpec="AES_256")["Plaintext"])
        return len(sim.trail) - begun, len(seen)

    def run() -> list[Tried]:
        counts = [requests(way) for way in ("each", "data key", "cached", "random")]
        least = min(sent for sent, seen in counts if seen in WISHES[wish])
        return [
            Tried(
                sent == least and seen in WISHES[wish],
                f"For {CALLS} messages: {sent} request{'s' * (sent > 1)}, and {seen or 'no'} "
                f"key{'s' * (seen != 1)} in the program's memory.",
            )
            for sent, seen in counts
        ]

    return Asked(
        f"A program encrypts {messages} small messages a second, and is throttled at peaks. {wish} Which way does that "
        "with the fewest requests to KMS?",
        {
            "call `Encrypt` for each message": "One request for each message, and no key leaves KMS.",
            "call `GenerateDataKey` for each message": "One request for each message, which has a key of its own.",
            "call `GenerateDataKey` once for some minutes": "One request for all. Whoever steals that data key reads "
            "all of them, too.",
            "call `GenerateRandom` for a key, then `Encrypt` it": "Two requests where GenerateDataKey makes one.",
        },
        run,
    )


@several("not-among-the-free-ones", subject="pricing", exams=DEEP)
def not_among_the_free_ones(draw: Random) -> Asked:
    told = {
        "`Sign` with a key of a curve": "Requests with asymmetric keys are paid from the first one on.",
        "`GenerateDataKeyPair`": "Data key pairs are paid from the first one on.",
        "`Encrypt` with a symmetric key": "It is among the 20,000.",
        "`GenerateMac`": "HMAC keys are symmetric.",
        "`DescribeKey`": "A request like any other.",
        "`Decrypt` that S3 sends for you": "It is your request, and counts for your 20,000.",
    }
    chosen = [*list(told)[:2], *draw.sample(list(told)[2:], 3)]

    def run() -> list[Tried]:
        sim, kms = june()
        key, mac = made(kms), made(kms, KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
        curve = made(kms, KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        s3 = sim.client("s3")
        s3.create_bucket(Bucket="things")
        s3.put_object(Bucket="things", Key="a", Body=b"x", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
        calls = {
            "`Sign` with a key of a curve": lambda: kms.sign(
                KeyId=curve, Message=b"x", SigningAlgorithm="ECDSA_SHA_256"
            ),
            "`GenerateDataKeyPair`": lambda: kms.generate_data_key_pair(KeyId=key, KeyPairSpec="ECC_NIST_P256"),
            "`Encrypt` with a symmetric key": lambda: kms.encrypt(KeyId=key, Plaintext=b"x"),
            "`GenerateMac`": lambda: kms.generate_mac(KeyId=mac, Message=b"x", MacAlgorithm="HMAC_SHA_256"),
            "`DescribeKey`": lambda: kms.describe_key(KeyId=key),
            "`Decrypt` that S3 sends for you": lambda: s3.get_object(Bucket="things", Key="a"),
        }
        tried = []
        for option in chosen:
            begun = len(sim.trail)
            calls[option]()
            (kind,) = asked(sim.trail[begun:], keys(sim.trail), OURS, SINCE, UNTIL)
            tried.append(Tried(not kind.free, f"{kind.dollars} US dollars for 10,000."))
        return tried

    return Asked(
        "20,000 requests a month are free. Which of these are not among them, and are paid from the first one on?",
        {option: told[option] for option in chosen},
        run,
    )


OWNED, GUEST = f"account {OURS}", f"account {THEIRS}"
SPENT = (  # which quota a nightly program uses up: its account, where ("" is a Region that is drawn), and the call
    (OURS, "", "encrypt"), (OURS, "us-east-1", "encrypt"), (THEIRS, "", "encrypt"), (OURS, "", "disable_key"),
)  # fmt: skip


@one("shared-quota", subject="limits", exams=DEEP)
def shared_quota(draw: Random) -> Asked:
    region, quota = draw.choice(REGIONS), draw.randrange(5, 12)
    program = draw.choice(("import", "backup", "report"))
    account, where, act = draw.choice(SPENT)
    where = where or region
    called = {"encrypt": "Encrypt", "disable_key": "DisableKey"}

    def run() -> list[Tried]:
        sim = Simulator(start=SINCE, quota=quota)

        def caller(account: str, where: str) -> Any:
            return sim.root(account).client("kms", where, retries={"total_max_attempts": 1})

        def call(kms: Any, name: str, key: str) -> str:
            return error(getattr(kms, name), KeyId=key, **({"Plaintext": b"x"} if name == "encrypt" else {}))

        homes = {each: caller(OURS, each) for each in (region, "us-east-1")}
        spent, other = ({each: made(kms) for each, kms in homes.items()} for _ in range(2))
        for each, kms in homes.items():
            for key in (spent[each], other[each]):
                amend(kms, key, statement(f"arn:aws:iam::{THEIRS}:root", "kms:*"))
        sim.advance(seconds=2)
        spender = caller(account, where)
        while call(spender, act, spent[where]) != "ThrottlingException":
            pass
        tries = ((OURS, region, "encrypt"), (OURS, "us-east-1", "encrypt"), (THEIRS, region, "encrypt"),
                 (OURS, region, "disable_key"))  # fmt: skip
        codes = [call(caller(whose, place), name, other[place]) for whose, place, name in tries]
        return [Tried(code == "ThrottlingException", f"`{code}`." if code else "It went well.") for code in codes]

    return Asked(
        f"Programs of {OWNED} and of {GUEST} use the KMS keys of the former. In {where} a nightly {program} of account "
        f"{account} calls `{called[act]}` so often that a quota is used up. Who else is throttled in that second, with "
        "another of the keys?",
        {
            f"a program of {OWNED} that calls `Encrypt` in {region}": "Keys have no quotas of their own: all symmetric "
            "operations of an account in a Region share one.",
            f"a program of {OWNED} that calls `Encrypt` in us-east-1": "Each Region has its own quota.",
            f"a program of {GUEST} that calls `Encrypt` in {region}": "Each account has its own quota, and it is the "
            "caller's that is spent.",
            f"a program of {OWNED} that calls `DisableKey` in {region}": "That operation has a quota of its own.",
        },
        run,
    )
