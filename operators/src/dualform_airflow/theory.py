"""The operator that measures the theory in the layers of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperatorLink

from .links import MlflowRunLink, ReportLink
from .operator import DualformOperator
from .pages import cut
from .summary import FINDING_KEY

if TYPE_CHECKING:
    from airflow.sdk import Context


class DualFormOperator(DualformOperator):
    """Runs ``dual_form``, which plans by itself and needs no task before it.

    Args:
        spec: the experiment. Default: the DAG run's parameters.
        kwargs: as for ``DualformOperator``; ``parameters`` may have ``precision``, ``patches``, ``all_weights`` and
            ``untrained``.
    """

    operator_extra_links: Sequence[BaseOperatorLink] = (MlflowRunLink(), ReportLink())

    def __init__(self, *, spec: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs.pop("kind", None)
        super().__init__(kind="dual_form", **kwargs)
        self.spec = spec

    def task_parameters(self, context: Context) -> dict[str, Any]:
        experiment = dict(self.spec if self.spec is not None else context["params"])
        return {**self.parameters, "experiment": experiment}

    def publish(self, result: dict[str, Any], context: Context) -> dict[str, Any]:
        context["ti"].xcom_push(key=FINDING_KEY, value=cut(result["message"]))
        return super().publish(result, context)
