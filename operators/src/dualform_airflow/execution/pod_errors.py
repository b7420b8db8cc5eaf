"""What goes wrong with a pod, in words that name the way out."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from kubernetes.client import models as k8s
from kubernetes.client.exceptions import ApiException
from kubernetes.config import ConfigException
from urllib3.exceptions import HTTPError

from .._compat import AirflowException, AirflowFailException
from .base import Ended
from .pod_spec import CONTAINER

_VERBS = (
    "pods: create, get, list, watch, patch, delete; pods/log: get; events: list; secrets: create, delete "
    "(docs/kubernetes.md has the role)"
)
# Reasons of a waiting container or of an event that no waiting mends.
_PERMANENT = ("InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError", "CreateContainerError")
_OUT_OF_MEMORY = 137


@contextlib.contextmanager
def in_words(doing: str) -> Iterator[None]:
    """Turns errors of the API server into those that Airflow retries, and those that it does not."""
    try:
        yield
    except ApiException as refused:
        said = f"Kubernetes could not {doing}: {_said(refused)}"
        if refused.status == 403:
            raise AirflowFailException(f"{said}\nWhoever the worker is in the cluster needs {_VERBS}.") from refused
        if refused.status in (400, 401, 404, 422):
            raise AirflowFailException(said) from refused
        raise AirflowException(f"{said} Trying again may help.") from refused
    except HTTPError as gone:
        raise AirflowException(
            f"Kubernetes' API server does not answer (to {doing}: {gone}). Trying again may help."
        ) from gone


@contextlib.contextmanager
def settings_in_words() -> Iterator[None]:
    """Turns a missing or wrong kubeconfig into a user's mistake."""
    try:
        yield
    except ConfigException as wrong:
        raise AirflowFailException(
            f"No Kubernetes cluster is configured on this worker ({wrong}). Create the Airflow connection "
            "kubernetes_default, or name another (kubernetes_conn_id, DUALFORM_KUBERNETES_CONN_ID) or a kubeconfig "
            "(config_file, DUALFORM_KUBERNETES_CONFIG_FILE); in a pod, in_cluster=True uses its service account."
        ) from wrong


def not_started(
    name: str, state: k8s.V1Pod | None, warnings: Sequence[tuple[str, str]], error: str
) -> AirflowException:
    """Why a pod does not run: the container's own reason, else the newest warning, else what the provider said.

    Args:
        name: the pod's.
        state: the pod as it is now; None where it is gone.
        warnings: reason and message of its events, the newest last.
        error: the provider's sentence.
    """
    reason, message = _waiting(state) or (warnings[-1] if warnings else ("", error))
    said = f"Pod {name} did not start: {': '.join(part for part in (reason, message) if part)}"
    if reason == "FailedScheduling":
        advice = "No node takes it; compare its requests, node selector and tolerations with the nodes."
        return AirflowException(f"{said}\n{advice}")
    if reason in _PERMANENT:
        return AirflowFailException(said)
    return AirflowException(f"{said}\nTrying again may help.")


def ended(pod: k8s.V1Pod, result: dict[str, Any] | None) -> Ended:
    """How the task ended.

    Raises:
        AirflowException: not by itself; trying again may help.
        AirflowFailException: it could not start.
    """
    name = pod.metadata.name
    end = terminated(pod)
    if end is not None and end.reason == "OOMKilled":
        return Ended(_OUT_OF_MEMORY, None)
    if end is not None and end.exit_code == 0:
        return Ended(0, result)
    if cause := _ended_by_cluster(pod):
        raise AirflowException(f"Pod {name} was ended by the cluster: {cause}\nTrying again may help.")
    if end is None:
        raise AirflowException(f"Pod {name} is {pod.status.phase}, and how its task ended is not known.")
    if end.reason in ("StartError", "ContainerCannotRun"):
        raise AirflowFailException(f"The task did not start in pod {name}: {end.message}")
    return Ended(int(end.exit_code), result)


def terminated(pod: k8s.V1Pod) -> k8s.V1ContainerStateTerminated | None:
    """How the task's container ended; None where it has not, or never ran."""
    for status in pod.status.container_statuses or []:
        if status.name == CONTAINER:
            return status.state.terminated
    return None


def succeeded(pod: k8s.V1Pod) -> bool:
    """Whether its task ended with exit code 0."""
    end = terminated(pod)
    return end is not None and end.exit_code == 0


def _ended_by_cluster(pod: k8s.V1Pod) -> str | None:
    """Eviction, preemption, a node's shutdown or the pod's deadline, as the cluster names it; None for none."""
    if pod.status.reason:
        return f"{pod.status.reason}: {pod.status.message}"
    for condition in pod.status.conditions or []:
        if condition.type == "DisruptionTarget" and condition.status == "True":
            return f"{condition.reason}: {condition.message}"
    return None


def _waiting(pod: k8s.V1Pod | None) -> tuple[str, str] | None:
    statuses = (
        [] if pod is None else [*(pod.status.init_container_statuses or []), *(pod.status.container_statuses or [])]
    )
    for status in statuses:
        waiting = status.state.waiting
        if waiting is not None and waiting.message:
            return waiting.reason, waiting.message
    return None


def _said(refused: ApiException) -> str:
    """The server's own sentence; it comes as JSON."""
    with contextlib.suppress(ValueError, TypeError, KeyError):
        return str(json.loads(refused.body)["message"])
    return f"{refused.status} {refused.reason}"
