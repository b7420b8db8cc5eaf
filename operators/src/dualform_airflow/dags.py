"""DAG factories: the whole chain as a DAG, for a sweep over many cells, for a whole paper, and for one cell.

plan ─► select (per model and data set) ─► cells: prompt ─► infer_icl ────────────┐
                                                 └────────► finetune ─► infer_ft ─┴► score ─► summarise ─► finish
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, TriggerRule, task_group

from .execution import Execution
from .form import form
from .inputs import EachOutput, Output, PlannedItem, Task
from .operator import DualformOperator
from .plan import ItemsOperator, PlanOperator

_ITEM_NAME = "{{ task.item['name'] }}"
_SWEEP_DOC = """
Measures zero-shot, in-context learning and fine-tuning on the same demonstrations, for every data set, seed and shot
count, and says how alike the two ways are. A *cell* is one model, data set, seed, order and arm; shots are inside it.
While a task runs, its Details tab links to its MLflow run; `summarise` links to the comparison.
"""
_PAPER_DOC = """
The chain of `icl_shot_sweep` for whole studies: choose a **preset** and, where it needs them, a model and data sets.
`quick` shows everything on the built-in model. `paper` and `critics` are Dai et al. 2022's six tasks, chosen honestly,
and with the controls that its critics asked for. `dai2022-1.3b` and `dai2022-2.7b` name its models and all else it
fixed. What is left at its default here is the preset's; what is changed wins.
"""
_EXPERIMENT_DOC = """
One cell of `icl_shot_sweep` (one data set, seed, order and arm), with every step visible and nothing mapped.
"""


def icl_shot_sweep(
    dag_id: str = "icl_shot_sweep",
    *,
    defaults: Mapping[str, Any] | None = None,
    retries: int = 2,
    retry_delay: timedelta = timedelta(seconds=10),
    pool: str | None = None,
    max_active_tasks: int | None = None,
    dag_arguments: Mapping[str, Any] | None = None,
    **task_arguments: Any,
) -> DAG:
    """A DAG over all cells of an experiment.

    Args:
        dag_id: the DAG's name.
        defaults: defaults of the form, by parameter name.
        retries: tries again after what may pass (exit code 75, a killed process); a user's mistake is never retried.
        retry_delay: pause before a retry.
        pool: an Airflow pool for the tasks; one slot each.
        max_active_tasks: tasks of a run at the same time; else Airflow's own setting.
        dag_arguments: further arguments of the DAG, as ``{"schedule": "@weekly"}``.
        task_arguments: further arguments of every ``DualformOperator``: jar, java, workspace, mlflow_conn_id …
    """
    task = _task_defaults(retries, retry_delay, pool, task_arguments)
    return _sweep(_dag(dag_id, form(defaults), _SWEEP_DOC, max_active_tasks, dag_arguments), task)


def icl_paper(
    dag_id: str = "icl_paper",
    *,
    defaults: Mapping[str, Any] | None = None,
    retries: int = 2,
    retry_delay: timedelta = timedelta(seconds=10),
    pool: str | None = None,
    max_active_tasks: int | None = None,
    dag_arguments: Mapping[str, Any] | None = None,
    **task_arguments: Any,
) -> DAG:
    """A DAG over all cells of a preset, with its choices and controls; arguments as of ``icl_shot_sweep``."""
    task = _task_defaults(retries, retry_delay, pool, task_arguments)
    params = form({"preset": "quick", **(defaults or {})})
    return _sweep(_dag(dag_id, params, _PAPER_DOC, max_active_tasks, dag_arguments), task)


def _sweep(dag: DAG, task: Mapping[str, Any]) -> DAG:
    with dag:
        plan = PlanOperator(task_id="plan", **task)
        select_items = ItemsOperator(task_id="select_items", plan=plan, step="select")
        select = DualformOperator.partial(
            task_id="select", kind="select", map_index_template=_ITEM_NAME, **task
        ).expand(item=select_items.output)
        cell_items = ItemsOperator(task_id="cell_items", plan=plan, step="cells")

        @task_group(group_id="cell")
        def cell(item: Any) -> DualformOperator:
            return _cell(item, select, {**task, "map_index_template": _ITEM_NAME})

        score: Any = cell.expand(item=cell_items.output)
        _close(plan, select, score, task)
    return dag


def icl_experiment(
    dag_id: str = "icl_experiment",
    *,
    defaults: Mapping[str, Any] | None = None,
    retries: int = 2,
    retry_delay: timedelta = timedelta(seconds=10),
    pool: str | None = None,
    max_active_tasks: int | None = None,
    dag_arguments: Mapping[str, Any] | None = None,
    **task_arguments: Any,
) -> DAG:
    """A DAG of one cell, with every step visible; arguments as of ``icl_shot_sweep``."""
    task = _task_defaults(retries, retry_delay, pool, task_arguments)
    with _dag(dag_id, form(defaults, single=True), _EXPERIMENT_DOC, max_active_tasks, dag_arguments) as dag:
        plan = PlanOperator(task_id="plan", single=True, **task)
        select = DualformOperator(task_id="select", kind="select", item=PlannedItem(plan, "select"), **task)
        score = _cell(PlannedItem(plan, "cells"), select, task)
        _close(plan, select, score, task)
    return dag


def _cell(item: Any, select: Task, task: Mapping[str, Any]) -> DualformOperator:
    prompt = DualformOperator(task_id="prompt", kind="prompt", item=item, **task)
    infer_icl = DualformOperator(
        task_id="infer_icl",
        kind="infer",
        item=item,
        parameters={"method": "icl"},
        inputs={"prompts": Output(prompt)},
        **task,
    )
    finetune = DualformOperator(
        task_id="finetune",
        kind="finetune",
        item=item,
        inputs={"prompts": Output(prompt), "selection": Output(select, uses="select")},
        # Another data set's failed selection must not stop this cell; its own makes the input missing.
        trigger_rule=TriggerRule.ALL_DONE,
        **task,
    )
    infer_ft = DualformOperator(
        task_id="infer_ft",
        kind="infer",
        item=item,
        parameters={"method": "ft"},
        inputs={"prompts": Output(prompt), "update": Output(finetune), "training": Output(finetune)},
        **task,
    )
    return DualformOperator(
        task_id="score",
        kind="score",
        item=item,
        inputs={
            "prompts": Output(prompt),
            "icl": Output(infer_icl, "predictions", required=False),
            "ft": Output(infer_ft, "predictions", required=False),
            "selection": Output(select, required=False, uses="select"),
            "icl_records": Output(infer_icl, "records", required=False),
            "ft_records": Output(infer_ft, "records", required=False),
            "training_records": Output(finetune, "records", required=False),
        },
        # One method is scored where the other failed or was not asked for.
        trigger_rule=TriggerRule.ALL_DONE,
        **task,
    )


def _close(plan: PlanOperator, select: Task, score: Any, task: Mapping[str, Any]) -> None:
    summarise = DualformOperator(
        task_id="summarise",
        kind="summarise",
        inputs={"plan": Output(plan), "selection": EachOutput(select), "scores": EachOutput(score)},
        trigger_rule=TriggerRule.ALL_DONE,
        **task,
    )
    finish = DualformOperator(
        task_id="finish",
        kind="finish",
        inputs={"plan": Output(plan), "results": Output(summarise, required=False)},
        **task,
    )
    score >> summarise >> finish
    # A teardown also runs when someone marks the run as failed; it decides alone whether the run succeeded.
    finish.as_teardown(on_failure_fail_dagrun=True)


def _dag(
    dag_id: str,
    params: dict[str, Any],
    doc: str,
    max_active_tasks: int | None,
    dag_arguments: Mapping[str, Any] | None,
) -> DAG:
    limits = {} if max_active_tasks is None else {"max_active_tasks": max_active_tasks}
    arguments: dict[str, Any] = {
        "schedule": None,
        "catchup": False,
        "is_paused_upon_creation": False,
        "tags": ["dualform"],
        "doc_md": doc,
        "params": params,
        **limits,
        **(dag_arguments or {}),
    }
    return DAG(dag_id, **arguments)


def _task_defaults(
    retries: int, retry_delay: timedelta, pool: str | None, task_arguments: Mapping[str, Any]
) -> dict[str, Any]:
    execution: Execution | None = task_arguments.get("execution")
    if execution is not None and not hasattr(execution, "run"):
        raise TypeError(f"execution must be an execution mode, as LocalProcess(); it is {execution!r}.")
    pools = {} if pool is None else {"pool": pool}
    return {"retries": retries, "retry_delay": retry_delay, **pools, **task_arguments}


__all__: Sequence[str] = ("icl_experiment", "icl_paper", "icl_shot_sweep")
