"""The operator that runs one Dualform task: it makes the request and reads the result."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator, BaseOperatorLink, TriggerRule

from ._compat import AirflowException, AirflowFailException, AirflowSkipException
from .checks import Mistakes, check_arguments
from .events import ProgressLog, parse_event
from .execution import Execution, Invocation, choose
from .exit_codes import raise_for_exit_code
from .inputs import REASON_KEY, SKIPPED_KEY, PlannedItem, Source, in_one_line
from .links import MlflowRunLink, link_key
from .pages import cut
from .tracking import Tracking, find_tracking

if TYPE_CHECKING:
    from airflow.sdk import Context

SCHEMA_VERSION = 1
_IN_XCOM = ("kind", "status", "cached", "tracking", "outputs", "metrics", "message")
_TAIL_LINES = 8
_LONGEST_MESSAGE = 1024


class DualformOperator(BaseOperator):
    """Runs one kind of Dualform task: a Java process on the worker, or in a container.

    Args:
        kind: plan, select, prompt, infer, finetune, score, summarise, finish, pretrain, dual_form, momentum_plan,
            momentum_model or momentum_compare.
        item: the item of the plan that the task runs on, or where to find it; the request has its parameters.
        mapped: what Airflow maps the task over: the number of items that an instance runs on. Only Airflow reads it.
        parameters: further parameters; they win over the item's.
        inputs: where each input comes from, by the input's name. The task runs after the tasks that make them.
        experiment: name of the MLflow experiment.
        mlflow_conn_id: a connection to the MLflow server. Default: the server of MLFLOW_TRACKING_URI; where that is
            not set, nothing is tracked.
        workspace: folder that all tasks share, as a task sees it; with ``transport: mlflow``, the worker's own.
            Default: ``$DUALFORM_HOME/workspace``; in a container ``/workspace``.
        execution: where the task runs: ``local`` (a process on the worker), ``docker``, ``kubernetes``, or a mode with
            arguments of its own, such as ``Docker(mem_limit="4g")``. Default: the setting ``execution``; where that is
            empty, ``local``.
        jar, java, java_options: see ``LocalProcess``; for ``local``.
        image: the task image, for modes that run one. Default: the setting ``image``.
        fresh: compute even where a finished result of equal content exists.
    """

    template_fields: Sequence[str] = ("item", "parameters")
    operator_extra_links: Sequence[BaseOperatorLink] = (MlflowRunLink(),)
    ui_color = "#e8f0e4"

    def __init__(
        self,
        *,
        kind: str,
        item: Any = None,
        mapped: Any = None,
        parameters: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Source] | None = None,
        experiment: str = "dualform",
        mlflow_conn_id: str | None = None,
        workspace: str | None = None,
        jar: str | None = None,
        java: str | None = None,
        java_options: Sequence[str] = (),
        execution: Execution | str | None = None,
        image: str | None = None,
        fresh: bool = False,
        **kwargs: Any,
    ) -> None:
        check_arguments(workspace, java_options, mlflow_conn_id, kwargs.get("pool"))
        super().__init__(**kwargs)
        self.kind = kind
        self.item = item
        self.mapped = mapped
        self.items: list[dict[str, Any]] = []
        self.parameters = parameters or {}
        self.inputs = dict(inputs or {})
        self.experiment = experiment
        self.mlflow_conn_id = mlflow_conn_id
        self.workspace = workspace
        self.execution = choose(execution, jar=jar, java=java, java_options=java_options, image=image)
        self.fresh = fresh
        self.addresses: dict[str, str] = {}
        for source in self.inputs.values():
            self.set_upstream(source.task)
        if isinstance(item, PlannedItem):
            self.set_upstream(item.after or item.task)

    def execute(self, context: Context) -> dict[str, Any]:
        try:
            return self._run(context)
        except AirflowSkipException:
            raise
        except Exception as error:
            # A later task that needs this one's outputs repeats the reason.
            context["ti"].xcom_push(key=REASON_KEY, value=f"failed: {in_one_line(str(error))}")
            raise

    def _run(self, context: Context) -> dict[str, Any]:
        self._pull_item(context["ti"])
        inputs = self._find_inputs(context)
        mistakes = Mistakes()
        mistakes.look(self.execution.check)
        tracking = mistakes.look(lambda: find_tracking(self.mlflow_conn_id))
        workspace = mistakes.look(lambda: self.execution.workspace(self.workspace))
        mistakes.raise_if_any()
        assert workspace is not None  # noqa: S101 - for the type checker: it is there where there is no mistake
        identity = _identity(context)
        request = {
            "schema": SCHEMA_VERSION,
            "kind": self.kind,
            "identity": identity,
            **self._tracking(tracking, identity),
            "parameters": self.task_parameters(context),
            "inputs": inputs,
            "workspace": workspace,
            **self._transport(context),
            "fresh": self._is_fresh(context),
        }
        tail: deque[str] = deque(maxlen=_TAIL_LINES)
        progress = ProgressLog(self.log.info)
        ended = self.execution.run(
            Invocation(self.kind, request, identity, tracking.environment if tracking else {}, _travels(context)),
            lambda line: self._handle(line, context, tail, progress),
        )
        result = ended.result
        self.keep(result or {}, context)
        try:
            raise_for_exit_code(ended.code, self.kind, (result or {}).get("message") or "\n".join(tail))
        except AirflowSkipException:
            context["ti"].xcom_push(key=SKIPPED_KEY, value=True)
            raise
        if result is None:
            # A container's log can lose lines on a busy machine. The next try finds the finished result by its key.
            raise AirflowException(
                f"{self.kind} ended with exit code 0, but its result did not arrive. Trying again finds the result."
            )
        if tracked := result.get("tracking"):
            self._show_run(tracked["url"], context)
        self.log.info("Ended: %s%s.", result["status"], ", by a finished result" if result.get("cached") else "")
        return self.publish(result, context)

    def item_name(self, ti: Any) -> str:
        """What people call the item of this instance: ``map_index_template`` asks for it before the task starts.

        The first task that asks pulls the item. Where that fails, the task itself will say why.
        """
        try:
            self._pull_item(ti)
        except Exception:
            self.log.debug("The item has no name yet", exc_info=True)
        name = str(self.item["name"]) if isinstance(self.item, Mapping) else ""
        return name if len(self.items) < 2 else f"{name} and {len(self.items) - 1} more"

    def _pull_item(self, ti: Any) -> None:
        if isinstance(self.item, PlannedItem):
            self.items = self.item.pull(ti)
            self.item = self.items[0]

    def on_kill(self) -> None:
        self.execution.kill()

    def task_parameters(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - for subclasses
        """The request's parameters."""
        return {**self._item().get("parameters", {}), **self.parameters}

    def hear(self, event: Mapping[str, Any], context: Context) -> None:
        """Takes note of an event that only some kinds of task send."""

    def keep(self, result: Mapping[str, Any], context: Context) -> None:
        """Keeps for later tasks what a result has although the task may have failed. Most tasks keep nothing then."""

    def publish(self, result: dict[str, Any], context: Context) -> dict[str, Any]:  # noqa: ARG002 - for subclasses
        """What goes to XCom: references to files and small facts, never the data itself."""
        small = {name: result[name] for name in _IN_XCOM if name in result}
        if "message" in small:
            small["message"] = cut(small["message"], _LONGEST_MESSAGE)
        if "id" in self._item():
            small["item"] = self._item()["id"]
        return small

    def _item(self) -> Mapping[str, Any]:
        return self.item or {}

    def _tracking(self, tracking: Tracking | None, identity: Mapping[str, Any]) -> dict[str, Any]:
        if tracking is None:
            return {}
        study = f"{identity['dag_id']}/{identity['run_id']}"
        return {"tracking": {"uri": tracking.uri, "experiment": self.experiment, "study": study}}

    def _transport(self, context: Context) -> dict[str, str]:
        """How outputs travel, if not through a workspace that all workers share. The plan checks the form's value."""
        return {"transport": "mlflow"} if _travels(context) else {}

    def _find_inputs(self, context: Context) -> dict[str, Any]:
        found: dict[str, Any] = {}
        missing: list[str] = []
        for name, source in self.inputs.items():
            try:
                found.update(source.find(name, context["ti"], self._item()))
            except LookupError as error:
                missing.append(str(error))
        if missing:
            # Two outputs of one task are missing for one reason.
            reason = "; ".join(dict.fromkeys(missing))
            if self.trigger_rule == TriggerRule.ALL_DONE and not self.is_teardown:
                # It was started although a task before it failed. That task is the failed one.
                context["ti"].xcom_push(key=REASON_KEY, value=f"did not run: {in_one_line(reason)}")
                raise AirflowSkipException(f"{self.kind} has nothing to run on: {reason}")
            raise AirflowFailException(f"{self.kind} cannot run: {reason}")
        return found

    def _is_fresh(self, context: Context) -> bool:
        """Whether the user asked to compute again: by the argument, in the form, or by clearing the task.

        Airflow sets ``max_tries`` to the task's retries when it creates a task instance, and to the tries made so far
        plus the retries when the instance is cleared. So it exceeds the retries exactly after a clear. It still does in
        the retries that follow, and these must not use the result that the user wanted computed anew. Neither a retry
        nor the adoption of a task whose scheduler died changes it.
        """
        return self._asks_fresh(context) or self._is_cleared(context)

    def _asks_fresh(self, context: Context) -> bool:
        return self.fresh or bool(context["params"].get("fresh"))

    def _is_cleared(self, context: Context) -> bool:
        return bool(context["ti"].max_tries > (self.retries or 0))

    def _handle(self, line: str, context: Context, tail: deque[str], progress: ProgressLog) -> None:
        event = parse_event(line)
        if event is None:
            self.log.info("%s", line)
            tail.append(line)
        elif event.get("event") == "run" and event.get("url"):
            self._show_run(str(event["url"]), context)
        elif event.get("event") == "link" and event.get("url"):
            self._show_page(link_key(str(event.get("page"))), str(event["url"]), context)
        elif event.get("event") == "progress":
            progress.report(event)
        else:
            self.hear(event, context)

    def _show_run(self, url: str, context: Context) -> None:
        if self._show_page(MlflowRunLink.xcom_key, url, context):
            self.log.info("MLflow run: %s", url)

    def _show_page(self, key: str, url: str, context: Context) -> bool:
        """Gives a link its address; False where it has that already."""
        if self.addresses.get(key) == url:
            return False
        self.addresses[key] = url
        context["ti"].xcom_push(key=key, value=url)
        return True


def _travels(context: Context) -> bool:
    return bool(context["params"].get("transport") == "mlflow")


def _identity(context: Context) -> dict[str, Any]:
    ti = context["ti"]
    return {
        "dag_id": ti.dag_id,
        "run_id": ti.run_id,
        "task_id": ti.task_id,
        "map_index": -1 if ti.map_index is None else ti.map_index,
        "try_number": ti.try_number,
    }
