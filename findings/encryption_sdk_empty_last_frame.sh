#!/usr/bin/env bash
# aws-encryption-sdk 4.0.7: a message of exactly n frames carries one frame more, an empty one.
#
# A framed message ends with a final frame, which may hold from 0 bytes to the frame length. One would expect plaintext
# of exactly one frame's length to go into the final frame alone. It goes into a regular frame, and an empty final frame
# follows: 32 bytes more than for one byte less. So the size of a ciphertext jumps at the frame length, not after it.
#
# Seen (bytes of the message beyond the plaintext, at a frame length of 4096, one raw AES master key):
#     0: 414
#     4095: 414
#     4096: 446
#     4097: 446
#     8192: 478
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet aws-encryption-sdk==4.0.7
"$folder/venv/bin/python" - <<'PY'
import secrets
import sys
import warnings

warnings.filterwarnings("ignore")
import aws_encryption_sdk
from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider

FRAME = 4096
KEY = secrets.token_bytes(32)


class Local(RawMasterKeyProvider):
    provider_id = "local"

    def _get_raw_key(self, key_id):
        algorithm = WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING
        return WrappingKey(algorithm, wrapping_key=KEY, wrapping_key_type=EncryptionKeyType.SYMMETRIC)


provider = Local()
provider.add_master_key("key")
client = aws_encryption_sdk.EncryptionSDKClient()
seen = {}
for size in (0, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME):
    message, _ = client.encrypt(source=bytes(size), key_provider=provider, frame_length=FRAME)
    seen[size] = len(message) - size
    print(f"{size}: {seen[size]}")
one = seen[FRAME - 1]
sys.exit(list(seen.values()) != [one, one, one + 32, one + 32, one + 64])
PY
