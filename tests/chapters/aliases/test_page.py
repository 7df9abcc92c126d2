from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.aliases.page import AliasesFacts, aliases_page
from kms_teach.chapters.aliases.world import key_with
from kms_teach.teaching.trial import policy
from tests.drawing.drawn import quarrels

NAME = "alias/x"


@pytest.fixture
def picture():
    """The page of a run in small: the eight calls that the chapter makes."""
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        us, eu = (sim.client("kms", region=region) for region in ("us-east-1", "eu-west-1"))

        def call(operation, **parameters):
            with suppress(ClientError):
                operation(**parameters)
            return sim.trail[-1]

        first, other = (us.create_key(MultiRegion=many)["KeyMetadata"]["KeyId"] for many in (True, False))
        us.create_alias(AliasName=NAME, TargetKeyId=first)
        blob = us.encrypt(KeyId=NAME, Plaintext=b"x")["CiphertextBlob"]
        us.update_alias(AliasName=NAME, TargetKeyId=other)
        old = call(us.decrypt, CiphertextBlob=blob)
        again = call(us.create_alias, AliasName=NAME, TargetKeyId=first)
        named = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": NAME}}
        ana = sim.user("ana", policies=[policy("kms:Decrypt", Condition=named)]).client("kms")
        elsewhere = call(ana.decrypt, CiphertextBlob=blob)
        us.update_alias(AliasName=NAME, TargetKeyId=first)
        here = call(ana.decrypt, CiphertextBlob=blob)
        abroad = call(eu.encrypt, KeyId=NAME, Plaintext=b"x")
        mine, twin = (key_with(kms, bytes(32)) for kms in (us, eu))
        bytes_alone = us.encrypt(KeyId=mine, Plaintext=b"x")["CiphertextBlob"]
        copied = call(eu.decrypt, CiphertextBlob=bytes_alone, KeyId=twin)
        replicated = call(us.replicate_key, KeyId=other, ReplicaRegion="eu-west-1")
        us.replicate_key(KeyId=first, ReplicaRegion="eu-west-1")
        us.disable_key(KeyId=first)
        failed_over = call(eu.decrypt, CiphertextBlob=blob)
        calls = (old, again, elsewhere, here, abroad, copied, replicated, failed_over)
        yield aliases_page(AliasesFacts.of(*calls))


def test_each_panel_tells_what_the_run_answered(picture):
    assert repr(picture) == (
        "Aliases and Regions on one page: a file from before: opens; the name again: refused; name elsewhere: refused; "
        "name at the key: opens; in eu-west-1: refused; the same bytes: refused; a replica: opens; a single-Region key: "
        "refused; primary disabled: opens"
    )
    for told in (
        "CreateAlias of a name in use: AlreadyExistsException.",
        "ana may use what bears the name",
        "alias/x called in eu-west-1: NotFoundException.",
        "Imported in both Regions: IncorrectKeyException.",
        "and nothing else: UnsupportedOperationException.",
    ):
        assert told in picture.alt


def test_words_get_along(picture):
    assert quarrels(picture.svg) == quarrels(picture.narrow) == []
