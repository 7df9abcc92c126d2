"""Sentences: the words of a decision, made from its values at the very end; nothing is ever decided by them."""

from collections.abc import Callable, Mapping

from kms_teach.access.evaluation import Evaluation, Outcome
from kms_teach.access.evidence import Match
from kms_teach.access.grants import Grant, Pairs, added
from kms_teach.access.principals import EVERYONE, Principal, known_as
from kms_teach.access.reasons import Check, Reason
from kms_teach.access.remembered import remembered
from kms_teach.access.request import Request
from kms_teach.access.statement import Document, Kind


@remembered(1024, size=lambda document: len(document.text))
def _names(document: Document) -> Mapping[str, str]:
    """Whom a document names, each with what a person calls it."""
    return {p: called(p) for s in document.statements if not s.not_principal for p in s.principals or ()}


def called(name: str) -> str:
    """A principal for a person; an account's `root` ARN means the account, not its root user."""
    account, _, resource = name.removeprefix("arn:aws:iam::").partition(":")
    return f"account {account}" if resource == "root" else name.rsplit(":", 1)[-1]


class Values(dict[str, str]):
    """What the blanks of a sentence are filled with, each made when a sentence asks for it."""

    def __init__(self, request: Request, key_policy: Document | None = None, grant: Grant | None = None) -> None:
        super().__init__()
        self.request, self.grant, self.key_policy = request, grant, key_policy

    def __missing__(self, name: str) -> str:
        self[name] = value = BLANKS[name](self)
        return value


def _of_grant(value: Callable[[Grant], str]) -> Callable[[Values], str]:
    return lambda values: value(values.grant) if values.grant else ""


BLANKS: dict[str, Callable[[Values], str]] = {
    "policy": lambda values: values.key_policy.kind if values.key_policy else "key policy",
    "caller": lambda values: values.request.caller.label,
    "named": lambda values: _named(values.request.caller),
    "account": lambda values: values.request.caller.account,
    "action": lambda values: values.request.action,
    "operation": lambda values: values.request.action.removeprefix("kms:"),
    "names": lambda values: ", ".join(_names(values.key_policy).values()) if values.key_policy else "",
    "grant": _of_grant(lambda grant: grant.label),
    "operations": _of_grant(lambda grant: ", ".join(grant.operations)),
    "source": _of_grant(lambda grant: grant.source_arn),
    "equals": _of_grant(lambda grant: _pairs(grant.equals)),
    "subset": _of_grant(lambda grant: _pairs(grant.subset)),
    "added": lambda values: ", ".join(
        added(values.request.terms, values.grant) if values.request.terms and values.grant else ()
    ),
}


def _named(caller: Principal) -> str:
    """The caller as a key policy names it: nothing names the root user, whose account it is."""
    return f"account {caller.account}, which is its root user" if caller.kind == "root" else f"{caller.label} by name"


QUESTIONS: dict[Check, str] = {
    Check.DENY:       "Does anything say Deny?",
    Check.REACH:      "Does this reach a key of another account?",
    Check.ENDPOINT:   "Does the VPC endpoint's policy let this through?",
    Check.SCP:        "Do the service control policies leave this open?",
    Check.NAMED:      "Does the %(policy)s allow %(named)s?",
    Check.DELEGATED:  "Does the %(policy)s let IAM policies of account %(account)s decide?",
    Check.SHARED:     "Does a share through AWS RAM let account %(account)s do this?",
    Check.GRANT:      "Does a grant allow %(caller)s?",
    Check.RETIREMENT: "Does the grant let this be?",
    Check.IAM:        "Does an IAM policy allow %(caller)s?",
    Check.BOUNDARY:   "Does the permissions boundary leave this open?",
    Check.SESSION:    "Do the session's policies leave this open?",
}  # fmt: skip

CHILD_SUBSET = "a grant made through %(grant)s must constrain the encryption context at least to %(subset)s"

ANSWERS: dict[Reason, str] = {
    Reason.STATEMENT:           "%(document)s, %(statement)s",
    Reason.NO_DENY:             "no Deny about this",
    Reason.ONLY_AT_HOME:        "%(action)s works only in the key's own account",
    Reason.CEILING_SILENT:      "no statement of it allows this",
    Reason.CALLER_NOT_ALLOWED:  "no statement about %(caller)s allows this",
    Reason.OTHERS_NAMED:        "it names %(names)s, not %(caller)s",
    Reason.NOBODY_NAMED:        "it names nobody",
    Reason.ACCOUNT_NOT_ALLOWED: "no statement allows this to account %(account)s",
    Reason.SHARE_SILENT:        "AWS RAM shares it with account %(account)s, and not for %(action)s",
    Reason.ROOT:                "the root user needs no IAM policy",
    Reason.IAM_SILENT:          "no IAM policy of %(caller)s allows %(action)s here",
    Reason.NONE_NAMED:          "no grant is named",
    Reason.GRANTED:             "%(grant)s to %(caller)s",
    Reason.NO_GRANT:            "no grant is for %(caller)s",
    Reason.NOT_LISTED:          "%(grant)s lists %(operations)s, not %(operation)s",
    Reason.OTHER_SOURCE:        "%(grant)s is for calls on behalf of %(source)s",
    Reason.OTHER_KEYS_SOURCE:   "%(grant)s must name the same SourceArn as the grant on the source key",
    Reason.CONTEXT_NOT_EQUAL:   "%(grant)s needs exactly the encryption context %(equals)s",
    Reason.CONTEXT_NOT_SUBSET:  "%(grant)s needs %(subset)s in the encryption context",
    Reason.NOT_EFFECTIVE:       "%(grant)s has not spread yet: show its grant token",
    Reason.CHILD_OPERATIONS:    "a grant made through %(grant)s cannot give %(added)s, which it does not have",
    Reason.CHILD_SOURCE:        "a grant made through %(grant)s must keep its constraint on %(source)s",
    Reason.CHILD_EQUALS:        "a grant made through %(grant)s must keep EncryptionContextEquals %(equals)s",
    Reason.CHILD_SUBSET:        CHILD_SUBSET,
    Reason.RETIRING_PRINCIPAL:  "%(grant)s: %(caller)s is the retiring principal",
    Reason.GRANTEE:             "%(grant)s: %(caller)s is the grantee, who may retire it",
    Reason.ISSUING_ACCOUNT:     "%(grant)s: %(caller)s is the account that issued it",
    Reason.ACCOUNT_MAY_RETIRE:  "%(grant)s: IAM allows it to %(caller)s, whose account may retire it",
    Reason.MAY_NOT_RETIRE:      "%(grant)s gives %(caller)s no way to retire it",
}  # fmt: skip

# Where the documents are at hand, the decision picture says more.
IN_FULL: dict[Reason, str] = {
    Reason.OTHERS_NAMED: "it names %(people)s, not %(caller)s",
    Reason.IAM_SILENT:   "%(caller)s has no IAM policy",
}  # fmt: skip

# A cell of the who-may matrix: which check decided, with the statement that answered, and without one.
CELLS: dict[Check, tuple[str, str]] = {
    Check.DENY:       ("an explicit Deny: %(statement)s", ""),
    Check.REACH:      ("", "never reaches a key of another account"),
    Check.NAMED:      ("the key policy names the caller: %(statement)s", ""),
    Check.IAM:        ("%(statement)s", "the root user needs no IAM policy"),
    Check.GRANT:      ("", "a grant"),
    Check.RETIREMENT: ("", "a grant"),
}  # fmt: skip
SILENT_CELL = "no %(policy)s allows it"

# AWS's words; S3 puts the resource into quotes. On record (seen in the open): ELSEWHERE, the implicit denials by
# identity-based and resource-based policies, the explicit deny in a resource-based policy. All others are in the IAM
# User Guide, "Troubleshoot access denied error messages", though not seen from KMS.
ELSEWHERE = (
    "this resource because the resource does not exist in this Region, no resource-based policies allow access, or a"
    " resource-based policy explicitly denies access"
)
UNEXPLAINED = "Access Denied"  # the whole of what S3 says then
REACHED = ELSEWHERE.replace("this resource", "the resource associated with this ciphertext", 1)  # said through S3
EXPLICIT = "resource: %(resource)s with an explicit deny in %(article)s %(policy)s"
IMPLICIT = "resource: %(resource)s because no %(policy)s allows the %(action)s action"
POLICY_TYPES: dict[Kind, tuple[str, str]] = {  # with the article that it takes
    "key policy": ("a", "resource-based policy"),
    "IAM policy": ("an", "identity-based policy"),
    "permissions boundary": ("a", "permissions boundary"),
    "session policy": ("a", "session policy"),
    "service control policy": ("a", "service control policy"),
    "resource control policy": ("a", "resource control policy"),
    "VPC endpoint policy": ("a", "VPC endpoint policy"),
    "trust policy": ("a", "role trust policy"),
    "bucket policy": ("a", "resource-based policy"),
}


def question(check: Check, values: Values) -> str:
    """What a step asks."""
    return QUESTIONS[check] % values


def answer(reason: Reason, values: Values) -> str:
    """What was read, and so the reason for the answer; of a statement that applies, `where` tells."""
    return ANSWERS[reason] % values


def in_full(reason: Reason, **values: str) -> str:
    """The same, said with more."""
    return IN_FULL[reason] % values


def where(match: Match) -> str:
    """A statement as a person would point at it."""
    labels = {"document": match.document.label, "statement": match.statement.label}
    return ANSWERS[Reason.STATEMENT] % labels


def cell(evaluation: Evaluation) -> str:
    """What decided a cell of the matrix, in a few words."""
    check, evidence = evaluation.verdict.check, evaluation.evidence
    if evaluation.silent and check is not Check.REACH:
        return SILENT_CELL % {"policy": evaluation.silent}
    match = {Check.DENY: evidence.deny, Check.NAMED: evidence.named, Check.IAM: evidence.iam}.get(check)
    with_statement, without = CELLS[check]
    return with_statement % {"statement": where(match)} if match else without


def denial(request: Request, evaluation: Evaluation) -> str:
    """AWS's reason for a denial, in AWS's words; "" when it was allowed."""
    verdict = evaluation.verdict
    if verdict.policy is None:
        return ""
    kind, of_role = verdict.policy, request.action.startswith("sts:")
    if of_role and kind == "key policy":
        kind = "trust policy"
    away = not of_role and evaluation.evidence.about_key and request.caller.account != request.owner
    if away and kind in ("key policy", "bucket policy", "resource control policy"):
        # an account is not told what another account's policies say
        return UNEXPLAINED if request.action.startswith("s3:") else ELSEWHERE
    article, policy = POLICY_TYPES[kind]
    template = EXPLICIT if verdict.outcome is Outcome.EXPLICIT_DENY else IMPLICIT
    resource = f'"{request.resource}"' if request.action.startswith("s3:") else request.resource
    return template % {"resource": resource, "article": article, "policy": policy, "action": request.action}


def named(document: Document, caller: Principal) -> Reason:
    """Why a key policy does not allow the caller by name."""
    names = _names(document)
    if not names:
        return Reason.NOBODY_NAMED
    if EVERYONE in names or not names.keys().isdisjoint(known_as(caller)):
        return Reason.CALLER_NOT_ALLOWED
    return Reason.OTHERS_NAMED


def _pairs(context: Pairs) -> str:
    return ", ".join(f"{name}={value}" for name, value in context)
