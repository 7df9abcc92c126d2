import json
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

import kms_teach
import kms_teach.simulator
import kms_teach.trail
from kms_teach import Simulator
from kms_teach.trail import BATCH, Trail


def test_a_call_is_recorded_as_cloudtrail_does(sim, kms, key):
    kms.encrypt(KeyId=key, Plaintext=b"hello", EncryptionContext={"Department": "Engineering"})
    event = sim.trail[-1].event
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    assert event["eventName"] == "Encrypt"
    assert event["eventSource"] == "kms.amazonaws.com"
    assert event["eventTime"] == "2026-01-01T00:00:00Z"
    assert event["readOnly"] is True
    assert event["responseElements"] is None
    assert event["requestParameters"] == {
        "keyId": key,
        "encryptionContext": {"Department": "Engineering"},
        "encryptionAlgorithm": "SYMMETRIC_DEFAULT",
    }
    assert event["resources"] == [{"accountId": "111122223333", "type": "AWS::KMS::Key", "ARN": arn}]
    assert len(event["additionalEventData"]["keyMaterialId"]) == 64


def test_the_keys_of_an_encryption_context_keep_their_case(sim, kms, key):
    kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"Department": "A"})
    assert sim.trail[-1].event["requestParameters"]["encryptionContext"] == {"Department": "A"}


def test_plaintext_and_ciphertext_are_in_no_event(sim, kms, key):
    blob = kms.encrypt(KeyId=key, Plaintext=b"attack at dawn")["CiphertextBlob"]
    kms.decrypt(CiphertextBlob=blob)
    for record in sim.trail:
        assert "plaintext" not in str(record.event).lower().replace("generatedatakeywithoutplaintext", "")
        assert "attack" not in str(record.event)
        assert "ciphertext" not in str(record.event).lower()


def test_a_record_tells_what_the_event_does_not(sim, kms, key):
    blob = kms.encrypt(KeyId=key, Plaintext=b"hello")["CiphertextBlob"]
    record = sim.trail[-1]
    assert record.sent == {"Plaintext": 5}
    assert record.returned == {"CiphertextBlob": len(blob)}
    assert [(u.number, u.of, u.role) for u in record.used] == [(1, 1, "encrypts")]
    assert record.decision.allowed


def test_a_refusal_is_recorded_with_its_code_and_words(sim, kms, key, refused):
    kms.disable_key(KeyId=key)
    said = refused(kms.encrypt, KeyId=key, Plaintext=b"x")
    event = sim.trail[-1].event
    assert (event["errorCode"], event["errorMessage"]) == said
    assert sim.trail[-1].returned == {}


def test_a_call_that_the_model_refuses_is_recorded_too(sim, kms, key, refused):
    assert refused(kms.encrypt, KeyId=key, Plaintext=b"x" * 4097).code == "ValidationException"
    assert sim.trail[-1].event["errorCode"] == "ValidationException"
    assert sim.trail[-1].sent == {"Plaintext": 4097}


def test_a_change_without_an_answer_logs_the_keys_arn(sim, kms, key):
    kms.disable_key(KeyId=key)
    event = sim.trail[-1].event
    assert event["readOnly"] is False
    assert event["responseElements"] == {"keyId": kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]}


def test_create_key_logs_its_defaults_and_what_it_made(sim, kms):
    kms.create_key(Description="d")
    event = sim.trail[-1].event
    assert event["requestParameters"]["keySpec"] == "SYMMETRIC_DEFAULT"
    assert event["requestParameters"]["bypassPolicyLockoutSafetyCheck"] is False
    made = event["responseElements"]["keyMetadata"]
    assert made["keyState"] == "Enabled"
    assert made["AWSAccountId"] == "111122223333"
    assert made["creationDate"] == "Jan 1, 2026, 12:00:00 AM"


def test_what_aws_does_itself_has_an_event_of_its_own(sim, kms, key):
    kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=90)
    sim.advance(days=91)
    event = sim.trail[-1].event
    assert (event["eventName"], event["eventType"]) == ("RotateKey", "AwsServiceEvent")
    assert event["eventTime"] == "2026-04-01T00:00:00Z"
    assert event["serviceEventDetails"]["rotationType"] == "AUTOMATIC"
    assert event["userIdentity"] == {"accountId": "111122223333", "invokedBy": "AWS Internal"}


def test_it_reads_like_a_list(sim, kms):
    for _ in range(BATCH + 5):
        kms.list_keys()
    trail = sim.trail
    assert len(trail) == BATCH + 5
    assert len(trail[-3:]) == 3
    assert [r.event for r in trail[::100]] == [trail[i].event for i in range(0, BATCH + 5, 100)]
    assert trail[0].event != trail[-1].event
    with pytest.raises(IndexError):
        trail[BATCH + 5]
    with pytest.raises(IndexError):
        trail[-BATCH - 6]
    assert [r.event["eventID"] for r in trail] == [trail[i].event["eventID"] for i in range(len(trail))]


def test_it_answers_the_usual_questions(sim, kms, key):
    other = kms.create_key()["KeyMetadata"]
    kms.encrypt(KeyId=other["KeyId"], Plaintext=b"x")
    assert [r.event["eventName"] for r in sim.trail.about(other["Arn"])] == ["CreateKey", "Encrypt"]
    assert len(sim.trail.named("CreateKey")) == 2


def test_a_record_is_short_to_look_at(sim, kms, key):
    assert repr(sim.trail[-1]) == "<CreateKey by the root user of 111122223333: ok>"
    assert repr(sim.trail) == "<trail of 1 records>"


def test_a_call_on_a_neighbours_key_stands_in_both_trails(sim, kms, key, refused):
    arn = kms.describe_key(KeyId=key)["KeyMetadata"]["Arn"]
    neighbour = sim.client("kms", account="444455556666")
    refused(neighbour.encrypt, KeyId=arn, Plaintext=b"x")
    assert [r.event["recipientAccountId"] for r in sim.trail.named("Encrypt")] == ["444455556666"]
    kms.create_grant(KeyId=key, GranteePrincipal="arn:aws:iam::444455556666:root", Operations=["Encrypt"])
    neighbour.encrypt(KeyId=arn, Plaintext=b"x")
    owners, callers = sim.trail.named("Encrypt")[1:]
    assert (owners.event["recipientAccountId"], callers.event["recipientAccountId"]) == ("111122223333", "444455556666")
    assert owners.event["sharedEventID"] == callers.event["sharedEventID"]
    assert owners.event["userIdentity"]["type"] == "AWSAccount"
    assert "arn" not in owners.event["userIdentity"]
    assert callers.decision.allowed and sim.trail[-1].event["eventID"] == callers.event["eventID"]


def test_a_record_says_what_was_asked_and_how_it_ended(sim, kms, key, refused):
    kms.encrypt(KeyId=key, Plaintext=b"x", EncryptionContext={"a": "b"})
    record = sim.trail[-1]
    assert (record.operation, record.worked, record.error) == ("Encrypt", True, "")
    assert record.parameters["encryptionContext"] == {"a": "b"}
    assert record.request_id == record.event["requestID"]
    assert refused(kms.encrypt, KeyId="alias/none", Plaintext=b"x").code == "NotFoundException"
    record = sim.trail[-1]
    assert (record.operation, record.worked, record.error) == ("Encrypt", False, "NotFoundException")


def test_what_aws_does_by_itself_has_no_parameters_and_no_request(sim, kms, key):
    kms.rotate_key_on_demand(KeyId=key)
    record = sim.trail[-1]
    assert (record.operation, record.parameters, record.request_id) == ("RotateKey", {}, "")


def made_by(answer):
    return answer["ResponseMetadata"]["RequestId"]


def test_a_call_is_found_by_its_request_id(sim, kms, key):
    asked = [made_by(kms.describe_key(KeyId=key)) for _ in range(3)]
    len(sim.trail)  # which writes what was held back
    asked += [made_by(kms.list_keys()) for _ in range(2)]
    assert [sim.trail.by_request(one).request_id for one in asked] == asked
    assert sim.trail.by_request(asked[0]).operation == "DescribeKey"
    with pytest.raises(KeyError, match="no call with request id `nobody`"):
        sim.trail.by_request("nobody")


def test_the_copies_of_a_call_are_not_taken_for_it(sim, kms):
    key = kms.create_key(MultiRegion=True)["KeyMetadata"]
    kms.create_grant(KeyId=key["Arn"], GranteePrincipal="arn:aws:iam::444455556666:root", Operations=["Encrypt"])
    neighbour = sim.client("kms", account="444455556666")
    used = sim.trail.by_request(made_by(neighbour.encrypt(KeyId=key["Arn"], Plaintext=b"x")))
    assert used.event["recipientAccountId"] == "444455556666"
    replicated = kms.replicate_key(KeyId=key["KeyId"], ReplicaRegion="eu-west-1")
    assert sim.trail.by_request(made_by(replicated)).operation == "ReplicateKey"


def test_a_newest_call_is_found_without_reading_the_trail():
    class Long:
        """A store with many records that may not all be read."""

        read = 0

        def length(self):
            return 100_000

        def recorded(self, start, stop):
            Long.read += stop - start
            return [b'{"event":{"requestID":"%d","userIdentity":{"type":"Root"}}}' % n for n in range(start, stop)]

    assert Trail(Long()).by_request("99990").request_id == "99990"
    assert Long.read < 200


def test_backwards_a_record_has_the_index_that_it_has_forwards(monkeypatch):
    monkeypatch.setattr(kms_teach.simulator, "KEPT_IN_MEMORY", BATCH)
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        kms = sim.client("kms")
        for _ in range(3 * BATCH + 10):
            kms.list_aliases()
        trail, numbers = sim.trail, range(3 * BATCH + 9, 2 * BATCH - 1, -1)
        walked = {index: json.loads(encoded)["event"]["eventID"] for index, encoded in trail.backwards()}
        for stop in (3 * BATCH + 10, 3 * BATCH + 1, 3 * BATCH, 3 * BATCH - 1, 2 * BATCH, 7):
            assert [index for index, _ in trail.backwards(stop)] == [n for n in numbers if n < stop]
        assert trail._pending  # nothing was written for it
        assert list(walked) == list(numbers)
        assert all(trail[index].event["eventID"] == event for index, event in walked.items() if index >= trail.begins)


def test_the_end_of_a_time_is_found_by_halves(sim, kms, monkeypatch):
    monkeypatch.setattr(kms_teach.trail, "BATCH", 4)
    assert sim.trail.until(sim.now) == 0
    for _ in range(5):
        kms.list_keys()
        kms.list_keys()
        sim.advance(hours=1)
    start = sim.now - timedelta(hours=5)
    assert [sim.trail.until(start + timedelta(hours=n)) for n in (-1, 0, 1, 2, 3, 4, 9)] == [0, 2, 4, 6, 8, 10, 10]
    assert sim.trail.until(start + timedelta(minutes=59)) == 2


def test_a_call_that_waited_has_the_time_of_its_answer(sim, kms, monkeypatch):
    monkeypatch.setattr(sim.service, "check", lambda *_, **__: sim.advance(days=1))
    kms.list_keys()
    sim.client("sts").get_caller_identity()
    assert [record.event["eventTime"][:10] for record in sim.trail] == ["2026-01-02", "2026-01-03"]


def test_a_record_is_read_without_a_database_a_client_or_a_cipher():
    """A picture is made of records; the parts of the package that make them need not be there."""
    package = str(Path(kms_teach.__file__).parent)
    code = f"""
import sys, types
sys.modules["kms_teach"] = package = types.ModuleType("kms_teach")
package.__path__ = [{package!r}]
import kms_teach.trail, kms_teach.keys.key
print([name for name in ("sqlite3", "boto3", "botocore", "cryptography") if name in sys.modules])
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_of_two_permissions_that_were_given_the_last_is_the_one_that_mattered(sim, kms, key):
    blob = kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"]
    kms.re_encrypt(CiphertextBlob=blob, DestinationKeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    assert [decision.action for decision in sim.trail[-1].decisions] == ["kms:ReEncryptFrom", "kms:ReEncryptTo"]
    assert sim.trail[-1].decision.action == "kms:ReEncryptTo"


def test_in_memory_the_newest_records_are_kept_and_it_says_where_they_begin(monkeypatch):
    monkeypatch.setattr(kms_teach.simulator, "KEPT_IN_MEMORY", 300)
    with Simulator() as sim:
        kms = sim.client("kms")
        asked = [made_by(kms.list_keys()) for _ in range(2 * BATCH + 100)]
        trail, length, begins = sim.trail, 2 * BATCH + 100, 2 * BATCH + 100 - 300
        assert (len(trail), trail.begins, len(list(trail))) == (length, begins, 300)
        assert repr(trail) == f"<trail of {length} records, kept from record {begins} on>"
        assert (
            [record.request_id for record in trail] == asked[begins:] == [r.request_id for r in reversed(trail)][::-1]
        )
        assert trail[begins].request_id == trail[:][0].request_id == trail[-300].request_id == asked[begins]
        assert [r.request_id for r in trail[begins - 5 : begins + 2]] == asked[begins : begins + 2]
        assert len(trail[::2]) == 150
        with pytest.raises(
            IndexError, match=f"no record {begins - 1}: of older ones than record {begins} nothing is kept"
        ):
            trail[begins - 1]
        with pytest.raises(KeyError, match=f"of older ones than record {begins}"):
            trail.by_request(asked[begins - 1])
        assert trail.by_request(asked[begins]).request_id == asked[begins]


def test_a_file_keeps_all_of_the_trail_unless_told_how_much(tmp_path):
    for keep, kept in ((None, 2 * BATCH + 10), (50, 50)):
        path = tmp_path / f"{keep}.db"
        with Simulator(path, keep=keep) as sim:
            kms = sim.client("kms")
            for _ in range(2 * BATCH + 10):
                kms.list_keys()
        with Simulator(path) as sim:
            assert (len(sim.trail), len(list(sim.trail))) == (2 * BATCH + 10, kept)
    with pytest.raises(ValueError, match="keep=10_000"):
        Simulator(keep=0)


def test_a_call_that_comes_while_the_trail_is_written_is_neither_lost_nor_doubled(sim, kms, monkeypatch):
    append, store = sim.service.store.append, sim.service.store

    def with_a_call_between(*given):
        monkeypatch.setattr(store, "append", append)
        append(*given)
        kms.list_keys()

    kms.create_key()
    monkeypatch.setattr(store, "append", with_a_call_between)
    len(sim.trail)
    assert [record.operation for record in sim.trail] == ["CreateKey", "ListKeys"]


def test_who_reads_the_trail_lets_nobody_add_to_it_meanwhile(sim, kms, monkeypatch):
    store, free = sim.service.store, []

    def watched(*given):
        other = threading.Thread(target=lambda: free.append(sim.trail._one.acquire(blocking=False)))
        other.start()
        other.join()

    kms.create_key()
    monkeypatch.setattr(store, "append", watched)
    len(sim.trail)
    assert free == [False]


def test_threads_that_call_and_read_see_each_record_once_and_in_order():
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        asked, seen = [[] for _ in range(4)], []

        def call(mine):
            kms = sim.client("kms")
            for _ in range(200):
                mine.append(made_by(kms.list_keys()))

        def read():
            while len(seen) < 30:
                seen.append([record.request_id for record in sim.trail])

        threads = [threading.Thread(target=call, args=[mine]) for mine in asked] + [threading.Thread(target=read)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told = [record.request_id for record in sim.trail]
        assert sorted(told) == sorted(each for mine in asked for each in mine)
        assert [[each for each in told if each in set(mine)] for mine in asked] == asked
        assert all(earlier == told[: len(earlier)] for earlier in seen)


def test_the_trail_in_memory_has_an_end_in_bytes_too(monkeypatch):
    monkeypatch.setattr("kms_teach.simulator.BYTES_IN_MEMORY", 6_000_000)
    with Simulator() as sim:
        kms = sim.client("kms")
        for n in range(1100):
            kms.create_key(Description=f"{n}" + "x" * 8000)
        stored = sim.service.store
        length = stored.length()
        assert sum(map(len, stored.recorded(stored.first(), length))) <= 6_000_000
        assert length - stored.first() == BATCH
        assert len(list(sim.trail)) == len(sim.trail) - sim.trail.begins
        assert "1099" in sim.trail[-1].parameters["description"]


@pytest.mark.parametrize("group", ["X25519MLKEM768", "x25519"])
def test_the_trail_tells_the_key_exchange_that_a_client_was_given(sim, group):
    sim.role("app").client("sts", key_exchange=group).get_caller_identity()
    sim.root().client("kms", key_exchange=group).create_key()
    for record, host in zip(sim.trail[-2:], ("sts.amazonaws.com", "kms.us-east-1.amazonaws.com"), strict=True):
        assert record.event["tlsDetails"] == {
            "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_256_GCM_SHA384", "clientProvidedHostHeader": host,
            "keyExchange": group,
        }  # fmt: skip


def test_the_trail_makes_up_no_handshake(sim, kms, key):
    assert sim.trail[-1].event["tlsDetails"] == {"clientProvidedHostHeader": "kms.us-east-1.amazonaws.com"}


def test_a_client_is_given_no_group_that_nobody_knows(sim):
    with pytest.raises(ValueError, match="is no group of TLS here: choose from X25519MLKEM768"):
        sim.role("app").client("kms", key_exchange="kyber")
