"""What runs when a part fails, in every grouping. The tasks are scripted; the scheduling is Airflow's own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

from .chain_shapes import CELLS, EXPERIMENT, STUDY, SWEEP
from .dags.scripted import scripted_cells, scripted_experiment, scripted_study, scripted_sweep


@pytest.fixture(scope="session")
def database() -> None:
    """Airflow's database, which dag.test needs."""
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)


@dataclass(frozen=True)
class ChainRun:
    """What came of a DAG run.

    Args:
        state: of the run.
        states: of each task; a list, in the order of the indexes, where it is mapped.
        asked: the inputs of every task that ran, by the task and its data set: "TASK DATASET". An input's value is
            where it came from: "TASK/DATASET/OUTPUT".
        order: the tasks in the order in which they ran.
        methods: the method that each task was told, as ``asked``.
    """

    state: str
    states: dict[str, Any]
    asked: dict[str, dict[str, str]]
    order: list[str]
    methods: dict[str, str | None]


def run_chain(
    dag: DAG, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fail: str = "", without: str = "", **conf: Any
) -> ChainRun:
    """Runs the DAG in this process."""
    log = tmp_path / "log.jsonl"
    monkeypatch.setenv("SCRIPTED_LOG", str(log))
    monkeypatch.setenv("SCRIPTED_FAIL", fail)
    monkeypatch.setenv("SCRIPTED_WITHOUT", without)
    run: Any = dag.test(run_conf=conf)
    states: dict[str, Any] = {}
    for ti in sorted(run.get_task_instances(), key=lambda each: (each.task_id, each.map_index)):
        state = None if ti.state is None else str(ti.state)
        if ti.map_index < 0:
            states[ti.task_id] = state
        else:
            states.setdefault(ti.task_id, []).append(state)
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    names = [f"{entry['task']} {entry['item']}".strip() for entry in entries]
    return ChainRun(
        str(run.state),
        states,
        dict(zip(names, (entry["inputs"] for entry in entries), strict=True)),
        names,
        dict(zip(names, (entry["method"] for entry in entries), strict=True)),
    )


@pytest.mark.slow
@pytest.mark.usefixtures("database")
class TestWhatRuns:
    def test_all(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_sweep, tmp_path, monkeypatch)
        assert run.state == "success"
        mapped = {"select", "cell.prompt", "cell.infer_icl", "cell.finetune", "cell.infer_ft", "cell.score"}
        assert run.states == {name: ["success"] * 2 if name in mapped else "success" for name in SWEEP}
        for dataset in ("topics", "sentiment"):
            prompts = f"prompt/{dataset}/prompts"
            selection = f"select/{dataset}/selection"
            assert run.asked[f"select {dataset}"] == {}
            assert run.asked[f"prompt {dataset}"] == {}
            assert run.asked[f"infer_icl {dataset}"] == {"prompts": prompts}
            assert run.asked[f"finetune {dataset}"] == {"prompts": prompts, "selection": selection}
            assert run.asked[f"infer_ft {dataset}"] == {
                "prompts": prompts,
                "icl": f"infer_icl/{dataset}/predictions",
                "update": f"finetune/{dataset}/update",
                "training": f"finetune/{dataset}/training",
            }
            assert run.asked[f"score {dataset}"] == {
                "prompts": prompts,
                "selection": selection,
                "icl": f"infer_icl/{dataset}/predictions",
                "ft": f"infer_ft/{dataset}/predictions",
                "icl_records": f"infer_icl/{dataset}/records",
                "ft_records": f"infer_ft/{dataset}/records",
                "training_records": f"finetune/{dataset}/records",
            }
        assert run.asked["summarise"] == {
            "plan": "plan/plan",
            "selection.ssentiment": "select/sentiment/selection",
            "selection.stopics": "select/topics/selection",
            "scores.csentiment": "score/sentiment/scores",
            "scores.ctopics": "score/topics/scores",
        }
        assert run.asked["finish"] == {"plan": "plan/plan", "results": "summarise/results"}

    def test_a_failed_method_leaves_the_other_curve(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="finetune:topics infer_icl:sentiment")
        assert run.states["cell.finetune"] == ["failed", "success"]
        assert run.states["cell.infer_ft"] == ["skipped", "success"]
        assert run.states["cell.infer_icl"] == ["success", "failed"]
        assert "infer_ft topics" not in run.asked
        assert "icl" not in run.asked["infer_ft sentiment"]
        assert run.states["cell.score"] == ["success", "success"]
        assert set(run.asked["score topics"]) == {"prompts", "selection", "icl", "icl_records"}
        assert set(run.asked["score sentiment"]) == {"prompts", "selection", "ft", "ft_records", "training_records"}
        assert run.state == "success"

    def test_failed_selection_stops_only_its_own_fine_tuning(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="select:topics")
        assert run.states["select"] == ["success", "failed"]
        assert run.states["cell.infer_icl"] == ["success", "success"]
        assert run.states["cell.finetune"] == ["skipped", "success"]
        assert run.states["cell.infer_ft"] == ["skipped", "success"]
        assert "finetune topics" not in run.asked
        assert "infer_ft topics" not in run.asked
        assert set(run.asked["score topics"]) == {"prompts", "icl", "icl_records"}

    def test_failed_cell_is_left_out_of_the_summary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="prompt:topics")
        assert run.states["cell.score"] == ["skipped", "success"]
        assert run.states["summarise"] == "success"
        assert set(run.asked["summarise"]) == {"plan", "scores.csentiment", "selection.ssentiment", "selection.stopics"}
        assert run.states["finish"] == "success"

    def test_skipped_method_is_no_failure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="finetune::99")
        assert run.states["cell.finetune"] == ["skipped", "skipped"]
        assert run.states["cell.infer_ft"] == ["skipped", "skipped"]
        assert not [name for name in run.asked if name.startswith("infer_ft")]
        for dataset in ("topics", "sentiment"):
            assert set(run.asked[f"score {dataset}"]) == {"prompts", "selection", "icl", "icl_records"}
        assert run.state == "success"

    @pytest.mark.parametrize("dag", [scripted_sweep, scripted_experiment])
    def test_only_the_refused_plan_and_the_end_are_red_and_both_name_the_cause(
        self, dag: DAG, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run = run_chain(dag, tmp_path, monkeypatch, fail="plan")
        assert run.state == "failed"
        assert run.order == ["plan"]
        assert {name for name, state in run.states.items() if state == "failed"} == {"plan", "finish"}
        assert run.states["summarise"] == "skipped"
        output = capsys.readouterr()
        said = output.out + output.err
        assert (
            "finish cannot run: plan failed: scripted end plan: wrong input data (exit code 65, not retried)." in said
        )

    def test_failed_finish_fails_the_run(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="finish")
        assert (run.state, run.states["summarise"]) == ("failed", "success")

    def test_finish_decides_where_there_is_no_summary(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_sweep, tmp_path, monkeypatch, fail="summarise")
        assert run.asked["finish"] == {"plan": "plan/plan"}
        assert run.state == "failed"

    def test_too_many_cells_for_this_airflow(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "1")
        run = run_chain(scripted_sweep, tmp_path, monkeypatch)
        assert (run.state, run.states["plan"]) == ("failed", "failed")
        output = capsys.readouterr()
        assert "maps a task over at most 1" in output.out + output.err
        assert "grouping='cell'" in output.out + output.err

    def test_cells_as_tasks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_cells, tmp_path, monkeypatch)
        assert run.state == "success"
        assert run.states == {name: ["success"] * 2 if name in ("select", "cell") else "success" for name in CELLS}
        for dataset in ("topics", "sentiment"):
            assert run.asked[f"cell {dataset}"] == {"selection": f"select/{dataset}/selection"}
        assert run.asked["summarise"] == {
            "plan": "plan/plan",
            "selection.ssentiment": "select/sentiment/selection",
            "selection.stopics": "select/topics/selection",
            "scores.csentiment": "cell/sentiment/scores",
            "scores.ctopics": "cell/topics/scores",
        }
        assert run.asked["finish"] == {"plan": "plan/plan", "results": "summarise/results"}

    def test_a_failed_selection_leaves_the_cell(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_cells, tmp_path, monkeypatch, fail="select:topics")
        assert (run.states["select"], run.states["cell"]) == (["success", "failed"], ["success", "success"])
        assert (run.asked["cell topics"], len(run.asked["cell sentiment"])) == ({}, 1)
        assert "scores.ctopics" in run.asked["summarise"]

    @pytest.mark.parametrize("dag", [scripted_cells, scripted_study])
    def test_what_was_made_beside_a_failed_step_is_collected(
        self, dag: DAG, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        run = run_chain(dag, tmp_path, monkeypatch, fail="inside")
        assert run.states["study" if dag is scripted_study else "cell"] in ("failed", ["failed", "failed"])
        assert run.states["summarise"] == "success"
        assert {"scores.ctopics", "scores.csentiment"} < set(run.asked["summarise"])
        assert run.state == "success"
        output = capsys.readouterr()
        assert "topics seed 1, finetune failed: scripted." in output.out + output.err

    def test_a_whole_study_as_a_task(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_study, tmp_path, monkeypatch)
        assert run.state == "success"
        assert run.order == ["plan", "study", "summarise", "finish"]
        assert run.states == {name: ["success"] * 2 if name == "cell" else "success" for name in STUDY}
        assert run.asked["study"] == {"plan": "plan/plan"}
        assert run.asked["summarise"] == {
            "plan": "plan/plan",
            **{f"scores.c{name}": f"study/{name}/scores" for name in ("topics", "sentiment")},
            **{f"selection.s{name}": f"study/{name}/selection" for name in ("topics", "sentiment")},
        }

    @pytest.mark.parametrize("dag", [scripted_cells, scripted_study])
    def test_a_refused_plan_stops_every_grouping(
        self, dag: DAG, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = run_chain(dag, tmp_path, monkeypatch, fail="plan")
        assert (run.state, run.order) == ("failed", ["plan"])
        assert {name for name, state in run.states.items() if state == "failed"} <= {"plan", "finish", "study"}

    def test_one_cell_without_records(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        run = run_chain(scripted_experiment, tmp_path, monkeypatch, without="records")
        assert run.state == "success"
        assert run.states == dict.fromkeys(EXPERIMENT, "success")
        assert {name: method for name, method in run.methods.items() if method} == {
            "infer_icl topics": "icl",
            "infer_ft topics": "ft",
        }
        assert run.asked["finetune topics"]["selection"] == "select/topics/selection"
        assert run.asked["score topics"] == {
            "prompts": "prompt/topics/prompts",
            "selection": "select/topics/selection",
            "icl": "infer_icl/topics/predictions",
            "ft": "infer_ft/topics/predictions",
        }
        assert run.asked["summarise"] == {
            "plan": "plan/plan",
            "scores.ctopics": "score/topics/scores",
            "selection.stopics": "select/topics/selection",
        }
