"""The loader of botocore's models: each is read once for all simulators, and only what a client of ours needs.

Why not botocore's own: it looks through the folders of 400 services to learn that there is a KMS, and keeps the
addresses of them all, 1.2 MB of JSON, to connect to none.
"""

import functools
import gzip
import re
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import JSONFileLoader, Loader

from kms_teach.wire.services import APIS

NAME = re.compile(r"[a-z0-9-]{1,64}")

Raw = dict[str, msgspec.Raw]


class Models(Loader):  # type: ignore[misc] # botocore ships no types
    """botocore's own models, and none from ~/.aws/models."""

    def __init__(self) -> None:
        super().__init__([self.BUILTIN_DATA_PATH], Files(), include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> list[str]:
        return list(APIS)


class Files(JSONFileLoader):  # type: ignore[misc] # botocore ships no types
    def load_file(self, file_path: str) -> Any:
        """What a file of JSON says, packed or not; None if there is no such file."""
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return (_endpoints if plain.name == "endpoints.json" else msgspec.json.decode)(plain.read_bytes())
        return msgspec.json.decode(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


def _endpoints(text: bytes) -> dict[str, Any]:
    """Partitions and their Regions; of the services only ours, the rest is passed over unread."""
    whole = msgspec.json.decode(text, type=Raw)
    partitions = msgspec.json.decode(whole["partitions"], type=list[Raw])
    return {"version": msgspec.json.decode(whole["version"]), "partitions": [_partition(each) for each in partitions]}


def _partition(raw: Raw) -> dict[str, Any]:
    services = msgspec.json.decode(raw["services"], type=Raw)
    ours = {name: msgspec.json.decode(services[name]) for name in APIS if name in services}
    return {name: ours if name == "services" else msgspec.json.decode(value) for name, value in raw.items()}


@functools.cache
def loader() -> Models:
    """The one loader of this process."""
    return Models()


@functools.lru_cache(maxsize=256)
def metadata(name: str) -> dict[str, Any]:
    """What botocore's model of any service says of its protocol and its versions; nothing for a service it lacks."""
    folder = Path(Loader.BUILTIN_DATA_PATH) / name
    files = sorted(folder.glob("*/service-2.json.gz")) if NAME.fullmatch(name) else []
    if not files:
        return {}
    told: dict[str, Any] = msgspec.json.decode(
        msgspec.json.decode(gzip.decompress(files[-1].read_bytes()), type=Raw)["metadata"]
    )
    return told
