import pytest

from kms_teach.classroom.seat import NotHereError, Seat, of_account

MINE, OTHERS = "700000000001", "700000000002"


@pytest.fixture
def seat(sim):
    return Seat(sim.service, MINE)


def test_a_seat_has_one_account_in_the_place_of_the_examples(seat):
    assert seat.client("sts").get_caller_identity()["Account"] == MINE
    assert seat.user("alice").arn == f"arn:aws:iam::{MINE}:user/alice"
    assert seat.role("app", account=MINE).arn == f"arn:aws:iam::{MINE}:role/app"
    assert seat.person("alice").arn == seat.user("alice").arn


@pytest.mark.parametrize("ask", [lambda s: s.client("kms", account=OTHERS), lambda s: s.user("a", account=OTHERS), lambda s: s.root(OTHERS), lambda s: s.account(OTHERS)])  # fmt: skip
def test_it_has_no_other_account(seat, ask):
    with pytest.raises(NotHereError, match=OTHERS):
        ask(seat)


def test_time_passes_in_a_rehearsal_alone(seat):
    with pytest.raises(NotHereError, match="the time of a class is the real one"):
        seat.advance(days=1)
    before = seat.now
    with seat.rehearsal() as copy:
        copy.advance(days=1)
        assert copy.client("sts").get_caller_identity()["Account"] == MINE
    assert seat.now == before


def test_its_trail_has_what_happened_in_its_account_and_nothing_else(sim, seat):
    Seat(sim.service, OTHERS).client("kms").create_key()
    made = seat.client("kms").create_key()["KeyMetadata"]["Arn"]
    sim.client("kms").create_key()
    assert [record.operation for record in seat.trail] == ["CreateKey"]
    assert seat.trail.about(made)


def test_what_a_caller_writes_makes_a_record_nobody_elses(sim, seat):
    others = Seat(sim.service, OTHERS).client("kms")
    key = others.create_key()["KeyMetadata"]["KeyId"]
    others.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"recipientAccountId": MINE})
    assert len(seat.trail) == 0


def test_what_is_described_of_a_client_is_who_calls_and_where(seat):
    carla = seat.user("carla")
    of_hers = seat.described(carla.client("kms", region="eu-west-1"))["client"]
    assert of_hers == {
        "service": "kms",
        "region": "eu-west-1",
        "arn": carla.arn,
        "name": "carla",
        "key": carla.access_key.id,
        "secret": carla.access_key.secret,
    }
    assert seat.described(carla)["person"]["key"] == carla.access_key.id
    assert seat.described(seat.client("kms"))["client"]["secret"] == "", "the learner has a key of the root user"
    assert seat.described(object()) is None
    assert seat.described({}) is None


def test_a_copy_without_a_trail_goes_on_from_the_records_it_is_given(sim, seat):
    made = seat.client("kms").create_key()["KeyMetadata"]["Arn"]
    before = of_account(sim.trail, MINE)
    with Seat(sim.service.copied(trail=False), MINE, before) as copy:
        copy.client("kms").describe_key(KeyId=made)
        assert [record.operation for record in copy.trail] == ["CreateKey", "DescribeKey"]
        with copy.rehearsal() as again:
            assert [record.operation for record in again.trail] == ["CreateKey", "DescribeKey"]
        assert len(copy.service.trail) == 1
    assert [record.operation for record in seat.trail] == ["CreateKey"]
