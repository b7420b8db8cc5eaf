"""The DAGs' parameters, made from a schema of the contract: it names and explains each field."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from airflow.sdk import Param

from .settings import DATA_ROOTS, MODEL_ROOTS, Setting

_log = logging.getLogger(__name__)

# What there is to choose from: the subfolders of the folders that a setting lists, if they hold a file of such a name,
# and files of such a name in those folders. A data set's split may be one file or several parts.
_TRAIN = re.compile(
    r"train(-\d{5}-of-\d{5}(-[0-9a-f]{8,64})?)?\.(?i:parquet|(jsonl|ndjson|json|csv|tsv)(\.gz)?)", re.ASCII
)
_NO_FILE = re.compile(r"(?!)")
# A split model is named by its first part.
_GGUF = re.compile(r"(?!.*-(?!00001)\d{5}-of-\d{5}\.gguf$).+\.gguf", re.ASCII | re.IGNORECASE)
_ROOTS = {
    "datasets": (DATA_ROOTS, _TRAIN, _NO_FILE),
    "models": (MODEL_ROOTS, re.compile(r"config\.json"), _GGUF),
}


SPEC = "spec"
MOMENTUM = "momentum"


def form_schema(name: str = SPEC) -> dict[str, Any]:
    """contract/schema/<name>.schema.json, as packaged."""
    text = files("dualform_airflow").joinpath(f"schema/{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def form(defaults: Mapping[str, Any] | None = None, *, single: bool = False, schema: str = SPEC) -> dict[str, Param]:
    """The parameters in the form's order.

    Args:
        defaults: defaults that replace the schema's, by parameter name.
        single: the form asks for one cell: one data set, seed, order and arm.
        schema: the schema of the contract that has the fields.
    """
    properties = form_schema(schema)["properties"]
    shown = {name: rule for name, rule in properties.items() if "x-form" in rule}
    unknown = sorted(set(defaults or {}) - set(shown))
    if unknown:
        raise ValueError(f"Unknown parameters in defaults: {', '.join(unknown)}. Known: {', '.join(shown)}.")
    params: dict[str, Param] = {}
    for name in sorted(shown, key=lambda each: shown[each]["x-form"]["order"]):
        rule = {**shown[name], "x-form": {"widget": "text", **shown[name]["x-form"]}}
        if name in (defaults or {}):
            rule["default"] = (defaults or {})[name]
        if single:
            if name == "other_datasets":
                continue
            rule = _single(name, rule)
        rule["title"] = _title(name, rule["title"])
        params[name] = _param(rule)
    return params


def _title(name: str, title: str) -> str:
    """The title, with the parameter's name where that is another: messages, help texts and ``--conf`` use the name."""
    plain = title.lower().replace(" ", "")
    return title if plain == name.replace("_", "") else f"{title} ({name})"


def _param(rule: dict[str, Any]) -> Param:
    layout = rule["x-form"]
    schema: dict[str, Any] = {"title": rule["title"], **_widget(rule, layout)}
    if section := layout.get("section"):
        schema["section"] = section
    return Param(_form_value(rule["default"], layout["widget"]), description=_help(rule, layout), **schema)


def _help(rule: Mapping[str, Any], layout: Mapping[str, Any]) -> str:
    """The description, and the rule that the plan checks."""
    if layout["widget"] == "integer":
        most = f" to {rule['maximum']}" if "maximum" in rule else ""
        return f"{rule['description']} A whole number from {rule['minimum']}{most}."
    if "x-rule" not in rule:
        return str(rule["description"])
    allowed = rule["x-rule"]
    return f"{rule['description']} Allowed: {allowed}{'' if allowed.endswith('…') else '.'}"


def _widget(rule: Mapping[str, Any], layout: Mapping[str, Any]) -> dict[str, Any]:
    widget = layout["widget"]
    if widget == "multiselect":
        options = _options(layout)
        items = {"type": "string"} if isinstance(layout["options"], str) else {"type": "string", "enum": options}
        # The form sends null when everything is deselected.
        return {"type": ["array", "null"], "items": items, "examples": options}
    if widget == "select":
        # What the list shows; the value stays the name that files and the command line know.
        labels = {"values_display": dict(layout["labels"])} if "labels" in layout else {}
        return {"type": "string", "enum": list(layout["options"]), **labels}
    if widget == "integer":
        # A text field: Airflow's number field replaces what it does not take by another number, and says nothing.
        return {"type": ["string", "integer"]}
    if widget == "boolean":
        return {"type": "boolean"}
    # Airflow shows an array of integers as a JSON editor, so lists are entered as text. A cleared field is null.
    # No pattern and no limit stands here: for a value that breaks one, Airflow's form says no more than "Bad Request".
    # The plan checks every value, and says which field is wrong and what it has to be.
    text: dict[str, Any] = {"type": "string"}
    if "options" in layout:
        text["examples"] = _options(layout)
    if rule["default"] == "":
        text["type"] = ["string", "null"]
    return text


def _options(layout: Mapping[str, Any]) -> list[str]:
    options: str | list[str] = layout["options"]
    if isinstance(options, list):
        return list(options)
    if options not in _ROOTS:
        raise ValueError(f"x-form options {options!r} are unknown; known are {', '.join(_ROOTS)}, or a list.")
    return list(dict.fromkeys([*layout["builtins"], *_under_roots(*_ROOTS[options])]))


def _under_roots(setting: Setting, mark: re.Pattern[str], itself: re.Pattern[str]) -> list[str]:
    roots = [Path(root) for root in setting.read().split(os.pathsep) if root]
    return sorted(
        {
            entry.name
            for root in roots
            for entry in _entries(root)
            if any(mark.fullmatch(file.name) for file in _entries(entry))
            or (itself.fullmatch(entry.name) and entry.is_file())
        }
    )


def _entries(folder: Path) -> list[Path]:
    """What a folder holds; nothing, if it is none. A folder that cannot be read hides no other, and is told."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        _log.warning("The folder %s is left out of the form: it cannot be read (%s).", folder, error.strerror)
        return []


def _form_value(default: Any, widget: str) -> Any:
    return ",".join(map(_written, default)) if isinstance(default, list) and widget != "multiselect" else default


def _written(value: Any) -> str:
    """A value as it stands in a list: one that holds a comma stands in double quotes, as in CSV."""
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


def _as_list(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _single(name: str, rule: dict[str, Any]) -> dict[str, Any]:
    """The field for exactly one value, where the schema has a list that would make several cells."""
    layout = rule["x-form"]
    if name not in ("datasets", "seeds", "orders", "arms"):
        return rule
    first = _as_list(rule["default"])[0]
    rule["default"] = _written(first) if isinstance(rule["default"], list) else first
    rule["title"] = {"datasets": "Data set", "seeds": "Seed", "orders": "Order", "arms": "Arm"}[name]
    layout["widget"] = "text"
    return rule
