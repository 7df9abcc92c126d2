import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.accounts import boundary_task as boundary
from kms_teach.chapters.accounts import snapshot_task as snapshot
from kms_teach.chapters.accounts.tasks import OPEN_ONE_GATE, SHARE_THE_SNAPSHOT

PARTNER, RESTORER, INTERN = snapshot.PARTNER, snapshot.PERSON, snapshot.OTHER
CONTEXT = snapshot.CONTEXT


def document(*actions, resource="*", **more):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}]}  # fmt: skip


def add(kms, key, whom, *actions, **more):
    """Add a statement to a key policy."""
    policy = json.loads(kms.get_key_policy(KeyId=key)["Policy"])
    statement = {**document(*actions)["Statement"][0], "Principal": {"AWS": whom}, **more}
    kms.put_key_policy(KeyId=key, Policy=json.dumps({**policy, "Statement": [*policy["Statement"], statement]}))


class Snapshot:
    """What a learner has in hand: a simulator, the snapshot's data key, and a customer managed key to move it to."""

    def __init__(self, sim):
        self.sim, self.kms = sim, sim.client("kms")
        self.old = snapshot.snapshot(sim)["snapshot"]["key"]
        self.ec2 = sim.root().client("kms", via="ec2")
        self.key = self.kms.create_key()["KeyMetadata"]["Arn"]
        self.arn = f"arn:aws:iam::{PARTNER}:user/{RESTORER}"

    def move(self):
        return self.ec2.re_encrypt(
            CiphertextBlob=self.old, SourceEncryptionContext=CONTEXT, DestinationKeyId=self.key,
            DestinationEncryptionContext=CONTEXT,
        )["CiphertextBlob"]  # fmt: skip

    def opens(self, blob, *policies, name=RESTORER, account=PARTNER, **params):
        client = self.sim.user(name, account=account, policies=policies).client("kms")
        with suppress(ClientError):
            client.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT, **params)


@pytest.fixture
def made():
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        yield Snapshot(sim)


# --- ways to share a snapshot ---


def by_both_policies(made):
    add(made.kms, made.key, made.arn, "kms:Decrypt")
    made.opens(made.move(), document("kms:Decrypt"))


def by_a_grant(made):
    made.kms.create_grant(KeyId=made.key, GranteePrincipal=made.arn, Operations=["Decrypt"])
    made.opens(made.move())


def by_the_account_under_a_condition(made):
    only = {"ArnEquals": {"aws:PrincipalArn": made.arn}}
    add(made.kms, made.key, f"arn:aws:iam::{PARTNER}:root", "kms:Decrypt", Condition=only)
    made.opens(made.move(), document("kms:Decrypt"))


def by_a_copy_of_their_own(made):
    own = made.sim.client("kms", account=PARTNER).create_key()["KeyMetadata"]["Arn"]
    add(made.kms, made.key, made.arn, "kms:ReEncryptFrom", "kms:CreateGrant")
    restorer = made.sim.user(RESTORER, account=PARTNER, policies=[document("kms:*")]).client("kms", via="ec2")
    restorer.re_encrypt(CiphertextBlob=made.move(), SourceEncryptionContext=CONTEXT, DestinationKeyId=own)


def by_two_calls(made):
    plain = made.ec2.decrypt(CiphertextBlob=made.old, EncryptionContext=CONTEXT)["Plaintext"]
    blob = made.kms.encrypt(KeyId=made.key, Plaintext=plain, EncryptionContext=CONTEXT)["CiphertextBlob"]
    made.kms.create_grant(KeyId=made.key, GranteePrincipal=made.arn, Operations=["Decrypt"])
    made.opens(blob)


RIGHT = [by_both_policies, by_a_grant, by_the_account_under_a_condition, by_a_copy_of_their_own, by_two_calls]


@pytest.mark.parametrize("way", RIGHT)
def test_any_way_that_shares_the_snapshots_own_data_key_is_right(made, way):
    assert not SHARE_THE_SNAPSHOT.check(made.sim).done
    way(made)
    outcome = SHARE_THE_SNAPSHOT.check(made.sim)
    assert outcome.done, outcome.feedback


# --- ways that lead astray, and half-done states ---


def nothing(made):
    pass


def by_the_policy_of_the_managed_key(made):
    ebs = made.kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"]
    with suppress(ClientError):
        add(made.kms, ebs, made.arn, "kms:Decrypt")


def by_a_grant_on_the_managed_key(made):
    ebs = made.kms.describe_key(KeyId="alias/aws/ebs")["KeyMetadata"]["Arn"]
    with suppress(ClientError):
        made.kms.create_grant(KeyId=ebs, GranteePrincipal=made.arn, Operations=["Decrypt"])


def by_iam_on_the_managed_key(made):
    made.opens(made.old, document("kms:*"))


def past_ec2(made):
    with suppress(ClientError):
        made.kms.decrypt(CiphertextBlob=made.old, EncryptionContext=CONTEXT)


def by_a_new_data_key(made):
    made.kms.create_grant(KeyId=made.key, GranteePrincipal=made.arn, Operations=["Decrypt"])
    made.opens(made.kms.generate_data_key(
        KeyId=made.key, KeySpec="AES_256", EncryptionContext=CONTEXT)["CiphertextBlob"])  # fmt: skip


def moved_alone(made):
    made.move()


def by_the_old_bytes(made):
    made.move()
    add(made.kms, made.key, made.arn, "kms:Decrypt")
    made.opens(made.old, document("kms:Decrypt"))


def by_the_key_policy_alone(made):
    add(made.kms, made.key, made.arn, "kms:Decrypt")
    made.opens(made.move())


def by_their_iam_alone(made):
    made.opens(made.move(), document("kms:Decrypt"))


def by_neither(made):
    made.opens(made.move())


def by_a_namesake_at_home(made):
    made.opens(made.move(), document("kms:Decrypt"), account="111122223333")


def without_the_context(made):
    add(made.kms, made.key, made.arn, "kms:Decrypt")
    client = made.sim.user(RESTORER, account=PARTNER, policies=[document("kms:Decrypt")]).client("kms")
    with suppress(ClientError):
        client.decrypt(CiphertextBlob=made.move())


def by_letting_the_account_in(made):
    add(made.kms, made.key, f"arn:aws:iam::{PARTNER}:root", "kms:Decrypt")
    made.opens(made.move(), document("kms:Decrypt"))


def by_letting_the_account_in_with_the_context(made):
    only = {"StringEquals": {"kms:EncryptionContext:aws:ebs:id": CONTEXT["aws:ebs:id"]}}
    add(made.kms, made.key, f"arn:aws:iam::{PARTNER}:root", "kms:Decrypt", Condition=only)
    made.opens(made.move(), document("kms:Decrypt"))


def by_ram(made):
    made.sim.share(made.key, PARTNER)
    made.opens(made.move(), document("kms:Decrypt"))


@pytest.mark.parametrize(("way", "says"), [
    (nothing, "still under `aws/ebs` alone"),
    (by_the_policy_of_the_managed_key, "Nobody can change the policy of an AWS managed key"),
    (by_a_grant_on_the_managed_key, "Nobody can change the policy of an AWS managed key"),
    (by_iam_on_the_managed_key, "admits callers of your account alone"),
    (past_ec2, "Only calls through EC2"),
    (by_a_new_data_key, "That is a new data key"),
    (moved_alone, f"Let {RESTORER} of account {PARTNER} open it"),
    (by_the_old_bytes, "tried the old data key"),
    (by_the_key_policy_alone, f"an IAM policy of account {PARTNER} must too"),
    (by_their_iam_alone, f"your key does not let {RESTORER} in"),
    (by_neither, "both must, or a grant"),
    (by_a_namesake_at_home, "is one of your own account"),
    (without_the_context, "with the encryption context"),
    (by_letting_the_account_in, f"and so may {INTERN}"),
    (by_letting_the_account_in_with_the_context, f"and so may {INTERN}"),
    (by_ram, f"and so may {INTERN}"),
])  # fmt: skip
def test_a_way_that_leads_astray_is_answered_by_its_name(made, way, says):
    way(made)
    outcome = SHARE_THE_SNAPSHOT.check(made.sim)
    assert not outcome.done
    assert says in outcome.feedback


# --- the gate that refuses ---

ROLE = boundary.ROLE
ARN = f"arn:aws:iam::111122223333:role/{ROLE}"
SESSION = f"arn:aws:sts::111122223333:assumed-role/{ROLE}/kms-teach"
WIDER = document("s3:*", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey", "kms:Decrypt")


class Invoices:
    def __init__(self, sim):
        self.sim, self.kms, self.iam = sim, sim.client("kms"), sim.client("iam")
        self.blob = boundary.invoices(sim)["invoice"]
        self.key = self.kms.list_keys()["Keys"][-1]["KeyArn"]
        self.decrypts()

    def decrypts(self, role=None):
        role = role or self.sim.session(self.credentials)
        with suppress(ClientError):
            role.client("kms").decrypt(CiphertextBlob=self.blob)

    @property
    def credentials(self):
        """Of a session of the role as it stands, whoever has changed its policies."""
        trust = {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
        self.iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(trust))
        sts = self.sim.user("deployer", policies=[document("sts:*")]).client("sts")
        return sts.assume_role(RoleArn=ARN, RoleSessionName="kms-teach")["Credentials"]


@pytest.fixture
def billed():
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        yield Invoices(sim)


def by_the_role_again(billed):
    billed.decrypts(billed.sim.role(ROLE, policies=[boundary.MAY_ALL], boundary=WIDER))


def by_another_boundary(billed):
    made = billed.iam.create_policy(PolicyName="wider", PolicyDocument=json.dumps(WIDER))["Policy"]["Arn"]
    billed.iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=made)
    billed.decrypts()


def by_a_new_version(billed):
    boundary_arn = billed.iam.get_role(RoleName=ROLE)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"]
    billed.iam.create_policy_version(PolicyArn=boundary_arn, PolicyDocument=json.dumps(WIDER), SetAsDefault=True)
    billed.decrypts()


def by_naming_the_session(billed):
    add(billed.kms, billed.key, SESSION, "kms:Decrypt")
    billed.decrypts()


@pytest.mark.parametrize("way", [by_the_role_again, by_another_boundary, by_a_new_version, by_naming_the_session])
def test_any_way_that_opens_the_boundary_for_decrypt_alone_is_right(billed, way):
    assert not OPEN_ONE_GATE.check(billed.sim).done
    way(billed)
    outcome = OPEN_ONE_GATE.check(billed.sim)
    assert outcome.done, outcome.feedback


def no_more(billed):
    pass


def by_more_iam(billed):
    billed.decrypts(billed.sim.role(ROLE, policies=[boundary.MAY_ALL, document("*")], boundary=boundary.LIMIT))


def by_naming_the_role(billed):
    add(billed.kms, billed.key, ARN, "kms:Decrypt")
    billed.decrypts()


def by_a_grant_to_the_role(billed):
    billed.kms.create_grant(KeyId=billed.key, GranteePrincipal=ARN, Operations=["Decrypt"])
    billed.decrypts()


def without_the_boundary(billed):
    billed.iam.delete_role_permissions_boundary(RoleName=ROLE)
    billed.decrypts()


def by_a_boundary_that_is_wide_open(billed):
    billed.decrypts(billed.sim.role(ROLE, policies=[boundary.MAY_ALL], boundary=document("*")))


def without_its_iam_policy(billed):
    billed.decrypts(billed.sim.role(ROLE, policies=[], boundary=WIDER))


def as_root(billed):
    billed.kms.decrypt(CiphertextBlob=billed.blob)


def taken_back(billed):
    by_the_role_again(billed)
    billed.sim.role(ROLE, policies=[boundary.MAY_ALL], boundary=boundary.LIMIT)


@pytest.mark.parametrize(("way", "says"), [
    (no_more, "AWS's words name the permissions boundary"),
    (by_more_iam, "Another IAM policy adds nothing"),
    (by_naming_the_role, "A key policy that names the role does not lead round it"),
    (by_a_grant_to_the_role, "A grant to the role does not lead round it"),
    (without_the_boundary, "its permissions boundary is gone"),
    (by_a_boundary_that_is_wide_open, "its permissions boundary is wide open"),
    (without_its_iam_policy, "That gate was open before"),
    (as_root, "AWS's words name the permissions boundary"),
    (taken_back, "may no longer"),
])  # fmt: skip
def test_a_gate_that_was_not_opened_or_opened_too_wide_is_told(billed, way, says):
    way(billed)
    outcome = OPEN_ONE_GATE.check(billed.sim)
    assert not outcome.done
    assert says in outcome.feedback


def test_before_the_role_has_called_it_is_asked_to(sim):
    invoice = boundary.invoices(sim)["invoice"]
    assert "has not called Decrypt yet" in OPEN_ONE_GATE.check(sim).feedback
    sim.client("kms").decrypt(CiphertextBlob=invoice)
    assert "Somebody else opened the invoice" in OPEN_ONE_GATE.check(sim).feedback
