"""IAM as a service: who may call it, what stands in the trail, who can sign, and how its answers fit the model."""

from urllib.parse import quote

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.session import get_session

from kms_teach.iam.catalog import CATALOG
from tests.iam.conftest import HOME, allow, document, trust
from tests.iam.test_entities import refused

WORDS = (
    f"User: arn:aws:iam::{HOME}:user/alice is not authorized to perform: iam:GetRole on resource: role {{}} because no "
    "identity-based policy allows the iam:GetRole action"
)
MODEL = get_session().get_service_model("iam")


def test_every_operation_is_one_of_iams():
    assert set(CATALOG) <= set(MODEL.operation_names)
    assert len(CATALOG) > 80
    for name, operation in CATALOG.items():
        members = MODEL.operation_model(name).input_shape
        if operation.on in ("user", "role", "group"):
            assert f"{operation.on.title()}Name" in members.members, name
        assert operation.changes is not name.startswith(("Get", "List", "Simulate")), name


def test_who_may_not_is_told_so_before_it_is_told_what_exists(sim):
    alice = sim.user("alice", policies=[document(allow("iam:GetRole", f"arn:aws:iam::{HOME}:role/mine"))]).client("iam")
    for name in ("exists", "does-not"):
        sim.role("exists")
        assert refused(alice.get_role, RoleName=name) == (
            "AccessDenied", 403,
            WORDS.format(name),
        )  # fmt: skip
    assert refused(alice.get_role, RoleName="mine")[0] == "NoSuchEntity"
    words = refused(alice.create_role, RoleName="new", AssumeRolePolicyDocument=trust(), Path="/p/")[2]
    assert f"on resource: arn:aws:iam::{HOME}:role/p/new because" in words


def test_a_user_may_be_let_ask_for_itself(sim):
    alice = sim.user("alice", policies=[document(allow("iam:GetUser", "arn:aws:iam::*:user/${aws:username}"))])
    assert alice.client("iam").get_user()["User"]["Arn"] == alice.arn
    assert refused(alice.client("iam").get_user, UserName="bob")[0] == "AccessDenied"


def test_a_call_stands_in_the_trail_with_its_decision_and_without_its_secret(sim, iam):
    iam.create_user(UserName="alice")
    secret = iam.create_access_key(UserName="alice")["AccessKey"]["SecretAccessKey"]
    with pytest.raises(ClientError):
        sim.user("alice").client("iam").list_users()
    made, key, denied = sim.trail
    assert (made.operation, made.event["eventSource"], made.event["awsRegion"]) == (
        "CreateUser",
        "iam.amazonaws.com",
        "us-east-1",
    )
    assert made.parameters == {"userName": "alice"}
    assert made.event["responseElements"]["user"]["userName"] == "alice"
    assert (made.event["readOnly"], denied.event["readOnly"]) == (False, True)
    assert made.decision.allowed
    assert not denied.decision.allowed
    assert sim.authorization(denied).request.action == "iam:ListUsers"
    assert secret not in str([record.event for record in sim.trail])
    assert secret not in repr(sim.user("alice").access_key)
    assert key.event["responseElements"]["accessKey"]["accessKeyId"].startswith("AKIA")


def test_a_trust_policy_is_logged_as_it_was_sent_and_encoded_as_it_was_answered(sim, iam):
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust())
    event = sim.trail[-1].event
    assert event["requestParameters"]["assumeRolePolicyDocument"] == trust()
    assert event["responseElements"]["role"]["assumeRolePolicyDocument"] == quote(trust(), safe="")


def test_who_is_made_over_http_calls_over_http(sim):
    with sim.serve() as at:

        def client(name, key=("test", "test")):
            return boto3.client(
                name,
                endpoint_url=at.url,
                region_name="eu-west-1",
                aws_access_key_id=key[0],
                aws_secret_access_key=key[1],
            )

        root = client("iam")
        root.create_user(UserName="alice")
        pair = root.create_access_key(UserName="alice")["AccessKey"]
        key = (pair["AccessKeyId"], pair["SecretAccessKey"])
        assert client("sts", key).get_caller_identity()["Arn"] == f"arn:aws:iam::{HOME}:user/alice"
        assert refused(client("kms", key).list_keys)[0] == "AccessDeniedException"
        root.put_user_policy(UserName="alice", PolicyName="p", PolicyDocument=document(allow("kms:*")))
        assert client("kms", key).list_keys()["Keys"] == []
        assert refused(client("kms", (key[0], "wrong")).list_keys)[0] == "InvalidSignatureException"
        root.update_access_key(UserName="alice", AccessKeyId=key[0], Status="Inactive")
        assert refused(client("kms", key).list_keys)[0] == "UnrecognizedClientException"
        root.update_access_key(UserName="alice", AccessKeyId=key[0], Status="Active")
        assert client("kms", key).list_keys()["Keys"] == []
        root.delete_access_key(UserName="alice", AccessKeyId=key[0])
        assert refused(client("kms", key).list_keys)[0] == "UnrecognizedClientException"


def test_a_user_has_two_access_keys_at_most_and_each_works(sim, iam):
    iam.create_user(UserName="alice")
    keys = [iam.create_access_key(UserName="alice")["AccessKey"] for _ in range(2)]
    assert refused(iam.create_access_key, UserName="alice") == (
        "LimitExceeded", 409, "Cannot exceed quota for AccessKeysPerUser: 2"
    )  # fmt: skip
    for key in keys:
        assert sim.service.principal(key["AccessKeyId"]).secret == key["SecretAccessKey"]
    assert len(sim.who_may(sim.client("kms").create_key()["KeyMetadata"]["KeyId"], ["Decrypt"]).rows) == 2


def test_nobody_signs_with_a_unique_id(sim, iam):
    user = iam.create_user(UserName="alice")["User"]
    assert sim.service.principal(user["UserId"]) is None


def test_an_access_key_made_in_python_works_from_any_client(sim):
    alice = sim.user("alice", policies=[document(allow("kms:*"))])
    with sim.serve() as at:
        kms = boto3.client(
            "kms", endpoint_url=at.url, region_name="us-east-1", aws_access_key_id=alice.access_key.id,
            aws_secret_access_key=alice.access_key.secret,
        )  # fmt: skip
        assert kms.list_keys()["Keys"] == []
    assert (
        sim.client("iam").list_access_keys(UserName="alice")["AccessKeyMetadata"][0]["AccessKeyId"]
        == alice.access_key.id
    )


def test_accounts_know_nothing_of_each_other(sim):
    sim.client("iam").create_user(UserName="alice")
    other = sim.client("iam", account="444455556666")
    assert other.list_users()["Users"] == []
    other.create_user(UserName="alice")


def test_the_alias_of_an_account_is_its_own(sim, iam):
    iam.create_account_alias(AccountAlias="acme")
    assert iam.list_account_aliases()["AccountAliases"] == ["acme"]
    other = sim.client("iam", account="444455556666")
    assert refused(other.create_account_alias, AccountAlias="acme")[0] == "EntityAlreadyExists"
    iam.delete_account_alias(AccountAlias="acme")
    other.create_account_alias(AccountAlias="acme")
