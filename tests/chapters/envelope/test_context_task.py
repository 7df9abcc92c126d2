from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach.chapters.envelope.context_task import SIZES, unbound
from kms_teach.chapters.envelope.tasks import BIND_TO_THE_FILE


class Files:
    def __init__(self, sim):
        self.sim, self.kms = sim, sim.client("kms")
        self.keys = unbound(sim)["data_keys"]
        self.key = sim.trail.named("CreateKey")[-1].event["resources"][0]["ARN"]

    def renew(self, which, client=None, to=None, **context):
        more = {"DestinationEncryptionContext": context or {"file": which}}
        answer = (client or self.kms).re_encrypt(
            CiphertextBlob=self.keys[which], DestinationKeyId=to or self.key, **more
        )
        return answer["CiphertextBlob"]

    def opens(self, name, blob, client=None):
        with suppress(ClientError):
            (client or self.kms).decrypt(CiphertextBlob=blob, EncryptionContext={"file": name})


@pytest.fixture
def files(sim):
    return Files(sim)


def under_the_same_key(files):
    for name in SIZES:
        files.opens(name, files.renew(name))


def under_another_key(files):
    other = files.kms.create_key()["KeyMetadata"]["Arn"]
    for name in SIZES:
        files.opens(name, files.renew(name, to=other))


def by_somebody_who_may_only_that(files):
    actions = ["kms:ReEncryptFrom", "kms:ReEncryptTo"]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": files.key}]}
    mover = files.sim.user("mover", policies=[policy]).client("kms")
    renewed = {name: files.renew(name, mover) for name in SIZES}
    for name, blob in renewed.items():
        files.opens(name, blob)


@pytest.mark.parametrize("way", [under_the_same_key, under_another_key, by_somebody_who_may_only_that])
def test_any_way_that_keeps_the_data_keys_inside_kms_is_right(files, way):
    assert not BIND_TO_THE_FILE.check(files.sim).done
    way(files)
    outcome = BIND_TO_THE_FILE.check(files.sim)
    assert outcome.done, outcome.feedback


def nothing(files):
    pass


def by_new_data_keys(files):
    for name, size in SIZES.items():
        made = files.kms.generate_data_key(KeyId=files.key, NumberOfBytes=size, EncryptionContext={"file": name})
        files.opens(name, made["CiphertextBlob"])


def by_decrypt_with_the_context(files):
    files.opens("a.txt", files.keys["a.txt"])


def through_memory(files):
    for name, blob in files.keys.items():
        plain = files.kms.decrypt(CiphertextBlob=blob)["Plaintext"]
        again = files.kms.encrypt(KeyId=files.key, Plaintext=plain, EncryptionContext={"file": name})
        files.opens(name, again["CiphertextBlob"])


def without_a_context(files):
    files.kms.re_encrypt(CiphertextBlob=files.keys["a.txt"], DestinationKeyId=files.key)


def with_another_word(files):
    files.renew("a.txt", name="a.txt")


def with_the_names_mixed_up(files):
    files.renew("a.txt", file="b.txt")


def two_of_three(files):
    for name in ("a.txt", "b.txt"):
        files.opens(name, files.renew(name))


def not_opened(files):
    for name in SIZES:
        files.renew(name)


@pytest.mark.parametrize(("way", "says"), [
    (nothing, "Without a context still: the data key of a.txt, b.txt, c.txt"),
    (by_new_data_keys, "new data keys"),
    (by_decrypt_with_the_context, "since it was made"),
    (through_memory, "through your memory"),
    (without_a_context, "`DestinationEncryptionContext`"),
    (with_another_word, "it is to be `file` and the name"),
    (with_the_names_mixed_up, "the name of another file: b.txt"),
    (two_of_three, "Without a context still: the data key of c.txt"),
    (not_opened, "Decrypt that of a.txt, b.txt, c.txt once"),
])  # fmt: skip
def test_a_way_that_leads_astray_is_answered_by_its_name(files, way, says):
    way(files)
    outcome = BIND_TO_THE_FILE.check(files.sim)
    assert not outcome.done
    assert says in outcome.feedback
