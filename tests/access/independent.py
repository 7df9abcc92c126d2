"""A second evaluator of the few rules about encryption contexts and the root user, written from AWS's pages alone.

It reads policies as plain JSON and imports nothing of the simulator. IAM User Guide, "Policy evaluation logic",
"Condition operators", "Set operators for multivalued context keys"; KMS Developer Guide, "kms:EncryptionContext:",
"kms:EncryptionContextKeys", "Default key policy".
"""

import fnmatch

# KMS Developer Guide, "kms:EncryptionContext:context-key": these have an encryption context, the others none
WITH_CONTEXT = ("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey")
PREFIX, NAMES = "kms:encryptioncontext:", "kms:encryptioncontextkeys"


def allowed(puzzle):
    """Whether the caller of a puzzle may: root, or the user alice with her IAM policies."""
    account, caller, policy = puzzle["account"], puzzle["caller"], puzzle["key_policy"]
    root = caller == "root"
    alice = f"arn:aws:iam::{account}:user/alice"
    whole = {account, f"arn:aws:iam::{account}:root"}
    identity = [] if root else [s for each in puzzle["identity"] for s in each["Statement"]]
    applying = [s for s in policy["Statement"] if about(s["Principal"], whole | ({"*"} if root else {"*", alice}))]
    if any(s["Effect"] == "Deny" and covers(s, puzzle) for s in [*applying, *identity]):
        return False
    by_key = [s for s in applying if s["Effect"] == "Allow" and covers(s, puzzle)]
    if root:  # the account itself: what the account may, its root user may
        return bool(by_key)
    if any(about(s["Principal"], {"*", alice}) for s in by_key):
        return True
    by_iam = any(s["Effect"] == "Allow" and covers(s, puzzle) for s in identity)
    return by_iam and any(about(s["Principal"], whole) for s in by_key)


def about(principal, names):
    if principal == "*":
        return "*" in names
    listed = principal["AWS"]
    return not names.isdisjoint([listed] if isinstance(listed, str) else listed)


def covers(statement, puzzle):
    listed = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    action = puzzle["action"].lower()
    if not any(fnmatch.fnmatchcase(action, pattern.lower()) for pattern in listed):
        return False
    conditions = statement.get("Condition", {})
    return all(
        holds(operator, key, conditions[operator][key], puzzle)
        for operator in conditions
        for key in conditions[operator]
    )


def had_by(key, puzzle):
    """The values that a request has under a condition key; none where it does not carry it."""
    context = puzzle["context"] if puzzle["action"] in WITH_CONTEXT else {}
    if key.lower() == NAMES:
        return list(context)
    wanted = key.lower().removeprefix(PREFIX)  # "the name of a condition key is not case-sensitive"
    return [value for name, value in context.items() if name.lower() == wanted]


def holds(operator, key, needed, puzzle):
    needed = needed if isinstance(needed, list) else [needed]
    had = had_by(key, puzzle)
    if operator == "Null":
        return any((one == "true") == (not had) for one in needed)
    over, _, base = operator.rpartition(":")
    optional = base.endswith("IfExists")
    base = base.removesuffix("IfExists")
    negated = "Not" in base
    if not had:
        if over == "ForAnyValue":
            return False
        return negated or optional or over == "ForAllValues"
    same = {
        "StringEquals": lambda one, other: one == other,
        "StringEqualsIgnoreCase": lambda one, other: one.lower() == other.lower(),
        "StringLike": fnmatch.fnmatchcase,
    }[base.replace("Not", "")]
    hits = [any(same(one, other) for other in needed) is not negated for one in had]
    if over == "ForAnyValue":
        return any(hits)
    return all(hits)  # ForAllValues; without a set operator there is one value
