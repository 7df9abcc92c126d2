"""sops, written in Go, which keeps a file's data key under a KMS key."""

import json

import pytest

pytestmark = pytest.mark.slow

SECRET = "password: correct horse\n"


@pytest.fixture
def arn(shell):
    return json.loads(shell("aws", "kms", "create-key"))["KeyMetadata"]["Arn"]


@pytest.fixture
def sealed(shell, arn, tmp_path):
    """A file that sops encrypted, and for whom."""
    (tmp_path / "plain.yaml").write_text(SECRET)
    told = shell("sops", "encrypt", "--kms", arn, "--encryption-context", "tenant:7", "plain.yaml")
    assert "correct horse" not in told and arn in told
    (tmp_path / "sealed.yaml").write_text(told)
    return tmp_path / "sealed.yaml"


def test_what_it_encrypts_it_decrypts(shell, sealed):
    assert shell("sops", "decrypt", sealed) == SECRET


def test_it_rotates_the_data_key_of_a_file(shell, sealed):
    before = sealed.read_text()
    shell("sops", "rotate", "-i", sealed)
    assert sealed.read_text() != before
    assert shell("sops", "decrypt", sealed) == SECRET


def test_another_context_does_not_open_it(shell, sealed):
    sealed.write_text(sealed.read_text().replace('tenant: "7"', 'tenant: "8"'))
    assert "InvalidCiphertextException" in shell("sops", "decrypt", sealed, well=False)


def test_it_tells_of_a_disabled_key_in_the_words_of_kms(shell, arn, sealed):
    shell("aws", "kms", "disable-key", "--key-id", arn)
    told = " ".join(shell("sops", "decrypt", sealed, well=False).replace("|", " ").split())
    assert f"DisabledException: {arn} is disabled" in told
