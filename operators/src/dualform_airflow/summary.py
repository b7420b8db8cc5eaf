"""The operator that shows a study's answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperatorLink

from .links import CurvesLink, MlflowRunLink, ReportLink
from .operator import DualformOperator
from .pages import cut

if TYPE_CHECKING:
    from airflow.sdk import Context

FINDING_KEY = "finding"


class SummaryOperator(DualformOperator):
    """Runs ``summarise``. The task itself logs the answer and the table; links lead to the report and the curves.

    Airflow lets no task write the note of its run, so the answer goes to an XCom of its own, named ``finding``; a table
    that is too long for an XCom is cut there.
    """

    operator_extra_links: Sequence[BaseOperatorLink] = (MlflowRunLink(), ReportLink(), CurvesLink())

    def publish(self, result: dict[str, Any], context: Context) -> dict[str, Any]:
        context["ti"].xcom_push(key=FINDING_KEY, value=cut(result["message"]))
        report: Mapping[str, str] = result["outputs"].get("report") or {"uri": ""}
        # With transport mlflow the report is on the server alone, and the link leads to it.
        if report["uri"].startswith("workspace:"):
            path = report["uri"].removeprefix("workspace:").lstrip("/")
            self.log.info("Report: %s/%s", self.execution.workspace(self.workspace), path)
        return {**super().publish(result, context), "message": result["message"].partition("\n\n")[0]}
