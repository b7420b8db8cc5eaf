"""The operators of tasks that run several steps of the chain: a cell, or a whole study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperatorLink

from .inputs import MADE_KEY, REASON_KEY, Output, cell_key, in_one_line
from .links import ComparisonLink, CurvesLink, FtLink, IclLink, MlflowRunLink
from .operator import DualformOperator
from .pages import push_entries, push_mapping

if TYPE_CHECKING:
    from airflow.sdk import Context

SELECTION = "selection"


class GroupOperator(DualformOperator):
    """Runs several steps in one Java process. Each has its own key, result and MLflow run.

    A cleared task sends no ``fresh``: the task itself computes anew what had finished, and goes on with what had not.
    What its steps made also reaches later tasks where one of them failed.
    """

    def _is_fresh(self, context: Context) -> bool:
        return self._asks_fresh(context)

    def task_parameters(self, context: Context) -> dict[str, Any]:
        return {**self.parameters, "cleared": self._is_cleared(context)}

    def publish(self, result: dict[str, Any], context: Context) -> dict[str, Any]:
        return {**super().publish(result, context), "outputs": {}}


class CellOperator(GroupOperator):
    """Runs all steps of a cell, or of several cells one after the other."""

    operator_extra_links: Sequence[BaseOperatorLink] = (MlflowRunLink(), IclLink(), FtLink(), ComparisonLink())

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("kind", None)
        super().__init__(kind="cell", **kwargs)

    def task_parameters(self, context: Context) -> dict[str, Any]:
        return {**super().task_parameters(context), "cells": self.items or [dict(self._item())]}

    def keep(self, result: Mapping[str, Any], context: Context) -> None:
        push_mapping(context["ti"], MADE_KEY, result.get("outputs", {}))

    def _find_inputs(self, context: Context) -> dict[str, Any]:
        found = super()._find_inputs(context)
        source = self.inputs.get(SELECTION)
        if SELECTION not in found and isinstance(source, Output) and source.uses:
            used = self._item().get("uses", {}).get(source.uses)
            reason = None if used is None else _reason(context, source.task.task_id, used)
            if reason:
                self.log.warning("Nothing is fine-tuned here, because %s[%d] %s", source.task.task_id, used, reason)
        return found


class StudyOperator(GroupOperator):
    """Runs every step between ``plan`` and ``summarise``. An XCom for each cell says how it ended, once it has."""

    operator_extra_links: Sequence[BaseOperatorLink] = (
        MlflowRunLink(),
        CurvesLink(),
        IclLink(),
        FtLink(),
        ComparisonLink(),
    )

    def __init__(self, **kwargs: Any) -> None:
        kwargs.pop("kind", None)
        super().__init__(kind="study", **kwargs)

    def hear(self, event: Mapping[str, Any], context: Context) -> None:
        if event.get("event") == "cell":
            told = {"status": str(event.get("status")), "message": in_one_line(str(event.get("message", "")))}
            context["ti"].xcom_push(cell_key(str(event.get("cell"))), told)

    def keep(self, result: Mapping[str, Any], context: Context) -> None:
        # Lists, because Airflow writes a tuple's type beside each.
        push_entries(context["ti"], MADE_KEY, [[*each] for each in result.get("outputs", {}).items()])


def _reason(context: Context, task_id: str, index: int) -> str | None:
    reason: str | None = context["ti"].xcom_pull(task_id, key=REASON_KEY, map_indexes=index)
    return reason
