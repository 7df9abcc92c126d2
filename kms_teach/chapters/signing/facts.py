"""What this chapter's pictures are drawn from: a check outside, a shared secret, sizes, a handshake in the trail."""

from collections.abc import Sequence

from msgspec import Struct

from kms_teach.drawing.look import size
from kms_teach.trail import Record

CURVE_BITS = {"ECC_NIST_P256": 256, "ECC_SECG_P256K1": 256, "ECC_NIST_P384": 384, "ECC_NIST_P521": 521}
HYBRID = "MLKEM"  # in the names of IANA's registry
AGREED = {"DeriveSharedSecret": "ECDH", "Decapsulate": "ML-KEM", "Encapsulate": "ML-KEM"}
# Bytes of a public key as GetPublicKey gives it, and of a signature or an encapsulation, where none can be made here:
# FIPS 203, table 3, and FIPS 204, table 2, with the 22 bytes that SubjectPublicKeyInfo puts before such a key.
PUBLISHED = {
    "ML_DSA_44": (1334, 2420), "ML_DSA_65": (1974, 3309), "ML_DSA_87": (2614, 4627),
    "ML_KEM_768": (1206, 1088), "ML_KEM_1024": (1590, 1568),
}  # fmt: skip
SIZED = {"Sign": "Signature", "Encapsulate": "SharedSecretCiphertextBlob"}


def longest(spec: str, measured: int) -> int:
    """The most bytes of such a signature. ECDSA's is two numbers in DER, of some bytes less now and then."""
    if spec not in CURVE_BITS:
        return measured
    bits = CURVE_BITS[spec]
    numbers = 2 * (2 + bits // 8 + 1)  # tag and length of each, and one more bit, so that it is not negative
    return numbers + (2 if numbers < 128 else 3)


class Halves(Struct, frozen=True):
    """One signature, and what two checks of it said: the partner's with a public key, and Verify's. Sizes in bytes."""

    spec: str
    public: int
    message: int
    signature: int  # at most
    fits: bool  # what the partner found
    checked: int = 1  # messages that the partner checked
    asked: int = 0  # calls of Verify
    code: str = ""  # the error that Verify ended in
    changed: bool = False  # the message, on its way
    stranger: bool = False  # the partner holds somebody else's public key
    disabled: bool = False

    @classmethod
    def of(
        cls, spec: str, given: Record, signed: Record, *, fits: bool, verify: Record | None = None, checked: int = 1,
        changed: bool = False, stranger: bool = False, disabled: bool = False,
    ) -> "Halves":  # fmt: skip
        """Read the facts off GetPublicKey, Sign and, when KMS was asked as well, Verify."""
        return cls(
            spec, given.returned["PublicKey"], signed.sent["Message"], longest(spec, signed.returned["Signature"]),
            fits, checked, 0 if verify is None else 1, "" if verify is None else verify.error, changed, stranger,
            disabled,
        )  # fmt: skip

    @property
    def title(self) -> str:
        """The message of the picture."""
        if self.changed:
            return "The message was changed, and the signature no longer fits"
        if self.stranger:
            return "The wrong public key: a good signature does not fit it"
        if self.disabled:
            return "The key is disabled, and its signature still fits outside"
        if self.asked:
            return "Two checks agree, and one needed no call"
        return "The public half checks it, and KMS is not asked"

    @property
    def outside(self) -> str:
        """What the partner found, in a sentence."""
        what = "it" if self.checked == 1 else f"all {self.checked}"
        return f"{'fits' if self.fits else 'does not fit'}: the partner checked {what} without a call"

    @property
    def inside(self) -> str:
        """What KMS said."""
        if not self.asked:
            return "Verify was not called"
        return f"Verify: {self.code}" if self.code else "Verify: SignatureValid is true"


class Secret(Struct, frozen=True):
    """A secret that two ends came to, or not, and what went between them. Sizes in bytes."""

    spec: str
    operation: str  # DeriveSharedSecret or Decapsulate
    to_partner: int  # KMS's public key
    from_partner: int  # the partner's public key, or an encapsulation
    secret: int = 0  # of the secret at KMS; 0: none
    same: bool = False
    code: str = ""
    message: str = ""
    bent: bool = False  # a bit was flipped on the way

    @classmethod
    def of(cls, spec: str, given: Record, called: Record, *, same: bool, bent: bool = False) -> "Secret":
        """Read the facts off GetPublicKey and the call that came to the secret, or was refused."""
        return cls(
            spec, called.operation, given.returned["PublicKey"], sum(called.sent.values()),
            called.returned.get("SharedSecret", 0), same, called.error, called.event.get("errorMessage", ""), bent,
        )  # fmt: skip

    @property
    def how(self) -> str:
        return AGREED[self.operation]

    @property
    def travels(self) -> str:
        """What the partner sends."""
        return "public key" if self.operation == "DeriveSharedSecret" else "encapsulation"

    @property
    def title(self) -> str:
        """The message of the picture."""
        if self.code:
            return f"No secret: KMS answers {self.code}"
        if self.same:
            return f"{self.secret} bytes at both ends, and nobody sent them"
        return "No error, and the two ends hold different secrets"


class Size(Struct, frozen=True):
    """How long what a key of this spec makes is, and its public key. `made`: in this run, or published."""

    spec: str
    public: int
    bytes: int
    made: bool

    @property
    def signature(self) -> bool:
        return not self.spec.startswith("ML_KEM")


class Sizes(Struct, frozen=True):
    """Signatures and encapsulations of a run, by key spec; where no ML-DSA or ML-KEM was made, the published sizes."""

    rows: tuple[Size, ...]

    @classmethod
    def of(cls, records: Sequence[Record]) -> "Sizes":
        """Read them off a trail: which spec a key has stands in its CreateKey."""
        specs = {r.event["resources"][0]["ARN"]: r.parameters["keySpec"]
                 for r in records if r.operation == "CreateKey" and r.worked}  # fmt: skip
        made: dict[str, int] = {}
        public: dict[str, int] = {}
        for record in (r for r in records if r.worked and r.operation in (*SIZED, "GetPublicKey")):
            spec = specs.get(record.event["resources"][0]["ARN"], "")
            if record.operation == "GetPublicKey":
                public[spec] = record.returned["PublicKey"]
            elif spec:
                made[spec] = longest(spec, record.returned[SIZED[record.operation]])
        rows = [Size(spec, public.get(spec, 0), count, True) for spec, count in made.items()]
        rows += [Size(spec, *sizes, made=False) for spec, sizes in PUBLISHED.items() if spec not in made]
        rows.sort(key=lambda row: (not row.signature, row.bytes))
        return cls(tuple(rows))

    def __getitem__(self, spec: str) -> Size:
        return next(row for row in self.rows if row.spec == spec)

    def words(self, spec: str) -> str:
        """How long it is, as a prediction says it."""
        return size(self[spec].bytes)


class Handshake(Struct, frozen=True):
    """Who called over which key exchange, and what a hybrid one sends. Sizes in bytes."""

    shares: tuple[tuple[str, int, int, int], ...]  # what, client's, server's, secret
    calls: tuple[tuple[str, str, str], ...]  # caller, operation, keyExchange

    @classmethod
    def of(cls, records: Sequence[Record], shares: Sequence[tuple[str, int, int, int]] = ()) -> "Handshake":
        """Read the calls off a trail: those whose event tells a key exchange, alike ones once."""
        told = [(r.caller, r.operation, r.event.get("tlsDetails", {}).get("keyExchange", "")) for r in records]
        return cls(tuple(shares), tuple(dict.fromkeys(row for row in told if row[2])))

    @property
    def total(self) -> tuple[int, int, int]:
        """What client and server send in all, and the secret."""
        _, client, server, secret = zip(("", 0, 0, 0), *self.shares, strict=True)
        return sum(client), sum(server), sum(secret)

    @property
    def classical(self) -> tuple[str, ...]:
        """Who still calls without a post-quantum part, each once."""
        return tuple(dict.fromkeys(caller for caller, _, group in self.calls if HYBRID not in group))
