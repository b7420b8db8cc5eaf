"""The operators of a study of momentum attention: its plan, and the comparison of its models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow.sdk import TriggerRule

from ._compat import AirflowFailException
from .form import MOMENTUM, form_schema
from .inputs import EachOutput, PlannedItem
from .operator import DualformOperator
from .plan import ItemsOperator, PlanOperator
from .summary import SummaryOperator

if TYPE_CHECKING:
    from airflow.sdk import Context

_TRAININGS = "trainings"
_MISSING = "models.missing"
# Fields of the form that are about the tasks, and not about the study.
_OF_TASKS = ("fresh", "transport")


class MomentumPlanOperator(PlanOperator):
    """Checks a study and expands it into one item for each training."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = "momentum_plan"

    def task_parameters(self, context: Context) -> dict[str, Any]:
        return {**self.parameters, "study": _study(self.spec, context)}


class MomentumCompareOperator(SummaryOperator):
    """Compares the models that were measured. It fails at its end where one is missing: its report is there already.

    Args:
        spec: the study. Default: the DAG run's parameters.
        kwargs: as for ``DualformOperator``.
    """

    def __init__(self, *, spec: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs.pop("kind", None)
        super().__init__(kind="momentum_compare", **kwargs)
        self.spec = spec

    def task_parameters(self, context: Context) -> dict[str, Any]:
        return {**self.parameters, "study": _study(self.spec, context)}

    def publish(self, result: dict[str, Any], context: Context) -> dict[str, Any]:
        published = super().publish(result, context)
        if missing := int(result["metrics"].get(_MISSING) or 0):
            raise AirflowFailException(
                f"{missing} of the study's models are missing, and the report says which. The logs of the red tasks "
                "before this one say why. Clear those, and this task runs again with them."
            )
        return published


def build(tasks: Mapping[str, Any]) -> None:
    """Makes the study's tasks inside a DAG: plan, one task for each model, and the comparison.

    Args:
        tasks: arguments of every task.
    """
    pool = tasks.get("pool")
    plan = MomentumPlanOperator(
        task_id="plan", pool_of_study=pool, **{name: value for name, value in tasks.items() if name != "pool"}
    )
    items = ItemsOperator(task_id="model_items", plan=plan, step=_TRAININGS)
    models = DualformOperator.partial(
        task_id="model",
        kind="momentum_model",
        item=PlannedItem(plan, _TRAININGS, items),
        map_index_template="{{ task.item_name(ti) }}",
        **tasks,
    ).expand(mapped=items.output)
    MomentumCompareOperator(
        task_id="compare",
        inputs={name: EachOutput(models, name) for name in ("measured", "learning_curve.jsonl")},
        trigger_rule=TriggerRule.ALL_DONE,
        **tasks,
    )


def _study(spec: Mapping[str, Any] | None, context: Context) -> dict[str, Any]:
    if spec is not None:
        return dict(spec)
    known = form_schema(MOMENTUM)["properties"]
    return {name: value for name, value in context["params"].items() if name in known and name not in _OF_TASKS}
