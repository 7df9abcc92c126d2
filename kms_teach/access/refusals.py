"""The words in which AWS refuses a policy document: those of IAM, and the few of KMS that are on record."""

from collections.abc import Mapping

from kms_teach.access.statement import Kind

# IAM and STS
SYNTAX = "Syntax errors in policy."
NO_JSON: Mapping[Kind, str] = {"trust policy": "This policy contains invalid Json"}
OLD_VERSION = "Policy document must be version 2012-10-17 or greater."
LEGACY = "The policy failed legacy parsing"
SID_TWICE = "Statement IDs (SID) in a single policy must be unique."
SID_LETTERS = (
    "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
)
NO_ACTIONS = "Policy statement must contain actions."
NO_RESOURCES = "Policy statement must contain resources."
NO_ARN = 'Resource %s must be in ARN format or "*".'
NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
TWO_COLONS = "Actions/Condition can contain only one colon."
VENDOR_WILD = "Action vendors (e.g., aws, ec2, etc.) must not contain wildcards."
HAS_PRINCIPAL = "Policy document should not specify a principal."
HAS_RESOURCE = "Has prohibited field Resource"
NO_PRINCIPAL = (
    "Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: "
    "The passed in policy has a statement with no principals!"
)
NOT_STS = (
    "Trust Policy statement actions can only be "
    "sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity"
)

# KMS, of key policies
NOBODY_NAMED = "Policy contains a statement with no principal."
INVALID_PRINCIPALS = "Policy contains a statement with one or more invalid principals."
INVALID_ARN = "An ARN in the specified key policy is invalid."
