import random

import pytest
from botocore.session import get_session

from kms_teach.errors import KmsError
from kms_teach.iam import service as iam_service
from kms_teach.iam.catalog import CATALOG
from kms_teach.operations.request import HERE
from tests.iam.conftest import ADMIN, HOME, allow, document, trust

MODEL = get_session().get_service_model("iam")
TEXTS = [
    "", "x", "a" * 64, "a" * 129, "u", "U", "é", "²", "/", "//", "/x/", "{}", "[]", "null", "v1", "0", "1", "9" * 20, "-1",
    "::::::", "arn:a", ADMIN, f"arn:aws:iam::{HOME}:policy/u", f"arn:aws:iam::{HOME}:user/u", document(),
    document(allow("kms:*")), trust(), trust({"AWS": f"arn:aws:iam::{HOME}:user/u"}),
]  # fmt: skip
NUMBERS = [-1, 0, 1, 100, 1000, 1001, 3600, 43200, 10**20]


def drawn(draw, shape, now):
    match shape.type_name:
        case "structure":
            members = shape.members.items()
            return {n: drawn(draw, m, now) for n, m in members if n in shape.required_members or draw.random() < 0.3}
        case "list":
            return [drawn(draw, shape.member, now) for _ in range(draw.choice([0, 1, 1, 2]))]
        case "integer":
            return draw.choice(NUMBERS)
        case "boolean":
            return draw.random() < 0.5
        case "timestamp":
            return now
        case _:
            return draw.choice([*TEXTS, *getattr(shape, "enum", ())])


@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_client_sends_is_answered_or_refused(sim, seed):
    draw = random.Random(seed)
    condition = {"StringNotEquals": {"aws:RequestTag/x": "y"}}
    conditional = sim.user("alice", policies=[document(allow("iam:*", Condition=condition))])
    callers = [sim.service.principal(one.access_key.id) for one in (sim.root(), conditional)]
    done = 0
    for _ in range(800):
        name = draw.choice(sorted(CATALOG))
        shape = MODEL.operation_model(name).input_shape
        params = drawn(draw, shape, sim.now) if shape else {}
        try:
            iam_service.perform(sim.service, draw.choice(callers), "us-east-1", name, params, HERE)
            done += 1
        except KmsError as error:  # a refusal is an answer
            assert error.message is not None
    assert done > 20
