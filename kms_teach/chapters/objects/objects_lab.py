"""The lab of S3: upload an object, choose its encryption, and see what a reader's GET needs."""

import json
from typing import Any

from kms_teach.chapters.objects.facts import BY_S3, Get
from kms_teach.chapters.objects.two_yeses import two_yeses
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import button, choice, tick
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of

READER, BUCKET = "mira", "lab-photos"
SSE_S3, AWS_S3, YOUR_KEY = "SSE-S3", "SSE-KMS, aws/s3", "SSE-KMS, your key"
ENABLED, DISABLED, PENDING = "Enabled", "Disabled", "PendingDeletion"
MINUTES = 5  # that this simulator keeps a bucket key
WHY = {  # the action that an error names: what to change
    "s3:GetObject": "S3 said no, and did not ask KMS. Neither the bucket policy nor IAM allows it.",
    "kms:Decrypt": "S3 said yes. What is missing is kms:Decrypt, for the one who reads.",
    "": "Nobody's permission is missing: the key itself does not work.",
}


class ObjectsLab(Lab):
    """One bucket, one reader, and a photo that is uploaded again whenever its encryption changes."""

    def __init__(self, sim: Simulator) -> None:
        self._sim, self._s3, self._kms, self._iam = sim, sim.client("s3"), sim.client("kms"), sim.client("iam")
        taken = {bucket["Name"] for bucket in self._s3.list_buckets()["Buckets"]}
        self._bucket = next(name for n in range(1, 1000) if (name := f"{BUCKET}-{n}") not in taken)
        self._s3.create_bucket(Bucket=self._bucket)
        self._key = self._kms.create_key(Description="of the lab's photos")["KeyMetadata"]["Arn"]
        self._reader = sim.user(READER)
        self._count = 0
        self.encryption = choice("Encryption", (SSE_S3, AWS_S3, YOUR_KEY), YOUR_KEY)
        self.bucket_key = tick("Bucket key")
        self.upload = button("Upload the next photo")
        self.gets = tick(f"{READER}: s3:GetObject", True)
        self.decrypts = tick(f"{READER}: kms:Decrypt", True)
        self.state = choice("Your key", (ENABLED, DISABLED, PENDING))
        self.wait = button(f"Wait {MINUTES} minutes")
        controls = [self.encryption, self.bucket_key, self.upload, self.gets, self.decrypts, self.state, self.wait]
        super().__init__(controls, "One photo, and who reads it", lines=7)
        for control in (self.encryption, self.bucket_key, self.upload):
            self.on(control, self._upload)
        for control in (self.gets, self.decrypts):
            self.on(control, self._read)
        self.on(self.state, self._switch)
        self.on(self.wait, self._wait)
        self._upload()

    @property
    def asked(self) -> int:
        """How often S3 has asked KMS for objects of this lab."""
        arn = f"arn:aws:s3:::{self._bucket}"
        return sum(
            str(record.parameters.get("encryptionContext", {}).get("aws:s3:arn", "")).split("/")[0] == arn
            for record in self._sim.trail
            if record.event["userIdentity"].get("invokedBy") == BY_S3
        )

    def _upload(self) -> None:
        more: dict[str, Any] = {"ServerSideEncryption": "AES256"}
        if self.encryption.value != SSE_S3:
            more = {"ServerSideEncryption": "aws:kms", "BucketKeyEnabled": self.bucket_key.value}
        if self.encryption.value == YOUR_KEY:
            more["SSEKMSKeyId"] = self._key
        name = f"{self._count + 1}.jpg"
        self._s3.put_object(Bucket=self._bucket, Key=name, Body=b"\xff\xd8" * 9000, **more)
        self._count += 1
        self._read(f"{name} is stored. ")

    def _give(self) -> None:
        allowed = [a for a, on in (("s3:GetObject", self.gets.value), ("kms:Decrypt", self.decrypts.value)) if on]
        statement = {"Effect": "Allow", "Action": allowed or ["s3:ListAllMyBuckets"], "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._iam.put_user_policy(UserName=self._reader.name, PolicyName="reads", PolicyDocument=document)

    def _switch(self) -> None:
        now = self._kms.describe_key(KeyId=self._key)["KeyMetadata"]["KeyState"]
        if now == PENDING:
            self._kms.cancel_key_deletion(KeyId=self._key)
        if self.state.value == ENABLED:
            self._kms.enable_key(KeyId=self._key)
        elif self.state.value == DISABLED:
            self._kms.disable_key(KeyId=self._key)
        else:
            self._kms.schedule_key_deletion(KeyId=self._key, PendingWindowInDays=30)
        self._read()

    def _wait(self) -> None:
        self._sim.advance(minutes=MINUTES)
        self._read()

    def _read(self, before: str = "") -> None:
        """The reader gets the newest photo."""
        self._give()  # another lab may have given the same reader something else
        get = self._reader.client("s3").get_object
        record = record_of(self._sim.trail, get, Bucket=self._bucket, Key=f"{self._count}.jpg")
        records = [*self._sim.trail[-2:-1], record]
        facts = Get.of(records)
        self.show(two_yeses(facts, canvas=LAB))
        asked = f"S3 has asked KMS {self.asked} times so far."
        if facts.code:
            self.say(f"{before}`{facts.code}`. {WHY[facts.named]} {asked}", mistake=True, word="Refused")
        elif facts.kms is None and self.encryption.value != SSE_S3:
            self.say(f"{before}S3 still holds the bucket key, and asked nobody. {asked}", word="Read")
        else:
            self.say(f"{before}{facts.who} has the photo. {asked}", word="Read")
