"""All examples, numbered, with their pages, and what was left out; `python -m tests.access.guides.catalog`
writes index.md anew."""

from pathlib import Path

from tests.access.guides import (
    iam_conditions,
    iam_elements,
    iam_evaluation,
    iam_library,
    kms_aliases_and_tags,
    kms_conditions_on_keys,
    kms_conditions_on_requests,
    kms_encryption_context,
    kms_grants,
    kms_iam_policies,
    kms_key_policies,
    kms_surroundings,
    organizations,
)
from tests.access.guides.example import ALLOWED, Example

INDEX = Path(__file__).with_name("index.md")
KMS, IAM, ORGANIZATIONS = "KMS Developer Guide", "IAM User Guide", "AWS Organizations User Guide"
GUIDES = {
    KMS: ("https://docs.aws.amazon.com/kms/latest/developerguide/", (
        kms_key_policies, kms_iam_policies, kms_conditions_on_keys, kms_conditions_on_requests, kms_encryption_context,
        kms_aliases_and_tags, kms_grants, kms_surroundings,
    )),
    IAM: ("https://docs.aws.amazon.com/IAM/latest/UserGuide/", (iam_evaluation, iam_conditions, iam_elements, iam_library)),
    ORGANIZATIONS: ("https://docs.aws.amazon.com/organizations/latest/userguide/", (organizations,)),
}  # fmt: skip
EXAMPLES: tuple[Example, ...] = tuple(
    example for _, modules in GUIDES.values() for module in modules for example in module.EXAMPLES
)

PUBLIC = "June 2023, the last public state of the guide's repository (awsdocs on GitHub)"
LATER = {  # pages whose examples were read in a later state, and when they were read
    "conditions-kms": "2026-11-24",
    "reference_policies_condition_examples-multi-valued-context-keys": "2026-11-24",
    "reference_policies_condition_examples-single-valued-context-keys": "2026-11-24, its beginning",
    "reference_policies_multi-value-conditions": "2026-11-24, its beginning, and June 2023",
    "resource-control-policies": "2026-11-24",
    "vpce-connect": "2026-11-24",
    "vpce-policy": "not found",
    "vpce-policy-condition": "2026-11-24",
    "orgs_manage_policies_scps_evaluation": "2026-11-24, its beginning",
    "orgs_manage_policies_scps_examples_general": "2026-11-24",
}

LEFT_OUT = {  # what the guides show and no case repeats, and why
    "conditions-kms: kms:GranteeServicePrincipal, kms:RetiringServicePrincipal, kms:GrantConstraintSourceArn, kms:TrailingDaysWithoutKeyUsage":
        "these sections are of 2026 and were not found; which requests carry the keys is tested in test_context.py",
    "policy-evaluation: the flow chart": "a picture; the page's two examples walk through it",
    "determining-access-iam-policies, determining-access-grants, key-policy-modifying": "steps in a console, without a policy",
    "authorize-key-store, multi-region-keys-auth: service-linked roles": "they act in EC2 and CloudHSM, or in KMS itself",
    "create-grant-overview, grant-manage, alias-access, tag-permissions: command lines": "in test_guides_calls.py, as calls",
    "services-*: how each service uses KMS": "each is a grant, or a key policy with kms:ViaService, and those are here",
    "reference_policies_examples_* that only list a service's actions (codecommit, rds, ec2_region, s3_rw-bucket, iam_policy-sim, …)":
        "a list of Actions and an ARN, as in many cases here; of this library, what has a condition or an opposite is here",
    "reference_policies_elements_principal: CanonicalUser, Federated": "KMS takes no canonical users, and no provider calls it",
    "access_iam-tags": "the same conditions as access_tags and the tutorial",
    "reference_policies_condition-keys": "a list of keys; what KMS requests carry of them is tested in test_context.py",
    "orgs_manage_policies_scps_examples_*, of other services": "a list of Actions to deny, as in the general ones",
    "orgs_manage_policies_rcps_examples": "not found; the same two policies for KMS are on resource-control-policies",
}  # fmt: skip


def guide_of(example: Example) -> str:
    return next(guide for guide, (_, modules) in GUIDES.items() if any(example in m.EXAMPLES for m in modules))


def name_of(example: Example) -> str:
    """Guide, page, example: the name of a case."""
    return f"{guide_of(example).split()[-3]}, {example.page}: {example.title}"


def index() -> str:
    """The table of all examples, as Markdown."""
    asks = sum(len(example.asks) for example in EXAMPLES)
    lines = [
        "# AWS's examples on access, as cases", "",
        f"{len(EXAMPLES)} examples of AWS's guides with {asks} requests, each decided by `access.decide` as the guide says. Their texts are AWS's;",
        "here are only policies rebuilt with the same logic. A case's `note` says where it was rebuilt otherwise, or where",
        f"the guide is loose. Pages without a date were read as of {PUBLIC};",
        "a date is the day on which a later state of the page was read.", "",
    ]  # fmt: skip
    numbers = iter(range(1, len(EXAMPLES) + 1))
    for guide, (base, modules) in GUIDES.items():
        lines += [f"## {guide}", "", "| | page | example | allowed | denied |", "|---:|---|---|---:|---:|"]
        for example in (example for module in modules for example in module.EXAMPLES):
            date = f" ({LATER[example.page]})" if example.page in LATER else ""
            good = sum(ask.verdict == ALLOWED for ask in example.asks)
            marked = example.title.replace("|", "\\|") + (" *" if example.note else "")
            page = f"[{example.page}]({base}{example.page}.html){date}"
            lines.append(f"| {next(numbers)} | {page} | {marked} | {good} | {len(example.asks) - good} |")
        lines.append("")
    lines += ["`*`: with a note.", "", "## Left out", ""]
    lines += [f"- {what}: {why}" for what, why in LEFT_OUT.items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    INDEX.write_text(index())
