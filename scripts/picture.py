"""Draw the README's picture from a run: a user is denied, and the call is opened."""

from pathlib import Path

from botocore.exceptions import ClientError

from kms_teach import Simulator
from kms_teach.drawing.picture import Picture
from kms_teach.inspect.opened import opened

PLACE = Path(__file__).resolve().parents[1] / "docs" / "picture.svg"


def picture() -> Picture:
    with Simulator(start="2026-01-01T00:00:00Z") as sim:
        kms, alice = sim.client("kms"), sim.user("alice").client("kms")
        arn = kms.create_key()["KeyMetadata"]["Arn"]
        kms.create_alias(AliasName="alias/letters", TargetKeyId=arn)
        blob = kms.encrypt(KeyId="alias/letters", Plaintext=b"Meet me at noon.")["CiphertextBlob"]
        try:
            alice.decrypt(CiphertextBlob=blob)
        except ClientError:
            return opened(sim.trail[-1], names={arn: "alias/letters"})
        raise AssertionError("alice was not denied")


if __name__ == "__main__":
    picture().save(PLACE)
