"""What Airflow is told of the provider, and the settings that it brings."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import Connection
from airflow.sdk._shared.module_loading import import_string
from jsonschema import Draft7Validator

from dualform_airflow import settings
from dualform_airflow.chain import read_chain
from dualform_airflow.dags import icl_plan, icl_shot_sweep
from dualform_airflow.execution import LocalProcess
from dualform_airflow.execution.local import _child_environment
from dualform_airflow.provider import CONNECTION_TYPE, get_provider_info
from dualform_airflow.request import find_workspace
from dualform_airflow.tracking import find_tracking, from_connection


def test_the_description_keeps_to_airflows_schema() -> None:
    schema = json.loads(files("airflow").joinpath("provider_info.schema.json").read_text())
    assert list(Draft7Validator(schema).iter_errors(get_provider_info())) == []
    # The form of a connection is described in the other schema alone, and there each word counts.
    (form,) = get_provider_info()["connection-types"]
    whole = json.loads(files("airflow").joinpath("provider.yaml.schema.json").read_text())
    assert list(Draft7Validator(whole["properties"]["connection-types"]["items"]).iter_errors(form)) == []


def test_everything_that_it_names_is_there() -> None:
    info = get_provider_info()
    for name in [*info["extra-links"], *info["notifications"], info["connection-types"][0]["hook-class-name"]]:
        assert isinstance(import_string(name), type)
    hook = import_string(info["connection-types"][0]["hook-class-name"])
    assert (hook.conn_type, hook.hook_name) == (CONNECTION_TYPE, info["connection-types"][0]["hook-name"])
    behaviour = {name.replace("_", "-"): value for name, value in hook.get_ui_field_behaviour().items()}
    assert behaviour == info["connection-types"][0]["ui-field-behaviour"]
    (plugin,) = entry_points(group="airflow.plugins", name="dualform")
    assert plugin.load().react_apps[0]["destination"] == "dag_run"


def test_a_setting_is_read_from_its_variable_then_from_airflows_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.JAR.read() == ""
    jars = {name: str(tmp_path / f"{name}.jar") for name in ("configured", "variable", "argument")}
    for jar in jars.values():
        Path(jar).touch()
    monkeypatch.setenv("AIRFLOW__DUALFORM__JAR", jars["configured"])
    assert LocalProcess()._find_jar() == jars["configured"]
    monkeypatch.setenv("DUALFORM_JAR", jars["variable"])
    assert LocalProcess()._find_jar() == jars["variable"]
    assert LocalProcess(jars["argument"])._find_jar() == jars["argument"]


def test_what_airflows_configuration_names_reaches_workspace_form_and_task(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models" / "mine").mkdir(parents=True)
    (tmp_path / "models" / "mine" / "config.json").touch()
    monkeypatch.setenv("AIRFLOW__DUALFORM__HOME", str(tmp_path))
    monkeypatch.setenv("AIRFLOW__DUALFORM__MODEL_ROOTS", str(tmp_path / "models"))
    assert find_workspace(None) == tmp_path / "workspace"
    assert icl_plan().params.get_param("model").schema["examples"] == ["mini", "mine"]
    passed = _child_environment({})
    assert passed["DUALFORM_MODEL_ROOTS"] == str(tmp_path / "models")
    assert "DUALFORM_DATA_ROOTS" not in passed


def test_the_server_is_that_of_the_argument_else_of_the_setting_else_of_mlflows_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Connection, "get", lambda name: Connection(conn_id=name, conn_type="generic", host=name))

    def server(argument: str | None = None) -> str:
        found = find_tracking(argument)
        return found.uri if found else ""

    assert server() == ""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://variable")
    assert server() == "http://variable"
    monkeypatch.setenv("AIRFLOW__DUALFORM__MLFLOW_CONN_ID", "configured")
    assert server() == "http://configured"
    monkeypatch.setenv("DUALFORM_MLFLOW_CONN_ID", "named")
    assert server() == "http://named"
    assert server("argument") == "http://argument"


@pytest.mark.parametrize("conn_type", ["http", "generic", CONNECTION_TYPE])
def test_a_connection_of_any_type_means_the_same(conn_type: str) -> None:
    parts: dict[str, Any] = {"host": "ml.example", "schema": "https", "port": 8443, "password": "t"}
    found = from_connection(Connection(conn_id="m", conn_type=conn_type, **parts))
    assert found.uri == "https://ml.example:8443"
    assert found.environment == {"MLFLOW_TRACKING_TOKEN": "t"}


def test_the_picture_names_every_step_of_the_chain() -> None:
    doc = icl_shot_sweep().doc_md or ""
    picture = doc.split("```")[1]
    for step in read_chain().steps:
        assert step.name in picture
        assert f"| `{step.name}` |" in doc
    # Airflow's window is no wider.
    assert max(map(len, picture.splitlines())) <= 46


def test_presets_come_first_and_have_names_for_people() -> None:
    params = icl_shot_sweep().params
    shown = params.get_param("preset").schema
    assert (next(iter(params)), params["preset"]) == ("preset", "none")
    assert list(shown["values_display"]) == shown["enum"]
    assert all(len(text) > 20 for text in shown["values_display"].values())
