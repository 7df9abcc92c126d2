"""The shapes of all stored records, as JSON Schema without its prose; run it to write them down."""

import json
from pathlib import Path

import msgspec

from kms_teach.operations.records import SCHEMA
from kms_teach.trail import Record

FILE = Path(__file__).with_name("shapes.json")


def shapes():
    _, components = msgspec.json.schema_components([*SCHEMA.tables, Record])
    return {
        "version": SCHEMA.version,
        "tables": sorted(SCHEMA.tables.values()),
        "records": _without_prose(components),
    }


def _without_prose(value):
    if isinstance(value, dict):
        kept = {k: v for k, v in value.items() if not (k in ("description", "title") and isinstance(v, str))}
        return {name: _without_prose(inner) for name, inner in sorted(kept.items())}
    return [_without_prose(inner) for inner in value] if isinstance(value, list) else value


if __name__ == "__main__":
    FILE.write_text(json.dumps(shapes(), indent=1) + "\n")
