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


def test_a_role_and_a_key_that_lends_itself_to_it(played):
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = {
        "name": "ansible-role",
        "assume_role_policy_document": json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        "managed_policies": ["arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser"],
        "create_instance_profile": False,
    }
    arns = [f"arn:aws:iam::111122223333:{who}" for who in ("root", "role/ansible-role")]
    use = [{"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:*", "Resource": "*"} for arn in arns]
    policy = json.dumps({"Version": "2012-10-17", "Statement": use})
    made, again, key, asked, gone = played(
        ("iam_role", role),
        ("iam_role", role),
        ("kms_key", {"alias": "lent", "policy": policy}),
        ("iam_role_info", {"name": "ansible-role"}),
        ("iam_role", {"name": "ansible-role", "state": "absent"}),
    )
    assert [step["changed"] for step in (made, again, key, gone)] == [True, False, True, True]
    assert made["iam_role"]["role_id"].startswith("AROA") and asked["iam_roles"][0]["arn"] == arns[1]
