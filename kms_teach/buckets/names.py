"""How buckets and objects are named.

arn:aws:s3:::BUCKET     arn:aws:s3:::BUCKET/KEY
"""

import re

BUCKET = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?!.*(\.\.|\.-|-\.))[a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}", re.ASCII)
RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
KEY_MAX = 1024  # bytes of UTF-8


def may_be_bucket(name: str) -> bool:
    """Whether a general purpose bucket may be called so: S3 User Guide, "General purpose bucket naming rules"."""
    return bool(BUCKET.fullmatch(name)) and not ADDRESS.fullmatch(name) and not name.endswith(RESERVED_ENDS)


def bucket_arn(bucket: str) -> str:
    return f"arn:aws:s3:::{bucket}"


def object_arn(bucket: str, key: str) -> str:
    return f"arn:aws:s3:::{bucket}/{key}"
