"""What only a running Airflow can show: retries, clears, kills, the early link, the form's rules."""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path
from typing import Any

import pytest

from dualform_airflow.form import form

from .airflow_api import HttpError
from .airflow_server import AirflowServer
from .dags.behaviour import URL
from .test_local_process import is_alive, wait_for

pytestmark = pytest.mark.slow


def request_of(airflow: AirflowServer, dag_id: str, run_id: str, try_number: int) -> dict[str, Any]:
    file = airflow.home / "workspace" / "requests" / dag_id / run_id / "task" / f"try{try_number}.request.json"
    request: dict[str, Any] = json.loads(file.read_text())
    return request


def test_a_retry_may_use_finished_results_and_a_cleared_task_may_not(airflow: AirflowServer) -> None:
    airflow.trigger("retried", "r")
    assert airflow.await_run("retried", "r") == "success"
    assert airflow.task("retried", "r", "task")["try_number"] == 2
    assert [request_of(airflow, "retried", "r", number)["fresh"] for number in (1, 2)] == [False, False]

    airflow.call(
        "POST",
        "/dags/retried/clearTaskInstances",
        {"dry_run": False, "dag_run_id": "r", "task_ids": ["task"], "only_failed": False, "reset_dag_runs": True},
    )
    airflow.await_task("retried", "r", "task", "success", tries=3)
    assert request_of(airflow, "retried", "r", 3)["fresh"] is True


def test_a_users_mistake_is_not_retried(airflow: AirflowServer) -> None:
    airflow.trigger("users_mistake", "r")
    assert airflow.await_run("users_mistake", "r") == "failed"
    assert airflow.task("users_mistake", "r", "task")["try_number"] == 1
    assert "No such model." in airflow.log("users_mistake", "r", "task")


def test_link_shows_while_the_task_runs_and_after(airflow: AirflowServer) -> None:
    airflow.trigger("linked", "r")
    airflow.await_task("linked", "r", "task", "running")
    links: dict[str, Any] = {}
    deadline = time.monotonic() + 60
    while not links.get("MLflow run") and time.monotonic() < deadline:
        links = airflow.call("GET", "/dags/linked/dagRuns/r/taskInstances/task/links")["extra_links"]
        time.sleep(0.2)
    assert links == {"MLflow run": URL}
    assert airflow.task("linked", "r", "task")["state"] == "running"
    (airflow.home / "workspace" / "go-on").touch()
    assert airflow.await_run("linked", "r") == "success"
    links = airflow.call("GET", "/dags/linked/dagRuns/r/taskInstances/task/links")["extra_links"]
    assert links == {"MLflow run": URL}


@pytest.mark.parametrize("dag_id", ["long", "stubborn"])
def test_marking_a_running_task_failed_ends_its_process(airflow: AirflowServer, dag_id: str) -> None:
    airflow.trigger(dag_id, "r")
    child = int(wait_for_slowly(airflow.home / "workspace" / f"{dag_id}.pid"))
    assert is_alive(child)
    airflow.call("PATCH", f"/dags/{dag_id}/dagRuns/r/taskInstances/task", {"new_state": "failed"})
    deadline = time.monotonic() + 30  # the worker hears of it at its next heartbeat
    while is_alive(child):
        assert time.monotonic() < deadline, "the process lives on"
        time.sleep(0.1)
    assert airflow.task(dag_id, "r", "task")["state"] == "failed"


def test_every_default_is_accepted_and_values_that_no_field_sends_are_refused(airflow: AirflowServer) -> None:
    airflow.call("PATCH", "/dags/scripted_sweep?update_mask=is_paused", {"is_paused": True})
    defaults = {name: param.value for name, param in form().items()}
    shown = airflow.call("GET", "/dags/scripted_sweep/details")["params"]
    assert {name: field["value"] for name, field in shown.items()} == defaults
    airflow.trigger("scripted_sweep", "defaults", **defaults)
    assert airflow.run("scripted_sweep", "defaults")["conf"] == defaults
    airflow.trigger("scripted_sweep", "emptied", datasets=None, methods=None, other_datasets=None)
    for name, value, rule in [
        ("shots", [0, 1], "is not of type 'string'"),
        ("limit", 1.5, "is not of type 'string', 'integer'"),
        ("methods", ["icl", "lora"], "is not one of ['icl', 'ft']"),
        ("record_position", "first", "is not one of"),
    ]:
        with pytest.raises(HttpError) as refused:
            airflow.trigger("scripted_sweep", f"wrong-{name}", **{name: value})
        assert refused.value.status == 400
        assert name in refused.value.detail
        assert rule in refused.value.detail


def wait_for_slowly(path: Path) -> str:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(AssertionError):
            return wait_for(path)
    raise AssertionError(f"{path} did not appear")
