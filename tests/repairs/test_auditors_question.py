import pytest

from kms_teach.repairs.auditors_question import KEY, PATIENTS, TAG, TASK, WHY, a_week, read_by
from kms_teach.repairs.ticket import Work


def tagged(value, name=TAG, who=None):
    def act(names):
        kms = names["sim"].person(who).client("kms") if who else names["sim"].client("kms")
        kms.tag_resource(KeyId=names["records_key"], Tags=[{"TagKey": name, "TagValue": value}])

    return act


WAYS = [tagged("P-11 P-40"), tagged("P-40, P-11"), tagged("P-11 and P-40", who="auditor"), TASK.solution]


@pytest.mark.parametrize("way", WAYS)
def test_the_right_list_is_right_however_it_is_written(works, way):
    outcome = works(TASK, way)
    assert outcome.done, outcome.feedback


def nothing(names):
    pass


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (nothing, f"has no tag `{TAG}` yet."),
        (tagged("P-11 P-40", TAG.upper()), "mind the case"),
        (tagged("two of them"), "names no patient"),
        (tagged("P-11 P-99"), "no patient P-99"),
        (tagged(" ".join(PATIENTS)), "did not open"),
        (tagged("P-11 P-23 P-40"), "a call in the trail is no answer"),
        (tagged("P-11 P-31 P-40"), "was read by the doctor"),
        (tagged("P-11"), "also called ReEncrypt"),
        (tagged("P-40"), "One is missing. Go through every call"),
    ],
)
def test_a_wrong_list_is_answered_with_what_was_overlooked(works, way, named):
    outcome = works(TASK, way)
    assert not outcome.done
    assert named in outcome.feedback


def test_the_answer_is_computed_from_the_trail(sim):
    a_week(sim)
    work = Work.on(sim, "auditors-question")
    right = read_by(work.before, work.key(KEY))
    assert right == {"P-11", "P-40"}
    assert {*right, *WHY} == set(PATIENTS)
