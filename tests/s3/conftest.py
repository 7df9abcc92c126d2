import json

import pytest

from kms_teach import Simulator

HOME, OTHER = "111122223333", "444455556666"
BUCKET = "notes-of-a-class"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(action, resource, effect="Allow", **more):
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def allow(action, resource="*", **more):
    return {"Version": "2012-10-17", "Statement": [statement(action, resource, **more)]}


def arn(key=""):
    return f"arn:aws:s3:::{BUCKET}/{key}" if key else f"arn:aws:s3:::{BUCKET}"


@pytest.fixture
def sim():
    with Simulator(start="2026-06-01T00:00:00Z") as sim:
        yield sim


@pytest.fixture
def s3(sim):
    """A client of the root user, with a bucket."""
    client = sim.client("s3")
    client.create_bucket(Bucket=BUCKET)
    return client


@pytest.fixture
def kms_key(kms):
    """The ARN of a symmetric key."""
    return kms.create_key()["KeyMetadata"]["Arn"]


@pytest.fixture
def put(s3):
    def put(key="note", body=b"a note", **params):
        return s3.put_object(Bucket=BUCKET, Key=key, Body=body, **params)

    return put


@pytest.fixture
def got(s3):
    def got(key="note", **params):
        return s3.get_object(Bucket=BUCKET, Key=key, **params)["Body"].read()

    return got


@pytest.fixture
def asked(sim):
    """The calls that KMS was asked by S3 since the last time, with their encryption contexts."""
    seen = [0]

    def asked():
        records, seen[0] = sim.trail[seen[0] :], len(sim.trail)
        return [
            (each.operation, each.event["requestParameters"]["encryptionContext"])
            for each in records
            if each.event["userIdentity"].get("invokedBy") == "fas.s3.amazonaws.com"
        ]

    asked()
    return asked
