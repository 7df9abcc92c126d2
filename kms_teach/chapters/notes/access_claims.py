"""Claims about who may: key policies, IAM, root, other accounts, buckets, grants."""

from collections.abc import Sequence
from datetime import date

from kms_teach.chapters.notes import access_runs
from kms_teach.inspect.claim import Claim
from kms_teach.inspect.wording import Words
from kms_teach.teaching.claim import denied

POLICIES = "KMS Developer Guide, “Key policies”"
KEY = r"\bkeys?\b"
ROOT = r"\broot\b"
ALLOWS = r"\b(lets?|allows?|gives?|grants?|permits?|means|access|enough)\b"

CLAIMS: Sequence[Claim] = (
    Claim(
        "told-to-trust",
        (
            "A key policy must be told to trust the account.",
            "The key policy has to trust the account explicitly before IAM policies count.",
        ),
        Words(
            (r"\bkey polic", r"\baccount\b", r"\b(trust|delegat)", r"\b(must|has to|have to|needs?|required?)\b"),
            ("other account", "another account", "cross"),
        ),
        "Without that statement, IAM policies allow nothing on the key.",
        POLICIES,
        access_runs.trusted,
    ),
    Claim(
        "admin-uses-all",
        ("An IAM administrator can use every KMS key.",),
        Words((r"\badmin", r"\b(every|all|any)\b.{0,8}\bkeys?\b"), ("key admin",)),
        "Only if the key's policy lets the account decide.",
        POLICIES,
        access_runs.admin,
    ),
    Claim(
        "root-is-everyone",
        (
            "The root statement lets every user of the account use the key.",
            "Principal :root in a key policy = everyone in the account has access",
        ),
        Words((ROOT, r"\b(every ?(1|one|body|user)|all users|any user|everyone)\b", r"\baccount\b", ALLOWS)),
        "It lets the account's IAM policies decide; without one, a user may nothing.",
        POLICIES,
        access_runs.everyone,
    ),
    Claim(
        "root-is-root",
        ("In a key policy, root means only the root user.",),
        Words((r"\bkey polic", ROOT, r"\broot user\b"), only=True),
        "`…:root` is the account: whoever its IAM policies allow.",
        POLICIES,
        access_runs.root_alone,
    ),
    Claim(
        "creator-always",
        ("Whoever created a key always has access to it.",),
        Words((r"\b(creator|created?|makes?|made)\b", KEY, r"\balways\b", ALLOWS), (ROOT,)),
        "Nobody has access unless key policy, IAM or a grant says so.",
        POLICIES,
        access_runs.creator,
    ),
    Claim(
        "root-always",
        ("The root user always has access to every key of the account.",),
        Words(
            (r"\broot user\b", r"\balways\b|\bevery\b|\ball\b", KEY, ALLOWS),
            (r"\bkey polic", r"\bevery user\b", "statement"),
        ),
        "Nobody has access unless key policy, IAM or a grant says so.",
        POLICIES,
        access_runs.root_always,
    ),
    Claim(
        "alias-in-resource",
        ("An alias ARN in a policy's Resource allows the key behind it.",),
        Words((r"\balias\b", r"\bresource\b", ALLOWS)),
        "Name the key, or use the conditions kms:RequestAlias and kms:ResourceAliases.",
        "KMS Developer Guide, “Aliases”",
        access_runs.by_alias,
    ),
    Claim(
        "one-side",
        ("Across accounts, the permission of one side is enough.",),
        Words(
            (
                r"\bcross[- ]account\b|\b(across|another|other) accounts?\b",
                r"\b(1|one|either) (side|account|policy)\b",
                ALLOWS,
            )
        ),
        "Both: the key's policy, and an IAM policy in the caller's account.",
        POLICIES,
        access_runs.one_side,
    ),
    Claim(
        "managed-abroad",
        ("AWS managed keys can be shared with another account.", "An AWS managed key can be used across accounts."),
        Words(("aws managed key", r"\b(cross[- ]account|(across|another|other|between) accounts?)\b"), ("customer",)),
        "Their policies are AWS's: use a customer managed key.",
        "KMS Developer Guide, “AWS managed keys”",
        access_runs.managed_abroad,
    ),
    Claim(
        "managed-stay-home",
        ("AWS managed keys cannot be shared with another account.",),
        Words(
            ("aws managed key", r"\b(cross[- ]account|(across|another|other|between) accounts?)\b"),
            ("customer",),
            negated=True,
        ),
        "Their policies are AWS's: use a customer managed key.",
        "KMS Developer Guide, “AWS managed keys”",
        denied(access_runs.managed_abroad),
    ),
    Claim(
        "bucket-policy-enough",
        ("A bucket policy that allows GetObject is enough to read SSE-KMS objects.",),
        Words(
            (
                r"\bbucket policy\b",
                r"\b(get|getobject|read|download)",
                r"\b(sse-kms|kms)\b",
                r"\b(enough|suffices|sufficient)\b",
            )
        ),
        "The reader needs kms:Decrypt on the key, too.",
        "Amazon S3 User Guide, “SSE-KMS”",
        access_runs.bucket_policy,
    ),
    Claim(
        "grant-at-once",
        ("A new grant works at once.", "Grants take effect immediately."),
        Words((r"\bgrants?\b", r"\b(at once|immediate(ly)?|instant(ly)?|right away)\b"), ("revok", "retir", "token")),
        "With its token. Without it, within some minutes.",
        "KMS API Reference, CreateGrant",
        access_runs.grant_at_once,
    ),
    Claim(
        "revoked-at-once",
        ("Revoking a grant works at once.",),
        Words((r"\bgrants?\b", r"\b(revok|retir)", r"\b(at once|immediate(ly)?|instant(ly)?|right away)\b")),
        "Its end takes as long to be known everywhere as its beginning did.",
        "KMS API Reference, RevokeGrant",
        access_runs.revoked_at_once,
    ),
    Claim(
        "grants-no-service",
        ("A grant cannot name a service principal.",),
        Words((r"\bgrant", r"\bservice principals?\b"), negated=True),
        "It can, with a SourceArn and somebody who retires it.",
        "KMS API Reference, CreateGrant",
        access_runs.to_people_alone,
        until=date(2026, 5, 20),
        dated="May 2026",
    ),
    Claim(
        "no-ram",
        ("KMS keys cannot be shared by AWS RAM.",),
        Words((KEY, r"\b(aws )?ram\b|resource access manager", r"\bshar"), negated=True),
        "They can; IAM policies of the other account say who there may use it.",
        "KMS Developer Guide, document history",
        access_runs.not_shared,
        until=date(2026, 11, 16),
    ),
)
