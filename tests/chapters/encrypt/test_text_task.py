import base64
import binascii
import json
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.encrypt.tasks import OPEN_WHAT_WAS_PRINTED
from kms_teach.chapters.encrypt.text_task import from_the_terminal

CLEO = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}


@pytest.fixture
def written(sim):
    return from_the_terminal(sim)["written"]


def opens(client, blob, **params):
    with suppress(ClientError):
        client.decrypt(CiphertextBlob=blob, **params)


def decoded(sim, kms, written):
    opens(kms, base64.b64decode(written))


def by_cleo_herself(sim, kms, written):
    opens(sim.user("cleo", policies=[CLEO]).client("kms"), binascii.a2b_base64(written))


def by_re_encrypt(sim, kms, written):
    other = kms.create_key()["KeyMetadata"]["KeyId"]
    moved = kms.re_encrypt(CiphertextBlob=base64.decodebytes(written.encode()), DestinationKeyId=other)
    opens(kms, moved["CiphertextBlob"])


@pytest.mark.parametrize("way", [decoded, by_cleo_herself, by_re_encrypt])
def test_any_way_that_sends_the_bytes_is_right(sim, kms, written, way):
    assert not OPEN_WHAT_WAS_PRINTED.check(sim).done
    way(sim, kms, written)
    outcome = OPEN_WHAT_WAS_PRINTED.check(sim)
    assert outcome.done, outcome.feedback
    assert f"not their {len(written.replace(chr(10), ''))} characters" in outcome.feedback


def nothing(sim, kms, written):
    pass


def as_it_is(sim, kms, written):
    opens(kms, written)


def without_the_line_breaks(sim, kms, written):
    opens(kms, written.replace("\n", "").encode())


def as_json(sim, kms, written):
    opens(kms, json.dumps({"CiphertextBlob": written}))


def the_first_line(sim, kms, written):
    opens(kms, base64.b64decode(written.splitlines()[0]))


def cut(sim, kms, written):
    opens(kms, base64.b64decode(written)[:-1])


def changed(sim, kms, written):
    blob = base64.b64decode(written)
    opens(kms, bytes([*blob[:-1], blob[-1] ^ 1]))


def naming_another_key(sim, kms, written):
    opens(kms, base64.b64decode(written), KeyId=kms.create_key()["KeyMetadata"]["KeyId"])


def by_somebody_who_may_not(sim, kms, written):
    opens(sim.user("stranger").client("kms"), base64.b64decode(written))


def something_else(sim, kms, written):
    own = kms.create_key()["KeyMetadata"]["KeyId"]
    opens(kms, kms.encrypt(KeyId=own, Plaintext=b"mine")["CiphertextBlob"])


@pytest.mark.parametrize(("way", "says"), [
    (nothing, "Nobody has tried"),
    (as_it_is, "the text itself"),
    (without_the_line_breaks, "the text itself"),
    (as_json, "the text itself"),
    (the_first_line, "more than one line"),
    (cut, "something was cut off"),
    (changed, "not the same"),
    (naming_another_key, "Leave the KeyId out"),
    (by_somebody_who_may_not, "AccessDeniedException"),
    (something_else, "not what Cleo wrote"),
])  # fmt: skip
def test_a_way_that_leads_astray_is_answered_by_its_name(sim, kms, written, way, says):
    way(sim, kms, written)
    outcome = OPEN_WHAT_WAS_PRINTED.check(sim)
    assert not outcome.done
    assert says in outcome.feedback
