"""The handshake of a TLS connection made here, and the calls whose event tells of theirs."""

from msgspec.structs import astuple

from kms_teach.chapters.signing.facts import Handshake
from kms_teach.client_side.partner import PartnerError, handshake
from kms_teach.simulator import Simulator


def handshake_of(sim: Simulator) -> Handshake:
    """Agree as X25519MLKEM768 does, where `cryptography` can, and read the trail."""
    try:
        shares, _ = handshake()
    except PartnerError:  # then the picture says that none was made
        shares = ()
    return Handshake.of(list(sim.trail), [astuple(share) for share in shares])
