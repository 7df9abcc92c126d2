"""The lab of Regions and accounts: the same bytes go to Decrypt elsewhere, and the key is named in other ways."""

from kms_teach.chapters.key.places import Places, places
from kms_teach.drawing.look import LAB
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import button, choice
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of
from kms_teach.trail import Record

REGIONS, ACCOUNTS = ("us-east-1", "eu-west-1"), ("111122223333", "444455556666")
ALIAS = "alias/ship"
BY_NOTHING, BY_ARN, BY_ALIAS = "no KeyId", "its ARN", "its alias"
NOTE = b"Meet me at noon."
ADVICE = {  # the error's code, how the key was named: what it means, or what to try next
    ("AccessDeniedException", BY_NOTHING): "KMS does not say whether it knows the key. Name it by its ARN.",
    ("AccessDeniedException", BY_ARN): "The key is here, and its policy lets no other account in.",
    ("NotFoundException", BY_ARN): "An ARN names a Region, and this KMS is another one.",
    ("NotFoundException", BY_ALIAS): "An alias without an ARN is looked for where and by whom you call.",
}


class PlacesLab(Lab):
    """A key of us-east-1, and a ciphertext that is sent to Decrypt in two Regions, by two accounts."""

    def __init__(self, sim: Simulator) -> None:
        self._trail = sim.trail
        self._clients = {(r, a): sim.client("kms", region=r, account=a) for r in REGIONS for a in ACCOUNTS}
        kms = self._clients[REGIONS[0], ACCOUNTS[0]]
        self._arn = kms.create_key(Description="for the lab of places")["KeyMetadata"]["Arn"]
        pages = kms.get_paginator("list_aliases").paginate()
        names = [entry["AliasName"] for page in pages for entry in page["Aliases"]]
        if ALIAS in names:  # a lab of before in the same simulator
            kms.update_alias(AliasName=ALIAS, TargetKeyId=self._arn)
        else:
            kms.create_alias(AliasName=ALIAS, TargetKeyId=self._arn)
        self._blob = kms.encrypt(KeyId=self._arn, Plaintext=NOTE)["CiphertextBlob"]
        self._records: list[Record] = []
        self.region = choice("Region", REGIONS)
        self.account = choice("Account", ACCOUNTS)
        self.named = choice("The key named by", (BY_NOTHING, BY_ARN, BY_ALIAS))
        self.send = button("Decrypt")
        super().__init__([self.region, self.account, self.named, self.send], "Where a key opens", lines=5)
        for control in (self.region, self.account, self.named):
            self.on(control, self._ready)
        self.on(self.send, self._decrypt)
        self._decrypt()

    def _ready(self) -> None:
        self.say(f"Press the button to ask KMS in {self.region.value} as account {self.account.value}.")

    def _decrypt(self) -> None:
        key = {BY_NOTHING: {}, BY_ARN: {"KeyId": self._arn}, BY_ALIAS: {"KeyId": ALIAS}}[self.named.value]
        kms = self._clients[self.region.value, self.account.value]
        record = record_of(self._trail, kms.decrypt, CiphertextBlob=self._blob, **key)
        self._records.append(record)
        facts = Places.of(self._arn, self._records, ALIAS, REGIONS, ACCOUNTS)
        self.show(places(facts, canvas=LAB))
        tried = f"{len(facts.tried)} of {len(REGIONS) * len(ACCOUNTS)} places tried."
        if record.error:
            self.say(
                f"`{record.error}`. {ADVICE[record.error, self.named.value]} {tried}", mistake=True, word="Refused"
            )
        else:
            self.say(f"The plaintext came back. {tried}", word="Opened")
