"""The words of the course: AWS's word, the older one, a sentence, and the chapter that explains it."""

from msgspec import Struct

from kms_teach.teaching.catalog import CHAPTERS


class Term(Struct, frozen=True):
    """A word. `explained` is a piece of its chapter's text that explains it: no notebook may use the word before.

    `uses` are the forms in which the word is met, if not as it stands here. `old` is what notes and older questions
    call it, or "".
    """

    word: str
    room: str
    means: str
    explained: str
    old: str = ""
    uses: tuple[str, ...] = ()


TERMS = (
    Term(
        "account", "key", "What owns keys, users and a bill; policies let one into another's keys.",
        "an **account** is", "", ("another account", "other accounts"),
    ),
    Term(
        "alias", "start", "A name for one KMS key, in one account and one Region; it can be moved to another key.",
        "a short one, an *alias*",
    ),
    Term(
        "ARN", "start", "Amazon Resource Name: a full name, which says Region, account and what is meant.",
        "its ARN (*Amazon Resource Name*)",
    ),
    Term(
        "attestation document", "signing",
        "What a Nitro enclave shows to prove which image it runs; KMS can ask for it.",
        "proves by a signed document which", "", ("attestation", "Nitro enclave"),
    ),
    Term(
        "AWS managed key", "key", "A KMS key in your account that an AWS service made and uses, and AWS rotates.",
        "**AWS managed keys**", "", ("AWS managed key",),
    ),
    Term(
        "AWS owned key", "key",
        "A key of an AWS service, used for many accounts; no list and no trail of yours has it.",
        "**AWS owned keys**", "", ("AWS owned key",),
    ),
    Term(
        "bucket key", "objects",
        "A key that S3 keeps for a short time and makes data keys with, so that KMS is asked less often.",
        "An S3 **bucket key**",
    ),
    Term(
        "ciphertext blob", "encrypt",
        "What Encrypt answers: the encrypted bytes, with the id of the material that opens them.",
        "what is in a ciphertext blob", "", ("ciphertext blob",),
    ),
    Term(
        "CloudTrail", "start", "AWS's record of calls: who called what, when, from where, with which parameters.",
        "later a line in CloudTrail",
    ),
    Term(
        "confused deputy", "accounts", "A service that is led by a stranger to use what you let it use for you.",
        "**confused deputy**",
    ),
    Term(
        "crypto-shredding", "lifecycle",
        "Destroying the key, so that all copies of what it encrypted are closed at once.",
        "*crypto-shredding*",
    ),
    Term(
        "customer managed key", "key", "A KMS key that you made: its policy, its tags, its switches are yours.",
        "**Customer managed keys**", "CMK, today", ("customer managed key",),
    ),
    Term(
        "data key", "key",
        "A random key that KMS makes for you to encrypt with on your own side; you get it twice, in "
        "plaintext and encrypted.",
        "a *data key*, made for you to use on your own side", "DEK, data encryption key",
    ),
    Term(
        "default key policy", "policies",
        "The key policy that a key gets when you give none: it leaves the decision to the account's IAM policies.",
        "the *default key policy*",
    ),
    Term(
        "encryption context", "encrypt",
        "Names and values that are bound to a ciphertext, and must be given again to open it; they are no secret.",
        "You give an *encryption context* with it: pairs", "additional authenticated data, AAD",
    ),
    Term(
        "envelope encryption", "encrypt", "Data is encrypted with a data key, and the data key with a KMS key.",
        "That is envelope encryption, chapter 03",
    ),
    Term(
        "forward access session", "objects", "The right with which a service calls on in your name, for one request.",
        "*forward access session*", "", ("forward access session", "fas.s3"),
    ),
    Term(
        "grant", "grants", "Permission to use one key, given to one principal beside the policies; it can be ended.",
        "Or you make a **grant**: permission",
    ),
    Term(
        "grant token", "grants", "What names a grant that is so new that not all of KMS knows it yet.",
        "answers with a **grant token**",
    ),
    Term(
        "HMAC key", "key", "A KMS key that makes and checks message authentication codes.",
        "**HMAC**: one secret", "", ("HMAC",),
    ),
    Term(
        "HSM", "start", "Hardware security module: the only place where a KMS key's material is in the clear.",
        "a *hardware security module*",
    ),
    Term(
        "hybrid TLS", "signing",
        "A connection whose key is agreed upon twice, with a classical and a post-quantum method.",
        "A *hybrid* client does so twice", "", ("hybrid TLS", "hybrid post-quantum"),
    ),
    Term(
        "IAM policy", "start", "A text that says what somebody may do (Identity and Access Management).",
        "An IAM policy (*Identity and Access Management*)", "", ("IAM policy",),
    ),
    Term(
        "imported key material", "rotation",
        "Key material that you made and brought into a KMS key of origin EXTERNAL (*bring your own key*).",
        "For imported material there is a way by hand", "BYOK", ("imported material", "imported key material"),
    ),
    Term(
        "key material", "key", "The secret itself, in the clear only inside an HSM; a KMS key may have several.",
        "The **key material** is the secret", "backing key", ("key material",),
    ),
    Term(
        "key policy", "start",
        "The policy that every KMS key has, exactly one; without its word nobody may use the key.",
        "You gave the key no policy, so it got the one", "", ("key policy", "key policies"),
    ),
    Term(
        "KeySpec", "key",
        "What the material is: symmetric, RSA of 2048 bits, a curve, and so on; it is chosen for life.",
        "the **KeySpec**", "CustomerMasterKeySpec",
    ),
    Term(
        "KeyUsage", "key",
        "What a key is for: to encrypt, to sign, to make MACs, to agree on a secret; one of them, for life.",
        "the **KeyUsage**",
    ),
    Term(
        "KMS key", "start", "What CreateKey makes: a logical key in your account, and its material in the HSMs.",
        "You ask for a KMS key", "CMK, customer master key (until August 2021)",
    ),
    Term(
        "MAC", "key",
        "Message authentication code: proves to somebody with the same secret that a message is unchanged.",
        "makes and checks message authentication codes", "", ("MACs", "a MAC"),
    ),
    Term(
        "ML-DSA", "start", "A post-quantum signature (FIPS 204).", "ML-DSA, ML-KEM", "Dilithium",
    ),
    Term(
        "ML-KEM", "start", "A post-quantum way to agree on a secret (FIPS 203).", "ML-DSA, ML-KEM", "Kyber",
    ),
    Term(
        "multi-Region key", "key", "A KMS key that has the same id and the same material in several Regions.",
        "a *multi-Region key* is made as one", "", ("multi-Region",),
    ),
    Term(
        "on-demand rotation", "rotation",
        "A rotation asked for by a call, beside those of the calendar; 25 times a key.",
        "An auditor wants a rotation *now*", "", ("rotation on demand", "on-demand rotation"),
    ),
    Term(
        "organization", "accounts", "Accounts under one roof, with policies that stand above each account's own.",
        "often a member of an **organization**",
    ),
    Term(
        "PendingDeletion", "lifecycle",
        "The state of a key that waits, 7 to 30 days, to be deleted; it can still be saved.",
        "7 days at least, 30 unless you say otherwise",
    ),
    Term(
        "primary and replica", "aliases",
        "The multi-Region key that was made first, and those that ReplicateKey made of it.",
        "makes a **replica** of the **primary**", "", ("a replica", "the primary"),
    ),
    Term(
        "principal", "policies", "Who a statement is about: a user, a role, an account, a service.",
        "A statement's `Principal` says whom it is about", "", (" principal",),
    ),
    Term(
        "RCP", "accounts", "Resource control policy: the most that anybody may do with an organization's resources.",
        "a *resource control policy* (RCP)",
    ),
    Term(
        "Region", "key", "A place with its own KMS: its own HSMs, keys and aliases.",
        "KMS is there once for each **Region**", "", ("single-Region",),
    ),
    Term(
        "retiring principal", "grants", "Who may end a grant when the work is done, without any other right.",
        "named a *retiring principal*",
    ),
    Term(
        "root user", "start", "The owner of an account; to KMS a principal as any other.",
        "It names the account, and you are its root user", "", ("root user",),
    ),
    Term(
        "SCP", "accounts", "Service control policy: the most that anybody in a member account may do.",
        "A *service control policy* (SCP)",
    ),
    Term(
        "service principal", "accounts", "An AWS service that calls in its own name.",
        "It calls as a *service principal*",
    ),
    Term(
        "SSE-KMS", "objects", "S3 encrypts an object with a data key from KMS, under a KMS key of your choice.",
        "Each is stored with **SSE-KMS**",
    ),
    Term(
        "SSE-S3", "objects", "S3 encrypts with a key of its own, and asks no KMS; what happens when nothing is said.",
        "with **SSE-S3** unless you say otherwise",
    ),
    Term(
        "custom key store", "watching",
        "Where a KMS key's material lies when it is not in KMS's own HSMs: a CloudHSM cluster, or a manager outside.",
        "A **custom key store** lets a KMS key",
    ),
    Term(
        "event history", "watching",
        "The management events of the last 90 days, of an account in a Region; LookupEvents.",
        "The **event history**, which",
    ),
    Term(
        "external key store", "watching", "A custom key store in a key manager outside AWS, behind a proxy (XKS).",
        "as an *external key store* (XKS)", "", ("external key store", "XKS"),
    ),
    Term(
        "request quota", "watching",
        "How many requests a second an account may send in a Region; symmetric ones share one.",
        "The **request quota** belongs", "", ("request quota",),
    ),
)  # fmt: skip

HEAD = """# The words of the course

AWS's word first; what notes and older questions call it stands in brackets. Each links to the chapter that explains it.

| word | what it is | chapter |
|---|---|---|
"""


def glossary(notebooks: dict[str, str]) -> str:
    """The glossary as Markdown. `notebooks`: the file's name, by the number of its chapter."""
    numbers = {chapter.room: chapter.number for chapter in CHAPTERS}
    rows = []
    for term in sorted(TERMS, key=lambda term: term.word.lower()):
        old = f" ({term.old})" if term.old else ""
        number = numbers[term.room]
        rows.append(f"| **{term.word}**{old} | {term.means} | [{number}]({notebooks[number]}) |")
    return HEAD + "\n".join(rows) + "\n"
