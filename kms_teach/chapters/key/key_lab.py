"""The lab of a key: choose its type and Region, look into the HSM, and ask for what lies there."""

from typing import Any

from kms_teach.chapters.key.anatomy import anatomy
from kms_teach.chapters.key.facts import NAMELESS, PUBLIC_KEY, KeyFacts, Request
from kms_teach.drawing.look import LAB, size
from kms_teach.keys.key import Key
from kms_teach.keys.names import scope_of
from kms_teach.keys.specs import SPECS, SYMMETRIC
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import button, choice, inline, tick
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of
from kms_teach.trail import Record

REGIONS = ("us-east-1", "eu-west-1", "ap-south-1")
PUBLIC, NEW, IMPORT, STOLEN = "GetPublicKey", "GenerateDataKey", "GetParametersForImport", "Decrypt its stored copy"
WAYS = (PUBLIC, NEW, IMPORT, STOLEN)
# What a refusal to give the key out means, by the way that was tried
WHY = {
    PUBLIC: "Only a key pair has a public half. Make an RSA key, and ask again.",
    NEW: "Only a symmetric key that encrypts makes data keys, and they are new ones each time.",
    IMPORT: "Material goes in that way, into a key made for it. None comes out.",
    STOLEN: "Whoever steals AWS's disks has this, and only an HSM of this Region opens it.",
}


class KeyLab(Lab):
    """Make a key of any type in any Region, and ask KMS for its secret."""

    def __init__(self, sim: Simulator) -> None:
        self._sim = sim
        self._clients = {region: sim.client("kms", region=region) for region in REGIONS}
        self._keys: dict[tuple[str, str, str], dict[str, Any]] = {}  # (spec, usage, Region) -> its KeyMetadata
        self._asked: Record | None = None
        self.spec = choice("Key spec", [name for name, spec in SPECS.items() if spec.available], SYMMETRIC)
        self.usage = choice("Usage", list(SPECS[SYMMETRIC].algorithms), listed=True)
        self.region = choice("Region", REGIONS)
        self.opened = tick("Open the HSM")
        self.way = inline(choice("By", WAYS, listed=True))
        self.ask = button("Ask for the key")
        controls = [self.spec, self.usage, self.region, self.opened, self.way, self.ask]
        super().__init__(controls, "A key, and who can see it", lines=5)
        self.on(self.spec, self._choose, "Making a key of that spec …")
        self.on(self.usage, self._make, "Making a key for that …")
        self.on(self.region, self._make, "Making a key there …")
        self.on(self.opened, self._open)
        self.on(self.way, self._ready)
        self.on(self.ask, self._ask)
        self._make()

    @property
    def described(self) -> dict[str, Any]:
        """The KeyMetadata of the key that is shown."""
        return self._keys[self._chosen]

    @property
    def _chosen(self) -> tuple[str, str, str]:
        return self.spec.value, self.usage.value, self.region.value

    @property
    def _stored(self) -> bytes:
        """The material as it is stored: sealed under a key that only the HSM has."""
        key = self._sim.service.store.get(
            Key, scope_of(self.described["AWSAccountId"], self.region.value), self.described["KeyId"]
        )
        assert key is not None
        return key.current.sealed.sealed

    def _choose(self) -> None:
        self.refill(self.usage, [(usage, usage) for usage in SPECS[self.spec.value].algorithms])
        self._make()

    def _make(self) -> None:
        """Make the key that is chosen, once; of another key nobody has asked anything."""
        spec, usage, region = self._chosen
        if self._chosen not in self._keys:
            made = self._clients[region].create_key(KeySpec=spec, KeyUsage=usage, Description="for the lab of a key")
            self._keys[self._chosen] = made["KeyMetadata"]
        self._asked = None
        self._draw()
        self.say(
            f"`CreateKey` in {region} answered {len(self.described)} fields, and none is the {self._facts.secret}."
        )

    def _open(self) -> None:
        self._draw()
        if self.opened.value:
            self.say(f"One {self._facts.secret}. This look inside is the simulator's; at AWS nobody has it.")
        else:
            self.say("Closed, as at AWS.")

    def _ready(self) -> None:
        self.say(f"Press the button to ask by: {self.way.value}.")

    def _ask(self) -> None:
        way, kms, arn = self.way.value, self._clients[self.region.value], self.described["Arn"]
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            PUBLIC: (kms.get_public_key, {"KeyId": arn}),
            NEW: (kms.generate_data_key, {"KeyId": arn, "KeySpec": "AES_256"}),
            IMPORT: (kms.get_parameters_for_import,
                     {"KeyId": arn, "WrappingAlgorithm": "RSAES_OAEP_SHA_256", "WrappingKeySpec": "RSA_2048"}),
            STOLEN: (kms.decrypt, {"CiphertextBlob": self._stored}),
        }  # fmt: skip
        call, parameters = calls[way]
        self._asked = record_of(self._sim.trail, call, **parameters)
        self._draw()
        asked = Request.of(self._asked)
        if asked.code:
            self.say(f"`{asked.code}`. {WHY[way]}", mistake=True, word="Refused")
        elif PUBLIC_KEY in asked.members:
            self.say(f"{size(asked.returned[-1].count)} for everybody. From them nobody gets the private key.")
        else:
            self.say("Ask once more: another key again. KMS makes it for your data, and keeps no copy.")

    @property
    def _facts(self) -> KeyFacts:
        return KeyFacts.of(
            self.described, NAMELESS, sealed=len(self._stored), opened=self.opened.value, asked=self._asked
        )

    def _draw(self) -> None:
        self.show(anatomy(self._facts, canvas=LAB))
