import pytest

from kms_teach.repairs.moved_permission import BUCKET, INVOICES, NEW, OLD, PAYER, PAYSLIP, PAYSLIPS, REPORTER, TASK

HOME = "arn:aws:iam::111122223333"


def key_of_the_invoices(sim):
    return [r for r in sim.trail.named("Encrypt") if r.caller == REPORTER and r.worked][-2].used[0].key_arn


def back(names):
    sim = names["sim"]
    sim.client("kms").update_alias(AliasName=INVOICES, TargetKeyId=key_of_the_invoices(sim))


def rewritten(names, path, key=INVOICES):
    kms, s3 = names["sim"].client("kms"), names["sim"].client("s3")
    blob = s3.get_object(Bucket=BUCKET, Key=path)["Body"].read()
    moved = kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=key)["CiphertextBlob"]
    s3.put_object(Bucket=BUCKET, Key=path, Body=moved)


def by_hand(names):
    """The name made anew, and the invoice through one's own memory."""
    sim = names["sim"]
    kms, s3, key = sim.client("kms"), sim.client("s3"), key_of_the_invoices(sim)
    kms.delete_alias(AliasName=INVOICES)
    kms.create_alias(AliasName=INVOICES, TargetKeyId=key)
    plain = kms.decrypt(CiphertextBlob=s3.get_object(Bucket=BUCKET, Key=NEW)["Body"].read())["Plaintext"]
    s3.put_object(Bucket=BUCKET, Key=NEW, Body=kms.encrypt(KeyId=INVOICES, Plaintext=plain)["CiphertextBlob"])


def to_a_third_key(names):
    kms = names["sim"].client("kms")
    kms.update_alias(AliasName=INVOICES, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    for path in (OLD, NEW):
        rewritten(names, path)


def by_the_key_itself(names):
    sim = names["sim"]
    key = key_of_the_invoices(sim)
    uses = {"Effect": "Allow", "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": key}
    back(names)
    sim.user(REPORTER, policies=[{"Version": "2012-10-17", "Statement": [uses]}])
    rewritten(names, NEW, key)


@pytest.mark.parametrize("way", [by_hand, to_a_third_key, by_the_key_itself, TASK.solution])
def test_any_way_that_sorts_the_invoices_from_the_payslips_is_right(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


def wider(names):
    allow = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    names["sim"].user(REPORTER, policies=[{"Version": "2012-10-17", "Statement": [allow]}])


def another_name(names):
    kms = names["sim"].client("kms")
    kms.create_alias(AliasName="alias/invoices-old", TargetKeyId=key_of_the_invoices(names["sim"]))


def a_grant(names):
    sim = names["sim"]
    sim.client("kms").create_grant(
        KeyId=key_of_the_invoices(sim), GranteePrincipal=f"{HOME}:user/{REPORTER}", Operations=["Encrypt"]
    )


def a_grant_to_decrypt(names):
    sim = names["sim"]
    sim.client("kms").create_grant(
        KeyId=key_of_the_invoices(sim), GranteePrincipal=f"{HOME}:user/{REPORTER}", Operations=["Decrypt"]
    )


def an_empty_key(names):
    kms = names["sim"].client("kms")
    kms.update_alias(AliasName=INVOICES, TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def the_payer_forgotten(names):
    names["sim"].client("kms").update_alias(AliasName=PAYSLIPS, TargetKeyId=key_of_the_invoices(names["sim"]))


def no_more_writing(names):
    back(names)
    rewritten(names, NEW)
    reads = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key_of_the_invoices(names["sim"])}
    names["sim"].user(REPORTER, policies=[{"Version": "2012-10-17", "Statement": [reads]}])


def deleted(names):
    names["sim"].client("s3").delete_object(Bucket=BUCKET, Key=PAYSLIP)


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, "Which one has it? Ask ListAliases"),
        (wider, "what moved is the alias it goes by"),
        (a_grant_to_decrypt, "what moved is the alias it goes by"),
        (another_name, "Another alias helps nobody"),
        (a_grant, "is still on the other"),
        (back, f"`{NEW}` was written while the alias was wrong"),
        (an_empty_key, "which key has"),
        (the_payer_forgotten, f"`{PAYER}` can no longer open the payslip"),
        (no_more_writing, "may not use the key that has it now"),
        (deleted, "no longer in the bucket"),
    ],
)
def test_what_leads_astray_or_half_the_way_is_named(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback
