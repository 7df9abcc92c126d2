import json
import threading
from datetime import UTC, datetime, timedelta

import pytest

from kms_teach import Simulator, service
from kms_teach.errors import MalformedPolicyDocumentException

ALLOW_ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}


def test_time_stands_still_until_it_is_told_to_move(sim, kms):
    assert sim.now == datetime(2026, 1, 1, tzinfo=UTC)
    created = kms.create_key()["KeyMetadata"]["CreationDate"]
    assert created == sim.now
    assert sim.advance(days=1, hours=2) == sim.now == datetime(2026, 1, 2, 2, tzinfo=UTC)


@pytest.mark.parametrize("back", [{"days": -1}, {"days": 10**9}])
def test_time_neither_goes_back_nor_ends(sim, back):
    with pytest.raises(ValueError, match=r"advance by fewer days|does not go back"):
        sim.advance(**back)
    assert sim.now == datetime(2026, 1, 1, tzinfo=UTC)


# --- a rehearsal ---


def test_a_rehearsal_goes_on_from_what_is_and_leaves_no_trace(sim, kms, key):
    blob = kms.encrypt(KeyId=key, Plaintext=b"a note")["CiphertextBlob"]
    with sim.rehearsal() as other:
        assert other.client("kms").decrypt(CiphertextBlob=blob)["Plaintext"] == b"a note"
        assert [record.operation for record in other.trail] == ["CreateKey", "Encrypt", "Decrypt"]
        other.client("kms").schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
        other.advance(days=8)
        with pytest.raises(kms.exceptions.NotFoundException):
            other.client("kms").describe_key(KeyId=key)
    assert [record.operation for record in sim.trail] == ["CreateKey", "Encrypt"]
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    assert sim.now == datetime(2026, 1, 1, tzinfo=UTC)
    assert kms.get_key_last_usage(KeyId=key)["KeyLastUsage"]["Operation"] == "Encrypt"


def test_what_happens_after_a_rehearsal_has_begun_it_never_hears_of(sim, kms, key):
    with sim.rehearsal() as other:
        kms.disable_key(KeyId=key)
        assert other.client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
        assert other.authorization(other.trail[0]).decision.allowed


def test_objects_are_read_in_a_rehearsal_and_what_is_put_or_deleted_there_stays_there(sim):
    s3 = sim.client("s3")
    s3.create_bucket(Bucket="letters")
    s3.put_object(Bucket="letters", Key="one", Body=b"as it was")
    with sim.rehearsal() as other, other.rehearsal() as third:
        assert third.client("s3").get_object(Bucket="letters", Key="one")["Body"].read() == b"as it was"
        third.client("s3").put_object(Bucket="letters", Key="one", Body=b"another")
        other.client("s3").delete_object(Bucket="letters", Key="one")
        assert third.client("s3").get_object(Bucket="letters", Key="one")["Body"].read() == b"another"
    assert s3.get_object(Bucket="letters", Key="one")["Body"].read() == b"as it was"


def test_a_stored_simulator_is_rehearsed_in_memory(tmp_path):
    with Simulator(tmp_path / "class.db") as sim:
        sim.client("kms").create_key()
        files = sorted(path.name for path in tmp_path.iterdir())
        with sim.rehearsal() as other:
            other.client("kms").create_key()
            assert (len(other.trail), len(sim.trail)) == (2, 1)
            assert sorted(path.name for path in tmp_path.iterdir()) == files


# --- who is there already ---


def test_a_person_is_who_iam_has_by_that_name_unchanged(sim):
    alice = sim.user("alice", policies=[ALLOW_ALL])
    assert sim.person("alice").arn == alice.arn
    assert sim.person("alice").client("kms").list_keys()["Keys"] == []
    app = sim.role("app", account="444455556666")
    assert sim.person("app", "444455556666").arn == app.arn


def test_a_person_whom_nobody_made_is_answered_with_how_to_make_one(sim):
    with pytest.raises(ValueError, match=r"no role `bob` in account 111122223333: make one with `sim.user`"):
        sim.person("bob")


def test_without_a_start_it_is_today():
    with Simulator() as sim:
        assert abs((datetime.now(UTC) - sim.now).total_seconds()) < 60


def test_a_start_without_a_zone_is_utc():
    with Simulator(start="2026-03-01") as sim:
        assert sim.now == datetime(2026, 3, 1, tzinfo=UTC)


def test_clients_call_as_the_root_of_their_account_in_their_region(sim):
    kms = sim.client("kms", region="eu-west-1", account="444455556666", source_ip="192.0.2.44")
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    assert arn.startswith("arn:aws:kms:eu-west-1:444455556666:key/")
    event = sim.trail[-1].event
    assert (event["sourceIPAddress"], event["awsRegion"]) == ("192.0.2.44", "eu-west-1")
    assert event["userIdentity"]["arn"] == "arn:aws:iam::444455556666:root"


def test_people_have_arns_and_say_who_they_are(sim):
    alice = sim.user("alice", path="/team/")
    assert alice.arn == "arn:aws:iam::111122223333:user/team/alice"
    assert alice.client("sts").get_caller_identity()["Arn"] == alice.arn
    app = sim.role("app", account="444455556666")
    assert app.arn == "arn:aws:iam::444455556666:role/app"
    who = app.client("sts").get_caller_identity()
    assert who["Arn"].startswith("arn:aws:sts::444455556666:assumed-role/app/")
    assert who["Account"] == "444455556666"


def test_a_user_named_again_gets_the_new_policies_and_keeps_the_old_clients(sim, key, refused):
    client = sim.user("alice").client("kms")
    assert refused(client.describe_key, KeyId=key).code == "AccessDeniedException"
    sim.user("alice", policies=[ALLOW_ALL])
    assert client.describe_key(KeyId=key)
    sim.user("alice")
    assert refused(client.describe_key, KeyId=key).code == "AccessDeniedException"


def test_a_policy_may_be_text(sim, key):
    import json

    assert sim.user("bob", policies=[json.dumps(ALLOW_ALL)]).client("kms").describe_key(KeyId=key)


def test_a_policy_that_cannot_be_read_changes_nothing(sim, key):
    client = sim.user("alice", policies=[ALLOW_ALL]).client("kms")
    with pytest.raises(MalformedPolicyDocumentException, match="not valid JSON"):
        sim.user("alice", policies=["{"])
    assert client.describe_key(KeyId=key)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda sim: sim.user("no spaces"), "is no name for a user"),
        (lambda sim: sim.user("a", path="team"), "begin and end it with a slash"),
        (lambda sim: sim.user("a", account="1234"), "give twelve digits"),
        (lambda sim: sim.client("kms", region="Mars"), "is no Region"),
        (lambda sim: sim.client("dynamodb"), "this simulator has no `dynamodb`"),
        (lambda sim: sim.client("kms", account="root"), "give twelve digits"),
    ],
)
def test_a_mistake_is_answered_in_a_sentence(sim, make, said):
    with pytest.raises(ValueError, match=said):
        make(sim)


def test_the_environment_of_the_learner_is_not_read(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "does-not-exist")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://example.com")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREAL")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-north-1")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/does/not/exist")
    with Simulator() as sim:
        kms = sim.client("kms")
        assert kms.meta.endpoint_url.endswith(".kms-teach.invalid")
        assert kms.meta.region_name == "us-east-1"
        assert kms.list_keys()["Keys"] == []


def test_no_socket_is_opened(sim, monkeypatch):
    import socket

    def refuse(*_):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    kms = sim.client("kms")
    assert kms.create_key()
    assert sim.client("sts").get_caller_identity()


def test_two_simulators_know_nothing_of_each_other():
    with Simulator() as one, Simulator() as other:
        one.client("kms").create_key()
        assert other.client("kms").list_keys()["Keys"] == []
        assert len(one.trail) == 1


def test_a_simulator_can_be_shared_by_threads(sim, kms):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: kms.create_key()["KeyMetadata"]["KeyId"], range(40)))
    assert len(set(ids)) == 40
    assert len(sim.trail) == 40


def test_the_faults_of_a_policy_are_found_and_each_is_decided(sim, kms):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    records = len(sim.trail)
    assert sim.faults(key) == ()
    assert len(sim.trail) == records
    statement = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    kms.put_key_policy(KeyId=key, Policy=json.dumps({"Version": "2012-10-17", "Statement": statement}))
    (fault,) = sim.faults(key)
    assert (fault.kind, fault.line, fault.decision.allowed) == ("open to the world", 1, True)


def test_a_call_happens_when_its_slow_preparation_is_done(sim, kms, monkeypatch):
    generate = sim.service.hsm.generate

    def slowly(*arguments):
        sim.advance(hours=1)
        return generate(*arguments)

    monkeypatch.setattr(sim.service.hsm, "generate", slowly)
    assert kms.create_key()["KeyMetadata"]["CreationDate"] == sim.now
    assert sim.trail[-1].event["eventTime"] == f"{sim.now:%Y-%m-%dT%H:%M:%SZ}"


def test_closing_twice_is_nothing(tmp_path):
    sim = Simulator(tmp_path / "class.db", start="2026-01-01T00:00:00Z")
    sim.advance(days=3)
    sim.close()
    sim.close()
    with Simulator(tmp_path / "class.db") as again:
        assert again.now == sim.now


def test_a_start_in_another_time_zone_is_the_same_moment():
    with Simulator(start="2026-01-01T02:00:00+02:00") as sim:
        assert sim.now == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration", "said"),
    [({"years": 1}, "say days=365"), ({"days": float("nan")}, "say days=365"), ({"days": "3"}, "say days=365")],
)
def test_a_duration_that_is_none_is_answered_with_one_that_is(sim, duration, said):
    with pytest.raises(ValueError, match=said):
        sim.advance(**duration)


@pytest.mark.parametrize("until", ["2026-03-01", "2026-03-01T01:00:00+01:00", datetime(2026, 3, 1, tzinfo=UTC)])
def test_time_passes_until_a_moment_and_a_moment_that_is_past_changes_nothing(sim, kms, key, until):
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30)
    assert [sim.advance(until=until), sim.advance(until=until)] == [datetime(2026, 3, 1, tzinfo=UTC)] * 2
    assert sim.advance(until="2026-01-02") == datetime(2026, 3, 1, tzinfo=UTC)
    assert [record.operation for record in sim.trail].count("DeleteKey") == 1
    assert kms.list_keys()["Keys"] == []


def test_until_nonsense_or_both_until_and_how_long_is_answered(sim):
    with pytest.raises(ValueError, match="`easter` is no time: write it as 2026-01-01T00:00:00Z"):
        sim.advance(until="easter")
    with pytest.raises(ValueError, match=r"not both: `sim.advance\(until='2027-01-01'\)`"):
        sim.advance(until="2027-01-01", days=3)
    assert sim.now == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_number_without_a_unit_is_asked_for_its_unit(sim):
    with pytest.raises(ValueError, match=r"sim\.advance\(days=3\)"):
        sim.advance(3)


def test_a_start_may_be_a_datetime_and_nonsense_is_answered_with_an_example():
    with Simulator(start=datetime(2026, 1, 1)) as sim:  # noqa: DTZ001
        assert sim.now == datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="`tomorrow` is no time: write it as 2026-01-01T00:00:00Z"):
        Simulator(start="tomorrow")


@pytest.mark.parametrize("call", ["schedule_key_deletion", "enable_key_rotation"])
def test_what_would_fall_due_after_the_last_year_is_refused_and_changes_nothing(call):
    with Simulator(start="9999-12-20T00:00:00Z") as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["KeyId"]
        with pytest.raises(kms.exceptions.KMSInternalException, match="after the year 9999"):
            getattr(kms, call)(KeyId=key)
        assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
        assert [record.error for record in sim.trail] == ["", "KMSInternalException", ""]


def test_one_policy_without_its_list_and_tags_that_are_no_text_are_refused(sim):
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    for wrong in (policy, json.dumps(policy)):
        with pytest.raises(ValueError, match="put this one into brackets"):
            sim.user("alice", policies=wrong)
    with pytest.raises(ValueError, match="keys and values of tags are text"):
        sim.user("alice", tags={"level": 2})


def test_a_deleted_key_is_forgotten_by_the_hsm(sim, kms):
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.encrypt(KeyId=key, Plaintext=b"x")
    held = vars(sim.service.hsm)["_Hsm__open"]
    assert len(held) == 1
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    sim.advance(days=8)
    assert len(held) == 0


def test_who_waits_while_time_passes_is_answered_before_the_next_event(sim, kms, key, monkeypatch):
    kms.enable_key_rotation(KeyId=key)
    first_due, events, done = service.first_due, [], threading.Event()

    def first_due_when_somebody_waits(store, to):
        while not sim.service._one._waiting:
            threading.Event().wait(0.0001)
        events.append([record.operation for record in sim.trail])
        return first_due(store, to)

    def ask():
        while not done.is_set():
            kms.describe_key(KeyId=key)

    monkeypatch.setattr(service, "first_due", first_due_when_somebody_waits)
    other = threading.Thread(target=ask)
    other.start()
    sim.advance(days=3650)
    done.set()
    other.join()
    told = [operation for operation in events[-1] if operation in ("RotateKey", "DescribeKey")]
    assert told.count("RotateKey") == 9 or told.count("RotateKey") == 10
    between = "".join("r" if operation == "RotateKey" else "d" for operation in told)
    assert "rr" not in between


def test_time_moves_on_by_whoever_moves_it_further(sim, monkeypatch):
    """Somebody else lets more time pass, while a shorter time passes here."""
    begin, first_due = sim.now, service.first_due

    def while_another_advances(store, to):
        if to == begin + timedelta(days=1):
            sim.service.clock.move_to(begin + timedelta(days=30))
        return first_due(store, to)

    monkeypatch.setattr(service, "first_due", while_another_advances)
    assert sim.advance(days=1) == begin + timedelta(days=30)
