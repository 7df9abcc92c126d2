"""What kms_teach asks of `cryptography`, asked of whichever is imported: made on one side, opened on the other."""

import hashlib
import itertools
import json
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives import serialization as der
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, CTR
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, CounterLocation, Mode
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap_with_padding, aes_key_wrap_with_padding
from cryptography.hazmat.primitives.padding import PKCS7

SIZES = (0, 1, 15, 16, 17, 31, 32, 33, 100, 1000)  # bytes
KEYS = (16, 24, 32)
NOTE = b"fourteen boats"
SHA = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512(), "224": hashes.SHA224()}
SPKI = (der.Encoding.DER, der.PublicFormat.SubjectPublicKeyInfo)
PKCS8 = (der.Encoding.DER, der.PrivateFormat.PKCS8, der.NoEncryption())
CURVES = {curve.name: curve for curve in (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1, ec.SECP256K1)}
OAEP = {hash_.name: padding.OAEP(padding.MGF1(hash_), hash_, None) for hash_ in (hashes.SHA1(), hashes.SHA256())}
RSA_SIGNING = {
    f"{name} {bits}": (how(SHA[bits]), SHA[bits])
    for bits in ("256", "384", "512")
    for name, how in (
        ("PKCS1", lambda _: padding.PKCS1v15()),
        ("PSS", lambda hash_: padding.PSS(padding.MGF1(hash_), padding.PSS.DIGEST_LENGTH)),
    )
}


def some(size: int, seed: bytes) -> bytes:
    """Bytes that are the same on both sides."""
    return hashlib.shake_128(seed).digest(size)


def secret() -> dict[str, Any]:
    """What the same input always gives: AES, HMAC, derivation."""
    told = {}
    for key, size in itertools.product(KEYS, SIZES):
        k, n, data = some(key, b"k"), some(12, b"n"), some(size, b"d")
        told[f"GCM {key} {size}"] = AESGCM(k).encrypt(n, data, some(size, b"a"))
        assert AESGCM(k).decrypt(n, told[f"GCM {key} {size}"], some(size, b"a")) == data
        told[f"CTR {key} {size}"] = Cipher(AES(k), CTR(some(16, b"c"))).encryptor().update(data)
        bent = bytearray(told[f"GCM {key} {size}"])
        bent[size // 2] ^= 1
        told[f"bent {key} {size}"] = _refusal(AESGCM(k).decrypt, n, bytes(bent), some(size, b"a"))
        told[f"other {key} {size}"] = _refusal(AESGCM(k).decrypt, n, told[f"GCM {key} {size}"], b"other")
    told["CTR carries"] = Cipher(AES(bytes(32)), CTR(b"\xff" * 16)).encryptor().update(bytes(64))
    told["short"] = _refusal(AESGCM(bytes(32)).decrypt, bytes(12), b"short", None)
    told["no key"] = _refusal(AESGCM, b"short")
    for (bits, hash_), size in itertools.product(SHA.items(), (1, 32, 64, 200)):
        mac = hmac.HMAC(some(size, b"k"), hash_)
        mac.update(NOTE)
        told[f"HMAC {bits} {size}"] = mac.finalize()
    for length in (16, 32, 64, 100):
        how = (Mode.CounterMode, length, 4, 4, CounterLocation.BeforeFixed, b"label", some(16, b"s"), None)
        told[f"KBKDF {length}"] = KBKDFHMAC(SHA["256"], *how).derive(some(32, b"k"))
    wrong = hmac.HMAC(b"key", SHA["256"])
    told["wrong MAC"] = _refusal(wrong.verify, bytes(32))
    return _hex(told)


def blocks() -> dict[str, Any]:
    """The same, where AES is needed in both directions."""
    told = {}
    for key, size in itertools.product(KEYS, SIZES):
        k, data = some(key, b"k"), some(size, b"d")
        padder, unpadder, cipher = PKCS7(128).padder(), PKCS7(128).unpadder(), Cipher(AES(k), CBC(some(16, b"i")))
        encryptor, decryptor = cipher.encryptor(), cipher.decryptor()
        whole = encryptor.update(padder.update(data) + padder.finalize()) + encryptor.finalize()
        told[f"CBC {key} {size}"] = whole
        assert unpadder.update(decryptor.update(whole) + decryptor.finalize()) + unpadder.finalize() == data
        if size:
            told[f"wrap {key} {size}"] = aes_key_wrap_with_padding(k, data)
            assert aes_key_unwrap_with_padding(k, told[f"wrap {key} {size}"]) == data
            told[f"other {key} {size}"] = _refusal(
                aes_key_unwrap_with_padding, some(key, b"x"), told[f"wrap {key} {size}"]
            )
    return _hex(told)


def made() -> dict[str, Any]:
    """Key pairs, and what each has made of a note."""
    told: dict[str, Any] = {}
    for name, curve in CURVES.items():
        private = ec.generate_private_key(curve())
        told[name] = _pair(private) | {bits: private.sign(NOTE, ec.ECDSA(SHA[bits])) for bits in ("256", "384", "512")}
        told[name]["SEC1"] = private.private_bytes(
            der.Encoding.DER, der.PrivateFormat.TraditionalOpenSSL, der.NoEncryption()
        )
    digest = hashlib.sha256(NOTE).digest()
    private = ec.generate_private_key(ec.SECP256R1())
    told["of a digest"] = _pair(private) | {"256": private.sign(digest, ec.ECDSA(Prehashed(SHA["256"])))}
    private = rsa.generate_private_key(65537, 2048)
    told["rsa"] = _pair(private) | {name: private.sign(NOTE, *how) for name, how in RSA_SIGNING.items()}
    told["rsa"] |= {name: private.public_key().encrypt(NOTE, how) for name, how in OAEP.items()}
    told["ed25519"] = _pair(private := ed25519.Ed25519PrivateKey.generate()) | {"": private.sign(NOTE)}
    told["x25519"] = _pair(x25519.X25519PrivateKey.generate())
    told["numbers"] = {str(n): encode_dss_signature(1 << n, 0x80 << n) for n in (0, 7, 8, 255, 384, 500)}
    return {name: _hex(parts) for name, parts in told.items()}


def opened(told: dict[str, dict[str, str]]) -> dict[str, str]:
    """What this side finds in what the other has `made`: what was meant by "well", else what it was instead."""
    found = {}
    for name, parts in told.items():
        given = {part: bytes.fromhex(value) for part, value in parts.items()}
        if name == "numbers":
            found[name] = _all(
                decode_dss_signature(value) == (1 << int(n), 0x80 << int(n)) for n, value in given.items()
            )
            continue
        private, public = der.load_der_private_key(given.pop("private"), None), der.load_der_public_key(given["public"])
        found[f"{name} halves"] = _all([private.public_key().public_bytes(*SPKI) == given.pop("public")])
        for part, value in given.items():
            found[f"{name} {part}"] = _read(name, part, value, private, public)
        if name in CURVES:
            ours = ec.generate_private_key(CURVES[name]())
            agreed = (ours.exchange(ec.ECDH(), public), private.exchange(ec.ECDH(), ours.public_key()))
            found[f"{name} agrees"] = _all(
                [agreed[0] == agreed[1], private.curve.name == name, public.curve.name == name]
            )
        if name == "rsa":
            found["rsa size"] = _all([private.key_size == public.key_size == 2048])
            found["rsa bent"] = _refusal(private.decrypt, bytes(256), OAEP["sha256"])
        if name == "x25519":
            theirs = x25519.X25519PrivateKey.generate()
            same = theirs.exchange(public) == private.exchange(theirs.public_key())
            found["x25519 agrees"] = _all([same, len(public.public_bytes_raw()) == 32])
    found["another curve"] = _refusal(
        ec.generate_private_key(ec.SECP256R1()).exchange,
        ec.ECDH(),
        ec.generate_private_key(ec.SECP384R1()).public_key(),
    )
    found["no key"] = _refusal(der.load_der_private_key, b"no key", None) + _refusal(der.load_der_public_key, b"no key")
    return found


def _read(name: str, part: str, value: bytes, private: Any, public: Any) -> str:
    if part == "SEC1":
        again = der.load_der_private_key(value, None)
        return _all([again.public_key().public_bytes(*SPKI) == private.public_key().public_bytes(*SPKI)])
    if part in OAEP:
        return _all([private.decrypt(value, OAEP[part]) == NOTE])
    how = RSA_SIGNING[part] if name == "rsa" else (ec.ECDSA(SHA[part]),) if part else ()
    public.verify(value, NOTE, *how)
    return _refusal(public.verify, value, b"another note", *how).replace("InvalidSignature", "well")


def _pair(private: Any) -> dict[str, bytes]:
    return {"private": private.private_bytes(*PKCS8), "public": private.public_key().public_bytes(*SPKI)}


def _refusal(call: Any, *given: Any) -> str:
    try:
        call(*given)
    except (InvalidTag, InvalidSignature, InvalidUnwrap, UnsupportedAlgorithm, ValueError) as error:
        return type(error).__name__
    return "not refused"


def _all(facts: Any) -> str:
    return "well" if all(facts) else "not so"


def _hex(parts: dict[str, Any]) -> dict[str, str]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in parts.items()}


def main(given: str) -> str:
    """All of it, as JSON; given: what the other side has made."""
    found = {"secret": secret(), "blocks": blocks(), "made": made(), "opened": opened(json.loads(given))}
    return json.dumps(found)
