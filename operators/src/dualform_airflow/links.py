"""The links from an Airflow task to its MLflow run, and from a study's tasks to its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey


class MlflowRunLink(BaseOperatorLink):
    """Shown on the task's Details, also while it runs.

    The operator pushes the address under ``xcom_key`` as soon as the task names it. When the task ends, the worker
    overwrites that XCom with what ``get_link`` returns, so the operator also keeps the address. Airflow shows no link
    without an address.
    """

    name = "MLflow run"
    xcom_key = "dualform_mlflow_run"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002 - Airflow's signature
        addresses: dict[str, str] = getattr(operator, "addresses", {})
        return addresses.get(self.xcom_key, "")


class CurvesLink(MlflowRunLink):
    """The chart of all curves of the study; those of a running study appear as their tasks end."""

    name = "All curves"
    xcom_key = "dualform_link_curves"


class ReportLink(MlflowRunLink):
    """The study's report.html in MLflow."""

    name = "Report"
    xcom_key = "dualform_link_report"


class IclLink(MlflowRunLink):
    """The run with the curve of in-context learning, of the cell that runs or ran last."""

    name = "In context"
    xcom_key = "dualform_link_icl"


class FtLink(MlflowRunLink):
    """The run with the curve of fine-tuning, of the cell that runs or ran last."""

    name = "Fine-tuned"
    xcom_key = "dualform_link_ft"


class ComparisonLink(MlflowRunLink):
    """The run that compares the two methods, of the cell that runs or ran last."""

    name = "Comparison"
    xcom_key = "dualform_link_comparison"


def link_key(page: str) -> str:
    """The XCom key of a page that a task names by an event ``link``."""
    return f"dualform_link_{page}"
