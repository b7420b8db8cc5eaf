"""The approval after the plan: where it stands, what it asks, and what an answer does in a real Airflow."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from airflow.sdk import Param

from dualform_airflow.approval import Approval
from dualform_airflow.dags import icl_experiment, icl_paper, icl_plan, icl_shot_sweep
from dualform_airflow.plan import PlanOperator

from .airflow_server import AirflowServer
from .scripted import TaskInstance, context

COST = {"cells": 6.0, "tokens": 7.2e6, "memory_bytes": 4.1e8, "disk_bytes": 950.0}
EXPERIMENT = {"datasets": ["topics"]}


@pytest.mark.parametrize("factory", [icl_shot_sweep, icl_paper, icl_experiment])
def test_it_stands_between_the_plan_and_everything_else(factory: Any) -> None:
    plain, asking = factory(), factory(approval=True)
    assert "approval" not in plain.task_ids
    question = asking.get_task("approval")
    assert question.upstream_task_ids == {"plan"}
    assert question.downstream_task_ids == plain.get_task("plan").downstream_task_ids
    assert asking.get_task("plan").downstream_task_ids == question.downstream_task_ids | {"approval"}
    assert "xcom_pull('approval', key='rejected')" in asking.get_task("finish").parameters["stopped"]
    assert "stopped" not in plain.get_task("finish").parameters
    assert "approval" not in icl_plan(approval=True).task_ids


def test_the_question_states_what_the_plan_knows() -> None:
    asked = Approval("always", "0.90 EUR", 1000).question(COST, "6 cells.\nWarning: few rows.\nNote.")
    assert asked.splitlines()[2:8] == [
        "| Cells | 6 |",
        "| Tokens through the model | 7 200 000 |",
        "| Compute time | about 2 h 00 min, one task after another, at 1 000 tokens a second (stated in the DAG); "
        "the start of each task comes on top |",
        "| Price | about 1.80 EUR, at 0.90 EUR an hour |",
        "| Memory of one task, at most | 410.0 MB |",
        "| Disk in the workspace | 950 B |",
    ]
    assert asked.splitlines()[9:] == [
        "- Warning: few rows.",
        "",
        "Nothing is computed until someone approves. Reject ends the run.",
    ]


@pytest.mark.parametrize(
    ("price", "rate", "says"),
    [
        ("$2.40", 1000.0, "| Price | about $4.80, at $2.40 an hour |"),
        ("CHF 3", 1000.0, "| Price | about CHF 6.00, at CHF 3 an hour |"),
        ("0.001 EUR", 1e6, "| Price | under 0.01 EUR, at 0.001 EUR an hour |"),
        ("1 EUR", None, "| Price | 1 EUR for each hour of compute time |"),
    ],
)
def test_prices_as_people_write_them(price: str, rate: float | None, says: str) -> None:
    assert says in Approval("always", price, rate).question(COST, "").splitlines()


def test_without_a_rate_no_minutes_are_made_up_and_a_measured_one_is_named_so() -> None:
    assert "| Compute time | unknown, because no rate was measured" in Approval("always").question(COST, "")
    measured = Approval("always").question({**COST, "tokens_per_second": 120_000.0}, "")
    assert "about 1 min 00 s, one task after another, at 120 000 tokens a second (measured by plan" in measured
    assert "Price" not in measured


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"approval": "maybe"}, "argument approval has to be one of never, form, always; it is 'maybe'"),
        ({"approval": True, "price_per_hour": "cheap"}, "price_per_hour has to be an amount with its currency"),
        ({"approval": True, "tokens_per_second": 0}, "tokens_per_second has to be a positive number; it is 0"),
    ],
)
def test_wrong_arguments_are_told_while_the_file_is_read(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        icl_shot_sweep(**arguments)


def test_the_setting_decides_where_the_argument_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__DUALFORM__APPROVAL", "always")
    assert "approval" in icl_shot_sweep().task_ids
    assert "approval" not in icl_shot_sweep(approval=False).task_ids
    monkeypatch.setenv("DUALFORM_APPROVAL", "often")
    with pytest.raises(ValueError, match=r"setting DUALFORM_APPROVAL \(or \[dualform\] approval"):
        icl_shot_sweep()


def test_a_field_of_the_form_decides_and_is_no_part_of_the_experiment() -> None:
    dag = icl_shot_sweep(approval="form", task_seconds=0)
    field: Param = dag.params.get_param("approval")
    assert (field.value, field.schema["type"], "section" in field.schema) == (False, "boolean", False)
    plan: Any = dag.get_task("plan")
    assert isinstance(plan, PlanOperator)
    for asked, more in ((True, {"measure_rate": True}), (False, {})):
        ti = context(TaskInstance(), {"model": "mini", "approval": asked})
        assert plan.task_parameters(ti) == {"experiment": {"model": "mini"}, **more}
    always: Any = icl_shot_sweep(approval=True).get_task("plan")
    stated: Any = icl_shot_sweep(approval=True, tokens_per_second=9).get_task("plan")
    assert (always.parameters, stated.parameters) == ({"measure_rate": True}, {})


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "airflow.providers.standard.operators.hitl", None)
    monkeypatch.delitem(sys.modules, "dualform_airflow.approval_operator", raising=False)
    with pytest.raises(ImportError, match=r"pip install 'dualform-airflow\[approval\]'"):
        icl_shot_sweep(approval=True)


@pytest.mark.slow
def test_nothing_is_computed_before_a_yes_and_a_no_ends_the_run(airflow: AirflowServer) -> None:
    for run in ("yes", "no"):
        airflow.trigger("scripted_asking", run, **EXPERIMENT)
    airflow.trigger("scripted_form", "unasked", datasets="topics")
    for run in ("yes", "no"):
        airflow.await_task("scripted_asking", run, "approval", "awaiting_input")
        assert states(airflow, "scripted_asking", run) == {"plan": "success", "approval": "awaiting_input"}
        asked = airflow.call("GET", question("scripted_asking", run))
        assert "| Price | about 1.80 EUR, at 0.90 EUR an hour |" in asked["body"]
        assert asked["params"] == {}
    # An answer that comes before the scheduler has heard of the pause makes Airflow take the task for a failed one.
    time.sleep(10)
    for run, answer in (("yes", "Approve"), ("no", "Reject")):
        airflow.call("PATCH", question("scripted_asking", run), {"chosen_options": [answer], "params_input": {}})
    assert airflow.await_run("scripted_asking", "no") == "failed"
    ended = states(airflow, "scripted_asking", "no")
    assert {name for name, state in ended.items() if state == "success"} == {"plan", "approval"}
    assert {name for name, state in ended.items() if state == "failed"} == {"finish"}
    assert {name for name, state in ended.items() if state == "skipped"} == set(ended) - {"plan", "approval", "finish"}
    assert "Nothing was computed: admin did not approve it." in airflow.log("scripted_asking", "no", "finish")
    assert airflow.await_run("scripted_asking", "yes") == "success"
    assert set(states(airflow, "scripted_asking", "yes").values()) == {"success"}
    assert airflow.await_run("scripted_form", "unasked") == "success"


@pytest.mark.slow
def test_the_end_of_a_run_is_told(airflow: AirflowServer) -> None:
    """Runs after the test above, whose three runs have ended."""
    told = airflow.home / "told.txt"
    airflow.wait_for("three runs to be told", lambda: told.exists() and told.read_text().count("\n") == 3)
    assert sorted(told.read_text().splitlines()) == [
        "scripted_asking, run no is not complete: it failed: Nothing was computed: admin did not approve it. "
        "finish failed for good (exit code 71, not retried).",
        "scripted_asking, run yes: Prompt it. Report: http://127.0.0.1:9/report.html",
        "scripted_form, run unasked: Prompt it. Report: http://127.0.0.1:9/report.html",
    ]


def question(dag_id: str, run_id: str) -> str:
    return f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/approval/-1/hitlDetails"


def states(airflow: AirflowServer, dag_id: str, run_id: str) -> dict[str, str]:
    """The state of each task that has one."""
    found = airflow.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances")["task_instances"]
    return {each["task_id"]: each["state"] for each in found if each["state"]}
