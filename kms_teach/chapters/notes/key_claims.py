"""Claims about what a KMS key is, where it is, and what it is called."""

from datetime import date

from kms_teach.chapters.notes import key_runs
from kms_teach.inspect.claim import Claim
from kms_teach.inspect.wording import Words
from kms_teach.teaching.claim import on_record

KEY = r"\bkeys?\b"
SIGNS = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}
MAC = {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}
AGREES = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "KEY_AGREEMENT"}

CLAIMS = (
    Claim(
        "master-key",
        ("KMS keys are called customer master keys (CMK).", "CMK stands for customer master key."),
        Words((r"\bcmk\b.{0,30}\bcmk\b|\b(called|stands? for|named?)\b.{0,20}\bcmk\b",), ("managed",)),
        "KMS keys. The old name survives in `CustomerMasterKeySpec`; CMK today means a customer managed key.",
        "AWS Encryption SDK Developer Guide, document history",
        key_runs.old_name,
        until=date(2021, 8, 30),
    ),
    Claim(
        "fips-level-2",
        ("KMS: FIPS 140-2 Level 2 validated HSMs", "The HSMs of KMS are validated to FIPS 140-2 Level 2."),
        Words((r"\bfips ?140-2\b", r"\blevel\b|\bl2\b"), (r"140-3",), (2,)),
        "FIPS 140-3, Security Level 3.",
        "AWS Security Blog, note of 24 May 2023; CMVP certificate 4884",
        lambda: on_record("the certificate says Level 2", held=False),
        until=date(2023, 5, 1),
        dated="May 2023",
    ),
    Claim(
        "fips-140-2",
        ("KMS uses HSMs validated under FIPS 140-2.",),
        Words((r"\bfips ?140-2\b",), (r"140-3",)),
        "FIPS 140-3, Security Level 3.",
        "KMS Developer Guide; CMVP certificate 4884",
        lambda: on_record("the certificate is one of FIPS 140-2", held=False),
        until=date(2024, 10, 25),
        dated="late 2024",
    ),
    Claim(
        "never-leave",
        ("Keys never leave KMS.",),
        Words(
            (KEY, r"\bleaves?\b.{0,12}\b(kms|hsms?|aws)\b"),
            ("unencrypted", "plaintext", "private", "region"),
            negated=True,
        ),
        "The secret material of a KMS key never leaves the HSMs unencrypted. Public keys and data keys do, by design.",
        "KMS API Reference, GenerateDataKey and GetPublicKey",
        key_runs.leaves,
    ),
    Claim(
        "sealed-on-disk",
        ("Key material is encrypted before it is stored on disk.", "CMKs are encrypted before storing on disk"),
        Words(
            (
                r"\b(key|material)\b",
                r"\bencrypted\b",
                r"\b(stor(ed|ing|age)|written|saved|disk)\b.*\bdisk\b|\bat rest on disk\b",
            ),
            ("data key",),
        ),
        "Plaintext material is in the memory of the HSMs alone.",
        "AWS KMS Cryptographic Details",
        key_runs.sealed_on_disk,
    ),
    Claim(
        "one-region",
        ("A KMS key is isolated to its Region.", "Keys are bound to a Region."),
        Words((KEY, r"\b(isolated|confined|bound|tied|limited)\b.{0,12}\bregion\b"), ("alias", "multi", "replica")),
        "A single-Region key is. A multi-Region key has the same id and material in each of its Regions.",
        "AWS Encryption SDK Developer Guide, document history",
        key_runs.one_region,
        until=date(2021, 6, 1),
        dated="Jun 2021",
    ),
    Claim(
        "one-global-key",
        ("A multi-Region key is one global key.",),
        Words((r"\bmulti[- ]region\b", KEY, r"\b(global|1 key|single key)\b"), ("single region", "single-region")),
        "One material, and a KMS key of its own in each Region: own policy, own state, own bill.",
        "KMS Developer Guide, “Multi-Region keys”",
        key_runs.never_shared_by_regions,
    ),
    Claim(
        "any-replicates",
        ("A KMS key can be replicated to another Region.",),
        Words(
            (KEY, r"\breplicat(e|ed)\b", "region"), ("multi", "replica ", "object", "bucket", "snapshot", "data key")
        ),
        "A multi-Region primary key alone; a key is that when it is made, or never.",
        "KMS API Reference, ReplicateKey",
        key_runs.any_replicates,
    ),
    Claim(
        "same-bytes",
        ("Importing the same key material in two Regions makes interchangeable keys.",),
        Words(
            (
                r"\bimport",
                r"\bsame\b.{0,14}\b(material|bytes)\b",
                r"\b(interchangeable|decrypts?|same key|read)\b",
                "region",
            ),
            numbers=(2,),
        ),
        "A ciphertext names its KMS key. Use a multi-Region key.",
        "KMS Developer Guide, “Importing key material”",
        key_runs.same_bytes,
    ),
    Claim(
        "public-endpoint",
        ("KMS can be reached only through its public endpoint.",),
        Words((r"\bkms\b", r"\bpublic\b.{0,12}\bendpoints?\b|\binternet\b"), only=True),
        "Through a VPC endpoint, too; “public” is the endpoint, never the access.",
        "KMS Developer Guide, document history",
        key_runs.through_an_endpoint,
        until=date(2018, 1, 22),
    ),
    Claim(
        "two-kinds",
        ("KMS keys are symmetric or asymmetric.", "KMS supports symmetric and asymmetric keys."),
        Words((r"(?<!a)\bsymmetric (and|or|/) ?asymmetric\b", KEY), ("rotat", "imported", "encrypt")),
        "And each is for one usage: to encrypt, to sign, for MACs, to agree on a secret, or to encapsulate one.",
        "KMS Developer Guide, document history",
        key_runs.two_kinds,
        since=date(2019, 11, 25),
    ),
    Claim(
        "symmetric-only",
        ("KMS has only symmetric keys.",),
        Words((r"\bkms\b", r"(?<!a)\bsymmetric\b", KEY), (r"\basymmetric", "rotat", "import"), only=True),
        "Asymmetric ones too: to encrypt, to sign, to agree on a secret.",
        "KMS Developer Guide, document history",
        lambda: key_runs.only_these(("signatures", SIGNS)),
        until=date(2019, 11, 25),
    ),
    Claim(
        "encrypt-or-sign",
        ("A KMS key can only encrypt or sign.",),
        Words((KEY, r"\bencrypt(ion|s)?\b.{0,24}\b(or|and)\b.{0,12}\bsign"), ("data key",), only=True),
        "Or make MACs, agree on a secret, encapsulate one.",
        "KMS Developer Guide, document history",
        lambda: key_runs.only_these(("MACs", MAC), ("key agreement", AGREES)),
        since=date(2019, 11, 25),
        until=date(2022, 4, 1),
        dated="Apr 2022",
    ),
    Claim(
        "view-not-manage",
        ("You can view AWS managed keys, but not manage them.",),
        Words(
            ("aws managed key", r"\b(view|see|look)", r"\b(manage|change|edit|control)\b"), negated=True, hedged=True
        ),
        "You see them, their policies and their use; all else is AWS's.",
        "KMS Developer Guide, “AWS managed keys”",
        key_runs.sees_managed,
    ),
    Claim(
        "alias-per-region",
        ("An alias belongs to one Region.", "Aliases are per Region."),
        Words(
            (r"\balias(es)?\b", r"\b(per|in|to|of) (1|one|a|their|its|the same) region\b|\bper region\b|\bregional\b"),
            ("every region", "all regions"),
        ),
        "The same name in another Region is another alias, or none.",
        "KMS Developer Guide, “Aliases”",
        lambda: key_runs.alias_abroad(False, "a replica is not found by the alias of its primary"),
    ),
    Claim(
        "alias-everywhere",
        ("An alias works in every Region.",),
        Words((r"\balias(es)?\b", r"\b(every|all|any|other|across)\b.{0,6}\bregions?\b|\bglobal\b")),
        "The same name in another Region is another alias, or none.",
        "KMS Developer Guide, “Aliases”",
        lambda: key_runs.alias_abroad(True, "a replica, by the alias of its primary"),
    ),
)
