"""Question families about usages: which key for which job, which error, which secret, which handshake."""

from random import Random
from typing import Any

from kms_teach.chapters.signing.signature_questions import CURVES, DEVELOPER
from kms_teach.client_side import partner
from kms_teach.client_side.partner import Pair
from kms_teach.teaching.question import Asked, Tried, matching, one, ordering
from kms_teach.teaching.trial import NOTE, error, scratch, shared, told

ARCHITECT = ("SCS-C03", "SAP-C02", "SAP-C03")


@one("which-takes-a-context", subject="context", exams=DEVELOPER, difficulty=1)
def which_takes_a_context(draw: Random) -> Asked:
    name, value = draw.choice((("tenant", "Blue"), ("app", "shop"), ("stage", "test")))
    needed = {
        "context": f"A note is to be unreadable, and opened only for callers that name `{name}` = `{value}` as well.",
        "anybody": "A partner without an AWS account is to send you notes that only KMS can open.",
        "proof": "A partner without an AWS account is to check that a note comes from you. It may be readable.",
    }
    wanted = draw.choice(tuple(needed))

    def run() -> list[Tried]:
        _, kms, key = scratch()
        rsa_kms, rsa = shared("RSA_2048", "ENCRYPT_DECRYPT")
        hmac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        pair = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        calls: tuple[tuple[Any, dict[str, Any]], ...] = (
            (kms.encrypt, {"KeyId": key, "Plaintext": NOTE}),
            (rsa_kms.encrypt, {"KeyId": rsa, "Plaintext": NOTE, "EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}),
            (kms.generate_mac, {"KeyId": hmac, "Message": NOTE, "MacAlgorithm": "HMAC_SHA_256"}),
            (kms.sign, {"KeyId": pair, "Message": NOTE, "SigningAlgorithm": "ECDSA_SHA_256"}),
        )
        if wanted == "context":
            codes = [(call, error(call, EncryptionContext={name: value}, **sent)) for call, sent in calls]
            return [Tried(not code, told(call, code)) for call, code in codes]
        return [_by_the_public_key(call, sent, wanted == "proof") for call, sent in calls]

    return Asked(
        f"{needed[wanted]} Which kind of key, with which operation, does that?",
        {
            "SYMMETRIC_DEFAULT, with `Encrypt`": "Its ciphertext's tag covers the context. The key stays in KMS.",
            "RSA_2048, with `Encrypt`": "Whoever has the public key can encrypt. RSA-OAEP takes no context.",
            "HMAC_256, with `GenerateMac`": "Its one key stays in KMS, where tags are checked. It takes no context.",
            "ECC_NIST_P256, with `Sign`": "Whoever has the public key can check it. `Sign` takes no context.",
        },
        run,
    )


def _by_the_public_key(call: Any, sent: dict[str, Any], signed: bool) -> Tried:
    """What a partner can do who is given the key's public half, and calls nothing of AWS."""
    kms, key = call.__self__, sent["KeyId"]
    code = error(kms.get_public_key, KeyId=key)
    if code:
        return Tried(False, told(kms.get_public_key, code))
    public = kms.get_public_key(KeyId=key)
    if signed and public["KeyUsage"] == "SIGN_VERIFY":
        fits = partner.verifies(public["PublicKey"], sent["SigningAlgorithm"], NOTE, call(**sent)["Signature"])
        return Tried(fits, f"The signature {'fits' if fits else 'does not fit'}, by the public key alone.")
    if not signed and public["KeyUsage"] == "ENCRYPT_DECRYPT":
        sealed = partner.encrypt(public["PublicKey"], NOTE)
        opened = kms.decrypt(KeyId=key, CiphertextBlob=sealed, EncryptionAlgorithm=sent["EncryptionAlgorithm"])
        return Tried(opened["Plaintext"] == NOTE, "`Decrypt` opened what was encrypted by the public key alone.")
    return Tried(False, f"The public key is given out, but the key's usage is `{public['KeyUsage']}`.")


@one("key-for-a-secret", subject="asymmetric keys", exams=ARCHITECT, difficulty=1)
def key_for_a_secret(draw: Random) -> Asked:
    curves = draw.sample(tuple(CURVES), 2)
    theirs, agrees = draw.choice(curves), draw.choice((True, False))

    def run() -> list[Tried]:
        _, kms, _ = scratch()
        public, tried = Pair(theirs).public_key, []
        sign, agree = {"SigningAlgorithm": CURVES[theirs], "Message": NOTE}, {"KeyAgreementAlgorithm": "ECDH"}
        call, given = (kms.derive_shared_secret, agree | {"PublicKey": public}) if agrees else (kms.sign, sign)
        for usage in ("KEY_AGREEMENT", "SIGN_VERIFY"):
            for spec in curves:
                key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
                code = error(call, KeyId=key, **given)
                tried.append(Tried(not code, told(call, code)))
        return tried

    wish = (
        f"A partner sends you a public key of {theirs}, to agree on a secret."
        if agrees
        else f"A partner's program checks signatures with {CURVES[theirs]}, and with nothing else; yours must sign."
    )
    first, second = curves
    agreed, signed = "It is made to agree, with a partner of the same curve.", "It is made to sign, by its own hash."
    return Asked(
        f"{wish} Which KMS key do you make?",
        {
            f"{first}, for `KEY_AGREEMENT`": agreed,
            f"{second}, for `KEY_AGREEMENT`": agreed,
            f"{first}, for `SIGN_VERIFY`": signed,
            f"{second}, for `SIGN_VERIFY`": signed,
        },
        run,
    )


@ordering("sealed-for-you", subject="asymmetric keys", exams=ARCHITECT)
def sealed_for_you(draw: Random) -> Asked:
    sender, spec = draw.choice(("A sensor", "A partner", "A browser")), draw.choice(tuple(CURVES))
    steps = (
        f"you call `CreateKey` with `{spec}`, for `KEY_AGREEMENT`",
        "you call `GetPublicKey`, and publish the answer",
        "the sender makes a pair, derives the secret, encrypts with it, and sends you its public key",
        "you call `DeriveSharedSecret` with the public key that came",
    )

    def run(order: tuple[str, ...]) -> Tried:
        world: dict[str, Any] = {}
        if order[0] != steps[0]:
            return Tried(False, f"It stops at “{order[0]}”: what that needs is not there yet.")
        _, kms, _ = scratch()

        def create() -> None:
            world["key"] = kms.create_key(KeySpec=spec, KeyUsage="KEY_AGREEMENT")["KeyMetadata"]["KeyId"]

        def publish() -> None:
            world["public"] = kms.get_public_key(KeyId=world["key"])["PublicKey"]

        def send() -> None:
            pair = Pair(spec)
            world["theirs"], world["sent"] = pair.agree(world["public"]), pair.public_key

        def derive() -> None:
            answer = kms.derive_shared_secret(KeyId=world["key"], KeyAgreementAlgorithm="ECDH", PublicKey=world["sent"])
            world["ours"] = answer["SharedSecret"]

        acts = dict(zip(steps, (create, publish, send, derive), strict=True))
        for step in order:
            try:
                acts[step]()
            except KeyError:  # a step wants what no step before it has made
                return Tried(False, f"It stops at “{step}”: what that needs is not there yet.")
        return Tried(world["ours"] == world["theirs"], "Both ends came to the same secret.")

    return Asked(
        f"{sender} without an AWS account is to send you something that only you can open, by ECDH. In which order?",
        dict.fromkeys(steps, "Each step needs what the one before it made."),
        run,
    )


@matching("usage-for-a-job", subject="asymmetric keys", exams=(*DEVELOPER, "SAA-C03"), difficulty=1)
def usage_for_a_job(draw: Random) -> Asked:
    chosen = set(draw.sample(tuple(JOBS), 3))

    def run() -> list[Tried]:
        tried = []
        for name, (_, operation, sent) in JOBS.items():
            if name in chosen:
                tried.append(_usage_that_does(operation, sent))
        return tried

    return Asked(
        "For which `KeyUsage` do you make the key?",
        {name: why for name, (why, _, _) in JOBS.items() if name in chosen},
        run,
        tuple(f"`{usage}`" for usage in USAGES),
    )


USAGES = {  # KeyUsage -> a KeySpec that is quick to make
    "ENCRYPT_DECRYPT": "SYMMETRIC_DEFAULT",
    "SIGN_VERIFY": "ECC_NIST_P256",
    "GENERATE_VERIFY_MAC": "HMAC_256",
    "KEY_AGREEMENT": "ECC_NIST_P256",
}
JOBS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a receipt that anybody can check": (
        "Only a signature has a public half that checks it.",
        "sign", {"Message": NOTE, "SigningAlgorithm": "ECDSA_SHA_256"},
    ),
    "a token that only your own service checks": (
        "A MAC is shorter, quicker and cheaper than a signature.",
        "generate_mac", {"Message": NOTE, "MacAlgorithm": "HMAC_SHA_256"},
    ),
    "a session secret with a device that has a key pair": (
        "`DeriveSharedSecret` takes the device's public key.",
        "derive_shared_secret", {"KeyAgreementAlgorithm": "ECDH"},
    ),
    "a password that is stored unreadable": (
        "What is to be read again is encrypted; the others do not hide the message.",
        "encrypt", {"Plaintext": NOTE},
    ),
}  # fmt: skip


def _usage_that_does(operation: str, sent: dict[str, Any]) -> Tried:
    """Try the job with a key of each usage: one of them does it."""
    sim, kms, _ = scratch()
    more = {"PublicKey": Pair().public_key} if operation == "derive_shared_secret" else {}
    for usage, spec in USAGES.items():
        key = kms.create_key(KeySpec=spec, KeyUsage=usage)["KeyMetadata"]["KeyId"]
        if not error(getattr(kms, operation), KeyId=key, **sent, **more):
            return Tried(f"`{usage}`", f"{sim.trail[-1].operation} went well with a key for `{usage}` alone.")
    raise ValueError(f"no key does {operation}")


@matching("error-of-a-check", subject="asymmetric keys", exams=(*DEVELOPER, "SOA-C03"))
def error_of_a_check(draw: Random) -> Asked:
    chosen = set(draw.sample(tuple(CHECKS), 4))

    def run() -> list[Tried]:
        _, kms, key = scratch(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        off = kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        hmac = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
        ecdsa, mac = {"SigningAlgorithm": "ECDSA_SHA_256"}, {"MacAlgorithm": "HMAC_SHA_256", "KeyId": hmac}
        signed, code = (
            kms.sign(KeyId=key, Message=NOTE, **ecdsa)["Signature"],
            kms.generate_mac(Message=NOTE, **mac)["Mac"],
        )
        kms.disable_key(KeyId=off)
        calls: tuple[tuple[Any, dict[str, Any]], ...] = (
            (kms.verify, {"KeyId": key, "Message": NOTE + b"!", "Signature": signed, **ecdsa}),
            (kms.verify_mac, {"Message": NOTE + b"!", "Mac": code, **mac}),
            (kms.sign, {"KeyId": key, "Message": bytes(20), "MessageType": "DIGEST", **ecdsa}),
            (kms.sign, {"KeyId": hmac, "Message": NOTE, **ecdsa}),
            (kms.verify, {"KeyId": off, "Message": NOTE, "Signature": signed, **ecdsa}),
        )
        ends = [(call, error(call, **sent)) for call, sent in calls]
        return [Tried(f"`{end}`", told(call, end)) for call, end in ends]

    return Asked(
        "Which error does each of these calls end in? One of the errors is left over.",
        {name: why for name, why in CHECKS.items() if name in chosen},
        lambda: [tried for name, tried in zip(CHECKS, run(), strict=True) if name in chosen],
        (
            "`DisabledException`", "`InvalidKeyUsageException`", "`KMSInvalidMacException`",
            "`KMSInvalidSignatureException`", "`ValidationException`",
        ),
    )  # fmt: skip


CHECKS = {
    "`Verify`, and a letter of the message was changed": "A signature that does not fit is an error, never `false`.",
    "`VerifyMac`, and a letter of the message was changed": "A MAC that does not fit is an error, never `false`.",
    "`Sign` with `DIGEST`, and a hash of 20 bytes for `ECDSA_SHA_256`": "The digest must be as long as the hash is.",
    "`Sign` with an HMAC key": "A key has one usage for life.",
    "`Verify` with a key that is disabled": "Who has the public key could still check.",
}


FIELDS = {  # of an event, and what each says
    "`tlsDetails.keyExchange`": "It names the group of the handshake; `X25519MLKEM768` is a hybrid one.",
    "`sourceIPAddress`": "It says from where the call came, and not how.",
    "`requestParameters`": "They are what was asked, not how it travelled.",
}
SAME = {  # what tells nothing here, and why
    "`tlsDetails.tlsVersion`": "Both are TLS 1.3.",
    "`tlsDetails.cipherSuite`": "In TLS 1.3 the suite says nothing of the key exchange.",
    "`userAgent`": "A program may name itself as it likes.",
    "`eventVersion`": "It is the version of the event's own form.",
}
SUSPECTED: dict[str, dict[str, str]] = {  # of a program: how its calls differ from those that are as they should be
    "without hybrid post-quantum TLS": {},
    "from outside the network 192.0.2.0/24": {"source_ip": "198.51.100.7"},
    "for data keys of 128 bits instead of 256": {"KeySpec": "AES_128"},
}


@one("hybrid-in-the-trail", subject="trail", exams=ARCHITECT)
def hybrid_in_the_trail(draw: Random) -> Asked:
    program, classical = draw.choice(("a batch job", "an old service", "a till")), draw.choice(("x25519", "secp256r1"))
    suspected = draw.choice(tuple(SUSPECTED))
    fields = (*FIELDS, draw.choice(tuple(SAME)))
    good = {"key_exchange": "X25519MLKEM768", "source_ip": "192.0.2.44", "KeySpec": "AES_256"}
    bad = good | (SUSPECTED[suspected] or {"key_exchange": classical})

    def run() -> list[Tried]:
        sim, _, key = scratch()
        for how in (good, bad):
            kms = sim.root().client("kms", source_ip=how["source_ip"], key_exchange=how["key_exchange"])
            kms.generate_data_key(KeyId=key, KeySpec=how["KeySpec"])
        new, old = (record.event for record in sim.trail[-2:])
        tried = []
        for field in fields:
            first, _, second = field.strip("`").partition(".")
            pair = [event[first][second] if second else event[first] for event in (new, old)]
            tried.append(Tried(pair[0] != pair[1], "It differs." if pair[0] != pair[1] else "It is the same for both."))
        return tried

    return Asked(
        f"You suspect that {program} calls KMS {suspected}. Which field of its events tells?",
        {field: (FIELDS | SAME)[field] for field in fields},
        run,
    )
