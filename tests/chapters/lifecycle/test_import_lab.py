import pytest

from kms_teach.chapters.lifecycle.import_lab import AES, HEX, OTHER, OTHER_KEY, P256, SAME, ImportLab
from kms_teach.chapters.lifecycle.imported import imported
from kms_teach.client_side import imports
from kms_teach.drawing.look import LAB
from tests.drawing.drawn import quarrels


@pytest.fixture
def lab():
    one = ImportLab()
    yield one
    one.close()


def send(lab, material, until="no end"):
    lab.material.value, lab.until.value = material, until
    lab.bring.click()


def test_it_opens_with_an_empty_key(lab):
    assert lab.picture.title.startswith("A KMS key without material")
    lab.use.click()
    assert lab.status.startswith("Refused. `KMSInvalidStateException`")


def test_material_comes_goes_at_once_and_comes_back_as_itself(lab):
    send(lab, SAME)
    assert lab.picture.title == "KMS has your material, and you have a copy"
    lab.delete.click()
    assert lab.picture.title.endswith("only the same bytes bring it back")
    send(lab, OTHER)
    assert lab.status.startswith("Refused. `IncorrectKeyMaterialException`. Without an ImportType")
    assert "The last import was refused: IncorrectKeyMaterialException." in lab.picture.alt
    send(lab, SAME)
    lab.use.click()
    assert lab.status == "Done. Decrypt report.txt: it works."


def test_hex_is_no_key(lab):
    send(lab, HEX)
    assert "Hex is 64 letters" in lab.status


def test_material_expires_and_the_key_stays(lab):
    send(lab, SAME, "30 days from now")
    assert lab.picture.title == "KMS has your material until 31 Jan 2026; you have it for longer"
    lab.day.click()
    assert "Nothing happened" in lab.status
    lab.month.click()
    assert lab.status.endswith("The material has expired: KMS deleted it.")
    assert "PendingImport" in repr(lab.picture)


def test_365_days_are_the_most(lab):
    send(lab, SAME, "366 days from now")
    assert lab.status.startswith("Refused. `ValidationException`")
    send(lab, SAME, "365 days from now")
    assert lab.status.startswith("Done.")


def test_a_token_lasts_a_day(lab):
    lab.old.value = True
    send(lab, SAME)
    assert lab.status.startswith("Done.")
    lab.day.click()
    lab.day.click()
    send(lab, SAME)
    assert lab.status.startswith("Refused. `ExpiredImportTokenException`")


def test_of_a_private_key_only_pkcs_8_in_der_goes_in(lab):
    lab.kind.value = P256
    for how, said in ((imports.OPENSSL_DER, "That is SEC1"), (imports.PEM, "PEM is text")):
        send(lab, how)
        assert said in lab.status
    send(lab, imports.PKCS8)
    assert lab.status.startswith("Done.")
    lab.use.click()
    assert lab.status == "Done. Sign report.txt: it works."
    send(lab, OTHER_KEY)
    assert "takes the same private key only" in lab.status
    lab.kind.value = AES
    assert lab.picture.title.startswith("A KMS key without material")


def test_words_get_along_and_the_picture_is_always_as_high(lab):
    for act in (lambda: None, lambda: send(lab, SAME, "30 days from now"), lab.month.click, lambda: send(lab, OTHER)):
        act()
        assert quarrels(lab.picture.svg) == quarrels(lab.picture.narrow) == []
        assert 'viewBox="0 0 560 400"' in lab.picture.svg


def test_it_is_drawn_for_a_page_too(lab):
    from kms_teach.chapters.lifecycle.imported import read

    described = lab._kms.describe_key(KeyId=lab._key)["KeyMetadata"]
    picture = imported(read("alias/own", described, lab.sim.now, "own.bin"))
    assert quarrels(picture.svg) == []
    assert imported(read("alias/own", described, lab.sim.now, "own.bin"), canvas=LAB).title == picture.title
