import base64
import json
from datetime import UTC, datetime

import pytest

from kms_teach.access.reasons import Check, Reason

ALICE = "arn:aws:iam::111122223333:user/alice"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def alice(sim):
    return sim.user("alice").client("kms")


def give(kms, key, *operations, **more):
    return kms.create_grant(**{"KeyId": key, "GranteePrincipal": ALICE, "Operations": list(operations), **more})


def test_a_grant_allows_what_it_lists_until_it_is_revoked(kms, key, alice, refused):
    grant = give(kms, key, "Encrypt")["GrantId"]
    alice.encrypt(KeyId=key, Plaintext=b"x")
    assert refused(alice.describe_key, KeyId=key).code == "AccessDeniedException"
    kms.revoke_grant(KeyId=key, GrantId=grant)
    assert refused(alice.encrypt, KeyId=key, Plaintext=b"x").code == "AccessDeniedException"


def test_a_grant_is_listed_without_its_token(kms, key, alice):
    answer = give(
        kms,
        key,
        "Encrypt",
        "Decrypt",
        Name="mine",
        RetiringPrincipal=ALICE,
        Constraints={"EncryptionContextSubset": {"a": "b"}},
    )
    (entry,) = kms.list_grants(KeyId=key)["Grants"]
    assert entry == {
        "KeyId": f"arn:aws:kms:us-east-1:111122223333:key/{key}",
        "GrantId": answer["GrantId"],
        "Name": "mine",
        "CreationDate": NOW,
        "GranteePrincipal": ALICE,
        "RetiringPrincipal": ALICE,
        "IssuingAccount": "arn:aws:iam::111122223333:root",
        "Operations": ["Encrypt", "Decrypt"],
        "Constraints": {"EncryptionContextSubset": {"a": "b"}},
    }


def test_ids_and_tokens_look_as_those_of_aws(kms, key, alice):
    answer = give(kms, key, "Encrypt")
    assert len(answer["GrantId"]) == 64 and int(answer["GrantId"], 16)
    assert answer["GrantToken"].startswith("AQpA")
    assert answer["GrantId"].encode() in base64.urlsafe_b64decode(answer["GrantToken"])


def test_a_named_grant_asked_for_again_is_the_same_with_a_new_token(kms, key, alice):
    first, again = give(kms, key, "Encrypt", Name="n"), give(kms, key, "Encrypt", Name="n")
    assert first["GrantId"] == again["GrantId"]
    assert first["GrantToken"] != again["GrantToken"]
    assert give(kms, key, "Decrypt", Name="n")["GrantId"] != first["GrantId"]
    assert give(kms, key, "Encrypt")["GrantId"] != give(kms, key, "Encrypt")["GrantId"]
    for token in (first["GrantToken"], again["GrantToken"]):
        kms.encrypt(KeyId=key, Plaintext=b"x", GrantTokens=[token])


def test_a_constraint_binds_the_encryption_context(kms, key, alice, refused):
    give(kms, key, "Encrypt", Constraints={"EncryptionContextSubset": {"tenant": "7"}})
    alice.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"tenant": "7", "more": "yes"})
    for context in ({}, {"tenant": "8"}, {"more": "yes"}):
        assert (
            refused(alice.encrypt, KeyId=key, Plaintext=b"x", EncryptionContext=context).code == "AccessDeniedException"
        )


def test_a_grant_never_overrides_a_deny(kms, key, alice, refused):
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append(
        {"Effect": "Deny", "Principal": {"AWS": ALICE}, "Action": "kms:Encrypt", "Resource": "*"}
    )
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    give(kms, key, "Encrypt")
    assert "explicit deny" in refused(alice.encrypt, KeyId=key, Plaintext=b"x").message


def test_a_grant_reaches_another_account(sim, kms, key, refused):
    neighbour = sim.client("kms", account="444455556666")
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{key}"
    assert refused(neighbour.encrypt, KeyId=arn, Plaintext=b"x").code == "AccessDeniedException"
    kms.create_grant(KeyId=key, GranteePrincipal="arn:aws:iam::444455556666:root", Operations=["Encrypt"])
    assert neighbour.encrypt(KeyId=arn, Plaintext=b"x")


def test_who_may_retire(sim, kms, key, alice, refused):
    bob = sim.user("bob")
    answer = give(kms, key, "Encrypt", RetiringPrincipal=bob.arn)
    assert refused(alice.retire_grant, GrantToken=answer["GrantToken"]).code == "AccessDeniedException"
    bob.client("kms").retire_grant(GrantToken=answer["GrantToken"])
    assert kms.list_grants(KeyId=key)["Grants"] == []
    assert sim.trail[-2].event["additionalEventData"] == {"grantId": answer["GrantId"]}


def test_the_grantee_may_retire_when_the_grant_says_so(kms, key, alice):
    answer = give(kms, key, "Encrypt", "RetireGrant")
    alice.retire_grant(KeyId=f"arn:aws:kms:us-east-1:111122223333:key/{key}", GrantId=answer["GrantId"])
    assert kms.list_grants(KeyId=key)["Grants"] == []


def test_retirable_grants_are_found_across_keys(kms, key, alice):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    ids = {give(kms, k, "Encrypt", RetiringPrincipal=ALICE)["GrantId"] for k in (key, other)}
    give(kms, key, "Encrypt")
    found = [
        g["GrantId"]
        for page in kms.get_paginator("list_retirable_grants").paginate(
            RetiringPrincipal=ALICE, PaginationConfig={"PageSize": 1}
        )
        for g in page["Grants"]
    ]
    assert set(found) == ids and len(found) == 2


def test_grants_are_listed_by_id_by_grantee_and_in_pages(sim, kms, key, alice):
    bob = sim.user("bob").arn
    ids = [give(kms, key, "Encrypt")["GrantId"] for _ in range(3)]
    theirs = give(kms, key, "Encrypt", GranteePrincipal=bob)["GrantId"]
    assert [g["GrantId"] for g in kms.list_grants(KeyId=key, GrantId=ids[1])["Grants"]] == [ids[1]]
    assert [g["GrantId"] for g in kms.list_grants(KeyId=key, GranteePrincipal=bob)["Grants"]] == [theirs]
    seen = [
        g["GrantId"]
        for page in kms.get_paginator("list_grants").paginate(KeyId=key, PaginationConfig={"PageSize": 2})
        for g in page["Grants"]
    ]
    assert seen == sorted([*ids, theirs])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"Operations": ["CreateGrant"]}, "ValidationException"),
        ({"Operations": ["Sign"]}, "ValidationException"),
        ({"Operations": []}, "ValidationException"),
        ({"GranteePrincipal": "alice"}, "InvalidArnException"),
        ({"GranteeServicePrincipal": "s3.amazonaws.com"}, "ValidationException"),
        ({"Constraints": {"EncryptionContextEquals": {f"k{n}": "v" for n in range(9)}}}, "ValidationException"),
        (
            {"Constraints": {"EncryptionContextEquals": {"a": "b"}, "EncryptionContextSubset": {"a": "b"}}},
            "ValidationException",
        ),
        ({"KeyId": "alias/none"}, "InvalidArnException"),
    ],
)
def test_grants_that_cannot_be(kms, key, alice, refused, wrong, code):
    parameters = {"KeyId": key, "GranteePrincipal": ALICE, "Operations": ["Encrypt"], **wrong}
    assert refused(kms.create_grant, **parameters).code == code
    assert kms.list_grants(KeyId=key)["Grants"] == []


def test_a_grant_with_create_grant_alone_in_awss_words(kms, key, alice, refused):
    said = refused(kms.create_grant, KeyId=key, GranteePrincipal=ALICE, Operations=["CreateGrant"])
    assert said == ("ValidationException", "Grants must not contain only the CreateGrant operation.")


def test_a_service_needs_a_source_and_someone_who_retires(kms, key, alice, refused):
    asked = {"KeyId": key, "GranteeServicePrincipal": "s3.amazonaws.com", "Operations": ["Decrypt"]}
    assert refused(kms.create_grant, **asked).code == "ValidationException"
    kms.create_grant(
        **asked,
        Constraints={"SourceArn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"},
        RetiringPrincipal=ALICE,
    )
    (entry,) = kms.list_grants(KeyId=key)["Grants"]
    assert entry["GranteeServicePrincipal"] == "s3.amazonaws.com"


@pytest.mark.parametrize("token", ["nonsense", "AQpA", base64.b64encode(b"x" * 200).decode()])
def test_a_token_that_is_none(kms, key, refused, token):
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x", GrantTokens=[token]).code == "InvalidGrantTokenException"
    assert refused(kms.retire_grant, GrantToken=token).code == "InvalidGrantTokenException"


def test_ids_that_name_no_grant(kms, key, refused):
    assert refused(kms.revoke_grant, KeyId=key, GrantId="short").code == "InvalidGrantIdException"
    assert refused(kms.revoke_grant, KeyId=key, GrantId="a" * 64).code == "NotFoundException"


def test_a_grant_from_a_grant_gives_no_more_than_its_parent(sim, kms, key, alice, refused):
    sim.user("bob")
    bob = "arn:aws:iam::111122223333:user/bob"
    give(kms, key, "Encrypt", "CreateGrant")
    assert (
        refused(alice.create_grant, KeyId=key, GranteePrincipal=bob, Operations=["Decrypt"]).code
        == "AccessDeniedException"
    )
    alice.create_grant(KeyId=key, GranteePrincipal=bob, Operations=["Encrypt"])
    assert sim.user("bob").client("kms").encrypt(KeyId=key, Plaintext=b"x")


def test_a_deleted_key_takes_its_grants_along(sim, kms, key, alice):
    give(kms, key, "Encrypt", RetiringPrincipal=ALICE)
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=8)
    assert kms.list_retirable_grants(RetiringPrincipal=ALICE)["Grants"] == []


def test_a_new_grant_spreads_in_minutes_when_that_is_asked_for(refused):
    from kms_teach import Simulator

    with Simulator(start="2026-01-01T00:00:00Z", slow=True) as sim:
        kms, alice = sim.client("kms"), sim.user("alice").client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        token = give(kms, key, "Encrypt")["GrantToken"]
        assert refused(alice.encrypt, KeyId=key, Plaintext=b"x").code == "AccessDeniedException"
        alice.encrypt(KeyId=key, Plaintext=b"x", GrantTokens=[token])
        sim.advance(minutes=5)
        alice.encrypt(KeyId=key, Plaintext=b"x")


def test_the_trail_tells_of_a_grant_and_not_its_token(sim, kms, key, alice):
    answer = give(kms, key, "Encrypt", "RetireGrant")
    event = sim.trail[-1].event
    assert event["responseElements"] == {"grantId": answer["GrantId"]}
    assert event["requestParameters"]["granteePrincipal"] == ALICE
    alice.retire_grant(GrantToken=answer["GrantToken"])
    assert sim.trail[-1].event["requestParameters"] is None
    assert not any(answer["GrantToken"] in str(record.event) for record in sim.trail)


def test_the_trail_tells_nothing_of_what_retire_grant_was_given(sim, kms, key, alice):
    answer = give(kms, key, "Encrypt", "RetireGrant")
    arn = f"arn:aws:kms:us-east-1:111122223333:key/{key}"
    alice.retire_grant(KeyId=arn, GrantId=answer["GrantId"])
    assert sim.trail[-1].event["requestParameters"] is None


TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"
SERVICE = "cloudtrail.amazonaws.com"


@pytest.mark.parametrize("which", ["Retiring", "Grantee"])
def test_a_principal_or_a_service_but_not_both(kms, key, alice, refused, which):
    asked = {"KeyId": key, "GranteePrincipal": ALICE, "RetiringPrincipal": ALICE, "Operations": ["Decrypt"]}
    both = {**asked, f"{which}ServicePrincipal": SERVICE, "Constraints": {"SourceArn": TRAIL}}
    assert refused(kms.create_grant, **both).code == "ValidationException"
    listing = {f"{which}Principal": ALICE, f"{which}ServicePrincipal": SERVICE}
    if which == "Grantee":
        assert refused(kms.list_grants, KeyId=key, **listing).code == "ValidationException"
    else:
        assert refused(kms.list_retirable_grants, **listing).code == "ValidationException"


@pytest.fixture
def to_service(sim, kms, key, alice):
    """A grant to CloudTrail for one trail, which CloudTrail may retire."""
    statement = {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "kms:ListGrants", "Resource": "*"}
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    policy["Statement"].append(statement)
    kms.put_key_policy(KeyId=key, Policy=json.dumps(policy))
    return kms.create_grant(
        KeyId=key,
        GranteeServicePrincipal=SERVICE,
        RetiringServicePrincipal=SERVICE,
        Operations=["GenerateDataKey", "DescribeKey", "ReEncryptFrom", "ReEncryptTo", "RetireGrant"],
        Constraints={"SourceArn": TRAIL},
    )["GrantId"]


def test_a_filter_by_service_answers_that_service_alone(sim, kms, key, to_service, refused):
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    service = sim.aws_service(SERVICE).client("kms")
    mine = {"GranteeServicePrincipal": SERVICE}
    assert [g["GrantId"] for g in service.list_grants(KeyId=arn, **mine)["Grants"]] == [to_service]
    (entry,) = service.list_retirable_grants(RetiringServicePrincipal=SERVICE)["Grants"]
    assert (entry["GrantId"], entry["RetiringServicePrincipal"]) == (to_service, SERVICE)
    other = sim.aws_service("s3.amazonaws.com").client("kms")
    for caller in (kms, other):
        assert refused(caller.list_retirable_grants, RetiringServicePrincipal=SERVICE).code == "AccessDeniedException"
    assert refused(kms.list_grants, KeyId=key, **mine).code == "AccessDeniedException"
    assert refused(other.list_retirable_grants, RetiringPrincipal=ALICE).code == "AccessDeniedException"


def test_a_source_binds_each_use_but_a_bare_look_and_the_end(sim, kms, key, to_service, refused):
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    service = sim.aws_service(SERVICE)
    right, wrong, bare = (
        service.client("kms", source_arn=source) for source in (TRAIL, TRAIL.replace("main", "other"), "")
    )
    right.generate_data_key(KeyId=arn, KeySpec="AES_256")
    for caller in (wrong, bare):
        denied = refused(caller.generate_data_key, KeyId=arn, KeySpec="AES_256")
        assert denied.code == "AccessDeniedException"
    right.describe_key(KeyId=arn)
    bare.describe_key(KeyId=arn)  # "when specified in the request": KMS API Reference, "GrantConstraints"
    assert refused(wrong.describe_key, KeyId=arn).code == "AccessDeniedException"
    bare.retire_grant(KeyId=arn, GrantId=to_service)
    assert kms.list_grants(KeyId=key)["Grants"] == []


@pytest.mark.parametrize(
    ("from_", "to", "allowed"),
    [(TRAIL, TRAIL, True), (TRAIL, "", False), ("", TRAIL, False), ("", "", True)],
)
def test_re_encrypt_by_grants_is_for_one_source(sim, kms, key, alice, refused, from_, to, allowed):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    worker = sim.role("worker")
    for k, operation, source in ((key, "ReEncryptFrom", from_), (other, "ReEncryptTo", to)):
        constraints = {"Constraints": {"SourceArn": source}} if source else {}
        kms.create_grant(KeyId=k, GranteePrincipal=worker.arn, Operations=[operation], **constraints)
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    client = worker.client("kms", source_arn=TRAIL)
    if allowed:
        client.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other)
        return
    assert refused(client.re_encrypt, CiphertextBlob=blob, DestinationKeyId=other).code == "AccessDeniedException"
    step = sim.trail[-1].decision.step(Check.GRANT)
    assert step.reason is Reason.OTHER_KEYS_SOURCE
    kms.create_grant(
        KeyId=key, GranteePrincipal=worker.arn, Operations=["ReEncryptFrom"],
        **({"Constraints": {"SourceArn": to}} if to else {}),
    )  # fmt: skip
    client.re_encrypt(CiphertextBlob=blob, DestinationKeyId=other)  # any of its grants will do


def test_the_permission_to_list_retirable_grants_is_about_the_principal(sim, kms, key, alice, refused):
    """KMS API Reference, "ListRetirableGrants": the authorized resource is the retiring principal."""
    statement = {"Effect": "Allow", "Action": "kms:ListRetirableGrants", "Resource": ALICE}
    bob = sim.user("bob", policies=[{"Version": "2012-10-17", "Statement": [statement]}])
    give(kms, key, "Decrypt", RetiringPrincipal=ALICE)
    client = bob.client("kms")
    assert len(client.list_retirable_grants(RetiringPrincipal=ALICE)["Grants"]) == 1
    denied = refused(client.list_retirable_grants, RetiringPrincipal=bob.arn)
    assert denied.message.endswith(
        f"on resource: {bob.arn} because no identity-based policy allows the kms:ListRetirableGrants action"
    )
