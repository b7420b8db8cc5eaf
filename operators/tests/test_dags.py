"""The DAGs: their shape, their arguments, and their forms."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import TriggerRule

from dualform_airflow.dags import (
    dual_form_check,
    icl_experiment,
    icl_paper,
    icl_plan,
    icl_shot_sweep,
    momentum_attention,
)
from dualform_airflow.execution import Docker, Kubernetes, LocalProcess, choose
from dualform_airflow.plan import ItemsOperator
from dualform_airflow.theory import DualFormOperator

from .chain_shapes import CELLS, EXPERIMENT, STUDY, SWEEP

FACTORIES = (icl_shot_sweep, icl_paper, icl_experiment, icl_plan, dual_form_check, momentum_attention)


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


def test_the_theory_is_one_task_with_the_form_of_the_sweep() -> None:
    dag = dual_form_check(parameters={"patches": False})
    (task,) = dag.tasks
    operator: Any = task
    assert (operator.task_id, operator.kind) == ("dual_form", "dual_form")
    assert set(dag.params) == set(icl_shot_sweep().params)
    assert int(dag.params["limit"]) == 20
    parameters = operator.task_parameters({"params": {"model": "mini", "limit": 20}})
    assert parameters == {"patches": False, "experiment": {"model": "mini", "limit": 20}}
    given: Any = DualFormOperator(task_id="own", spec={"model": "gpt2"})
    assert given.task_parameters({"params": {}}) == {"experiment": {"model": "gpt2"}}


def test_the_list_of_dags_says_what_each_is_for() -> None:
    descriptions = [factory().description or "" for factory in FACTORIES]
    assert all(20 < len(description) < 120 for description in descriptions)
    assert len(set(descriptions)) == len(FACTORIES)


def test_an_unknown_argument_or_execution_is_refused() -> None:
    with pytest.raises(TypeError, match="retires"):
        icl_shot_sweep(retires=0)
    with pytest.raises(TypeError, match="execution mode"):
        icl_shot_sweep(execution=8)
    with pytest.raises(ValueError, match=r"no execution mode 'podman' \(argument execution\); there are local, docker"):
        icl_shot_sweep(execution="podman")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            {"execution": "docker", "network_mode": "bridge"},
            r"network_mode is an argument of the execution mode Docker, not of the DAG: "
            r"write execution=Docker\(network_mode='bridge'\), with `from dualform_airflow\.execution import Docker`",
        ),
        (
            {"mem_limit": "4g", "cpus": 2},
            r"mem_limit and cpus are arguments .* execution=Docker\(mem_limit='4g', cpus=2\)",
        ),
        ({"execution": "kubernetes", "volumes": {}}, r"execution=Kubernetes\(volumes=\{\}\)"),
        ({"execution": Kubernetes(), "labels": {"a": "b"}}, r"execution=Kubernetes\(labels="),
        ({"namespace": "experiments"}, r"execution=Kubernetes\(namespace='experiments'\)"),
        ({"namespace": "n", "mem_limit": "4g"}, r"Kubernetes\(namespace='n'\).*=Docker\(mem_limit='4g'\)"),
    ],
    # Without names of modes, by which tests are chosen.
    ids=["one", "two", "of pods", "of a mode", "by its name", "of two modes"],
)
def test_an_argument_of_an_execution_mode_is_refused_with_where_it_goes(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        icl_shot_sweep(**arguments)
    with pytest.raises(ValueError, match=said):
        dual_form_check(**arguments)


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
    ("factory", "given"),
    [
        (icl_shot_sweep, "cells"),
        (icl_experiment, "cell"),
        (icl_plan, "study"),
        (dual_form_check, "cell"),
        (momentum_attention, "cell"),
    ],
)
def test_a_grouping_that_a_dag_does_not_have_is_refused(factory: Any, given: str) -> None:
    with pytest.raises(ValueError, match=f"grouping has to be .*task.* in {factory.name}; it is '{given}'"):
        factory(grouping=given)


def test_a_cell_is_a_task_and_a_study_goes_before_what_mirrors_it() -> None:
    assert "cell" in icl_shot_sweep().task_dict
    study = icl_shot_sweep(grouping="study", retries=5, queue="large", pool="gpu")
    mirror: Any = study.task_dict["cell"]
    assert (mirror.retries, mirror.queue, mirror.pool) == (5, "large", "default_pool")
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
    assert [file.stem for file in files] == [
        "dual_form_check",
        "icl_experiment",
        "icl_paper",
        "icl_plan",
        "icl_shot_sweep",
        "momentum_attention",
    ]
    for file in files:
        assert len(ast.parse(file.read_text()).body) == 2
        names: dict[str, Any] = {}
        exec(compile(file.read_text(), str(file), "exec"), names)  # noqa: S102
