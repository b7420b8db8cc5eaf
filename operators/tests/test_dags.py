"""The DAGs: their shape, and what runs when a part fails. The tasks are scripted; the scheduling is Airflow's own."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG, TriggerRule

from dualform_airflow.dags import icl_experiment, icl_paper, icl_plan, icl_shot_sweep
from dualform_airflow.execution import Docker, LocalProcess, choose
from dualform_airflow.plan import ItemsOperator

from .dags.scripted import scripted_cells, scripted_experiment, scripted_study, scripted_sweep

# Which tasks each task waits for, written by hand: what the contract's chain has to come to.
SWEEP: dict[str, set[str]] = {
    "plan": set(),
    "select_items": {"plan"},
    "select": {"select_items"},
    "cell_items": {"plan"},
    "cell.prompt": {"cell_items"},
    "cell.infer_icl": {"cell.prompt", "cell_items"},
    "cell.finetune": {"cell.prompt", "cell_items", "select"},
    "cell.infer_ft": {"cell.prompt", "cell.infer_icl", "cell.finetune", "cell_items"},
    "cell.score": {"cell.prompt", "cell.infer_icl", "cell.finetune", "cell.infer_ft", "cell_items", "select"},
    "summarise": {"plan", "select", "cell.score"},
    "finish": {"plan", "summarise"},
}
CELLS: dict[str, set[str]] = {
    "plan": set(),
    "select_items": {"plan"},
    "select": {"select_items"},
    "cell_items": {"plan"},
    "cell": {"cell_items", "select"},
    "summarise": {"plan", "select", "cell"},
    "finish": {"plan", "summarise"},
}
STUDY: dict[str, set[str]] = {
    "plan": set(),
    "study": {"plan"},
    "cell_items": {"plan"},
    "cell": {"cell_items"},
    "summarise": {"plan", "study"},
    "finish": {"plan", "summarise", "cell"},
}
EXPERIMENT: dict[str, set[str]] = {
    "plan": set(),
    "select": {"plan"},
    "prompt": {"plan"},
    "infer_icl": {"plan", "prompt"},
    "finetune": {"plan", "prompt", "select"},
    "infer_ft": {"plan", "prompt", "infer_icl", "finetune"},
    "score": {"plan", "prompt", "infer_icl", "finetune", "infer_ft", "select"},
    "summarise": {"plan", "select", "score"},
    "finish": {"plan", "summarise"},
}


@pytest.mark.parametrize(
    ("factory", "grouping", "shape", "all_done"),
    [
        (icl_shot_sweep, "task", SWEEP, {"finetune", "infer_ft", "score", "summarise"}),
        (icl_paper, "task", SWEEP, {"finetune", "infer_ft", "score", "summarise"}),
        (icl_experiment, "task", EXPERIMENT, {"finetune", "infer_ft", "score", "summarise"}),
        (icl_shot_sweep, "cell", CELLS, {"cell", "summarise"}),
        (icl_paper, "cell", CELLS, {"cell", "summarise"}),
        (icl_shot_sweep, "study", STUDY, {"summarise"}),
    ],
)
def test_chain(factory: Any, grouping: str, shape: dict[str, set[str]], all_done: set[str]) -> None:
    dag = factory(grouping=grouping)
    assert {task.task_id: task.upstream_task_ids for task in dag.tasks} == shape
    finish = dag.get_task("finish")
    assert finish.is_teardown
    assert finish.on_failure_fail_dagrun
    done = {task.task_id.split(".")[-1] for task in dag.tasks if task.trigger_rule == TriggerRule.ALL_DONE}
    assert done == all_done
    bookkeeping = {"select_items", "cell_items", *(("cell",) if grouping == "study" else ())}
    assert all(task.retries == 2 for task in dag.tasks if task.task_id not in bookkeeping)


def test_mapped_tasks_carry_readable_names_and_the_link() -> None:
    dag = icl_shot_sweep(grouping="task")
    for name in ("select", "cell.prompt", "cell.infer_icl", "cell.finetune", "cell.infer_ft", "cell.score"):
        task: Any = dag.get_task(name)
        assert task.map_index_template == "{{ task.item_name(ti) }}"
        assert [link.name for link in task.operator_extra_links] == ["MLflow run"]
    links = {name: [link.name for link in dag.get_task(name).operator_extra_links] for name in ("plan", "summarise")}
    assert links == {"plan": ["MLflow run", "All curves"], "summarise": ["MLflow run", "Report", "All curves"]}


@pytest.mark.parametrize("factory", [icl_shot_sweep, icl_experiment])
def test_reading_the_file_again_makes_no_new_version(factory: Any) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    first, second = (json.dumps(DagSerialization.to_dict(factory()), sort_keys=True, default=str) for _ in range(2))
    assert first == second
    assert " at 0x" not in first


def test_arguments_reach_tasks_and_dag() -> None:
    dag = icl_shot_sweep(
        "mine",
        grouping="task",
        pool="gpu",
        max_active_tasks=3,
        retries=0,
        jar="/a.jar",
        experiment="e",
        dag_arguments={"tags": ["x"]},
    )
    task: Any = dag.get_task("cell.prompt")
    assert (task.pool, task.retries, task.execution.jar, task.experiment) == ("gpu", 0, "/a.jar", "e")
    assert (dag.dag_id, dag.max_active_tasks, dag.tags) == ("mine", 3, {"x"})


def test_plan_runs_where_the_pool_is_missing_and_says_so() -> None:
    pools = {task.task_id: task.pool for task in icl_shot_sweep("pooled", grouping="task", pool="gpu").tasks}
    outside = {"plan", "select_items", "cell_items"}
    assert {name for name, pool in pools.items() if pool == "gpu"} == set(SWEEP) - outside
    assert {pools[name] for name in outside} == {"default_pool"}
    assert icl_plan("alone", pool="gpu").get_task("plan").pool == "default_pool"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"workspace": "here"}, "workspace has to be an absolute path; it is 'here'"),
        ({"java_options": "-Xmx4g"}, r"java_options has to be a list of options, such as \['-Xmx4g'\]"),
        ({"mlflow_conn_id": "https://ml.example"}, "mlflow_conn_id has to be the id of an Airflow connection"),
        ({"mlflow_conn_id": ""}, "mlflow_conn_id has to be"),
        ({"pool": " "}, "pool has to be the name"),
        ({"dag_id": "d" * 249}, "has 249 bytes; 248 are the most"),
    ],
)
def test_arguments_that_can_never_work_are_told_while_the_file_is_read(arguments: dict[str, Any], says: str) -> None:
    factories = (icl_shot_sweep, icl_experiment) if "pool" in arguments else (icl_shot_sweep, icl_experiment, icl_plan)
    for factory in factories:
        with pytest.raises(ValueError, match=says):
            factory(**arguments)


def test_every_mistake_of_the_arguments_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"(?s)workspace has.*java_options has.*mlflow_conn_id has"):
        icl_shot_sweep(workspace="here", java_options="-Xmx4g", mlflow_conn_id="a/b")


def test_a_plan_alone_has_the_form_of_the_sweep_and_opens_no_study() -> None:
    dag, sweep = icl_plan(), icl_shot_sweep()
    (plan,) = dag.tasks
    first: Any = sweep.get_task("plan")
    assert (plan.task_id, getattr(plan, "opens_study", None), first.opens_study) == ("plan", False, True)
    assert {name: dag.params[name] for name in dag.params} == {name: sweep.params[name] for name in sweep.params}


def test_the_list_of_dags_says_what_each_is_for() -> None:
    descriptions = [factory().description or "" for factory in (icl_shot_sweep, icl_paper, icl_experiment, icl_plan)]
    assert all(20 < len(description) < 120 for description in descriptions)
    assert len(set(descriptions)) == 4


def test_an_unknown_argument_or_execution_is_refused() -> None:
    with pytest.raises(TypeError, match="retires"):
        icl_shot_sweep(retires=0)
    with pytest.raises(TypeError, match="execution mode"):
        icl_shot_sweep(execution=8)
    with pytest.raises(ValueError, match=r"no execution mode 'podman' \(argument execution\); there are local, docker"):
        icl_shot_sweep(execution="podman")


def test_the_execution_mode_comes_from_the_argument_or_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    def modes(**arguments: Any) -> set[str]:
        dag = icl_shot_sweep(**arguments)
        own = [task for task in dag.tasks if not isinstance(task, ItemsOperator)]
        return {repr(execution_of(task)) for task in own}

    assert modes(jar="/a.jar") == {repr(LocalProcess("/a.jar"))}
    assert modes(execution="docker", image="i:1") == {repr(Docker("i:1"))}
    assert modes(execution=Docker(cpus=2)) == {repr(Docker(cpus=2))}
    monkeypatch.setenv("DUALFORM_EXECUTION", "docker")
    assert modes() == {repr(Docker())}
    assert modes(execution="local") == {repr(LocalProcess())}
    monkeypatch.setenv("DUALFORM_EXECUTION", "podman")
    with pytest.raises(ValueError, match=r"no execution mode 'podman' \(DUALFORM_EXECUTION\)"):
        modes()


def execution_of(task: Any) -> Any:
    """The execution mode of an operator, or of what is mapped: that has none before the plan's items are known."""
    if hasattr(task, "partial_kwargs"):
        arguments = {name: task.partial_kwargs.get(name) for name in ("execution", "image", "jar")}
        return choose(arguments.pop("execution"), **arguments)
    return task.execution


@pytest.mark.parametrize(
    ("factory", "given"), [(icl_shot_sweep, "cells"), (icl_experiment, "cell"), (icl_plan, "study")]
)
def test_a_grouping_that_a_dag_does_not_have_is_refused(factory: Any, given: str) -> None:
    with pytest.raises(ValueError, match=f"grouping has to be .*task.* in {factory.name}; it is '{given}'"):
        factory(grouping=given)


def test_a_cell_is_a_task_and_a_study_goes_before_what_mirrors_it() -> None:
    assert "cell" in icl_shot_sweep().task_dict
    study = icl_shot_sweep(grouping="study")
    weights = {name: study.get_task(name).priority_weight for name in ("study", "cell")}
    assert weights["study"] > weights["cell"]
    limited: Any = icl_shot_sweep(max_active_tis_per_dagrun=4, pool="gpu").get_task("cell")
    assert (limited.max_active_tis_per_dagrun, limited.pool) == (4, "gpu")


def test_forms_differ_by_what_a_dag_is_for() -> None:
    presets = {factory.name: factory().params["preset"] for factory in (icl_shot_sweep, icl_paper)}
    assert presets == {"icl_shot_sweep": "none", "icl_paper": "quick"}
    assert icl_paper(defaults={"preset": "critics"}).params["preset"] == "critics"
    assert "other_datasets" not in icl_experiment().params


def test_dag_files_are_three_lines_and_import(root: Path) -> None:
    files = sorted((root / "dags").glob("*.py"))
    assert [file.stem for file in files] == ["icl_experiment", "icl_paper", "icl_plan", "icl_shot_sweep"]
    for file in files:
        assert len(ast.parse(file.read_text()).body) == 2
        names: dict[str, Any] = {}
        exec(compile(file.read_text(), str(file), "exec"), names)  # noqa: S102


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
