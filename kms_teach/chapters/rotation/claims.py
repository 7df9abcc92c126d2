"""Claims about rotation; the dates of those about periods are the table's of `keys.ownership`."""

from datetime import date

from kms_teach.chapters.rotation import claim_runs
from kms_teach.chapters.rotation.sheet import RotationClaim, turned
from kms_teach.inspect.claim import Claim
from kms_teach.inspect.wording import Words
from kms_teach.keys.ownership import CHOICE, kind
from kms_teach.teaching.claim import denied

ROTATE = r"\brotat(e|es|ed|ion|ions|ing)\b"
AUTOMATIC = (ROTATE, r"\b(automatically|every)\b")
GUIDE, ON_DEMAND = "KMS Developer Guide, “Rotate AWS KMS keys”", "KMS API Reference, RotateKeyOnDemand"
THREE_YEARS, A_YEAR = turned(RotationClaim("AWS managed", 1095)), turned(RotationClaim("Customer managed", 365))

CLAIMS = (
    Claim(
        "managed-three-years",
        ("AWS managed keys rotate every 1,095 days.", "AWS managed keys: automatic rotation every 3 years"),
        Words(("aws managed key", *AUTOMATIC), ("customer", "owned"), numbers=(1095,)),
        "Every 365 days or so, and you cannot change it.",
        GUIDE,
        claim_runs.every_three_years,
        until=THREE_YEARS,
        dated=kind("AWS managed").rotations[-1].since_words,
    ),
    Claim(
        "managed-every-year",
        ("AWS managed keys rotate every year.",),
        Words(("aws managed key", *AUTOMATIC), ("customer", "owned"), numbers=(365,)),
        "Every 365 days or so, and you cannot change it.",
        GUIDE,
        claim_runs.every_year,
        since=THREE_YEARS,
        dated=kind("AWS managed").rotations[-1].since_words,
    ),
    Claim(
        "customer-every-year",
        ("Customer managed keys rotate every 365 days.",),
        Words(("customer managed key", *AUTOMATIC), ("aws managed", "owned", "default"), numbers=(365,)),
        "If you switch it on, every 90 to 2,560 days as you choose; 365 unless you say otherwise.",
        "AWS API changes, 12 Apr 2024",
        claim_runs.a_year_and_no_other,
        until=A_YEAR,
    ),
    Claim(
        "period-of-your-choice",
        ("You choose the rotation period, from 90 to 2,560 days.",),
        Words((ROTATE, r"\b(period|interval|every|between|choose|configurable)\b"), ("aws managed",), (90, 2560)),
        "From 90 to 2,560 days, and 365 unless you say otherwise.",
        "AWS API changes, 12 Apr 2024",
        claim_runs.chosen,
        since=CHOICE,
    ),
    Claim(
        "owned-varies",
        ("AWS owned keys: rotation varies.", "Rotation of AWS owned keys varies."),
        Words(("aws owned key", ROTATE, r"\b(var(y|ies)|aws decides|up to aws)\b")),
        "AWS decides, and nothing of such a key is in your trail.",
        "KMS Developer Guide, “AWS owned keys”",
        claim_runs.not_yours_to_see,
    ),
    Claim(
        "every-key-rotates",
        ("KMS keys can rotate automatically.", "All CMKs support automatic rotation."),
        Words(
            (r"\bcmk key\b|\b(every|all|any|both)\b.{0,12}\b(keys?|kinds|types)\b", ROTATE, "automatically"),
            ("managed", "owned", "symmetric", "imported", "rsa", "hmac"),
        ),
        "Symmetric keys whose material KMS made: not asymmetric, HMAC or imported ones, nor those of a custom store.",
        "KMS API Reference, EnableKeyRotation",
        claim_runs.every_kind,
    ),
    Claim(
        "asymmetric-rotate",
        ("Asymmetric keys rotate automatically.", "Automatic rotation works for RSA keys too."),
        Words((r"(?<!and )\b(asymmetric|rsa|ecc)\b", ROTATE, "automatically"), (r"(?<!a)symmetric and",)),
        "They never rotate by themselves: make a new key, and keep the old one.",
        "KMS API Reference, EnableKeyRotation",
        claim_runs.asymmetric,
    ),
    Claim(
        "rotation-reencrypts",
        ("Rotating a key re-encrypts the old data.", "On rotation, KMS re-encrypts existing ciphertexts."),
        Words(
            (ROTATE, r"\breencrypt", r"\b(data|ciphertexts?|objects?|files?|everything)\b"), ("new key", "on demand")
        ),
        "No byte of what was encrypted changes; the old material opens it.",
        GUIDE,
        claim_runs.old_data,
    ),
    Claim(
        "rotation-keeps-data",
        ("Rotating a key does not re-encrypt the old data.",),
        Words(
            (ROTATE, r"\breencrypt", r"\b(data|ciphertexts?|objects?|files?)\b"), ("new key", "on demand"), negated=True
        ),
        "No byte of what was encrypted changes; the old material opens it.",
        GUIDE,
        denied(claim_runs.old_data),
    ),
    Claim(
        "asymmetric-not-automatic",
        ("Asymmetric keys cannot rotate automatically.",),
        Words((r"(?<!and )\b(asymmetric|rsa|ecc)\b", ROTATE, "automatically"), (r"(?<!a)symmetric and",), negated=True),
        "Make a new key, and keep the old one.",
        "KMS API Reference, EnableKeyRotation",
        denied(claim_runs.asymmetric),
    ),
    Claim(
        "old-material-stays",
        (
            "Old backing keys are kept, so old ciphertexts still open.",
            "KMS keeps previous key material after a rotation.",
        ),
        Words(
            (
                r"\b(old|older|previous|earlier|all)\b.{0,10}\b(backing keys?|(key )?materials?|versions?)\b",
                r"\b(kept|keeps?|stays?|retain(s|ed)?|saves?)\b",
            )
        ),
        "Until the KMS key is deleted; each ciphertext names its own.",
        GUIDE,
        claim_runs.kept,
    ),
    Claim(
        "rotation-cuts-off",
        ("Rotating the key locks out whoever stole a data key.",),
        Words(
            (
                ROTATE,
                r"\b(stole|stolen|thief|attacker|leaked|compromised)\b",
                "data key",
                r"\b(locks?|locked|cuts?|stops?|useless|protects?|invalidates?|revokes?)\b",
            )
        ),
        "Who has the plaintext data key needs no KMS: encrypt the file again under a new one.",
        GUIDE,
        claim_runs.cut_off,
    ),
    Claim(
        "on-demand-new-key",
        ("On-demand rotation creates a new KMS key.", "RotateKeyOnDemand = create a new key and re-encrypt"),
        Words(
            (
                r"\brotatekeyondemand\b|on[- ]demand rotation|rotat\w+ on[- ]demand",
                r"\b(creates?|makes?)\b.{0,20}\bkey\b",
            ),
            ("material",),
        ),
        "The same key, with one more material.",
        ON_DEMAND,
        claim_runs.a_new_key,
    ),
    Claim(
        "imported-new-key",
        (
            "Imported key material can be rotated only with a new key and an alias.",
            "BYOK: rotate only manually, by a new CMK and moving the alias.",
        ),
        Words((r"\b(imported|byok|external)\b", ROTATE, r"\balias", r"\bnew\b.{0,6}\bkey\b"), only=True),
        "Import new material into the same key, and rotate to it on demand.",
        "KMS Developer Guide, document history",
        claim_runs.imported_too,
        until=date(2025, 6, 5),
    ),
    Claim(
        "ten-on-demand",
        ("A key can be rotated on demand 10 times.",),
        Words((r"\bon[- ]demand\b", ROTATE, r"\btimes\b"), numbers=(10,)),
        "25 times for each key.",
        "KMS Developer Guide, “Resource quotas”",
        claim_runs.ten_times,
        since=CHOICE,
        until=date(2026, 2, 16),
    ),
    Claim(
        "on-demand-moves",
        ("A rotation on demand moves the date of the next automatic rotation.",),
        Words(
            (
                r"\bon[- ]demand\b",
                ROTATE,
                r"\b(moves?|resets?|restarts?|postpones?|shifts?)\b",
                r"\b(date|schedule|calendar|clock|timer)\b",
            )
        ),
        "The schedule stays as it was.",
        ON_DEMAND,
        claim_runs.moves_the_date,
    ),
)
