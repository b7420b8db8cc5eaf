"""The operator that asks: nothing is computed until someone approves what the plan describes."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from airflow.sdk.definitions.param import ParamsDict

from ._compat import AirflowFailException
from .approval import FIELD, REJECTED_KEY, TASK_ID, Approval

try:
    from airflow.providers.standard.operators.hitl import ApprovalOperator
except ImportError as _missing:
    raise ImportError(
        "An approval after the plan needs the package apache-airflow-providers-standard, version 1.12 or newer: "
        "pip install 'dualform-airflow[approval]'."
    ) from _missing

if TYPE_CHECKING:
    from airflow.sdk import Context

    from .inputs import XComPuller


class PlanApproval(ApprovalOperator):
    """Asks whether what the plan describes may be computed.

    *Approve* starts it. *Reject* skips it all, and ``finish`` ends the run as failed, with the reason.

    Args:
        plan_task_id: the task whose result the question shows.
        approval: how it asks.
    """

    ui_color = "#f7ecd0"
    template_fields: Collection[str] = ()

    def __init__(self, *, plan_task_id: str, approval: Approval, **kwargs: Any) -> None:
        timeout = {"defaults": self.REJECT} if "response_timeout" in approval.arguments else {}
        super().__init__(
            task_id=TASK_ID,
            subject="May this study be computed?",
            ignore_downstream_trigger_rules=True,
            **{**timeout, **approval.arguments, **kwargs},
        )
        self.plan_task_id = plan_task_id
        self.approval = approval

    def execute(self, context: Context) -> Any:
        if self.approval.when == "form" and not context["params"].get(FIELD):
            self.log.info("No approval was asked for in the form.")
            return None
        # Airflow 3.1 would put the DAG's whole form below the question.
        self.params = ParamsDict()
        self.body = self._body(context["ti"])
        self.log.info("%s\n%s", self.subject, self.body)
        return super().execute(context)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:
        if self.REJECT in event.get("chosen_options", []):
            user = event.get("responded_by_user")
            who = f"{user['name']} did not approve it" if user else "nobody approved it in time"
            context["ti"].xcom_push(key=REJECTED_KEY, value=who)
            self.log.info("Nothing will be computed: %s.", who)
        return super().execute_complete(context, event)

    def _body(self, ti: XComPuller) -> str:
        result = ti.xcom_pull(self.plan_task_id)
        if not result:
            raise AirflowFailException(f"{self.plan_task_id} has no result to approve; its log may say why.")
        return self.approval.question(result["metrics"], result["message"])
