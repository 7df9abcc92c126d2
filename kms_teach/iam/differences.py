"""Where IAM here differs from AWS's, or where AWS's answer is not on record: rows as those of KMS."""

from kms_teach.operations.differences import Difference

D = Difference

AWS_POLICIES = "AttachUserPolicy AttachRolePolicy AttachGroupPolicy GetPolicy ListPolicies"
DELETIONS = "DeleteUser DeleteRole DeleteGroup"
BOUNDARIES = "DeleteUserPermissionsBoundary DeleteRolePermissionsBoundary"
OF_THE_ACCOUNT = "GetPolicy DeletePolicy AttachUserPolicy AttachRolePolicy AttachGroupPolicy"
EMPTY = (
    "ListInstanceProfiles ListInstanceProfilesForRole ListMFADevices ListVirtualMFADevices ListSSHPublicKeys "
    "ListSigningCertificates ListServiceSpecificCredentials ListServerCertificates ListSAMLProviders "
    "ListOpenIDConnectProviders"
)

DIFFERENCES = (
    D("all", "differs", "every other operation of IAM", "InvalidAction, by name", "what no decision about a key needs is not simulated"),
    D("all", "differs", "when a change counts", "from the next call on, with `slow=True` too", "AWS says only that IAM is eventually consistent, not how long that takes"),
    D("all", "differs", "the Region that a request is signed for", "any", "IAM has one endpoint for all Regions, and clients with an endpoint of their own sign for theirs"),
    D(EMPTY, "differs", "what the list is about", "nobody has one: an empty list", "clients ask before they delete; nothing of it bears on a decision about a key"),
    D("GetLoginProfile GetAccountPasswordPolicy", "differs", "passwords", "NoSuchEntity", "there is no console here"),
    D(AWS_POLICIES, "differs", "policies of AWS", "those that a course on KMS uses, as the Managed Policy Reference shows them, with ids of our own; others do not exist", "there are more than a thousand, and they change weekly"),
    D("CreateServiceLinkedRole", "differs", "services", "the two of KMS; for others InvalidInput", "nothing else here has such a role"),
    D("CreateServiceLinkedRole", "unknown", "a role that is there already, in words", "InvalidInput, that the name is taken", "seen in public issues for other services only"),
    D("DeleteServiceLinkedRole GetServiceLinkedRoleDeletionStatus", "differs", "the deletion", "done at once, whatever still uses the role", "AWS deletes in the background, and looks for what uses it"),
    D("GetAccessKeyLastUsed", "differs", "when a key was used", "never: no date, and N/A for service and Region, as AWS tells of a new key", "AWS is hours behind; the trail has every call"),
    D("GetRole", "differs", "RoleLastUsed", "empty, as AWS tells of a new role", "AWS is hours behind; the trail has every call"),
    D("CreateAccessKey ListAccessKeys UpdateAccessKey DeleteAccessKey", "differs", "access keys of the root user", "none: its calls must name a user", "a root user has the access key that everybody knows"),
    D("GetUser", "differs", "of a root user, without UserName", "ValidationError, as for a role", "AWS answers the root user, who is no user of IAM's"),
    D(DELETIONS, "unknown", "the order of what is still in the way", "groups, access keys, attached policies, inline policies", "each refusal is on record, their order is not"),
    D(BOUNDARIES, "unknown", "where there is no boundary", "NoSuchEntity in our words", "not on record"),
    D("RemoveUserFromGroup", "unknown", "a user who is not in the group", "NoSuchEntity in our words", "not on record"),
    D("DeletePolicyVersion SetDefaultPolicyVersion GetPolicyVersion", "unknown", "a version that is not there", "NoSuchEntity in our words", "not on record"),
    D("DeletePolicyVersion", "unknown", "the default version", "DeleteConflict in our words", "the code is documented, its words are not on record"),
    D(OF_THE_ACCOUNT, "unknown", "a policy of another account", "NoSuchEntity, as one that does not exist", "not on record"),
    D("CreatePolicyVersion DeletePolicy DeletePolicyVersion SetDefaultPolicyVersion TagPolicy UntagPolicy", "unknown", "a policy of AWS", "AccessDenied in our words", "not on record"),
    D("CreateUser CreateRole PutUserPermissionsBoundary PutRolePermissionsBoundary", "unknown", "a boundary that does not exist", "NoSuchEntity, `Scope ARN: … does not exist or is not attachable.`", "the words are not on record"),
    D("TagUser TagRole TagPolicy", "unknown", "more than 50 tags", "LimitExceeded in the words of other quotas", "not on record"),
    D("all", "unknown", "a Marker that is none", "ValidationError, `Invalid Marker.`", "not on record"),
    D("all", "unknown", "the resource in words of AccessDenied", "`role N`, `user N`, `policy ARN`; the ARN for what is being made", "on record for users and roles only"),
)  # fmt: skip
