"""DAG factories: the whole chain as a DAG, for a sweep over many cells, for a whole paper, and for one cell; its
first step alone; the theory in a model's layers, which is one task; and models with momentum attention.

plan ─► select (per model and data set) ┐
  │                                     ▼
  └─► cells: prompt ───────────────► finetune ─► infer_ft ─┐
                └─► infer_icl ──────────────────────┴──────┴─► score ─► summarise ─► finish

What each step reads and when it runs is described in ``contract/chain.json``.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast, get_args

from airflow.sdk import DAG, BaseOperator

from .approval import chosen_approval
from .builder import ChainBuilder, Grouping
from .chain import read_chain
from .checks import LONGEST_DAG_ID
from .execution import refuse_modes_arguments
from .form import MOMENTUM, SPEC, form
from .momentum import build as build_momentum
from .picture import CHAIN
from .plan import PlanOperator
from .theory import DualFormOperator

_SWEEP_DOC = """
Measures zero-shot, in-context learning and fine-tuning on the same demonstrations, for every data set, seed and shot
count, and says how alike the two ways are. A *cell* is one model, data set, seed, order and arm; shots are inside it.

- **Before**: `icl_plan` takes the same form, checks it, and states the number of cells and the cost.
- **While it runs**, a task's Details tab links to its MLflow runs; that of `plan` also to all curves.
- **The answer** and the table are in the log of `summarise`; its Details tab links to the report and to all curves.
- **If it fails**, the first red task names the reason and the way out. The tasks after it are skipped, or marked as
  upstream failed; `finish` repeats the reason.

`./dualform trigger icl_shot_sweep --watch` starts the same from a shell.
"""
_PAPER_DOC = """
The chain of `icl_shot_sweep` for whole studies: choose a **preset** and, where it needs them, a model and data sets.
`quick` shows everything on the built-in model. `paper` measures the six tasks of Dai et al. 2022 (arXiv 2212.10559),
with every choice made on training rows. `critics` measures them with the controls that the paper's critics asked for.
`dai2022-1.3b` and `dai2022-2.7b` are the paper's own settings with its models. A field left at its default here has the
preset's value; a field that is changed keeps what is entered. `icl_plan` with the same preset states the cost.
"""
_EXPERIMENT_DOC = """
One cell of `icl_shot_sweep` (one data set, seed, order and arm), with every step visible and nothing mapped.
"""
_PLAN_DOC = """
The first step of `icl_shot_sweep` and `icl_paper` alone, with their form. It checks the experiment and names every
mistake. It states how many cells there are, how many tokens go through the model, and how much memory and disk it
takes. All of that is in the log of `plan`. Nothing is measured, and nothing is written to MLflow.

To run the experiment then, copy the run's configuration (its Details tab) into the trigger form of the other DAG
(*Advanced Options*).
"""
_THEORY_DOC = """
Checks the theory of Dai et al. 2022 (arXiv 2212.10559) in a model's own layers, on real prompts: that attention to
demonstrations is a change of weights, each identity with its residual; how alike that change is to that of fine-tuning,
beside random, permuted and untrained weights; and that a context can be written into weights exactly. The last holds
for any transformer, so it is no evidence that in-context learning is gradient descent; the report says so too.

Of each data set the first seed and order are measured, at the largest shot count that fits. The task links to its
report and MLflow run in its Details tab. `./dualform dual-form` does the same in a shell.
"""
_MOMENTUM_DOC = """
Trains models with momentum attention (Dai et al. 2022, arXiv 2212.10559, section 4) and without it, from scratch, with
equal seeds, data, steps and parameters. Then it compares them: perplexity at three context lengths (the paper's table
6) and accuracy of in-context learning over shots (its table 7), each with the difference from the vanilla model, paired
by seed, and its 95 % interval. `./dualform momentum` does the same in a shell and gives the same digits.

plan ─► model (one task for each variant, decay and seed) ─► compare

- **How long it takes**: size `tiny` has 20 trainings by default, each of a few seconds of computing and about ten
  seconds as a task; `small` takes minutes for each. Each training uses one thread.
- **While it runs**, the MLflow run of each `model` shows its learning curve as it grows. A task that is killed goes on
  from its last checkpoint.
- **The answer** and the tables are in the log of `compare`; its Details tab links to the report and to all curves. A
  training that diverges is named there, and left out of the tables.
- **What it cannot show**: the models are small. Models of size `tiny` are too young to learn in context.
"""


@dataclass(frozen=True)
class DagFactory:
    """Makes a DAG: ``icl_shot_sweep``, ``icl_paper``, ``icl_experiment``, ``icl_plan``, ``dual_form_check`` or
    ``momentum_attention``.

    A DAG file needs no more than a call::

        from dualform_airflow.dags import icl_shot_sweep

        icl_shot_sweep("which_way", mlflow_conn_id="mlflow", defaults={"model": "/models/gpt2"})

    Args:
        name: the DAG's name, unless a call gives another.
        description: one line for the list of DAGs.
        doc: what the DAG's page says, in Markdown.
        presets: defaults of the form that differ from the schema's.
        single: the DAG measures one cell: every step is visible and nothing is mapped.
        plan_only: the DAG ends after the plan.
        theory: the DAG is one task that measures the theory in the model's layers.
        momentum: the DAG trains models with momentum attention and compares them; it has a form of its own.
    """

    name: str
    description: str
    doc: str
    presets: Mapping[str, Any] = field(default_factory=dict)
    single: bool = False
    plan_only: bool = False
    theory: bool = False
    momentum: bool = False

    def __call__(
        self,
        dag_id: str | None = None,
        *,
        defaults: Mapping[str, Any] | None = None,
        retries: int = 2,
        retry_delay: timedelta = timedelta(seconds=10),
        grouping: Grouping | None = None,
        task_seconds: float = 60,
        pool: str | None = None,
        max_active_tasks: int | None = None,
        approval: bool | str | None = None,
        price_per_hour: str | None = None,
        tokens_per_second: float | None = None,
        approval_arguments: Mapping[str, Any] | None = None,
        dag_arguments: Mapping[str, Any] | None = None,
        **task_arguments: Any,
    ) -> DAG:
        """The DAG.

        Args:
            dag_id: the DAG's name, if it is not the factory's.
            defaults: defaults of the form, by parameter name.
            retries: how often a task is tried again after a failure that may pass (exit code 75, a killed process).
                A user's mistake is never tried again.
            retry_delay: pause before a retry.
            grouping: what one task runs. "task": one step. "cell", the default: all steps of a cell, in one Java
                process with one load of the model; or of several small cells. "study": all cells. A DAG of one cell
                has "task" alone.
            task_seconds: with "cell", small cells of one model and data set share a task until it computes about so
                many seconds, one after the other; 0: each cell has a task of its own.
            pool: an Airflow pool for the tasks after the plan; each takes one slot. It has to exist: Airflow never
                starts a task in a pool that does not.
            max_active_tasks: most tasks of a run at the same time; Airflow's own setting where it is not given.
            approval: whether a run waits after its plan until someone approves the cost: True, False, or ``form``,
                and then a field of the form decides for each run. Else the setting ``approval`` decides.
            price_per_hour, tokens_per_second, approval_arguments: see ``Approval``.
            dag_arguments: further arguments of the DAG, such as ``{"schedule": "@weekly"}``.
            task_arguments: further arguments of every ``DualformOperator``: execution, image, jar, java, workspace,
                mlflow_conn_id …; and those of Airflow's own tasks, such as max_active_tis_per_dagrun (most instances of
                a mapped task in one run at the same time), pool_slots and priority_weight.
        """
        dag_id = dag_id or self.name
        if len(dag_id.encode()) > LONGEST_DAG_ID:
            raise ValueError(
                f"The DAG's name has {len(dag_id.encode())} bytes; {LONGEST_DAG_ID} are the most, because Airflow "
                f"names the folder of its logs dag_id=NAME. Shorten it: {dag_id}"
            )
        group = self._grouping(grouping)
        if task_seconds < 0:
            raise ValueError(f"task_seconds has to be 0 or more in {dag_id}; it is {task_seconds!r}.")
        asks = chosen_approval(approval, price_per_hour, tokens_per_second, approval_arguments)
        alone = self._alone()
        if alone:
            asks = None  # nothing follows
        tasks = _task_arguments(retries, retry_delay, pool, task_arguments)
        arguments: dict[str, Any] = {
            "schedule": None,
            "catchup": False,
            "is_paused_upon_creation": False,
            "tags": ["dualform"],
            "description": self.description,
            "doc_md": self.doc if alone else self.doc + CHAIN,
            "params": {
                **form(
                    {**self.presets, **(defaults or {})},
                    single=self.single,
                    schema=MOMENTUM if self.momentum else SPEC,
                ),
                **(asks.form_field() if asks else {}),
            },
            **({} if max_active_tasks is None else {"max_active_tasks": max_active_tasks}),
            **(dag_arguments or {}),
        }
        with DAG(dag_id, **arguments) as dag:
            if self.plan_only:
                PlanOperator(task_id="plan", **{name: value for name, value in tasks.items() if name != "pool"})
            elif self.theory:
                DualFormOperator(task_id="dual_form", **tasks)
            elif self.momentum:
                build_momentum(tasks)
            else:
                ChainBuilder(
                    read_chain(),
                    tasks,
                    single=self.single,
                    grouping=group,
                    approval=asks,
                    task_seconds=task_seconds,
                ).build()
        return dag

    def _alone(self) -> bool:
        """Whether the DAG has other tasks than the chain."""
        return self.plan_only or self.theory or self.momentum

    def _grouping(self, asked: str | None) -> Grouping:
        alone = self.single or self._alone()
        known = ("task",) if alone else get_args(Grouping)
        given = asked or ("task" if alone else "cell")
        if given not in known:
            raise ValueError(f"grouping has to be {' or '.join(known)} in {self.name}; it is {given!r}.")
        return cast("Grouping", given)


icl_shot_sweep = DagFactory(
    "icl_shot_sweep", "Prompt or fine-tune: measures both at every shot count, on any data sets and seeds.", _SWEEP_DOC
)
"""A DAG over all cells of an experiment."""

icl_paper = DagFactory(
    "icl_paper",
    "Whole studies by preset: the paper's tasks and settings, and the controls that its critics asked for.",
    _PAPER_DOC,
    presets={"preset": "quick"},
)
"""A DAG over all cells of a preset, with its choices and controls."""

icl_experiment = DagFactory(
    "icl_experiment",
    "One cell (one data set, seed, order and arm) with every step visible.",
    _EXPERIMENT_DOC,
    single=True,
)
"""A DAG of one cell, with every step visible."""

icl_plan = DagFactory(
    "icl_plan", "Checks an experiment and states its size and cost; measures nothing.", _PLAN_DOC, plan_only=True
)
"""A DAG of the plan alone: what an experiment would cost."""

dual_form_check = DagFactory(
    "dual_form_check",
    "Checks the paper's theory in a model's own layers: identities, likeness of the two changes, patches.",
    _THEORY_DOC,
    presets={"limit": 20},
    theory=True,
)
"""A DAG of one task that measures the theory in the layers of a model."""

momentum_attention = DagFactory(
    "momentum_attention",
    "Trains models with momentum attention and without it, and compares perplexity and in-context learning.",
    _MOMENTUM_DOC,
    momentum=True,
)
"""A DAG that trains models with momentum attention, and compares them."""


def _task_arguments(
    retries: int, retry_delay: timedelta, pool: str | None, further: Mapping[str, Any]
) -> dict[str, Any]:
    pools = {} if pool is None else {"pool": pool}
    refuse_modes_arguments(further, further.get("execution"), inspect.signature(BaseOperator.__init__).parameters)
    return {"retries": retries, "retry_delay": retry_delay, **pools, **further}


__all__: Sequence[str] = (
    "DagFactory",
    "dual_form_check",
    "icl_experiment",
    "icl_paper",
    "icl_plan",
    "icl_shot_sweep",
    "momentum_attention",
)
