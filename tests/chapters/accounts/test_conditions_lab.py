import pytest

from kms_teach.chapters.accounts.conditions_lab import ADDRESSES, CONDITIONS, CONTEXTS, WAYS, ConditionLab

TENANT, VIA, ADDRESS, BOTH = CONDITIONS.values()


@pytest.fixture
def lab(sim):
    return ConditionLab(sim)


def test_it_opens_with_a_call_that_was_made_and_allowed(sim, lab):
    (call,) = sim.trail.named("GenerateDataKey")
    assert (call.caller, "errorCode" in call.event) == ("clerk", False)
    assert lab.picture.title == "The call carries what the statement asks for"


@pytest.mark.parametrize(
    ("condition", "context", "way", "address", "said"),
    [
        (TENANT, "tenant=Red", "by the clerk", 0, "must be Blue, and the call carries Red."),
        (TENANT, "tenant=blue", "by the clerk", 0, "StringEquals compares upper and lower case too."),
        (TENANT, "none", "through S3", 0, "the call carries nothing."),
        (VIA, "tenant=Blue", "by the clerk", 0, "kms:ViaService must be s3.us-east-1.amazonaws.com"),
        (VIA, "tenant=Blue", "through EC2", 0, "the call carries ec2.us-east-1.amazonaws.com."),
        (VIA, "none", "through S3", 1, "Allowed."),
        (ADDRESS, "none", "by the clerk", 0, "Allowed."),
        (ADDRESS, "none", "by the clerk", 1, "must be in 192.0.2.0/24, and the call carries 198.51.100.7."),
        (ADDRESS, "none", "through S3", 0, "The service's own address called"),
        (BOTH, "tenant=Blue", "through S3", 0, "Allowed."),
        (BOTH, "tenant=Red", "by the clerk", 0, "carries Red, and kms:ViaService must be"),
    ],
)
def test_what_the_call_carries_is_held_against_the_condition(sim, lab, condition, context, way, address, said):
    lab.condition.value = condition
    lab.context.value, lab.way.value, lab.address.value = CONTEXTS[context], WAYS[way], ADDRESSES[address]
    assert said in lab.status
    assert ("errorCode" in sim.trail[-1].event) is lab.status.startswith("Denied")


def test_what_a_reader_sees_without_a_kernel_is_the_same_in_every_run(sim, lab):
    one, two = lab._repr_mimebundle_(), ConditionLab(sim)._repr_mimebundle_()
    assert (one["text/plain"], one["text/html"]) == (two["text/plain"], two["text/html"])
    assert all(control.description for control in lab.controls)
