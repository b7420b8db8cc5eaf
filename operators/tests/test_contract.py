"""The contract's examples, as a reader in Python sees them; the Java side tries the same files on the same schemas."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

CONTRACT = Path(__file__).resolve().parents[2] / "contract"
EXAMPLES = sorted((CONTRACT / "examples").glob("*.json"))


def _schema(example: Path) -> str:
    for kind in ("request", "result"):
        if example.name.endswith(f".{kind}.json"):
            return kind
    return next((kind for kind in ("layers", "results", "momentum") if example.name.startswith(kind)), "spec")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_example_is_valid(example: Path) -> None:
    schemas = {path.name: json.loads(path.read_text()) for path in (CONTRACT / "schema").glob("*.schema.json")}
    registry = Registry().with_resources(
        [(schema["$id"], Resource.from_contents(schema)) for schema in schemas.values()]
    )
    validator = Draft202012Validator(schemas[f"{_schema(example)}.schema.json"], registry=registry)
    assert [error.message for error in validator.iter_errors(json.loads(example.read_text()))] == []
