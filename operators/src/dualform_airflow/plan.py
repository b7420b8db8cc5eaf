"""The operators that make the plan and hand on its items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, BaseOperatorLink

from ._compat import AirflowFailException, conf
from .approval import FIELD as APPROVAL_FIELD
from .inputs import items_key
from .items import Small, TooManyItemsError, push_shares, shares
from .links import CurvesLink, MlflowRunLink
from .operator import DualformOperator
from .tracking import Tracking, find_tracking

if TYPE_CHECKING:
    from airflow.sdk import Context

_MAIN = "main"
_CELLS = "cells"
# So many tasks as a slot gets at least, where there are cells enough: all slots stay busy to the end.
_TASKS_A_SLOT = 4


class PlanOperator(DualformOperator):
    """Checks the experiment and expands it into lists of items. Each list goes to XComs named ``items_<list>``, and the
    number of items of each task on it to ``sizes_<list>``.

    Args:
        spec: the experiment. Default: the DAG run's parameters.
        single: fail unless the experiment is one cell.
        opens_study: the plan opens the study's summary run in MLflow, which ``finish`` ends. False for a plan alone: it
            states size and cost, and nothing follows.
        together: a task runs several cells where Airflow cannot map over all of them.
        task_seconds: small cells share a task until it computes about so long; 0: never. The plan measures the
            machine's rate for it.
        pool_of_study: the pool of the tasks after it. It runs in Airflow's default pool, since no task ever starts in a
            pool that does not exist.
    """

    operator_extra_links: Sequence[BaseOperatorLink] = (MlflowRunLink(), CurvesLink())

    def __init__(
        self,
        *,
        spec: Mapping[str, Any] | None = None,
        single: bool = False,
        opens_study: bool = False,
        together: bool = False,
        task_seconds: float = 0,
        pool_of_study: str | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs.pop("kind", None)
        super().__init__(kind="plan", **kwargs)
        self.spec = spec
        self.single = single
        self.opens_study = opens_study
        self.together = together
        self.task_seconds = task_seconds
        self.pool_of_study = pool_of_study

    def _tracking(self, tracking: Tracking | None, identity: Mapping[str, Any]) -> dict[str, Any]:
        return super()._tracking(tracking, identity) if self.opens_study else {}

    def _transport(self, context: Context) -> dict[str, str]:
        return super()._transport(context) if self.opens_study else {}

    def task_parameters(self, context: Context) -> dict[str, Any]:
        experiment = dict(self.spec if self.spec is not None else context["params"])
        if not self.opens_study and find_tracking(self.mlflow_conn_id) is not None:
            # No file of a plan alone travels. Without a server the value stays, and Java says what the study lacks.
            experiment.pop("transport", None)
        # Whoever is asked wants to know the minutes too.
        rate: dict[str, Any] = {"measure_rate": True} if experiment.pop(APPROVAL_FIELD, False) else {}
        if self.together and self.task_seconds > 0:
            rate["measure_rate_above"] = _fewest_tasks()
        if self.single and str(experiment.get("arms", _MAIN)) != _MAIN:
            # A control is measured beside main unless main is left out. Here, the control is the only cell.
            experiment["arms"] = f"{experiment['arms']},-{_MAIN}"
        return {**self.parameters, **rate, "experiment": experiment}

    def publish(self, result: dict[str, Any], context: Context) -> dict[str, Any]:
        rate = float(result.get("metrics", {}).get("tokens_per_second") or 0)
        for step, items in result.get("expand", {}).items():
            self._check_single(items)
            parted = self._parted(step, items, rate)
            push_shares(context["ti"], items_key(step), parted)
            context["ti"].xcom_push(sizes_key(step), [len(share) for share in parted])
        if self.pool_of_study:
            self.log.info(
                "The tasks after this one run in the pool %s. If they stay scheduled and none starts, Airflow has no "
                "pool of that name or no free slot in it: see Admin, Pools, or airflow pools set %s 2 Dualform",
                self.pool_of_study,
                self.pool_of_study,
            )
        return super().publish(result, context)

    def _check_single(self, items: list[dict[str, Any]]) -> None:
        if self.single and len(items) != 1:
            names = ", ".join(item["name"] for item in items[:4]) + (", …" if len(items) > 4 else "")
            raise AirflowFailException(
                f"This DAG runs one cell: one data set, seed, order and arm. The experiment has {len(items)}: {names}. "
                "Enter one of each, or use icl_shot_sweep."
            )

    def _parted(self, step: str, items: list[dict[str, Any]], rate: float) -> list[list[Mapping[str, Any]]]:
        most = conf.getint("core", "max_map_length", fallback=1024)
        together = self.together and step == _CELLS
        small = Small(rate, self.task_seconds, _fewest_tasks()) if together and rate and self.task_seconds else None
        try:
            parted = shares(items, most, together=together, small=small)
        except TooManyItemsError as reason:
            raise AirflowFailException(
                f"The experiment has {len(items)} items for {step}; this Airflow maps a task over at most {most} "
                f"([core] max_map_length), and {reason}. Use fewer data sets, seeds, orders or arms, split it into "
                "several runs, raise that setting, or let one task run several cells: grouping='cell'."
            ) from None
        if len(parted) < len(items):
            why = (
                f"this Airflow maps a task over at most {most}"
                if len(items) > most
                else f"cells share a task until it takes about {self.task_seconds:g} s (task_seconds of the DAG)"
            )
            largest = max(len(share) for share in parted)
            self.log.info("%d cells in %d tasks of at most %d cells each: %s.", len(items), len(parted), largest, why)
        return parted


def _fewest_tasks() -> int:
    slots: int = conf.getint("core", "parallelism", fallback=32)
    return _TASKS_A_SLOT * slots


class ItemsOperator(BaseOperator):
    """Returns how many items each task on one list of the plan's has: one value a task, so that Airflow maps over them.

    Airflow maps tasks over the return value of a task only, and over its length. The items themselves stay where the
    plan put them; each task pulls its own.
    """

    ui_color = "#f4f4f4"

    def __init__(self, *, plan: BaseOperator, step: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.step = step
        self.plan_task_id = plan.task_id
        self.set_upstream(plan)

    def execute(self, context: Context) -> list[int]:
        sizes: list[int] | None = context["ti"].xcom_pull(self.plan_task_id, key=sizes_key(self.step), map_indexes=None)
        if sizes is None:
            raise AirflowFailException(f"{self.plan_task_id} names no items for {self.step}.")
        self.log.info("%s: %d items in %d tasks.", self.step, sum(sizes), len(sizes))
        return sizes


def sizes_key(step: str) -> str:
    """The key of the plan's XCom with the number of items of each task on a list."""
    return f"sizes_{step}"
