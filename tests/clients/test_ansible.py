"""Ansible's modules for KMS keys (amazon.aws), which describe a key as it shall be: made, changed, asked for, deleted."""

import json

import pytest

pytestmark = pytest.mark.slow  # Ansible starts a program for each task: some 2 s for a playbook

KEY = {"alias": "from-ansible", "description": "made by Ansible", "tags": {"team": "blue"}, "enable_key_rotation": True}
GRANT = {
    "name": "lent",
    "grantee_principal": "arn:aws:iam::111122223333:root",
    "operations": ["Decrypt", "RetireGrant"],
}
CHANGED = {
    "description": "changed by Ansible",
    "enable_key_rotation": False,
    "tags": {"team": "red"},
    "grants": [GRANT],
}


@pytest.fixture
def played(shell, installed, tmp_path):
    """Run tasks, (module, arguments) each; gives what each returned."""

    def play(*tasks):
        steps = [
            {f"amazon.aws.{module}": arguments, "register": f"step{n}"} for n, (module, arguments) in enumerate(tasks)
        ]
        names = ", ".join(step["register"] for step in steps)
        told = {"ansible.builtin.copy": {"dest": "told.json", "content": f"{{{{ [{names}] | to_json }}}}"}}
        book = [{"hosts": "localhost", "gather_facts": False, "tasks": [*steps, told]}]
        (tmp_path / "book.json").write_text(json.dumps(book))
        python = f"ansible_python_interpreter={installed / 'python'}"
        shell("ansible-playbook", "-i", "localhost,", "-c", "local", "-e", python, "book.json")
        return json.loads((tmp_path / "told.json").read_text())

    return play


def test_a_key_is_made_once_changed_asked_for_and_deleted(played):
    made, again, changed, asked, deleted = played(
        ("kms_key", KEY),
        ("kms_key", KEY),
        (
            "kms_key",
            KEY
            | {
                "description": "changed by Ansible",
                "enable_key_rotation": False,
                "tags": {"team": "red"},
                "grants": [GRANT],
            },
        ),
        ("kms_key_info", {"alias": "from-ansible"}),
        ("kms_key", {"alias": "from-ansible", "state": "absent", "pending_window": 7}),
    )
    assert [step["changed"] for step in (made, again, changed, deleted)] == [True, False, True, True]
    assert (made["key_state"], made["enable_key_rotation"], made["aliases"]) == ("Enabled", True, ["from-ansible"])
    (key,) = asked["kms_keys"]
    assert (key["key_id"], key["description"], key["tags"]) == (made["key_id"], "changed by Ansible", {"team": "red"})
    assert key["enable_key_rotation"] is False and [grant["name"] for grant in key["grants"]] == ["lent"]
    assert deleted["key_state"] == "PendingDeletion"


def test_a_key_that_signs(played):
    (made,) = played(("kms_key", {"alias": "signs", "key_spec": "ECC_NIST_P256", "key_usage": "SIGN_VERIFY"}))
    assert made["signing_algorithms"] == ["ECDSA_SHA_256"]
