import re
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from tests.iam.conftest import ADMIN, HOME, allow, document, trust

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def refused(call, **parameters):
    """(code, status, message) of a refusal."""
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]


def test_what_create_role_and_get_role_answer_is_what_aws_was_recorded_to(iam):
    made = iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust(), Path="/team/")["Role"]
    assert set(made) == {"Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument"}
    got = iam.get_role(RoleName="app")["Role"]
    assert got == made | {"MaxSessionDuration": 3600, "RoleLastUsed": {}}
    assert (made["Arn"], made["CreateDate"]) == (f"arn:aws:iam::{HOME}:role/team/app", NOW)
    assert made["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRole"


def test_lists_leave_out_tags_and_boundaries(iam):
    iam.create_user(UserName="alice", Tags=[{"Key": "a", "Value": "b"}], PermissionsBoundary=ADMIN)
    listed, whole = iam.list_users()["Users"][0], iam.get_user(UserName="alice")["User"]
    assert set(whole) - set(listed) == {"Tags", "PermissionsBoundary"}
    assert whole["PermissionsBoundary"] == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": ADMIN}


@pytest.mark.parametrize(
    ("make", "prefix"),
    [
        (lambda iam: iam.create_user(UserName="a")["User"]["UserId"], "AIDA"),
        (lambda iam: iam.create_role(RoleName="a", AssumeRolePolicyDocument=trust())["Role"]["RoleId"], "AROA"),
        (lambda iam: iam.create_group(GroupName="a")["Group"]["GroupId"], "AGPA"),
        (lambda iam: iam.create_policy(PolicyName="a", PolicyDocument=document(allow("*")))["Policy"]["PolicyId"], "ANPA"),
    ],
)  # fmt: skip
def test_unique_ids_look_like_awss(iam, make, prefix):
    assert re.fullmatch(rf"{prefix}[A-Z2-7]{{17}}", make(iam))


@pytest.mark.parametrize("kind", ["User", "Group", "Role"])
def test_a_name_is_one_whatever_its_case_or_path(iam, kind):
    more = {"AssumeRolePolicyDocument": trust()} if kind == "Role" else {}
    make = getattr(iam, f"create_{kind.lower()}")
    make(**{f"{kind}Name": "Alice"}, **more)
    code, status, words = refused(make, **{f"{kind}Name": "aLICE", "Path": "/x/"}, **more)
    assert (code, status, words) == ("EntityAlreadyExists", 409, f"{kind} with name aLICE already exists.")
    assert getattr(iam, f"get_{kind.lower()}")(**{f"{kind}Name": "ALICE"})[kind]["Arn"].endswith("/Alice")


@pytest.mark.parametrize(
    ("call", "parameters", "expected"),
    [
        ("get_user", {"UserName": "x"}, ("NoSuchEntity", 404, "The user with name x cannot be found.")),
        ("get_role", {"RoleName": "x"}, ("NoSuchEntity", 404, "The role with name x cannot be found.")),
        ("delete_group", {"GroupName": "x"}, ("NoSuchEntity", 404, "The group with name x cannot be found.")),
        ("delete_policy", {"PolicyArn": f"arn:aws:iam::{HOME}:policy/x"}, ("NoSuchEntity", 404, f"Policy arn:aws:iam::{HOME}:policy/x was not found.")),
        ("create_user", {"UserName": "x", "Path": "team/"}, ("ValidationError", 400, "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")),
        ("create_user", {"UserName": "x" * 65}, ("ValidationError", 400, "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64")),
        ("create_user", {"UserName": "x", "Tags": [{"Key": "a", "Value": ""}, {"Key": "A", "Value": ""}]}, ("InvalidInput", 400, "Duplicate tag keys found. Please note that Tag keys are case insensitive.")),
        ("create_role", {"RoleName": "x", "AssumeRolePolicyDocument": trust({"AWS": f"arn:aws:iam::{HOME}:user/nobody"})}, ("MalformedPolicyDocument", 400, f'Invalid principal in policy: "AWS":"arn:aws:iam::{HOME}:user/nobody"')),
        ("get_user", {}, ("ValidationError", 400, "Must specify userName when calling with non-User credentials")),
        ("get_login_profile", {"UserName": "alice"}, ("NoSuchEntity", 404, "Login Profile for User alice cannot be found.")),
        ("create_saml_provider", {"SAMLMetadataDocument": "x" * 1000, "Name": "x"}, ("InvalidAction", 400, "this simulator does not answer CreateSAMLProvider: see its list of operations")),
        ("list_users", {"Marker": "x"}, ("ValidationError", 400, "Invalid Marker.")),
    ],
)  # fmt: skip
def test_refusals_have_iams_codes_status_and_words(sim, iam, call, parameters, expected):
    sim.user("alice")
    before = iam.get_account_summary()["SummaryMap"]
    assert refused(getattr(iam, call), **parameters) == expected
    assert iam.get_account_summary()["SummaryMap"] == before


def test_what_still_hangs_on_an_entity_keeps_it(iam):
    iam.create_user(UserName="u")
    iam.create_group(GroupName="g")
    key = iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    iam.add_user_to_group(GroupName="g", UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=ADMIN)
    iam.put_user_policy(UserName="u", PolicyName="p", PolicyDocument=document(allow("*")))
    steps = (
        ("remove users from group", lambda: iam.remove_user_from_group(GroupName="g", UserName="u")),
        ("delete access keys", lambda: iam.delete_access_key(UserName="u", AccessKeyId=key)),
        ("detach all policies", lambda: iam.detach_user_policy(UserName="u", PolicyArn=ADMIN)),
        ("delete policies", lambda: iam.delete_user_policy(UserName="u", PolicyName="p")),
    )
    assert refused(iam.delete_group, GroupName="g")[2] == "Cannot delete entity, must remove users from group first."
    for what, do in steps:
        expected = ("DeleteConflict", 409, f"Cannot delete entity, must {what} first.")
        assert refused(iam.delete_user, UserName="u") == expected
        do()
    iam.delete_user(UserName="u")
    iam.delete_group(GroupName="g")
    assert iam.list_users()["Users"] == iam.list_groups()["Groups"] == []


def test_pages_meet_without_a_gap(iam):
    names = [f"u{n:02}" for n in range(7)]
    for name in names:
        iam.create_user(UserName=name, Path="/even/" if int(name[1:]) % 2 == 0 else "/")
    pages = list(iam.get_paginator("list_users").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["Users"]) for page in pages] == [3, 3, 1]
    assert [user["UserName"] for page in pages for user in page["Users"]] == names
    assert [user["UserName"] for user in iam.list_users(PathPrefix="/even/")["Users"]] == names[::2]


def test_a_renamed_user_keeps_id_keys_and_what_names_it(sim, iam):
    user = iam.create_user(UserName="old")["User"]
    key = iam.create_access_key(UserName="old")["AccessKey"]["AccessKeyId"]
    kms = sim.client("kms")
    grant = {"KeyId": kms.create_key()["KeyMetadata"]["KeyId"], "Operations": ["Decrypt"]}
    kms.create_grant(**grant, GranteePrincipal=user["Arn"])
    iam.update_user(UserName="old", NewUserName="new", NewPath="/team/")
    new = iam.get_user(UserName="new")["User"]
    assert (new["UserId"], new["Arn"]) == (user["UserId"], f"arn:aws:iam::{HOME}:user/team/new")
    assert iam.list_access_keys(UserName="new")["AccessKeyMetadata"][0]["AccessKeyId"] == key
    assert kms.list_grants(KeyId=grant["KeyId"])["Grants"][0]["GranteePrincipal"] == new["Arn"]
    assert refused(iam.get_user, UserName="old")[0] == "NoSuchEntity"


def test_a_service_linked_role_is_only_awss_to_change(iam):
    role = iam.create_service_linked_role(AWSServiceName="mrk.kms.amazonaws.com")["Role"]
    assert role["Arn"].endswith(
        "role/aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys"
    )
    code, status, words = refused(iam.delete_role, RoleName=role["RoleName"])
    assert (code, status) == ("UnmodifiableEntity", 400)
    assert words == (
        f"Cannot perform the operation on the protected role '{role['RoleName']}' - this role is only modifiable by AWS"
    )
    iam.delete_service_linked_role(RoleName=role["RoleName"])
    assert iam.list_roles()["Roles"] == []
