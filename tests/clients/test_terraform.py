"""The calls of Terraform's AWS provider, replayed by boto3 over HTTP: each is answered as the provider needs it."""

import json

import boto3
import pytest

from tests.clients.terraform import HERE, RESOURCES, THERE, Known
from tests.clients.terraform_iam import ROLE_LIFE, trust

pytestmark = pytest.mark.slow  # two of them make RSA keys


@pytest.fixture(scope="module")
def clients(address):
    login = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "endpoint_url": address}
    kms = {("kms", region): boto3.client("kms", region_name=region, **login) for region in (HERE, THERE)}
    return kms | {("iam", HERE): boto3.client("iam", region_name=HERE, **login)}


def resolved(value, state):
    """With what earlier calls gave in the place of its name."""
    if isinstance(value, Known):
        return state[value.name]
    if isinstance(value, dict):
        return {name: resolved(of, state) for name, of in value.items()}
    return value(state) if callable(value) else value


def plain(value):
    """Documents as what they say, times as text, so that both sides compare."""
    if isinstance(value, dict):
        return {name: plain(of) for name, of in value.items()}
    if isinstance(value, list):
        return [plain(of) for of in value]
    if isinstance(value, str) and value.startswith("{"):
        return json.loads(value)
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if hasattr(value, "isoformat") else value


def missing(sought, got):
    """What was sought and is not there, as {path: (sought, got)}."""
    if isinstance(sought, dict) and isinstance(got, dict):
        return {
            f"{name}.{path}".rstrip("."): pair
            for name in sought
            for path, pair in missing(sought[name], got.get(name)).items()
        }
    return {} if sought == got else {"": (sought, got)}


@pytest.mark.parametrize("resource", [*RESOURCES, ROLE_LIFE], ids=lambda of: f"{of.kind}: {of.about}")
def test_a_resource_lives_its_whole_life(clients, resource):
    state = {}
    for call in resource.calls:
        answer = getattr(clients[call.service, call.region], call.operation)(**resolved(call.parameters, state))
        assert missing(plain(resolved(call.sought, state)), plain(answer)) == {}, call
        for name, path in call.kept.items():
            value = answer
            for part in path:
                value = value[part]
            state[name] = value


def test_what_a_plan_reads_back_is_what_was_configured(clients):
    """Or each `terraform plan` would want to change it: the policy, the tags, the description, the grant's constraints."""
    kms = clients["kms", HERE]
    tags = [{"TagKey": "team", "TagValue": "blue"}]
    key = kms.create_key(Description="of Terraform", Tags=tags)["KeyMetadata"]
    assert (key["Description"], kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]) == ("of Terraform", tags)
    lent = {"GranteePrincipal": "arn:aws:iam::111122223333:root", "Operations": ["Decrypt"], "Name": "lent"}
    kms.create_grant(KeyId=key["KeyId"], **lent, Constraints={"EncryptionContextSubset": {"tenant": "7"}})
    (grant,) = kms.list_grants(KeyId=key["KeyId"])["Grants"]
    assert grant.items() >= (lent | {"Constraints": {"EncryptionContextSubset": {"tenant": "7"}}}).items()


def test_what_is_gone_is_not_found(clients):
    """The provider takes NotFoundException alone for `gone`; any other answer ends its run."""
    kms = clients["kms", HERE]
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.describe_key(KeyId="11111111-2222-3333-4444-555555555555")
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.delete_alias(AliasName="alias/never-made")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    with pytest.raises(kms.exceptions.NotFoundException):
        kms.revoke_grant(KeyId=key, GrantId="0" * 64)
    kms.schedule_key_deletion(KeyId=key)
    with pytest.raises(kms.exceptions.KMSInvalidStateException, match="is pending deletion"):  # the words it looks for
        kms.schedule_key_deletion(KeyId=key)


def test_a_role_that_is_gone_is_not_found(clients):
    iam = clients["iam", HERE]
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName="never-made")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.delete_role(RoleName="never-made")


def test_a_role_with_policies_is_not_deleted_and_the_provider_knows_why(clients):
    iam = clients["iam", HERE]
    iam.create_role(RoleName="kept", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    iam.attach_role_policy(RoleName="kept", PolicyArn="arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser")
    with pytest.raises(iam.exceptions.DeleteConflictException):  # it tries again until somebody detached it
        iam.delete_role(RoleName="kept")


def test_a_key_policy_that_names_a_role_not_made_yet_is_refused_and_then_taken(clients):
    """The provider repeats CreateKey on MalformedPolicyDocumentException, and on no other code, until the role is known."""
    kms, iam = clients["kms", HERE], clients["iam", HERE]
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::111122223333:{who}"},
            "Action": "kms:*",
            "Resource": "*",
        }
        for who in ("root", "role/later")
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    with pytest.raises(kms.exceptions.MalformedPolicyDocumentException):
        kms.create_key(Policy=policy)
    iam.create_role(RoleName="later", AssumeRolePolicyDocument=trust("ec2.amazonaws.com"))
    assert kms.create_key(Policy=policy)["KeyMetadata"]["Enabled"]
