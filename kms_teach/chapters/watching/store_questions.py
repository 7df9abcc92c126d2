"""Questions about custom key stores: what works when one is cut off, which store suits, and how one comes into use."""

from random import Random
from typing import Any

from kms_teach.keys.stores import CLOUDHSM, EXTERNAL
from kms_teach.people import KeyStoreBackend
from kms_teach.simulator import Simulator
from kms_teach.teaching.question import Asked, Order, Tried, matching, one, ordering, several
from kms_teach.teaching.trial import START, error, policy

EXAMS = ("SCS-C03", "SAP-C03")
COMPANIES = ("A bank", "A ministry", "A hospital", "An insurer", "A university")
WORDS = {CLOUDHSM: "CloudHSM key store", EXTERNAL: "external key store"}
A = {CLOUDHSM: "a", EXTERNAL: "an"}
XKS = "harbour-1"


def stored(kind: str) -> tuple[Simulator, Any, KeyStoreBackend, str, str]:
    """A simulator with a connected key store and a key in it: client, what holds the key, the store's id, the key."""
    sim = Simulator(start=START)
    kms, backend = sim.client("kms"), sim.key_store(kind)
    store = kms.create_custom_key_store(CustomKeyStoreName="ours", **backend.parameters)["CustomKeyStoreId"]
    kms.connect_custom_key_store(CustomKeyStoreId=store)
    more = {"XksKeyId": backend.add_key(XKS)} if kind == EXTERNAL else {}
    key = kms.create_key(CustomKeyStoreId=store, Origin=kind, **more)["KeyMetadata"]["Arn"]
    return sim, kms, backend, store, key


STILL: dict[str, str] = {  # the first three go on
    "`DescribeKey`": "KMS keeps what describes a key, and needs no key material for it.",
    "`GetKeyPolicy`": "The policy is in KMS, and needs no key material.",
    "`Decrypt` with another key, of KMS": "That key has nothing to do with the key store.",
    "`Decrypt` of what was encrypted before": "The key material is needed, and is out of reach.",
    "`Encrypt`": "The key material is needed.",
    "`GenerateDataKey`": "The data key has to be encrypted with the key material.",
    "`ReEncrypt`, from it to a key of KMS": "It opens the ciphertext first, with the key material.",
}


@several("cut-off-key-store", subject="key stores", exams=EXAMS)
def cut_off_key_store(draw: Random) -> Asked:
    company, kind = draw.choice(COMPANIES), draw.choice((CLOUDHSM, EXTERNAL))
    names, right = list(STILL), draw.choice((2, 3))
    chosen = [*draw.sample(names[:3], right), *draw.sample(names[3:], 5 - right)]

    def run() -> list[Tried]:
        _sim, kms, backend, _store, key = stored(kind)
        blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
        other = kms.create_key()["KeyMetadata"]["Arn"]
        note = kms.encrypt(KeyId=other, Plaintext=b"x")["CiphertextBlob"]
        backend.cut_off()
        codes = (
            error(kms.describe_key, KeyId=key), error(kms.get_key_policy, KeyId=key),
            error(kms.decrypt, CiphertextBlob=note),
            error(kms.decrypt, CiphertextBlob=blob), error(kms.encrypt, KeyId=key, Plaintext=b"x"),
            error(kms.generate_data_key, KeyId=key, KeySpec="AES_256"),
            error(kms.re_encrypt, CiphertextBlob=blob, DestinationKeyId=other),
        )  # fmt: skip
        found = dict(zip(names, codes, strict=True))
        return [Tried(not found[name], f"`{found[name]}`." if found[name] else "It went well.") for name in chosen]

    return Asked(
        f"{company} has a KMS key in {A[kind]} {WORDS[kind]}. What holds the key material cannot be reached "
        "any more. "
        "What still works?",
        {name: STILL[name] for name in chosen},
        run,
    )


@one("error-of-a-cut-key", subject="key stores", exams=EXAMS, difficulty=1)
def error_of_a_cut_key(draw: Random) -> Asked:
    company, kind = draw.choice(COMPANIES), draw.choice((CLOUDHSM, EXTERNAL))
    operation = draw.choice(("Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"))
    happened, words = draw.choice(
        (
            ("cut", "The company disconnects the key store."),
            ("off", "Somebody disables that KMS key."),
            ("silent", "The IAM policy of the program's role no longer allows it."),
            ("gone", "The deletion of that KMS key was scheduled, and its days are over."),
        )
    )
    codes = {
        "KMSInvalidStateException": "The caller may. The state of the key, Unavailable, is the cause.",
        "AccessDeniedException": "It is a matter of permission: key and key store work.",
        "NotFoundException": "It is for a key that is not there, or not any more.",
        "DisabledException": "It is for a key that somebody disabled.",
    }

    def run() -> list[Tried]:
        sim, kms, _backend, store, key = stored(kind)
        role = sim.role("app", policies=[] if happened == "silent" else [policy("kms:*")]).client("kms")
        if happened == "cut":
            kms.disconnect_custom_key_store(CustomKeyStoreId=store)
        elif happened == "off":
            kms.disable_key(KeyId=key)
        elif happened == "gone":
            kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
            sim.advance(days=9)
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            "Encrypt": (role.encrypt, {"KeyId": key, "Plaintext": b"x"}),
            "GenerateDataKey": (role.generate_data_key, {"KeyId": key, "KeySpec": "AES_256"}),
            "GenerateDataKeyWithoutPlaintext": (
                role.generate_data_key_without_plaintext, {"KeyId": key, "KeySpec": "AES_256"},
            ),
        }  # fmt: skip
        call, sent = calls[operation]
        seen = error(call, **sent)
        return [Tried(code == seen, f"It was `{seen}`.") for code in codes]

    return Asked(
        f"{company} has a KMS key in {A[kind]} {WORDS[kind]}, and a program calls `{operation}` with the key's ARN. "
        f"{words} What does the program get?",
        {f"`{code}`": why for code, why in codes.items()},
        run,
    )


@matching("where-the-key-may-live", subject="key stores", exams=EXAMS, difficulty=3)
def where_the_key_may_live(draw: Random) -> Asked:
    company, days = draw.choice(COMPANIES), draw.randrange(90, 400)
    kms_itself, cluster, outside = "KMS itself", "a CloudHSM key store", "an external key store"
    needs = {
        f"the key rotates by itself every {days} days": "Automatic rotation is for material that KMS makes and keeps.",
        "HSMs of its own in AWS also make its random bytes": "`GenerateRandom` takes a CloudHSM key store alone.",
        "the key stays in a key manager outside AWS": "Only there does a KMS key name a key of yours: `XksKeyId`.",
    }

    def run() -> list[Tried]:
        turns, random, named = [], [], []
        for place in (kms_itself, cluster, outside):
            if place == kms_itself:
                sim = Simulator(start=START)
                kms = sim.client("kms")
                store, key = "", kms.create_key()["KeyMetadata"]["Arn"]
            else:
                _sim, kms, _backend, store, key = stored(CLOUDHSM if place == cluster else EXTERNAL)
            if not error(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=days):
                turns.append(place)
            if store and not error(kms.generate_random, NumberOfBytes=8, CustomKeyStoreId=store):
                random.append(place)
            if "XksKeyConfiguration" in kms.describe_key(KeyId=key)["KeyMetadata"]:
                named.append(place)
        return [Tried(places[0] if len(places) == 1 else "", f"It works with {places[0]}.")
                for places in (turns, random, named)]  # fmt: skip

    return Asked(
        f"{company} asks for one thing at a time. Where must the key material live for it?",
        needs,
        run,
        (kms_itself, cluster, outside),
    )


@ordering("into-an-external-key-store", subject="key stores", exams=EXAMS)
def into_an_external_key_store(draw: Random) -> Asked:
    company, use = (
        draw.choice(COMPANIES),
        draw.choice(("Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext")),
    )
    steps = {
        "call `CreateCustomKeyStore`": "It describes the proxy, and needs nothing before it.",
        "call `ConnectCustomKeyStore`": "It needs the key store.",
        "call `CreateKey` with `XksKeyId`": "It needs a connection.",
        f"call `{use}`": "It needs the key.",
    }

    def run(order: Order) -> Tried:
        sim = Simulator(start=START)
        kms, backend = sim.client("kms"), sim.key_store(EXTERNAL)
        backend.add_key(XKS)
        store, key = "cks-1234567890abcdef0", "1234abcd-12ab-34cd-56ef-1234567890ab"  # none
        for step in order:
            if "CreateCustom" in step:
                made = kms.create_custom_key_store(CustomKeyStoreName="ours", **backend.parameters)
                store = made["CustomKeyStoreId"]
                continue
            calls: dict[str, tuple[Any, dict[str, Any]]] = {
                "call `ConnectCustomKeyStore`": (kms.connect_custom_key_store, {"CustomKeyStoreId": store}),
                "call `CreateKey` with `XksKeyId`": (
                    kms.create_key, {"CustomKeyStoreId": store, "Origin": EXTERNAL, "XksKeyId": XKS},
                ),
                "call `Encrypt`": (kms.encrypt, {"KeyId": key, "Plaintext": b"x"}),
                "call `GenerateDataKey`": (kms.generate_data_key, {"KeyId": key, "KeySpec": "AES_256"}),
                "call `GenerateDataKeyWithoutPlaintext`": (
                    kms.generate_data_key_without_plaintext, {"KeyId": key, "KeySpec": "AES_256"},
                ),
            }  # fmt: skip
            call, parameters = calls[step]
            if code := error(call, **parameters):
                return Tried(False, f"{step[5:].capitalize()}: `{code}`. {steps[step]}")
            if "CreateKey" in step:
                key = kms.list_keys()["Keys"][0]["KeyArn"]
        return Tried(True, "Each call went well.")

    return Asked(
        f"{company} has a key manager outside AWS, and its proxy answers. Order the calls, up to the first one "
        "that encrypts with its key.",
        steps,
        run,
    )
