"""AES key wrap with padding (RFC 5649)."""

from cryptography import engine


class InvalidUnwrap(Exception):
    """A wrapped key that was changed, or of another."""


def aes_key_wrap_with_padding(wrapping_key: bytes, key_to_wrap: bytes) -> bytes:
    wrapped: bytes = engine.ask("wrap", wrapping_key, key_to_wrap)
    return wrapped


def aes_key_unwrap_with_padding(wrapping_key: bytes, wrapped_key: bytes) -> bytes:
    try:
        unwrapped: bytes = engine.ask("unwrap", wrapping_key, wrapped_key)
    except ValueError:
        raise InvalidUnwrap from None
    return unwrapped
