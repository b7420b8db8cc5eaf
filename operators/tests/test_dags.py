"""The DAGs: their shape, and what runs when a part fails, with tasks scripted but Airflow's own scheduling rules."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG, TriggerRule

from dualform_airflow.dags import icl_experiment, icl_paper, icl_shot_sweep

from .dags.scripted import scripted_experiment, scripted_sweep

SWEEP = {
    "plan": set(),
    "select_items": {"plan"},
    "select": {"select_items"},
    "cell_items": {"plan"},
    "cell.prompt": {"cell_items"},
    "cell.infer_icl": {"cell.prompt", "cell_items"},
    "cell.finetune": {"cell.prompt", "cell_items", "select"},
    "cell.infer_ft": {"cell.prompt", "cell.finetune", "cell_items"},
    "cell.score": {"cell.prompt", "cell.infer_icl", "cell.finetune", "cell.infer_ft", "cell_items", "select"},
    "summarise": {"plan", "select", "cell.score"},
    "finish": {"plan", "summarise"},
}
EXPERIMENT = {
    "plan": set(),
    "select": {"plan"},
    "prompt": {"plan"},
    "infer_icl": {"plan", "prompt"},
    "finetune": {"plan", "prompt", "select"},
    "infer_ft": {"plan", "prompt", "finetune"},
    "score": {"plan", "prompt", "infer_icl", "finetune", "infer_ft", "select"},
    "summarise": {"plan", "select", "score"},
    "finish": {"plan", "summarise"},
}


@pytest.mark.parametrize(
    ("factory", "shape"), [(icl_shot_sweep, SWEEP), (icl_paper, SWEEP), (icl_experiment, EXPERIMENT)]
)
def test_chain(factory: Any, shape: dict[str, set[str]]) -> None:
    dag = factory()
    assert {task.task_id: task.upstream_task_ids for task in dag.tasks} == shape
    finish = dag.get_task("finish")
    assert finish.is_teardown
    assert finish.on_failure_fail_dagrun
    done = {task.task_id.split(".")[-1] for task in dag.tasks if task.trigger_rule == TriggerRule.ALL_DONE}
    assert done == {"finetune", "score", "summarise"}
    assert all(task.retries == 2 for task in dag.tasks if not task.task_id.endswith("_items"))


def test_mapped_tasks_carry_readable_names_and_the_link() -> None:
    dag = icl_shot_sweep()
    for name in ("select", "cell.prompt", "cell.infer_icl", "cell.finetune", "cell.infer_ft", "cell.score"):
        task: Any = dag.get_task(name)
        assert task.map_index_template == "{{ task.item['name'] }}"
        assert [link.name for link in task.operator_extra_links] == ["MLflow run"]


@pytest.mark.parametrize("factory", [icl_shot_sweep, icl_experiment])
def test_reading_the_file_again_makes_no_new_version(factory: Any) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    first, second = (json.dumps(DagSerialization.to_dict(factory()), sort_keys=True, default=str) for _ in range(2))
    assert first == second
    assert " at 0x" not in first


def test_arguments_reach_tasks_and_dag() -> None:
    dag = icl_shot_sweep(
        "mine", pool="gpu", max_active_tasks=3, retries=0, jar="/a.jar", experiment="e", dag_arguments={"tags": ["x"]}
    )
    task: Any = dag.get_task("cell.prompt")
    assert (task.pool, task.retries, task.execution.jar, task.experiment) == ("gpu", 0, "/a.jar", "e")
    assert (dag.dag_id, dag.max_active_tasks, dag.tags) == ("mine", 3, {"x"})


def test_dag_files_are_three_lines_and_import(root: Path) -> None:
    files = sorted((root / "dags").glob("*.py"))
    assert [file.stem for file in files] == ["icl_experiment", "icl_paper", "icl_shot_sweep"]
    for file in files:
        assert len(ast.parse(file.read_text()).body) == 2
        names: dict[str, Any] = {}
        exec(compile(file.read_text(), str(file), "exec"), names)  # noqa: S102


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's database, which dag.test needs."""
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def run_chain(
    dag: DAG, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail: str = "", **conf: Any
) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
    """Runs the DAG in this process: its state, task states (a list where mapped), and what each task was asked."""
    log = tmp_path / "log.jsonl"
    monkeypatch.setenv("SCRIPTED_LOG", str(log))
    monkeypatch.setenv("SCRIPTED_FAIL", fail)
    run: Any = dag.test(run_conf=conf)
    states: dict[str, Any] = {}
    for ti in sorted(run.get_task_instances(), key=lambda each: (each.task_id, each.map_index)):
        state = None if ti.state is None else str(ti.state)
        if ti.map_index < 0:
            states[ti.task_id] = state
        else:
            states.setdefault(ti.task_id, []).append(state)
    return str(run.state), states, [json.loads(line) for line in log.read_text().splitlines()]


@pytest.mark.slow
@pytest.mark.usefixtures("database")
class TestWhatRuns:
    def test_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        state, states, asked = run_chain(scripted_sweep, tmp_path, monkeypatch)
        assert state == "success"
        assert states["cell.score"] == ["success", "success"]
        assert {
            name for name, each in states.items() if set([each] if isinstance(each, str) else each) == {"success"}
        } == (set(SWEEP))
        by_task = {entry["task"]: entry["inputs"] for entry in asked}
        assert by_task["finetune"] == ["prompts", "selection"]
        assert by_task["infer_ft"] == ["prompts", "training", "update"]
        assert by_task["score"] == ["ft", "icl", "prompts", "selection"]
        assert by_task["summarise"] == [
            "plan",
            "scores.csentiment",
            "scores.ctopics",
            "selection.ssentiment",
            "selection.stopics",
        ]
        assert by_task["finish"] == ["plan", "results"]

    def test_failed_fine_tuning_leaves_the_other_curve(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        state, states, asked = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="finetune:topics")
        assert states["cell.finetune"] == ["failed", "success"]
        assert states["cell.infer_ft"] == ["upstream_failed", "success"]
        assert states["cell.score"] == ["success", "success"]
        scored = {entry["item"]: entry["inputs"] for entry in asked if entry["task"] == "score"}
        assert scored == {
            "topics": ["icl", "prompts", "selection"],
            "sentiment": ["ft", "icl", "prompts", "selection"],
        }
        assert state == "success"

    def test_failed_selection_stops_only_its_own_fine_tuning(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, states, _ = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="select:topics")
        assert states["select"] == ["failed", "success"]
        assert states["cell.infer_icl"] == ["success", "success"]
        assert states["cell.finetune"] == ["failed", "success"]
        assert states["cell.infer_ft"] == ["upstream_failed", "success"]

    def test_failed_cell_is_left_out_of_the_summary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        _, states, asked = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="prompt:topics")
        assert states["cell.score"] == ["failed", "success"]
        assert states["summarise"] == "success"
        assert asked[-2]["inputs"] == ["plan", "scores.csentiment", "selection.ssentiment", "selection.stopics"]
        assert states["finish"] == "success"

    def test_skipped_method_is_no_failure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        state, states, asked = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="finetune::99")
        assert states["cell.finetune"] == ["skipped", "skipped"]
        assert states["cell.infer_ft"] == ["skipped", "skipped"]
        scored = [entry["inputs"] for entry in asked if entry["task"] == "score"]
        assert scored == [["icl", "prompts", "selection"]] * 2
        assert state == "success"

    def test_refused_plan_fails_the_run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        state, states, asked = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="plan")
        assert state == "failed"
        assert [entry["task"] for entry in asked] == ["plan"]
        assert states["summarise"] == "failed"

    def test_failed_finish_fails_the_run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        state, states, _ = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="finish")
        assert (state, states["summarise"]) == ("failed", "success")

    def test_too_many_cells_for_this_airflow(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "1")
        state, states, _ = run_chain(scripted_sweep, tmp_path, monkeypatch)
        assert (state, states["plan"]) == ("failed", "failed")
        output = capsys.readouterr()
        assert "maps a task over at most 1" in output.out + output.err

    def test_one_cell(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        state, states, asked = run_chain(scripted_experiment, tmp_path, monkeypatch)
        assert state == "success"
        assert states == dict.fromkeys(EXPERIMENT, "success")
        assert asked[-2]["inputs"] == ["plan", "scores.ctopics", "selection.stopics"]
