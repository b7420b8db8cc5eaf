"""The link from an Airflow task to its MLflow run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator
    from airflow.sdk.types import TaskInstanceKey


class MlflowRunLink(BaseOperatorLink):
    """Shown on the task's Details, also while it runs.

    The operator pushes the address under ``xcom_key`` as soon as the task names its run. When the task ends, the
    worker overwrites that XCom with what ``get_link`` returns, so the operator also keeps the address.
    """

    name = "MLflow run"
    xcom_key = "dualform_mlflow_run"

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:  # noqa: ARG002 - Airflow's signature
        return getattr(operator, "run_url", "")
