"""Every right way of the tasks passes, and every wrong one is answered with the belief that led to it."""

import hashlib
import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from kms_teach.chapters.signing.tasks import (
    CHECK_BUT_NOT_SIGN,
    FIND_THE_FORGERY,
    FORGED,
    MAY_ALL,
    NOTES,
    OWNER,
    PARTNER,
    PERSON,
    delivery_notes,
    one_note,
)
from kms_teach.client_side import partner
from kms_teach.teaching import Do

HOW = {"SigningAlgorithm": "ECDSA_SHA_256"}


def tag(kms, given, value, name="forged"):
    kms.tag_resource(KeyId=given["signing_key"], Tags=[{"TagKey": name, "TagValue": value}])


def pasted(task, sim, given):
    exec(task.solution, {"sim": sim, **given})


# --- find the note that was changed ---


def the_third_hint(sim, kms, given):
    pasted(FIND_THE_FORGERY, sim, given)


def outside(sim, kms, given):
    for day, (note, signature) in given["notes"].items():
        if not partner.verifies(given["idas_public_key"], HOW["SigningAlgorithm"], note, signature):
            tag(kms, given, day)


def by_asking_kms(sim, kms, given):
    for day, (note, signature) in given["notes"].items():
        try:
            kms.verify(KeyId=given["signing_key"], Message=note, Signature=signature, **HOW)
        except kms.exceptions.KMSInvalidSignatureException:
            tag(kms, given, day)


def by_digests_and_as_ida(sim, kms, given):
    ida = sim.user(OWNER, policies=[MAY_ALL]).client("kms")
    for day, (note, signature) in given["notes"].items():
        digest = hashlib.sha256(note).digest()
        with suppress(ClientError):
            ida.verify(KeyId=given["signing_key"], Message=digest, MessageType="DIGEST", Signature=signature, **HOW)
            continue
        tag(ida, given, day)


@pytest.mark.parametrize("way", [the_third_hint, outside, by_asking_kms, by_digests_and_as_ida])
def test_any_way_that_finds_the_forgery_is_right(sim, kms, way):
    given = delivery_notes(sim)
    assert not FIND_THE_FORGERY.check(sim).done
    way(sim, kms, given)
    outcome = FIND_THE_FORGERY.check(sim)
    assert outcome.done
    assert ("You asked KMS 4 times" in outcome.feedback) is (way in (by_asking_kms, by_digests_and_as_ida))
    assert ("KMS was not asked once" in outcome.feedback) is (way in (the_third_hint, outside))


def test_one_note_was_changed_and_no_other(sim):
    given = delivery_notes(sim)
    key = load_der_public_key(given["idas_public_key"])
    for day, (note, signature) in given["notes"].items():
        assert (note == NOTES[day]) is (day != FORGED)
        if day == FORGED:
            with pytest.raises(InvalidSignature):
                key.verify(signature, note, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(signature, note, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Monday", "Monday's note is as Ida signed it"),
        (" ".join(NOTES), "hashes the note itself"),
        ("Wednesday Monday", "names no single note"),
        ("wednesday", "names no single note"),
        ("Sunday", "names no single note"),
        ("", "names no single note"),
    ],
)
def test_a_wrong_answer_is_told_what_it_rests_on(sim, kms, value, said):
    tag(kms, delivery_notes(sim), value)
    outcome = FIND_THE_FORGERY.check(sim)
    assert not outcome.done
    assert said in outcome.feedback


def test_hashing_twice_makes_every_note_seem_forged_and_is_answered_so(sim, kms):
    given = delivery_notes(sim)
    key = load_der_public_key(given["idas_public_key"])
    seem = []
    for day, (note, signature) in given["notes"].items():
        try:
            key.verify(signature, hashlib.sha256(note).digest(), ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            seem.append(day)
    tag(kms, given, ", ".join(seem).replace(",", ""))
    assert "hashes the note itself" in FIND_THE_FORGERY.check(sim).feedback


def test_half_done_or_another_key_s_tag_is_not_done(sim, kms):
    assert "Start again" in FIND_THE_FORGERY.check(sim).feedback
    given = delivery_notes(sim)
    assert "no tag `forged` yet" in FIND_THE_FORGERY.check(sim).feedback
    tag(kms, given, FORGED, name="Forged")
    other = kms.create_key(Tags=[{"TagKey": "forged", "TagValue": FORGED}])
    assert other
    assert "no tag `forged` yet" in FIND_THE_FORGERY.check(sim).feedback


def test_starting_again_takes_the_answer_away(sim, kms):
    panel = Do(FIND_THE_FORGERY, sim)
    outside(sim, kms, panel.given)
    panel.check.click()
    assert panel.done
    panel.again.click()
    panel.check.click()
    assert panel.status.startswith("Not yet.")


# --- check, and never sign ---


def auditor(sim, *actions, account=PARTNER):
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    policies = [{"Version": "2012-10-17", "Statement": [statement]}] if actions else []
    return sim.role(PERSON, account=account, policies=policies)


def let_in(sim, kms, given, *actions):
    """Add a statement to the key policy that names the auditor's account."""
    policy = json.loads(kms.get_key_policy(KeyId=given["contract_key"])["Policy"])
    principal = {"AWS": f"arn:aws:iam::{PARTNER}:root"}
    policy["Statement"].append({"Effect": "Allow", "Principal": principal, "Action": list(actions), "Resource": "*"})
    kms.put_key_policy(KeyId=given["contract_key"], Policy=json.dumps(policy))


def show(client, given, **more):
    """Call Verify and Sign, refused or not."""
    key = {"KeyId": given["contract_key"], **HOW, **more}
    with suppress(ClientError):
        client.verify(Message=given["contract"], Signature=given["its_signature"], **key)
    with suppress(ClientError):
        client.sign(Message=b"Ida owes me a lighthouse.", **key)


def hint_for_the_auditor(sim, kms, given):
    pasted(CHECK_BUT_NOT_SIGN, sim, given)


def by_a_grant_for_two_things(sim, kms, given):
    operations = ["Verify", "GetPublicKey"]
    kms.create_grant(KeyId=given["contract_key"], GranteePrincipal=auditor(sim).arn, Operations=operations)
    show(auditor(sim).client("kms"), given)


def by_policies_of_both(sim, kms, given):
    let_in(sim, kms, given, "kms:Verify")
    show(auditor(sim, "kms:Verify").client("kms"), given)


def by_policies_where_iam_is_generous(sim, kms, given):
    let_in(sim, kms, given, "kms:Verify", "kms:DescribeKey")
    show(auditor(sim, "kms:*").client("kms"), given)


RIGHT = [hint_for_the_auditor, by_a_grant_for_two_things, by_policies_of_both, by_policies_where_iam_is_generous]


@pytest.mark.parametrize("way", RIGHT)
def test_any_way_that_lets_the_auditor_check_alone_is_right(sim, kms, way):
    given = one_note(sim)
    assert not CHECK_BUT_NOT_SIGN.check(sim).done
    way(sim, kms, given)
    assert CHECK_BUT_NOT_SIGN.check(sim).done


def all_of_it(sim, kms, given):
    let_in(sim, kms, given, "kms:*")
    show(auditor(sim, "kms:*").client("kms"), given)


def a_grant_to_sign_too(sim, kms, given):
    arn = auditor(sim).arn
    kms.create_grant(KeyId=given["contract_key"], GranteePrincipal=arn, Operations=["Sign", "Verify"])
    show(auditor(sim).client("kms"), given)


def iam_alone(sim, kms, given):
    show(auditor(sim, "kms:Verify").client("kms"), given)


def the_key_policy_alone(sim, kms, given):
    let_in(sim, kms, given, "kms:Verify")
    show(auditor(sim).client("kms"), given)


def nothing(sim, kms, given):
    show(auditor(sim).client("kms"), given)


def of_ones_own_account(sim, kms, given):
    show(auditor(sim, "kms:Verify", account="111122223333").client("kms"), given)


def another_contract(sim, kms, given):
    let_in(sim, kms, given, "kms:Verify")
    show(auditor(sim, "kms:Verify").client("kms"), given | {"contract": b"Ida owes Nora 15 boats."})


def an_empty_message(sim, kms, given):
    let_in(sim, kms, given, "kms:*")
    theirs, key = auditor(sim, "kms:*").client("kms"), {"KeyId": given["contract_key"], **HOW}
    theirs.verify(Message=given["contract"], Signature=given["its_signature"], **key)
    with suppress(ClientError):
        theirs.sign(Message=b"20 bytes are too few", MessageType="DIGEST", **key)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (all_of_it, "Whoever may sign can make what was only to be checked"),
        (a_grant_to_sign_too, "are two permissions"),
        (iam_alone, "nothing at the key lets them in"),
        (the_key_policy_alone, "one side is not enough: the auditor's account must"),
        (nothing, "Neither the key nor the auditor's account"),
        (of_ones_own_account, "is one of your own account"),
        (another_contract, "KMSInvalidSignatureException: send `contract`"),
        (an_empty_message, "not for lack of permission"),
    ],
)
def test_a_wrong_way_is_answered_with_what_it_rests_on(sim, kms, way, said):
    way(sim, kms, one_note(sim))
    outcome = CHECK_BUT_NOT_SIGN.check(sim)
    assert not outcome.done
    assert said in outcome.feedback


def test_what_was_tried_before_the_last_change_does_not_count(sim, kms):
    given = one_note(sim)
    by_policies_of_both(sim, kms, given)
    assert CHECK_BUT_NOT_SIGN.check(sim).done
    let_in(sim, kms, given, "kms:Sign")
    assert "Now let the auditor call `Sign`" in CHECK_BUT_NOT_SIGN.check(sim).feedback


def test_half_done_says_what_is_missing(sim, kms):
    assert "Start again" in CHECK_BUT_NOT_SIGN.check(sim).feedback
    given = one_note(sim)
    assert "has not called `Verify`" in CHECK_BUT_NOT_SIGN.check(sim).feedback
    let_in(sim, kms, given, "kms:Verify")
    theirs = auditor(sim, "kms:Verify").client("kms")
    theirs.verify(KeyId=given["contract_key"], Message=given["contract"], Signature=given["its_signature"], **HOW)
    assert "Now let the auditor call `Sign`" in CHECK_BUT_NOT_SIGN.check(sim).feedback
