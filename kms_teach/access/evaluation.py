"""Policy evaluation: the rules of IAM and KMS, one function each, tried in their order.

IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic"; KMS Developer Guide,
"Determining access to KMS keys". What the documents say is gathered before (`evidence`), so that a rule only weighs it.
"""

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from kms_teach.access.documents import Documents
from kms_teach.access.evidence import CEILINGS, Evidence, GrantEvidence, gather, match_context
from kms_teach.access.reasons import Check
from kms_teach.access.request import Request
from kms_teach.access.statement import Kind, MatchContext

OUTER = (Check.ENDPOINT, Check.SCP)  # ceilings over whatever allows
INNER = (Check.BOUNDARY, Check.SESSION)  # over what does not name the caller itself


class Outcome(Enum):
    """How an evaluation ends: IAM User Guide, "The difference between explicit and implicit denies"."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"


class Verdict(NamedTuple):
    """What a rule decides, and which check decided it.

    policy: the kind of policy that denies; of an implicit deny, the kind that would have had to allow.
    unlimited: allowed whatever a silent permissions boundary or session policy leaves open.
    """

    outcome: Outcome
    check: Check
    policy: Kind | None = None
    unlimited: bool = False


class Evaluation(NamedTuple):
    """The evidence of a request, and the verdict of the first rule that had one."""

    evidence: Evidence
    verdict: Verdict

    @property
    def allowed(self) -> bool:
        return self.verdict.outcome is Outcome.ALLOWED

    @property
    def silent(self) -> Kind | None:
        """The kind of policy that would have had to allow; None when it was allowed, or explicitly denied."""
        return self.verdict.policy if self.verdict.outcome is Outcome.IMPLICIT_DENY else None


Rule = Callable[[Evidence], Verdict | None]


def explicit_deny(evidence: Evidence) -> Verdict | None:
    """A Deny in any document wins over every Allow."""
    deny = evidence.deny
    return Verdict(Outcome.EXPLICIT_DENY, Check.DENY, deny.document.kind) if deny else None


def another_accounts_key(evidence: Evidence) -> Verdict | None:
    """Most operations that manage a key never work from another account (KMS Developer Guide, "Permissions")."""
    return _implicit(Check.REACH, "key policy") if evidence.out_of_reach else None


def endpoint_and_organization(evidence: Evidence) -> Verdict | None:
    """The VPC endpoint's policy and every level of SCPs must leave room, whoever allows."""
    return _shut(evidence, OUTER)


def iam_alone(evidence: Evidence) -> Verdict | None:
    """Where no key is named there is no key policy: IAM policies decide."""
    if evidence.about_key or evidence.request.retires:
        return None
    return _within_limits(evidence, Check.IAM) if evidence.iam_allows else _implicit(Check.IAM, "IAM policy")


def key_policy_names_the_caller(evidence: Evidence) -> Verdict | None:
    """A key policy that allows the caller itself is enough at home; from elsewhere the caller's account must agree."""
    home = evidence.request.at_home
    if evidence.named and (home or evidence.iam_allows):
        return _within_limits(evidence, Check.NAMED, unlimited=home and evidence.unlimited)
    return None


def iam_in_a_buckets_own_account(evidence: Evidence) -> Verdict | None:
    """In a bucket's own account an IAM policy is enough: S3 User Guide, "How Amazon S3 authorizes a request"."""
    return _within_limits(evidence, Check.IAM) if evidence.own_bucket and evidence.iam_allows else None


def key_policy_and_iam(evidence: Evidence) -> Verdict | None:
    """A key policy that allows the account leaves it to IAM policies, and one of them allows."""
    if (evidence.named or evidence.delegated) and evidence.iam_allows:
        return _within_limits(evidence, Check.IAM)
    return None


def shared_and_iam(evidence: Evidence) -> Verdict | None:
    """A key that is shared through AWS RAM is used by those whom their own account's IAM policies allow."""
    return _within_limits(evidence, Check.IAM) if evidence.shared and evidence.iam_allows else None


def grant(evidence: Evidence) -> Verdict | None:
    """A grant allows beside the policies, also from another account; one grant may be retired by whom it names."""
    lent = evidence.grant
    if lent and lent.allows:
        return _within_limits(evidence, lent.check, unlimited=_past_limits(evidence, lent))
    return None


def nobody_may_retire(evidence: Evidence) -> Verdict | None:
    """Who may retire a grant stands in the grant; a key policy has no say."""
    return _implicit(Check.RETIREMENT, "IAM policy") if evidence.request.retires else None


def iam_is_silent(evidence: Evidence) -> Verdict | None:
    """The key policy, or a share, left it to IAM policies, and none of them allows."""
    admitted = evidence.named or evidence.delegated or evidence.shared or evidence.own_bucket
    return _implicit(Check.IAM, "IAM policy") if admitted else None


def key_policy_is_silent(evidence: Evidence) -> Verdict:
    """What nobody allows is denied. An AWS service has no account that the key policy could leave it to."""
    check = Check.NAMED if evidence.request.caller.kind == "service" else Check.DELEGATED
    return _implicit(check, "key policy")


# In the order of the guides: denies, then ceilings over everything, then what allows, then what is missing.
RULES: tuple[Rule, ...] = (
    explicit_deny,
    another_accounts_key,
    endpoint_and_organization,
    iam_alone,
    key_policy_names_the_caller,
    iam_in_a_buckets_own_account,
    key_policy_and_iam,
    shared_and_iam,
    grant,
    nobody_may_retire,
    iam_is_silent,
    key_policy_is_silent,
)


def evaluate(request: Request, documents: Documents, context: MatchContext | None = None) -> Evaluation:
    """Evaluate a request. context: `match_context(request, documents)`, when it is at hand."""
    evidence = gather(request, documents, context or match_context(request, documents))
    for rule in RULES:
        if verdict := rule(evidence):
            return Evaluation(evidence, verdict)
    raise AssertionError("the last rule always has a verdict")


def _within_limits(evidence: Evidence, check: Check, *, unlimited: bool = False) -> Verdict:
    """Allowed by this check, unless the permissions boundary or the session policies leave no room.

    A grant that they do not limit allows all the same: no Allow beside it takes anything away.
    """
    shut = None if unlimited else _shut(evidence, INNER)
    if shut and (lent := evidence.grant) and lent.allows and _past_limits(evidence, lent):
        return Verdict(Outcome.ALLOWED, lent.check, None, unlimited=True)
    return shut or Verdict(Outcome.ALLOWED, check, None, unlimited)


def _past_limits(evidence: Evidence, lent: GrantEvidence) -> bool:
    """Whether a grant names the caller so that a silent boundary or session policy does not limit it."""
    return evidence.request.at_home and lent.unlimited


def _shut(evidence: Evidence, checks: tuple[Check, ...]) -> Verdict | None:
    """The verdict of the first of these ceilings that leaves no room."""
    for check in checks:
        if check in evidence.ceilings and evidence.ceilings[check] is None:
            return _implicit(check, CEILINGS[check])
    return None


def _implicit(check: Check, policy: Kind) -> Verdict:
    return Verdict(Outcome.IMPLICIT_DENY, check, policy)
