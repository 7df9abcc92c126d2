"""The lab of key stores: a key in KMS, in a CloudHSM cluster or outside AWS, and what comes when it is cut off."""

from typing import Any

from kms_teach.chapters.watching.key_stores import KMS, NAMES, Chain
from kms_teach.chapters.watching.store_chain import store_chain
from kms_teach.chapters.watching.world import SINCE
from kms_teach.drawing.look import LAB
from kms_teach.keys.stores import CLOUDHSM, EXTERNAL
from kms_teach.people import KeyStoreBackend
from kms_teach.simulator import Simulator
from kms_teach.teaching.controls import beside, button, choice, tick
from kms_teach.teaching.lab import Lab
from kms_teach.teaching.request import record_of

PLACES = {"KMS": KMS, "CloudHSM": CLOUDHSM, "outside AWS": EXTERNAL}
DECRYPT, ENCRYPT, DESCRIBE = "Decrypt", "Encrypt", "DescribeKey"
OPERATIONS = (DECRYPT, ENCRYPT, DESCRIBE)
STATUS = {  # by the key's state and whether what is behind answers: what to see
    "cut": "KMS is connected, and nobody answers behind. The key still reads Enabled.",
    "Unavailable": "The key store is not connected, so the key is Unavailable.",
    "Enabled": "Whoever cuts the connection stops every use of the key, and nobody at AWS can undo it.",
    "": "There is nothing of yours to cut: AWS runs these HSMs.",
}

NEXT = {  # what to do with a key store that is in this state
    "DISCONNECTED": "Connect it.",
    "FAILED": "Disconnect it first, then connect it again.",
    "CONNECTED": "It needs no connecting.",
}


class StoreLab(Lab):
    """A key in each of three places, and one call after each change."""

    def __init__(self) -> None:
        self.sim = Simulator(start=SINCE)
        self._kms = self.sim.client("kms")
        self._backends: dict[str, KeyStoreBackend] = {}
        self._stores: dict[str, str] = {}
        self._silent: set[str] = set()  # where what holds the key does not answer
        self._keys = {kind: self._key(kind) for kind in PLACES.values()}
        self._notes = {kind: self._encrypt(key) for kind, key in self._keys.items()}
        self.place = choice("The key lives in", list(PLACES))
        self.reachable = tick("What holds the key answers", True)
        self.connect, self.disconnect = button("Connect the store"), button("Disconnect")
        self.operation = choice("Call", OPERATIONS)
        self.call = button("Call again")
        controls = [self.place, self.reachable, *beside(self.connect, self.disconnect), self.operation, self.call]
        super().__init__(controls, "A key store that can be cut off", lines=6)
        self.on(self.place, self._enter)
        self.on(self.reachable, self._cut)
        self.on(self.connect, lambda: self._change("connect_custom_key_store"))
        self.on(self.disconnect, lambda: self._change("disconnect_custom_key_store"))
        for control in (self.operation, self.call):
            self.on(control, self._look)
        self._enter()

    def let_go(self) -> None:
        self.sim.close()

    @property
    def kind(self) -> str:
        return PLACES[self.place.value]

    def refused(self, code: str, message: str) -> None:
        """Of the key store itself: its state says what comes next."""
        if code != "CustomKeyStoreInvalidStateException":
            super().refused(code, message)
            return
        stores = self._kms.describe_custom_key_stores(CustomKeyStoreId=self._stores[self.kind])["CustomKeyStores"]
        state = stores[0]["ConnectionState"]
        self.say(f"`{code}`: it is {state}. {NEXT[state]}", mistake=True, word="Refused")

    def _key(self, kind: str) -> str:
        """A key whose material lives there; its key store is connected."""
        more: dict[str, Any] = {}
        if kind != KMS:
            backend = self._backends[kind] = self.sim.key_store(kind)
            made = self._kms.create_custom_key_store(CustomKeyStoreName=NAMES[kind], **backend.parameters)
            self._stores[kind] = made["CustomKeyStoreId"]
            self._kms.connect_custom_key_store(CustomKeyStoreId=self._stores[kind])
            more = {"CustomKeyStoreId": self._stores[kind], "Origin": kind}
            if kind == EXTERNAL:
                more["XksKeyId"] = backend.add_key("harbour-1")
        made = self._kms.create_key(Description=NAMES[kind], **more)
        return str(made["KeyMetadata"]["Arn"])

    def _encrypt(self, key: str) -> bytes:
        blob: bytes = self._kms.encrypt(KeyId=key, Plaintext=b"14 boats")["CiphertextBlob"]
        return blob

    def _enter(self) -> None:
        """Show the place as it was left; in KMS there is nothing to connect."""
        for control in (self.reachable, self.connect, self.disconnect):
            control.disabled = self.kind == KMS
        with self.filling():
            self.reachable.value = self.kind not in self._silent
        self._look()

    def _cut(self) -> None:
        backend = self._backends[self.kind]
        if self.reachable.value:
            backend.restore()
            self._silent.discard(self.kind)
        else:
            backend.cut_off()
            self._silent.add(self.kind)
        self._look()

    def _change(self, call: str) -> None:
        getattr(self._kms, call)(CustomKeyStoreId=self._stores[self.kind])
        self._look()

    def _look(self) -> None:
        """Make the call, and show how far it came."""
        key, operation = self._keys[self.kind], self.operation.value
        calls: dict[str, tuple[Any, dict[str, Any]]] = {
            DECRYPT: (self._kms.decrypt, {"CiphertextBlob": self._notes[self.kind]}),
            ENCRYPT: (self._kms.encrypt, {"KeyId": key, "Plaintext": b"a note"}),
            DESCRIBE: (self._kms.describe_key, {"KeyId": key}),
        }
        method, parameters = calls[operation]
        record = record_of(self.sim.trail, method, **parameters)
        metadata = self._kms.describe_key(KeyId=key)["KeyMetadata"]
        facts = Chain.of(record, metadata, self._kms.describe_custom_key_stores())
        self.show(store_chain(facts, canvas=LAB))
        silent = facts.connection == "CONNECTED" and not self.reachable.value
        told = STATUS["" if facts.kind == KMS else "cut" if silent else facts.state]
        if facts.code:
            self.say(f"`{facts.code}`. {told}", mistake=True, word="Refused")
        else:
            self.say(f"`{operation}` worked. {told}", word="Done")
