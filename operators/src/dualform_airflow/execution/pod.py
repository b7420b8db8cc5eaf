"""A task's pod, by the parts of the provider's KubernetesPodOperator."""

from __future__ import annotations

import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from airflow.providers.cncf.kubernetes.kubernetes_helper_functions import create_unique_id
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk import get_current_context
from kubernetes import client, watch
from kubernetes.client import models as k8s
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from .._compat import AirflowException
from .pod_errors import in_words, not_started, terminated
from .pod_log import PodLog
from .pod_spec import CONTAINER, REQUEST_FILE

log = logging.getLogger(__name__)

TASK_LABEL = "dualform.org/task"
_POLL_S = 0.3


class PodGoneError(Exception):
    """The pod was deleted while its task ran."""


class TaskPod:
    """One try of a task.

    The provider's operator builds the pod, creates it or finds the one that a lost worker left, waits for its start
    and reads its log. It is not executed as a whole: it would print the task's lines itself, and raise one and the
    same error for every exit code.

    Args:
        identity: of the task's try.
        task: a label's value that all tries of the task share, and no other task has.
        grace_s: seconds between SIGTERM and SIGKILL where the pod is deleted.
        arguments: of the provider's operator.
    """

    def __init__(self, identity: Mapping[str, Any], task: str, grace_s: int, **arguments: Any) -> None:
        self._grace_s = grace_s
        self._selector = f"{TASK_LABEL}={task}"
        self._context = _context(identity)
        self._operator = KubernetesPodOperator(
            task_id=identity["task_id"],
            labels={TASK_LABEL: task},
            random_name_suffix=False,
            do_xcom_push=False,
            deferrable=False,
            startup_check_interval_seconds=1,
            **arguments,
        )
        self._pod: k8s.V1Pod | None = None
        self._last_seen: k8s.V1Pod | None = None
        self._kill_ended = threading.Event()
        self._reading: PodLog | None = None
        self.killed = False

    @property
    def name(self) -> str:
        return str(self._pod.metadata.name) if self._pod else "of this task"

    def start(self, request: str, variables: Mapping[str, str], fresh: bool) -> None:
        """Starts the task, or finds it running; returns when its container has started.

        Args:
            request: the request, which the Secret of the pod's name is to hold.
            variables: environment variables, held there too.
            fresh: end an older pod rather than wait for its result.

        Raises:
            PodGoneError: it was killed meanwhile.
            AirflowException: it does not start, and why.
        """
        operator = self._operator
        with in_words(f"create a pod for {operator.task_id}"):
            wanted = operator.build_pod_request_obj(self._context)
            self._make_room(wanted.metadata.namespace, fresh)
            # Known before it exists, for a signal that comes in between.
            self._pod = wanted
            self._pod = operator.get_or_create_pod(wanted, self._context)
            self._pod = operator.pod_manager.read_pod(self._pod)
            self._create_secret({REQUEST_FILE: request, **variables})
        if self.killed:
            raise PodGoneError
        try:
            operator.await_pod_start(self._pod)
        except (AirflowException, ApiException, HTTPError) as error:
            state = self._last_state()
            if self.killed or state is None:
                raise PodGoneError from error
            raise not_started(self.name, state, self._warnings(), str(error)) from error

    def follow(self, on_line: Callable[[str], None]) -> None:
        """Hands over the lines that the task prints, until it ends."""
        self._reading = PodLog(self._operator.pod_manager, self._pod, CONTAINER)
        self._reading.follow(on_line, self._is_running)

    def read_rest(self, on_line: Callable[[str], None]) -> None:
        """Hands over the lines that came to the log after the task had ended: on a busy node, the last ones do."""
        if self._reading is not None:
            self._reading.read(on_line)

    def read_again(self, on_line: Callable[[str], None]) -> None:
        """Hands over all lines that are still there."""
        PodLog(self._operator.pod_manager, self._pod, CONTAINER).read(on_line)

    @property
    def log_was_cut(self) -> bool:
        """Whether lines of the log may be missing."""
        return self._reading is not None and self._reading.was_cut

    def await_end(self, patience_s: float = 60) -> k8s.V1Pod:
        """The pod, after its container or the pod itself has ended.

        Raises:
            PodGoneError: it was deleted, and how its container ended is not known.
        """
        deadline = time.monotonic() + patience_s
        while (pod := self._read()) is not None:
            if not _is_active(pod) or time.monotonic() > deadline:
                return pod
            for kind, seen in self._changes(self._operator.client, pod, seconds=10):
                if not _is_active(seen):
                    return seen
                if kind == "DELETED":
                    break
        if self.killed:
            # Whoever deleted it has watched it end.
            self._kill_ended.wait(self._grace_s + 5)
        if self._last_seen is None or _is_active(self._last_seen):
            raise PodGoneError
        return self._last_seen

    def clean(self) -> None:
        """Removes the Secret, and the pod if it still runs or the user wants it removed."""
        if self._pod is None:
            return
        with contextlib.suppress(ApiException, HTTPError, AirflowException):
            self._delete_secret(self._operator.client)
            pod = self._read()
            if pod is None:
                return
            if _is_active(pod) or pod.metadata.deletion_timestamp is not None:
                self._delete(self._operator.client)
                self._await_gone(self._grace_s + 10)
            elif self._operator.process_pod_deletion(pod, reraise=False):
                # Where other containers of the pod go on, that was with the pod's own, longer grace.
                self._delete(self._operator.client)
                self._await_gone(self._grace_s + 10)
            else:
                # A later try must not take it for its own.
                self._operator.patch_already_checked(pod, reraise=False)

    def kill(self, patience_s: float) -> None:
        """Deletes the pod and waits until it is gone. It may interrupt any other method."""
        self.killed = True
        if self._pod is None:
            return
        # The interrupted call may hold the lock of the operator's own connections.
        own = client.CoreV1Api(client.ApiClient(self._operator.client.api_client.configuration))
        try:
            deleted = self._delete(own)
            self._delete_secret(own)
            for kind, seen in self._changes(own, deleted, patience_s):
                if not _is_active(seen):
                    self._last_seen = seen
                if kind == "DELETED":
                    break
        except ApiException as error:
            if error.status != 404:
                log.warning("Pod %s could not be deleted: %s", self.name, error)
        except HTTPError as error:
            log.warning("Pod %s could not be deleted: %s", self.name, error)
        finally:
            self._kill_ended.set()

    def _make_room(self, namespace: str, fresh: bool, patience_s: float = 90) -> None:
        """Waits until no pod of the task is left but one to take over, so that two never run at once."""
        deadline = time.monotonic() + patience_s
        while True:
            found = self._operator.client.list_namespaced_pod(namespace, label_selector=self._selector).items
            found = [pod for pod in found if not (pod.metadata.labels or {}).get(KubernetesPodOperator.POD_CHECKED_KEY)]
            found.sort(key=lambda pod: pod.metadata.creation_timestamp)
            staying = [pod for pod in found if pod.metadata.deletion_timestamp is None]
            kept = staying[-1:] if not fresh else []
            for pod in staying:
                if pod not in kept:
                    log.info("Deleting pod %s, which an earlier try left.", pod.metadata.name)
                    with contextlib.suppress(ApiException):
                        self._operator.client.delete_namespaced_pod(
                            pod.metadata.name, namespace, grace_period_seconds=self._grace_s
                        )
            if len(found) == len(kept):
                return
            if time.monotonic() > deadline:
                names = ", ".join(pod.metadata.name for pod in found)
                raise AirflowException(
                    f"Pods of an earlier try do not end: {names}. Two must not run at once, so this try ends here; "
                    "a later one may find them gone. Where their node is lost, delete them with --force."
                )
            time.sleep(_POLL_S)

    def _create_secret(self, content: Mapping[str, str]) -> None:
        """Creates the pod's Secret, unless a lost worker did. It belongs to the pod and goes with it."""
        assert self._pod is not None  # noqa: S101 - for the type checker: start sets it
        name, namespace = self._address()
        owner = k8s.V1OwnerReference(api_version="v1", kind="Pod", name=name, uid=self._pod.metadata.uid)
        metadata = k8s.V1ObjectMeta(name=name, labels=self._operator.labels, owner_references=[owner])
        body = k8s.V1Secret(metadata=metadata, string_data=dict(content), immutable=True)
        try:
            self._operator.client.create_namespaced_secret(namespace, body)
        except ApiException as error:
            if error.status != 409:
                raise

    def _delete(self, api: client.CoreV1Api) -> k8s.V1Pod:
        return api.delete_namespaced_pod(*self._address(), grace_period_seconds=self._grace_s, _request_timeout=2)

    def _delete_secret(self, api: client.CoreV1Api) -> None:
        with contextlib.suppress(ApiException):
            api.delete_namespaced_secret(*self._address(), _request_timeout=2)

    def _changes(self, api: client.CoreV1Api, pod: k8s.V1Pod, seconds: float) -> Iterator[tuple[str, k8s.V1Pod]]:
        """What happens to the pod after the state given, deletion included."""
        name, namespace = self._address()
        with contextlib.closing(
            watch.Watch().stream(
                api.list_namespaced_pod,
                namespace,
                field_selector=f"metadata.name={name}",
                resource_version=pod.metadata.resource_version,
                timeout_seconds=math.ceil(seconds),
                _request_timeout=seconds + 1,
            )
        ) as events:
            for event in events:
                yield event["type"], event["object"]

    def _await_gone(self, patience_s: float) -> None:
        deadline = time.monotonic() + patience_s
        while self._read() is not None and time.monotonic() < deadline:
            time.sleep(_POLL_S)

    def _warnings(self) -> list[tuple[str, str]]:
        """Reason and message of the pod's warnings, the newest last."""
        with contextlib.suppress(ApiException, HTTPError, AirflowException):
            found = self._operator.pod_manager.read_pod_events(self._pod).items
            return [(each.reason, each.message) for each in found if each.type == "Warning"]
        return []

    def _last_state(self) -> k8s.V1Pod | None:
        """The pod as it is now, or as it was where nobody can say; None where it is gone."""
        with contextlib.suppress(ApiException, HTTPError, AirflowException):
            return self._read()
        return self._pod

    def _read(self) -> k8s.V1Pod | None:
        try:
            return self._operator.pod_manager.read_pod(self._pod)
        except ApiException as error:
            if error.status == 404:
                return None
            raise

    def _is_running(self) -> bool:
        pod = self._read()
        return pod is not None and _is_active(pod)

    def _address(self) -> tuple[str, str]:
        assert self._pod is not None  # noqa: S101 - for the type checker: start sets it
        return self._pod.metadata.name, self._pod.metadata.namespace


def pod_name(identity: Mapping[str, Any]) -> str:
    """A name that says which task it is, and that no other pod has."""
    return str(create_unique_id(identity["dag_id"], identity["task_id"]))


def _is_active(pod: k8s.V1Pod) -> bool:
    """Whether its task may still run."""
    return terminated(pod) is None and pod.status.phase not in ("Succeeded", "Failed")


def _context(identity: Mapping[str, Any]) -> Any:
    """What the operator reads of Airflow's context: the task's identity and, where Airflow has one, its state store."""
    context: dict[str, Any] = {"ti": SimpleNamespace(**identity), "run_id": identity["run_id"], "dag": None}
    with contextlib.suppress(RuntimeError):
        context["task_state_store"] = get_current_context().get("task_state_store")
    return context
