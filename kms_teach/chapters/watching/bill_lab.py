"""The lab of the bill: keys, rotations, replicas and messages, and what a month of them costs in three ways."""

from kms_teach.chapters.watching.bill import Bill, dollars
from kms_teach.chapters.watching.bill_chart import ways
from kms_teach.chapters.watching.prices import PAID_ROTATIONS
from kms_teach.chapters.watching.ways import ACCOUNT, Way, Ways
from kms_teach.chapters.watching.world import SINCE, UNTIL
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import choice, slider, stops
from kms_teach.teaching.lab import Lab

SAMPLE = 100  # messages, whose calls are counted
EACH, CACHED, BUCKET_KEY = "a data key for each", "a data key for 100", "S3 objects, bucket key"
MESSAGES = {f"{count:,}": count for count in (10_000, 100_000, 1_000_000, 10_000_000, 100_000_000)}
REGIONS = ("eu-west-1", "ap-south-1", "ca-central-1")
KEYS_MOST, ROTATIONS_MOST = 10, 5


class BillLab(Lab):
    """A month's bill; the calls behind it are made in a simulator of the lab's own, and counted."""

    def __init__(self) -> None:
        self._stored: dict[tuple[int, int], Bill] = {}
        self._ways = {name: counted(name) for name in (EACH, CACHED, BUCKET_KEY)}
        self.key_count = slider("Keys", 1, KEYS_MOST, 3)
        self.rotations = slider("Rotations of each", 0, ROTATIONS_MOST, 0)
        self.replicas = slider("Replicas of each", 0, len(REGIONS), 0)
        self.messages = stops("Messages a month", MESSAGES, MESSAGES["10,000,000"])
        self.way = choice("They get", list(self._ways), listed=True)
        controls = [self.key_count, self.rotations, self.replicas, self.messages, self.way]
        super().__init__(controls, "What a month costs", lines=6)
        for control in controls:
            self.on(control, self._draw)
        self._draw()

    @property
    def facts_now(self) -> Ways:
        rotations, replicas = self.rotations.value, self.replicas.value
        if (rotations, replicas) not in self._stored:
            self._stored[rotations, replicas] = stored(rotations, replicas)
        one = self._stored[rotations, replicas]
        return Ways.of(self.key_count.value, rotations, replicas, self.messages.value, self._ways, one, self.way.value)

    def _draw(self) -> None:
        facts = self.facts_now
        asked = facts.way.requests(facts.messages)
        rotated = ""
        if facts.rotations > PAID_ROTATIONS:
            rotated = f" Of {facts.rotations} rotations {PAID_ROTATIONS} are paid for, the rest is free."
        elif facts.rotations and facts.replicas:
            rotated = " Rotations are counted once, at the primary."
        told = f"{asked:,} requests, of which 20,000 are free, and {facts.keys * (1 + facts.replicas)} KMS keys: "
        self.show(ways(facts, canvas=LAB), f"{told}{dollars(facts.bill.total)}.{rotated}")


def stored(rotations: int, replicas: int) -> Bill:
    """The bill of a month for one key, which is rotated and replicated in its first hour."""
    with Simulator(start=SINCE) as sim:
        kms = sim.client("kms")
        key = kms.create_key(MultiRegion=True)["KeyMetadata"]["Arn"]
        for _ in range(rotations):
            kms.rotate_key_on_demand(KeyId=key)
        for region in REGIONS[:replicas]:
            kms.replicate_key(KeyId=key, ReplicaRegion=region)
        return Bill.of(sim.trail, ACCOUNT, SINCE, UNTIL)


def counted(name: str) -> Way:
    """The calls that some messages come to, made and counted."""
    with Simulator(start=SINCE) as sim:
        kms = sim.client("kms")
        key = kms.create_key()["KeyMetadata"]["Arn"]
        if name == BUCKET_KEY:
            s3 = sim.client("s3")
            s3.create_bucket(Bucket="messages")
            for number in range(SAMPLE):
                s3.put_object(Bucket="messages", Key=str(number), Body=b"", ServerSideEncryption="aws:kms",
                              SSEKMSKeyId=key, BucketKeyEnabled=True)  # fmt: skip
        for _ in range({EACH: SAMPLE, CACHED: 1}.get(name, 0)):
            kms.generate_data_key(KeyId=key, KeySpec="AES_256")
        return Way(name, SAMPLE, len(sim.trail.named("GenerateDataKey")))
