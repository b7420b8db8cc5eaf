"""The form: one field for each entry of the contract's schema, with its default, rule and help."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
import yaml
from airflow.sdk import Param
from airflow.sdk.exceptions import ParamValidationError
from jsonschema import Draft202012Validator

from dualform_airflow.form import form

# The table that users read: what stands outside sections, in this order.
FIRST = ["preset", "model", "datasets", "other_datasets", "shots", "seeds", "methods", "limit", "learning_rate"]


def schema(root: Path) -> dict[str, Any]:
    text: dict[str, Any] = json.loads((root / "contract/schema/spec.schema.json").read_text())
    return text


def test_packaged_schema_has_the_bytes_of_the_contract(root: Path) -> None:
    import dualform_airflow

    packaged = Path(dualform_airflow.__file__).parent / "schema"
    if not packaged.exists():
        pytest.skip("dualform_airflow is imported from its sources, not from an installed wheel")
    ours = {file.name: file.read_bytes() for file in (root / "contract/schema").glob("*.json")}
    assert {file.name: file.read_bytes() for file in packaged.glob("*.json")} == ours


# What stands in sections, in their order.
SECTIONS = {
    "Controls": [
        "arms",
        "orders",
        "passes",
        "template",
        "description",
        "chat",
        "chat_demonstrations",
        "reserve_tokens",
    ],
    "Selection": ["select", "select_on", "select_rows", "split", "rows"],
    "Recording": ["record", "record_position", "record_queries", "record_limit", "baselines"],
    "Machine": ["threads", "device", "memory", "fresh", "transport"],
}


def test_every_property_is_a_field_first_those_that_everyone_sets_then_sections(root: Path) -> None:
    params = form()
    orders = [rule["x-form"]["order"] for rule in schema(root)["properties"].values() if "x-form" in rule]
    assert sorted(orders) == list(range(len(orders)))
    assert list(params) == sorted(params, key=lambda name: schema(root)["properties"][name]["x-form"]["order"])
    assert set(params) == {name for name, rule in schema(root)["properties"].items() if "x-form" in rule}
    assert [name for name, param in params.items() if "section" not in param.schema] == FIRST
    sections: dict[str, list[str]] = {}
    for name, param in params.items():
        if name not in FIRST:
            sections.setdefault(param.schema["section"], []).append(name)
    assert sections == SECTIONS
    assert all(param.description and param.schema["title"] for param in params.values())


def test_no_field_has_a_single_choice(root: Path) -> None:
    """What can only be left as it is stays out of the form: today the data type."""
    assert all(len(param.schema["enum"]) > 1 for param in form().values() if "enum" in param.schema)
    hidden = {name for name, rule in schema(root)["properties"].items() if len(rule.get("enum", "ab")) == 1}
    assert hidden == {"dtype"}
    assert not hidden & set(form())


def test_choices_offered_are_the_contracts(root: Path) -> None:
    for name, param in form().items():
        if "enum" in param.schema:
            assert param.schema["enum"] == schema(root)["properties"][name]["enum"]


def test_defaults_and_types() -> None:
    params = form()
    assert {name: params[name].value for name in FIRST} == {
        "preset": "none",
        "model": "mini",
        "datasets": ["topics", "sentiment"],
        "other_datasets": "",
        "shots": "0,1,2,4,8",
        "seeds": "1,2,3",
        "methods": ["icl", "ft"],
        "limit": 200,
        "learning_rate": "auto",
    }
    for name in ("datasets", "methods"):
        assert params[name].schema["type"] == ["array", "null"]
        assert set(params[name].value) <= set(params[name].schema["examples"])
    assert str(params["limit"].description).endswith("A whole number from 1 to 10000.")
    assert str(params["threads"].description).endswith("Allowed: auto or a whole number from 1 to 1024.")


@pytest.mark.parametrize("single", [False, True])
def test_defaults_pass_their_own_rule_and_the_contract(single: bool, root: Path) -> None:
    params = form(single=single)
    values = {name: param.resolve() for name, param in params.items()}
    Draft202012Validator(schema(root)).validate(values)


def test_no_field_that_people_type_in_has_a_rule_whose_breach_the_form_would_hide() -> None:
    """Airflow's form shows "Bad Request" for a pattern; its number field puts another number. The plan says more."""
    for param in [*form().values(), *form(single=True).values()]:
        assert not {"pattern", "minLength", "minimum", "maximum"} & set(param.schema)
        assert param.schema["type"] not in ("integer", "number")
    for name, value in (
        ("shots", "8,2,x"),
        ("limit", "many"),
        ("limit", -5),
        ("learning_rate", "fast"),
        ("memory", "6 GB"),
    ):
        assert form()[name].resolve(value) == value


def test_titles_name_the_parameter_that_messages_and_help_texts_name() -> None:
    titles = {name: param.schema["title"] for name, param in form().items()}
    assert titles["limit"] == "Evaluated rows (limit)"
    assert titles["select_on"] == "Choose on (select_on)"
    assert (titles["shots"], titles["learning_rate"], titles["datasets"]) == ("Shots", "Learning rate", "Data sets")
    for name, title in titles.items():
        assert name in title or name.replace("_", "") == title.lower().replace(" ", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("shots", [0, 1]),
        ("limit", 1.5),
        ("methods", ["prompt"]),
        ("model", None),
        ("record_position", "first"),
    ],
)
def test_values_that_no_field_can_send_are_refused(name: str, value: Any) -> None:
    with pytest.raises(ParamValidationError):
        form()[name].resolve(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("datasets", None), ("methods", None), ("other_datasets", None), ("datasets", ["/data/mine"]), ("shots", "8")],
)
def test_what_the_form_sends_for_other_choices_is_taken(name: str, value: Any, root: Path) -> None:
    form()[name].resolve(value)
    Draft202012Validator(schema(root)["properties"][name]).validate(value)


def test_folders_under_the_roots_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, mark in (("b", "train.jsonl"), ("a", "train.csv"), ("no", "labels.json")):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / mark).touch()
    (tmp_path / "models" / "stories").mkdir(parents=True)
    (tmp_path / "models" / "stories" / "config.json").touch()
    (tmp_path / "models" / "folder.gguf").mkdir()
    for file in ("q.gguf", "big-00001-of-00002.gguf", "big-00002-of-00002.gguf", "q.gguf.part"):
        (tmp_path / "models" / file).touch()
    monkeypatch.setenv("DUALFORM_DATA_ROOTS", f"{tmp_path}/data:{tmp_path}/absent")
    monkeypatch.setenv("DUALFORM_MODEL_ROOTS", str(tmp_path / "models"))
    assert form()["datasets"].schema["examples"][-2:] == ["a", "b"]
    assert form()["model"].schema["examples"] == ["mini", "big-00001-of-00002.gguf", "q.gguf", "stories"]


@pytest.mark.parametrize(
    ("file", "offered"),
    [
        ("train.JSONL", True),
        ("train.ndjson", True),
        ("train.csv.gz", True),
        ("train-00000-of-00002.parquet", True),
        ("train-00000-of-00001-0123456789abcdef.parquet", True),
        ("Train.csv", False),
        ("train.parquet.gz", False),
        ("trainer.csv", False),
    ],
)
def test_a_data_set_is_known_by_its_training_file(
    file: str, offered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / file).touch()
    monkeypatch.setenv("DUALFORM_DATA_ROOTS", str(tmp_path))
    assert ("mine" in form()["datasets"].schema["examples"]) is offered


def test_a_folder_that_cannot_be_read_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to(gettempdir()) and folder != Path(gettempdir()):
            folder.chmod(0o755)
    for name in ("mails", "lost+found"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "train.csv").touch()
    (tmp_path / "lost+found").chmod(0)
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "notes.txt").touch()
    monkeypatch.setenv("DUALFORM_DATA_ROOTS", f"{tmp_path}/lost+found:{tmp_path}")
    form()
    caplog.clear()
    root = os.geteuid() == 0
    if root:  # permissions do not bind root
        os.seteuid(65534)
    try:
        offered = form()["datasets"].schema["examples"]
    finally:
        if root:
            os.seteuid(0)
        (tmp_path / "lost+found").chmod(0o755)
    assert "mails" in offered
    assert "lost+found" not in offered
    told = f"The folder {tmp_path}/lost+found is left out of the form: it cannot be read (Permission denied)."
    assert told in caplog.messages


def test_a_name_with_a_comma_stands_in_quotes() -> None:
    assert form({"other_datasets": ["/data/a, b", "c"]})["other_datasets"].value == '"/data/a, b",c'
    one = form({"datasets": ["/data/a, b"]}, single=True)["datasets"]
    assert one.resolve() == '"/data/a, b"'


def test_built_ins_offered_are_those_there_are(root: Path) -> None:
    there = yaml.safe_load((root / "tasks/src/main/resources/org/dualform/data/synthetic/datasets.yaml").read_text())
    assert form()["datasets"].schema["examples"] == list(there)
    assert [folder.name for folder in (root / "models").iterdir() if folder.is_dir()] == form()["model"].schema[
        "examples"
    ]


def test_one_cell_takes_one_of_each() -> None:
    params = form(single=True)
    assert "other_datasets" not in params
    assert (params["datasets"].value, params["seeds"].value, params["orders"].value) == ("topics", "1", "0")
    assert {params[name].schema["type"] for name in ("datasets", "seeds", "orders", "arms")} == {"string"}


def test_other_defaults_by_name() -> None:
    assert form({"model": "org/name", "seeds": [7]})["seeds"].value == "7"
    with pytest.raises(ValueError, match=r"Unknown parameters in defaults: modle\. Known: preset, model, "):
        form({"modle": "mini"})


def test_params_are_airflows() -> None:
    assert all(isinstance(param, Param) for param in form().values())
