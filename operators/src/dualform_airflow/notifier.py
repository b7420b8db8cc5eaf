"""Tells people the answer of a study when its run ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseNotifier

from .inputs import REASON_KEY
from .summary import FINDING_KEY

if TYPE_CHECKING:
    from airflow.sdk import Context

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
    finding = ti and ti.xcom_pull(_SUMMARY, key=FINDING_KEY)
    reason = ti and (ti.xcom_pull(_LAST, key=REASON_KEY) or ti.xcom_pull("plan", key=REASON_KEY))
    if reason:
        measured = f"\n{finding}" if finding else ""
        return f"{run} is not complete: it {reason}{measured}"
    return (
        f"{run}: {finding}" if finding else f"{run} ended without an answer: {context.get('reason') or 'see its tasks'}"
    )
