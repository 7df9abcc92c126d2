"""sops, written in Go, which keeps a file's data key under a KMS key."""

import json

import pytest

pytestmark = pytest.mark.slow

SECRET = "password: correct horse\n"


@pytest.fixture
def arn(shell):
    return json.loads(shell("aws", "kms", "create-key"))["KeyMetadata"]["Arn"]


@pytest.fixture
def lent(shell, role):
    """A key whose policy lets a role use it, and nobody else of whom the tests make use."""
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    use = {"Effect": "Allow", "Principal": {"AWS": role}, "Action": ["kms:Encrypt", "kms:Decrypt"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [root, use]})
    return json.loads(shell("aws", "kms", "create-key", "--policy", policy))["KeyMetadata"]["Arn"]


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


ALICE = {"AWS_PROFILE": "alice", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}


def test_it_assumes_the_role_that_the_file_names(shell, lent, role, tmp_path):
    (tmp_path / "plain.yaml").write_text(SECRET)
    told = shell("sops", "encrypt", "--kms", f"{lent}+{role}", "plain.yaml", more=ALICE)
    assert f"role: {role}" in told
    (tmp_path / "sealed.yaml").write_text(told)
    assert shell("sops", "decrypt", "sealed.yaml", more=ALICE) == SECRET
    (tmp_path / "sealed.yaml").write_text(told.replace(f"role: {role}", 'role: ""'))
    refused = " ".join(shell("sops", "decrypt", "sealed.yaml", more=ALICE, well=False).replace("|", " ").split())
    assert "AccessDeniedException" in refused and "no identity-based policy allows the kms:Decrypt action" in refused


def test_it_assumes_the_role_of_a_profile(shell, lent, tmp_path):
    """Its SDK (Go) asks AWS itself for that, unless STS has an address of its own in AWS_ENDPOINT_URL_STS."""
    (tmp_path / "plain.yaml").write_text(SECRET)
    (tmp_path / "sealed.yaml").write_text(
        shell("sops", "encrypt", "--kms", lent, "plain.yaml", more=ALICE | {"AWS_PROFILE": "app"})
    )
    assert shell("sops", "decrypt", "sealed.yaml", more=ALICE | {"AWS_PROFILE": "app"}) == SECRET
