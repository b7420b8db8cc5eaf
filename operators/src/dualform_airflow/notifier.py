"""Tells people the answer of a study when its run ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseNotifier

from .inputs import REASON_KEY
from .links import ReportLink
from .summary import FINDING_KEY

if TYPE_CHECKING:
    from airflow.sdk import Context

_PLAN = "plan"
_SUMMARY = "summarise"
_LAST = "finish"


class AnswerNotifier(BaseNotifier):
    """Gives a study's answer to a function or to another notifier; without one, it logs it.

    It is for a DAG's ``on_success_callback`` and ``on_failure_callback``, which Airflow runs in the DAG processor, and
    for those of its tasks::

        from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier

        tell = AnswerNotifier(lambda text: SlackWebhookNotifier(text=text))
        icl_shot_sweep(dag_arguments={"on_success_callback": tell, "on_failure_callback": tell})

    Args:
        tell: receives the text: the name of the run, its state, and the answer or the reason of the failure. What it
            returns is called with the context if it can be, as a notifier is.
    """

    template_fields: Sequence[str] = ()

    def __init__(self, tell: Callable[[str], Any] | None = None) -> None:
        super().__init__()
        self.tell = tell

    def notify(self, context: Context) -> None:
        text = answer(context)
        if self.tell is None:
            self.log.info("%s", text)
            return
        notifier = self.tell(text)
        if callable(notifier):
            notifier(context)


def answer(context: Mapping[str, Any]) -> str:
    """What there is to tell of a run that ends. Airflow gives a callback of a DAG the run's last task."""
    ti = context.get("ti")
    run = f"{context['dag'].dag_id}, run {context.get('run_id')}"

    def told(task_id: str, key: str) -> str:
        return str(ti.xcom_pull(task_id, key=key) or "") if ti else ""

    # The sentence; the tables below it are in the report.
    sentence = told(_SUMMARY, FINDING_KEY).partition("\n\n")[0]
    report = told(_SUMMARY, ReportLink.xcom_key)
    measured = "\n".join(filter(None, [sentence, report and f"Report: {report}"]))
    # Where the plan failed, the last task knows no more than that there is none.
    reason = told(_PLAN, REASON_KEY) or told(_LAST, REASON_KEY)
    if reason:
        return f"{run} is not complete: it {reason}\n{measured}".strip()
    if measured:
        return f"{run}: {measured}"
    return f"{run} ended without an answer: {context.get('reason') or 'see its tasks'}"
