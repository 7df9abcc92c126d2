"""Every sentence of a decision is reworded, and nothing that is made of decisions changes but these sentences."""

import json
import re
from contextlib import suppress

import pytest
from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.chapters.accounts.conditions_lab import CONDITIONS, ConditionLab
from kms_teach.chapters.accounts.two_keys_lab import TwoKeysLab
from kms_teach.chapters.grants.lab import GrantLab
from kms_teach.chapters.grants.tasks import PARTNER, SHARE_ONE_REPORT, two_reports
from kms_teach.chapters.policies.page import _doors
from kms_teach.chapters.policies.policy_lab import PolicyLab
from kms_teach.chapters.policies.tasks import OPEN_THE_BACKUP, lock_out
from kms_teach.chapters.policies.who_may import read as read_matrix
from kms_teach.chapters.policies.who_may import who_may
from kms_teach.chapters.policies.world import EXAMPLES
from kms_teach.chapters.start.tasks import LET_ALICE_READ
from kms_teach.inspect.decision import decision
from kms_teach.inspect.decision_facts import read
from kms_teach.inspect.opened import opened
from kms_teach.inspect.opened_facts import RANDOM
from tests.access.test_sentences import reword
from tests.inspect.test_decision import CASES

START = "2026-01-01T00:00:00Z"
BLUE = {"tenant": "Blue"}
UNNAMED = re.compile(r"[Gg]rant ([0-9a-f]{8}…|\d+)")
IN_FULL = re.compile(r"it names [^.]*?, not \w+|\w+ has no IAM policy|sentence in full")
LABEL = re.compile(r"(\w+ ){1,3}policy( “[^”]*”)?, statement \d+( “[^”]*”)?|[Gg]rant #")  # of a statement, of a grant


def silenced(texts, *decisions):
    """Texts without the sentences of these decisions, and without random ids."""
    words = {words for one in decisions for step in one.steps for words in (step.question, step.read)}
    parts = [re.escape(UNNAMED.sub("grant #", each)) for each in sorted(words, key=len, reverse=True)]
    sentence = re.compile("|".join(f"[{each[0].upper()}{each[0].lower()}]{each[1:]}" if each[0].isalpha() else each
                                   for each in parts))  # fmt: skip
    texts = [sentence.sub("…", UNNAMED.sub("grant #", RANDOM.sub("…", text))) for text in texts]
    return [LABEL.sub("…", IN_FULL.sub("…", text)) for text in texts]


def of(picture):
    return [picture.title, picture.alt, repr(picture), *(str(cell) for row in picture.table.rows for cell in row)]


def decided(sim):
    return [one for record in sim.trail for one in record.decisions]


def decision_pictures():
    for asked, _ in CASES.values():
        facts = read(asked)
        yield [(r.number, r.check, r.answer, r.decided, r.passed, r.where, r.lines, r.verdict) for r in facts.rows]
        yield silenced(of(decision(asked)), asked.decision)


def calls_opened():
    with Simulator(start=START) as sim:
        kms, alice = sim.client("kms"), sim.user("alice").client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        with suppress(ClientError):
            alice.encrypt(KeyId=key, Plaintext=b"x")
        kms.encrypt(KeyId=key, Plaintext=b"x")
        for record in sim.trail[-2:]:
            yield silenced(of(opened(record)), *record.decisions)


def shown(lab, sim):
    return silenced([lab.status, *of(lab.picture)], *decided(sim))


def grants_given_used_passed_on_and_ended():
    lab = GrantLab()

    def choose(giver="root", grantee="worker", *operations, constraint="any"):
        lab.giver.value, lab.grantee.value, lab.constraint.value = giver, grantee, constraint
        for control in lab.operations:
            control.value = control.description in operations
        lab.give.click()

    def use(caller="worker", operation="Decrypt", context="tenant=Blue", token=True):
        lab.caller.value, lab.operation.value = caller, operation
        lab.context.value, lab.token.value = context, token
        lab.use.click()

    lab.use.click()  # without any grant
    for act in (
        lambda: choose("root", "worker", "Decrypt", "CreateGrant", constraint="at least tenant=Blue"),
        lambda: use(token=False),
        use,
        lambda: use(context="none"),
        lambda: use(operation="GenerateDataKey"),
        lambda: choose("worker", "helper", "Decrypt"),
        lambda: choose("worker", "helper", "Decrypt", "GenerateDataKey", constraint="at least tenant=Blue"),
        lambda: choose("worker", "helper", "Decrypt", constraint="exactly tenant=Blue"),
        lambda: use("helper"),
        lambda: use("helper", context="none"),
        lambda: (setattr(lab.ender, "value", "worker"), lab.retire.click()),
        lab.revoke.click,
        lambda: (setattr(lab.ender, "value", "lead"), lab.retire.click()),
        lab.wait.click,
        use,
    ):
        act()
        yield shown(lab, lab.sim)
    lab.sim.close()


def one_report_shared():
    with Simulator(start=START, slow=True) as sim:
        reports, kms = two_reports(sim)["reports"], sim.client("kms")
        key = sim.trail.named("Encrypt")[-1].used[0].key_arn
        everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}

        def call(tenant="Blue", *, iam=False, **more):
            reader = sim.user("reader", account=PARTNER, policies=[everything] if iam else [])
            with suppress(ClientError):
                reader.client("kms").decrypt(
                    CiphertextBlob=reports[tenant], EncryptionContext={"tenant": tenant}, **more
                )
            return silenced([SHARE_ONE_REPORT.check(sim).feedback], *decided(sim))

        def give(operation, constraints):
            return kms.create_grant(KeyId=key, GranteePrincipal=sim.user("reader", account=PARTNER).arn,
                                    Operations=[operation], Constraints=constraints)["GrantToken"]  # fmt: skip

        yield call()
        yield call(iam=True)
        yield call(GrantTokens=[give("Encrypt", {})])
        sim.advance(seconds=1)  # the later grant is read later
        token = give("Decrypt", {"EncryptionContextEquals": BLUE})
        yield call()
        yield call(GrantTokens=[token])
        yield call("Red", GrantTokens=[token])


def backup_opened():
    with Simulator(start=START) as sim:
        key, blob = lock_out(sim).values()
        nightly, keeper = sim.user("nightly"), sim.role("keeper").client("kms")
        policy = json.loads(keeper.get_key_policy(KeyId=key)["Policy"])
        for action in ("", "kms:Encrypt", "kms:Decrypt"):
            if action:
                more = {"Effect": "Allow", "Principal": {"AWS": nightly.arn}, "Action": action, "Resource": "*"}
                text = json.dumps({**policy, "Statement": [*policy["Statement"], more]})
                keeper.put_key_policy(KeyId=key, Policy=text)
            with suppress(ClientError):
                nightly.client("kms").decrypt(CiphertextBlob=blob)
            yield silenced([OPEN_THE_BACKUP.check(sim).feedback], *decided(sim))
            yield _doors(sim.trail[-1])


def ciphertext_read():
    with Simulator(start=START) as sim:
        kms, alice = sim.client("kms"), sim.user("alice").client("kms")
        blob = kms.encrypt(KeyId=kms.create_key()["KeyMetadata"]["KeyId"], Plaintext=b"x")["CiphertextBlob"]
        with suppress(ClientError):
            alice.decrypt(CiphertextBlob=blob)
        yield silenced([LET_ALICE_READ.check(sim).feedback], *decided(sim))


def conditions_tried():
    with Simulator(start=START) as sim:
        lab = ConditionLab(sim)
        for place in range(len(CONDITIONS)):
            lab.condition.value = lab.condition.options[place][1]
            yield shown(lab, sim)
            lab.way.value = "s3"
            yield shown(lab, sim)


def two_keys_tried():
    with Simulator(start=START) as sim:
        lab = TwoKeysLab(sim)
        for _, whom in lab.key_policy.options:
            lab.key_policy.value = whom
            for says in (True, False):
                lab.iam_policy.value = says
                yield shown(lab, sim)


def policies_edited():
    for number in range(len(EXAMPLES)):
        lab = PolicyLab(number)
        yield [words for words, _ in lab.fix.options]
        yield shown(lab, lab.world.sim)
        yield lab._code


def matrices_drawn():
    with Simulator(start=START) as sim:
        key = sim.client("kms").create_key()["KeyMetadata"]["Arn"]
        sim.user("alice"), sim.user("bob", account=PARTNER)
        yield [(cell.allowed, cell.check) for cell in sim.who_may(key).cells.values()]
        yield [(cell.allowed, cell.reason) for row in read_matrix(sim.who_may(key)).cells for cell in row]
        picture = who_may(sim.who_may(key))
        yield [picture.title, picture.alt, repr(picture)]


@pytest.mark.parametrize(
    "look",
    [
        decision_pictures, calls_opened, grants_given_used_passed_on_and_ended, one_report_shared, backup_opened,
        ciphertext_read, conditions_tried, two_keys_tried, policies_edited, matrices_drawn,
    ],
)  # fmt: skip
def test_reworded_nothing_else_changes(look, monkeypatch):
    plain = list(look())
    reword(monkeypatch)
    for place, (before, after) in enumerate(zip(plain, look(), strict=True)):
        assert after == before, place


def test_what_the_decision_picture_says_with_more_is_of_the_same_table(monkeypatch):
    asked, _ = CASES["IAM is silent"]
    reword(monkeypatch)
    assert [row.read for row in read(asked).rows if row.read == "sentence in full"] == ["sentence in full"] * 2
