"""Tasks of several steps: what they ask for, what they keep, and what people see of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG, BaseOperator
from airflow.triggers.base import TaskFailedEvent, TaskSkippedEvent, TaskSuccessEvent

from dualform_airflow._compat import AirflowFailException
from dualform_airflow.group import CellOperator, StudyOperator
from dualform_airflow.inputs import REASON_KEY, CellOutput, Output, PlannedItem, StudyOutput, cell_key, items_key
from dualform_airflow.items import push_shares
from dualform_airflow.links import ComparisonLink, FtLink, IclLink
from dualform_airflow.trigger import StudyTrigger

from .scripted import ScriptedProcess, TaskInstance, context
from .test_items import Database

REFERENCE = {"uri": "workspace:results/x", "sha256": "0" * 64, "bytes": 3}
ITEMS: list[dict[str, Any]] = [
    {"id": f"c{seed}", "name": f"topics · seed {seed}", "parameters": {"seed": seed}, "uses": {"select": 0}}
    for seed in (1, 2)
]


def cell_operator(folder: Path, script: str, ti: Database, *shares: list[dict[str, Any]]) -> CellOperator:
    push_shares(ti, items_key("cells"), shares)
    ti.map_index = 0
    with DAG("a_dag"):
        plan = BaseOperator(task_id="plan")
        select = BaseOperator(task_id="select")
        return CellOperator(
            task_id="cell",
            item=PlannedItem(plan, "cells"),
            inputs={"selection": Output(select, required=False, uses="select")},
            workspace=str(folder),
            execution=ScriptedProcess(script),
        )


def run(operator: Any, ti: Any) -> Any:
    return operator.execute(context(ti, {}))


def the_request(folder: Path) -> dict[str, Any]:
    (file,) = folder.rglob("*.request.json")
    request: dict[str, Any] = json.loads(file.read_text())
    return request


def test_a_cell_carries_its_items_and_is_named_before_it_starts(tmp_path: Path) -> None:
    ti = Database()
    operator = cell_operator(tmp_path, "finish()", ti, ITEMS)
    assert operator.item_name(ti) == "topics · seed 1 and 1 more"
    ti.values["return_value"] = {"outputs": {"selection": REFERENCE}}
    run(operator, ti)
    request = the_request(tmp_path)
    assert request["parameters"] == {"cells": ITEMS, "cleared": False}
    assert request["inputs"] == {"selection": REFERENCE}
    assert request["fresh"] is False


def test_a_name_that_is_not_there_yet_harms_nothing(tmp_path: Path) -> None:
    assert cell_operator(tmp_path, "finish()", Database(), ITEMS).item_name(Database()) == ""


def test_a_cleared_cell_asks_for_what_had_finished_alone(tmp_path: Path) -> None:
    ti = Database()
    operator = cell_operator(tmp_path, "finish()", ti, ITEMS[:1])
    ti.max_tries = 1
    run(operator, ti)
    request = the_request(tmp_path)
    assert (request["parameters"]["cleared"], request["fresh"]) == (True, False)


def test_each_run_of_a_cell_has_a_link_while_it_runs_and_after(tmp_path: Path) -> None:
    ti = Database()
    script = "\n".join(
        f"event(event='link', page={page!r}, url='http://m/{page}')" for page in ("icl", "ft", "comparison")
    )
    operator = cell_operator(tmp_path, script + "\nfinish()", ti, ITEMS[:1])
    run(operator, ti)
    for link, page in ((IclLink(), "icl"), (FtLink(), "ft"), (ComparisonLink(), "comparison")):
        assert ti.values[link.xcom_key] == f"http://m/{page}"
        assert link.get_link(operator, ti_key=None) == f"http://m/{page}"  # type: ignore[arg-type]
        assert type(link) in {type(each) for each in operator.operator_extra_links}


def test_what_a_failed_cell_made_is_kept_and_found(tmp_path: Path) -> None:
    ti = Database()
    made = {"scores.c1": REFERENCE, "selection.s": REFERENCE}
    script = f"finish(status='failed', message='topics · seed 1, finetune failed: no.', outputs={made!r}); sys.exit(65)"
    operator = cell_operator(tmp_path, script, ti, ITEMS[:1])
    with pytest.raises(AirflowFailException, match="seed 1, finetune failed: no"):
        run(operator, ti)
    assert dict(CellOutput(operator, "scores").find("scores", ti, {})) == {"scores.c1": REFERENCE}


def test_a_selection_that_failed_is_told_in_the_cells_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ti = Database()
    operator = cell_operator(tmp_path, "finish()", ti, ITEMS[:1])
    ti.values[REASON_KEY] = "failed: no such data set."
    run(operator, ti)
    assert "Nothing is fine-tuned here, because select[0] failed: no such data set." in capsys.readouterr().out


def test_a_study_tells_how_each_cell_ended_and_hands_on_what_all_made(tmp_path: Path) -> None:
    made = {f"scores.c{number}": REFERENCE for number in range(200)}
    script = f"event(event='cell', cell='c1', status='failed', message='no\\nway')\nfinish(outputs={made!r})"
    with DAG("a_dag"):
        operator = StudyOperator(task_id="study", workspace=str(tmp_path), execution=ScriptedProcess(script))
    ti = Database()
    returned = run(operator, ti)
    assert ti.values[cell_key("c1")] == {"status": "failed", "message": "no way"}
    assert returned["outputs"] == {}
    assert dict(StudyOutput(operator, "scores").find("scores", ti, {})) == made
    assert max(len(json.dumps(value)) for value in ti.values.values()) <= 4096


class TestStudyTrigger:
    """What the task of a cell becomes, by what the study's task has told of it."""

    def end(self, monkeypatch: pytest.MonkeyPatch, told: dict[str, str], seen: list[str], *cells: str) -> Any:
        looks = iter(seen)

        def get_one(*, key: str, **_: Any) -> Any:
            return {"status": told[key], "message": ""} if key in told else None

        monkeypatch.setattr("dualform_airflow.trigger.XCom.get_one", get_one)
        self.states(monkeypatch, lambda: next(looks))
        waiting = StudyTrigger("d", "r", "study", cells, 0)
        path, arguments = waiting.serialize()
        assert path == "dualform_airflow.trigger.StudyTrigger"
        assert StudyTrigger(**arguments).cells == list(cells)

        return self.first(waiting)

    def states(self, monkeypatch: pytest.MonkeyPatch, state: Callable[[], str]) -> None:
        """Lets the study's task have the states that a function gives one after the other."""

        def get_task_states(**_: Any) -> Any:
            return {"r": {"study": state()}}

        name = "dualform_airflow.trigger.RuntimeTaskInstance.get_task_states"
        monkeypatch.setattr(name, staticmethod(get_task_states))

    def first(self, waiting: StudyTrigger) -> Any:
        """The trigger's event."""

        async def first() -> Any:
            async for event in waiting.run():
                return event
            return None

        return asyncio.run(first())

    def test_measured(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told = {"cell_a": "done", "cell_b": "diverged"}
        event = self.end(monkeypatch, told, ["running"], "a", "b")
        assert isinstance(event, TaskSuccessEvent)
        assert event.xcoms == {"return_value": {"a": "done", "b": "diverged"}}

    def test_failed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told = {"cell_a": "done", "cell_b": "failed"}
        assert isinstance(self.end(monkeypatch, told, ["running"], "a", "b"), TaskFailedEvent)

    def test_never_reached(self, monkeypatch: pytest.MonkeyPatch) -> None:
        states = ["running", "up_for_retry", "failed"]
        assert isinstance(self.end(monkeypatch, {}, states, "a"), TaskFailedEvent)

    def test_the_studys_state_is_asked_at_one_look_of_three(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = 0

        def get_one(**_: Any) -> Any:
            nonlocal asked
            asked += 1

        states = iter(["running", "failed"])
        monkeypatch.setattr("dualform_airflow.trigger.XCom.get_one", get_one)
        self.states(monkeypatch, lambda: next(states))
        assert isinstance(self.first(StudyTrigger("d", "r", "study", ["a"], 0)), TaskFailedEvent)
        assert asked == 4

    def test_a_look_that_fails_is_tried_again_and_not_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        away = 3

        def get_one(**_: Any) -> Any:
            nonlocal away
            away -= 1
            if away >= 0:
                raise ConnectionError("the API server is away")
            return {"status": "done", "message": ""}

        monkeypatch.setattr("dualform_airflow.trigger.XCom.get_one", get_one)
        self.states(monkeypatch, lambda: "running")
        assert isinstance(self.first(StudyTrigger("d", "r", "study", ["a"], 0)), TaskSuccessEvent)
        away = 1000
        with pytest.raises(ConnectionError, match="is away"):
            self.first(StudyTrigger("d", "r", "study", ["a"], 0))
        assert away == 1000 - 31

    def test_nothing_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert isinstance(self.end(monkeypatch, {}, ["upstream_failed"], "a"), TaskSkippedEvent)
        assert isinstance(self.end(monkeypatch, {"cell_a": "skipped"}, ["running"], "a"), TaskSkippedEvent)


def test_an_item_can_be_given_without_a_plan(tmp_path: Path) -> None:
    with DAG("a_dag"):
        operator = CellOperator(
            task_id="cell", item=ITEMS[0], workspace=str(tmp_path), execution=ScriptedProcess("finish()")
        )
    run(operator, TaskInstance())
    assert the_request(tmp_path)["parameters"]["cells"] == [ITEMS[0]]
