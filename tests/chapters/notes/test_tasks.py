import json
import os
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.notes.tasks import MAY_ALL, REFUTE_THE_SHEET, ROTATE_IN_PLACE, a_sheet, an_imported_key
from kms_teach.client_side import imports


@pytest.fixture
def sim():
    with Simulator(start="2026-01-01T00:00:00Z") as simulator:
        yield simulator


def pasted(task, sim, names):
    exec(task.solution, {"sim": sim, **names})


def refused(call, **parameters):
    with suppress(ClientError):
        call(**parameters)


def only(kms, key, arn):
    statement = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    kms.put_key_policy(KeyId=key, Policy=policy, BypassPolicyLockoutSafetyCheck=True)


# --- the sheet ---

OLD_DATA, AT_ONCE, EVERYONE = "“Rotating a key", "“A KMS key can be deleted", "“The root statement"


def rotated(sim, kms, key, page):
    kms.rotate_key_on_demand(KeyId=key)
    kms.decrypt(CiphertextBlob=page)


def hurried(sim, kms, key, page):
    refused(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=1)


def nobody(sim, kms, key, page):
    refused(sim.user("bare").client("kms").encrypt, KeyId=key, Plaintext=b"mine?")


def rotated_by_the_calendar(sim, kms, key, page):
    kms.enable_key_rotation(KeyId=key)
    sim.advance(days=366)
    kms.re_encrypt(CiphertextBlob=page, DestinationKeyId=key)


def still_there(sim, kms, key, page):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=other, PendingWindowInDays=7)
    sim.advance(days=6)
    kms.cancel_key_deletion(KeyId=other)


def looked_at(sim, kms, key, page):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.schedule_key_deletion(KeyId=other)
    kms.describe_key(KeyId=other)


def a_role_without_policy(sim, kms, key, page):
    refused(sim.role("bare").client("kms").generate_data_key, KeyId=key, KeySpec="AES_256")


def a_user_who_may_something_else(sim, kms, key, page):
    may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    refused(sim.user("clerk", policies=[may]).client("kms").decrypt, CiphertextBlob=page)


@pytest.mark.parametrize(
    "way",
    [
        (rotated, hurried, nobody),
        (rotated_by_the_calendar, still_there, a_role_without_policy),
        (a_user_who_may_something_else, looked_at, rotated),
    ],
    ids=["at once", "with time", "by looking"],
)
def test_the_sheet_is_refuted_in_any_way_that_works(sim, way):
    names = a_sheet(sim)
    assert not REFUTE_THE_SHEET.check(sim).done
    for act in way:
        act(sim, names["kms"], names["key"], names["page"])
    assert REFUTE_THE_SHEET.check(sim).done


def test_the_third_hint_refutes_the_sheet(sim):
    pasted(REFUTE_THE_SHEET, sim, a_sheet(sim))
    assert REFUTE_THE_SHEET.check(sim).done


def without_an_old_page(sim, kms, key, page):
    kms.rotate_key_on_demand(KeyId=key)
    kms.decrypt(CiphertextBlob=kms.encrypt(KeyId=key, Plaintext=b"new")["CiphertextBlob"])


def only_rotated(sim, kms, key, page):
    kms.rotate_key_on_demand(KeyId=key)


def only_planned(sim, kms, key, page):
    kms.enable_key_rotation(KeyId=key)


def another_key_behind_the_name(sim, kms, key, page):
    kms.create_alias(AliasName="alias/notebook", TargetKeyId=key)
    kms.update_alias(AliasName="alias/notebook", TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def only_disabled(sim, kms, key, page):
    kms.disable_key(KeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def only_scheduled(sim, kms, key, page):
    kms.schedule_key_deletion(KeyId=kms.create_key()["KeyMetadata"]["KeyId"], PendingWindowInDays=7)


def somebody_who_may(sim, kms, key, page):
    sim.user("may", policies=[MAY_ALL]).client("kms").encrypt(KeyId=key, Plaintext=b"x")


def a_key_without_the_statement(sim, kms, key, page):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    only(kms, other, sim.role("app").arn)
    refused(sim.user("bare").client("kms").encrypt, KeyId=other, Plaintext=b"x")


def somebody_who_is_denied_explicitly(sim, kms, key, page):
    no = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "kms:*", "Resource": "*"}]}
    refused(sim.user("no", policies=[no]).client("kms").encrypt, KeyId=key, Plaintext=b"x")


@pytest.mark.parametrize(
    ("others", "wrong", "line", "named"),
    [
        ((), None, OLD_DATA, "Rotate a key that has encrypted something"),
        ((), without_an_old_page, OLD_DATA, "was made after the rotation"),
        ((), only_rotated, OLD_DATA, "open what was encrypted before"),
        ((), only_planned, OLD_DATA, "none has been"),
        ((), another_key_behind_the_name, OLD_DATA, "is no rotation"),
        ((rotated,), None, AT_ONCE, "as fast as it can"),
        ((rotated,), only_disabled, AT_ONCE, "deletes nothing"),
        ((rotated,), only_scheduled, AT_ONCE, "still there"),
        ((rotated, hurried), None, EVERYONE, "without any policy"),
        ((rotated, hurried), somebody_who_may, EVERYONE, "It was an IAM policy"),
        ((rotated, hurried), a_key_without_the_statement, EVERYONE, "does not have the root statement"),
        ((rotated, hurried), somebody_who_is_denied_explicitly, EVERYONE, "explicit deny"),
    ],
)
def test_what_refutes_nothing_is_told_why(sim, others, wrong, line, named):
    names = a_sheet(sim)
    for act in (*others, *((wrong,) if wrong else ())):
        act(sim, names["kms"], names["key"], names["page"])
    outcome = REFUTE_THE_SHEET.check(sim)
    assert not outcome.done
    assert outcome.feedback.startswith(f"{len(others)} of 3 refuted. {line}")
    assert named in outcome.feedback


def test_without_a_sheet_or_a_key_the_learner_is_told_to_begin(sim):
    for task in (REFUTE_THE_SHEET, ROTATE_IN_PLACE):
        assert "Start again" in task.check(sim).feedback


# --- the imported key ---

SHA_1 = "RSAES_OAEP_SHA_1"


def in_the_order_of_the_hint(sim, kms, key, backup):
    imports.bring(kms, key, os.urandom(32), ImportType="NEW_KEY_MATERIAL")
    kms.rotate_key_on_demand(KeyId=key)
    kms.encrypt(KeyId=key, Plaintext=b"x")
    kms.decrypt(CiphertextBlob=backup)


def by_an_administrator_with_another_padding(sim, kms, key, backup):
    admin = sim.user("admin", policies=[MAY_ALL]).client("kms")
    given = imports.ask(admin, key, SHA_1)
    sent = imports.parameters(given, os.urandom(32), SHA_1, ImportType="NEW_KEY_MATERIAL")
    admin.import_key_material(**sent)
    admin.rotate_key_on_demand(KeyId=key)
    admin.decrypt(CiphertextBlob=backup)
    admin.generate_data_key(KeyId=key, KeySpec="AES_256")


def by_name_and_re_encrypting(sim, kms, key, backup):
    kms.create_alias(AliasName="alias/own", TargetKeyId=key)
    imports.bring(kms, key, os.urandom(32), ImportType="NEW_KEY_MATERIAL")
    kms.rotate_key_on_demand(KeyId=key)
    kms.re_encrypt(CiphertextBlob=backup, DestinationKeyId="alias/own")


@pytest.mark.parametrize(
    "way", [in_the_order_of_the_hint, by_an_administrator_with_another_padding, by_name_and_re_encrypting]
)
def test_the_key_is_rotated_in_any_way_that_works(sim, way):
    names = an_imported_key(sim)
    way(sim, names["kms"], names["key"], names["backup"])
    assert ROTATE_IN_PLACE.check(sim).done


def test_the_third_hint_rotates_the_key(sim):
    pasted(ROTATE_IN_PLACE, sim, an_imported_key(sim))
    assert ROTATE_IN_PLACE.check(sim).done


def a_new_key_and_an_alias(sim, kms, key, backup):
    other = kms.create_key(Origin="EXTERNAL")["KeyMetadata"]["KeyId"]
    imports.bring(kms, other, os.urandom(32))
    kms.create_alias(AliasName="alias/own", TargetKeyId=other)


def other_bytes_in_the_place_of_the_first(sim, kms, key, backup):
    refused(imports.bring, kms=kms, key_id=key, material=os.urandom(32))


def brought_and_not_rotated(sim, kms, key, backup):
    imports.bring(kms, key, os.urandom(32), ImportType="NEW_KEY_MATERIAL")


def nothing_to_rotate_to(sim, kms, key, backup):
    refused(kms.rotate_key_on_demand, KeyId=key)


def by_the_calendar(sim, kms, key, backup):
    refused(kms.enable_key_rotation, KeyId=key)


def rotated_and_not_used(sim, kms, key, backup):
    brought_and_not_rotated(sim, kms, key, backup)
    kms.rotate_key_on_demand(KeyId=key)


def rotated_and_not_opened(sim, kms, key, backup):
    rotated_and_not_used(sim, kms, key, backup)
    kms.encrypt(KeyId=key, Plaintext=b"x")


def rotated_and_only_opened(sim, kms, key, backup):
    rotated_and_not_used(sim, kms, key, backup)
    kms.decrypt(CiphertextBlob=backup)


def nothing(sim, kms, key, backup):
    pass


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (nothing, "Nothing has happened"),
        (a_new_key_and_an_alias, "the only way until 5 June 2025"),
        (other_bytes_in_the_place_of_the_first, "IncorrectKeyMaterialException: a key takes its own bytes back"),
        (brought_and_not_rotated, "PENDING_ROTATION"),
        (nothing_to_rotate_to, "nothing to rotate to"),
        (by_the_calendar, "never rotates by the calendar"),
        (rotated_and_not_used, "The key has rotated"),
        (rotated_and_not_opened, "Now open `backup`"),
        (rotated_and_only_opened, "nothing has been encrypted"),
    ],
)
def test_a_key_that_is_not_rotated_in_place_is_told_why(sim, wrong, named):
    names = an_imported_key(sim)
    wrong(sim, names["kms"], names["key"], names["backup"])
    outcome = ROTATE_IN_PLACE.check(sim)
    assert not outcome.done
    assert named in outcome.feedback
