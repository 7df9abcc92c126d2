"""Signing on one page: what is checked outside, what is not, and what these keys do not have."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct

from kms_teach.chapters.signing.facts import Sizes
from kms_teach.drawing import scene
from kms_teach.drawing.answers import outcome
from kms_teach.drawing.layout import Part, Text, grid
from kms_teach.drawing.look import KMS, LABEL, MATERIALS, NOTE, WHITE, size
from kms_teach.drawing.page import STEP, Panel, centred, page
from kms_teach.drawing.picture import Picture
from kms_teach.drawing.svg import Drawing
from kms_teach.trail import Record

TITLE = "The private half stays in KMS, and the public one checks"
PLATE = 60, 40  # px: width, height
ROWS = 116, 168  # px of width: what was done, what came of it
REACH = 128  # px from a panel's middle to what stands at its sides
Row = tuple[str, bool, str]  # what was done, whether it went well, what came of it


class SigningFacts(Struct, frozen=True):
    """Six panels, read off the calls of a run."""

    public: int
    rows: tuple[tuple[Row, ...], ...]  # of the panels that are drawn as rows
    secret: int
    old: int  # bytes of an ECDSA signature, and of an ML-DSA-65 one
    new: int

    @classmethod
    def of(
        cls, given: Record, disabled: Record, fits: bool, mac: Record, no_public: Record, rotation: Record,
        context: Record, derived: Record, sizes: Sizes,
    ) -> "SigningFacts":  # fmt: skip
        """Read the facts: GetPublicKey; Verify with the disabled key, and what the partner found; VerifyMac, and
        GetPublicKey of an HMAC key; EnableKeyRotation and Encrypt with a context, of asymmetric keys; the secret."""
        rows = (
            (("the partner", fits, "it fits" if fits else "does not fit"), _row("Verify", disabled, "SignatureValid")),
            (_row("VerifyMac", mac, "MacValid"), _row("GetPublicKey", no_public, "a public key")),
            (_row("rotation", rotation, "switched on"), _row("a context", context, "encrypted")),
        )
        secret = derived.returned.get("SharedSecret", 0)
        return cls(given.returned["PublicKey"], rows, secret, sizes["ECC_NIST_P256"].bytes, sizes["ML_DSA_65"].bytes)

    @property
    def panels(self) -> tuple[tuple[str, str], ...]:
        """Give the six messages, each with its evidence."""
        off, mac, neither = self.rows
        given = f"GetPublicKey gave {size(self.public)} once. Every check after it needs no call."
        asked = ", ".join(f"{what} {'works' if worked else 'is refused'}" for what, worked, _ in neither)
        return (
            ("The public half checks", given),
            ("It cannot be taken back", f"The key is disabled: {off[1][2]} at KMS, and outside {off[0][2]}."),
            ("A MAC is checked in KMS alone", f"An HMAC key has no public half: {mac[1][2]}."),
            ("A secret that nobody sends", f"Two public keys travel, and both ends have the same {size(self.secret)}."),
            ("No rotation, no context", f"Of asymmetric keys: {asked}. Both are for symmetric encryption keys."),
            ("Post-quantum costs bytes", f"A signature: {self.old:,} bytes with ECDSA, {self.new:,} with ML-DSA-65."),
        )


def _row(what: str, record: Record, well: str) -> Row:
    return what, record.worked, record.error or well


def signing_page(facts: SigningFacts) -> Picture:
    """Draw the chapter on one page."""
    off, mac, neither = (partial(_rows, rows) for rows in facts.rows)
    drawn: tuple[Callable[[Drawing, float, float], None], ...] = (
        _halves, off, mac, _secret, neither, partial(_bars, facts),
    )  # fmt: skip
    panels = [Panel(*words, draw) for words, draw in zip(facts.panels, drawn, strict=True)]
    line = "; ".join(f"{what}: {came}" for rows in facts.rows for what, _, came in rows)
    told = f"public key {facts.public}; {line}; secret {facts.secret}; {facts.old} and {facts.new} bytes"
    return page("signing-page", TITLE, panels, f"Signing on one page: {told}")


def _halves(d: Drawing, x: float, y: float) -> None:
    wide, high = PLATE
    scene.plate(d, x - REACH, y - high / 2, wide, high, key=MATERIALS[0].fill)
    d.arrow(x - REACH + wide + 14, y, x + REACH - 50, y, above="GetPublicKey")
    d.use("key", x + REACH - 28, y, fill=WHITE, stroke=KMS.mark, thick=1.6)


def _secret(d: Drawing, x: float, y: float) -> None:
    for side in (-1, 1):
        scene.data_key(d, x + side * REACH - 9, y)
    d.arrow(x - REACH + 40, y - 8, x + REACH - 40, y - 8, above="a public key")
    d.arrow(x + REACH - 40, y + 22, x - REACH + 40, y + 22, above="a public key")


def _rows(rows: tuple[Row, ...], d: Drawing, x: float, y: float) -> None:
    cells: list[list[Part]] = [
        [Text(what, leading=STEP), outcome(well, came, LABEL if well else NOTE, leading=STEP)]
        for what, well, came in rows
    ]
    centred(d, x, y, grid(cells, ROWS, gap=8, apart=8), sum(ROWS) + 8)


def _bars(facts: SigningFacts, d: Drawing, x: float, y: float) -> None:
    """Both signatures to scale."""
    left, most = x - REACH, 2 * REACH - 56
    for at, (name, count) in enumerate((("ECDSA", facts.old), ("ML-DSA-65", facts.new))):
        top = y - 34 + 36 * at
        d.text(left, top + 10, name, NOTE)
        d.rect(left, top + 15, max(most * count / facts.new, 2), 12, 0, fill=KMS.mark)
        d.text(left + most * count / facts.new + 8, top + 25.5, f"{count:,}", NOTE, weight=700)
