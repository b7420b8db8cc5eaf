"""The task as a pod of a Kubernetes cluster, by the Kubernetes provider's operator."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .._compat import AirflowException, AirflowFailException, conf
from ..checks import Mistakes
from ..request import request_line
from ..settings import IMAGE
from .base import Ended, Invocation
from .container import WORKSPACE, identity_labels, passed_environment, task_arguments
from .results import ResultCollector

if TYPE_CHECKING:
    from kubernetes.client import models as k8s

    from .pod import TaskPod

# Airflow kills the task's runner 5.0 s after its own SIGTERM.
_KILL_PATIENCE_S = 4.5
_STOPPED = 143
# How long to wait for the last lines of a task that succeeded, the result among them.
_LATE_S = (0.5, 1.0, 2.0, 4.0)


@dataclass
class Kubernetes:
    """Runs each task in a pod of its own, which is removed when the task has ended.

    Arguments that stand for a part of a pod have Kubernetes' own notation. They win over the template, and the template
    wins over the defaults: no privileges, a read-only root, the image's numeric user, no token of the cluster. That
    satisfies the pod security standard *restricted*.
    An argument that is not given is read from the worker's environment: DUALFORM_IMAGE for the image, and
    DUALFORM_KUBERNETES_NAMESPACE, _CONN_ID, _CONFIG_FILE and _TEMPLATE.

    Args:
        image: the task image; else the template's.
        namespace: else the template's, the connection's, or that of the pod in which Airflow runs.
        kubernetes_conn_id: the Airflow connection to the cluster. Default: kubernetes_default, or where there is none,
            the service account of the pod in which Airflow runs, else ``~/.kube/config``.
        in_cluster: True to insist on that service account.
        config_file: a kubeconfig on the worker.
        cluster_context: one of the kubeconfig's contexts.
        template: a pod to start from: an object, or the path of a YAML file on the worker. The task runs in its first
            container.
        labels, annotations: added to the pod's.
        environment: variables that are no secret.
        resources: such as ``{"requests": {"cpu": "2", "memory": "4Gi"}, "limits": {"cpu": "2", "memory": "4Gi"}}``.
        node_selector, tolerations, affinity: where the pod may run.
        service_account: the pod's.
        image_pull_policy: Always, IfNotPresent or Never.
        image_pull_secrets: names of Secrets.
        volumes: what is mounted, by mount path: the name of a claim, or a volume's source such as
            ``{"persistentVolumeClaim": {"claimName": "models", "readOnly": True}}``. The workspace, ``/cache`` and
            ``/tmp`` are empty in each pod where nothing is mounted.
        grace_s: whole seconds between SIGTERM and SIGKILL when a task is cancelled.
        startup_timeout_s: seconds until the pod must have a node, and as many until it must run then.
        on_finish: delete_pod, delete_succeeded_pod or keep_pod.
    """

    image: str | None = None
    namespace: str | None = None
    kubernetes_conn_id: str | None = None
    in_cluster: bool | None = None
    config_file: str | None = None
    cluster_context: str | None = None
    template: str | Mapping[str, Any] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    resources: Mapping[str, Any] = field(default_factory=dict)
    node_selector: Mapping[str, str] = field(default_factory=dict)
    tolerations: Sequence[Mapping[str, Any]] = ()
    affinity: Mapping[str, Any] = field(default_factory=dict)
    service_account: str | None = None
    image_pull_policy: str | None = None
    image_pull_secrets: Sequence[str] = ()
    volumes: Mapping[str, str | Mapping[str, Any]] = field(default_factory=dict)
    grace_s: int = 3
    startup_timeout_s: int = 600
    on_finish: str = "delete_pod"
    _running: TaskPod | None = field(default=None, init=False, repr=False, compare=False)
    _killed: bool = field(default=False, init=False, repr=False, compare=False)

    def check(self) -> None:
        _check_installed()
        mistakes = Mistakes()
        mistakes.look(lambda: self._pod(WORKSPACE))
        mistakes.look(self._check_cluster)
        mistakes.raise_if_any()

    def workspace(self, argument: str | None) -> str:
        return argument or WORKSPACE

    def run(self, invocation: Invocation, on_line: Callable[[str], None]) -> Ended:
        from .pod import PodGoneError

        self._killed = False
        variables = {**passed_environment(), **invocation.environment}
        pod = self._task_pod(invocation, list(variables))
        self._running = pod
        collector = ResultCollector(on_line)
        try:
            if self._killed:
                return Ended(_STOPPED, None)
            request = request_line(invocation.request).decode()
            pod.start(request, variables, fresh=bool(invocation.request.get("fresh")))
            return _follow(pod, collector)
        except PodGoneError:
            if pod.killed:
                return Ended(_STOPPED, collector.result())
            raise AirflowException(
                f"Pod {pod.name} was deleted while its task ran: evicted, preempted, or by hand. Trying again may help."
            ) from None
        finally:
            # Also where on_line or a timeout raised, so that no pod stays behind.
            self._running = None
            pod.clean()

    def kill(self) -> None:
        self._killed = True
        if self._running is not None:
            self._running.kill(_KILL_PATIENCE_S)

    def _task_pod(self, invocation: Invocation, variables: Sequence[str]) -> TaskPod:
        from .pod import TaskPod, pod_name
        from .pod_spec import add_variable, attach_secret

        travels = invocation.travels or invocation.request.get("transport") == "mlflow"
        spec = self._pod(str(invocation.request["workspace"]), shared=not travels)
        name = pod_name(invocation.identity)
        attach_secret(spec, name, variables)
        limits = (spec.spec.containers[0].resources and spec.spec.containers[0].resources.limits) or {}
        if "memory" in limits and "cpu" in limits:
            # The limits are this task's own share; plan must not divide them again.
            add_variable(spec, "DUALFORM_PARALLEL_TASKS", "1")
        spec.metadata.annotations = {
            **(spec.metadata.annotations or {}),
            **identity_labels(invocation.identity),
        }
        return TaskPod(
            invocation.identity,
            _task_label(invocation.identity),
            self.grace_s,
            name=name,
            full_pod_spec=spec,
            arguments=task_arguments(invocation.kind, "/dualform/request.json"),
            automount_service_account_token=spec.spec.automount_service_account_token,
            startup_timeout_seconds=self.startup_timeout_s,
            on_finish_action=self.on_finish,
            **self._cluster(),
        )

    def _pod(self, workspace: str, *, shared: bool = False) -> k8s.V1Pod:
        from .pod_spec import build_pod, outlives_pod, read_template

        template = read_template(self.template or os.environ.get("DUALFORM_KUBERNETES_TEMPLATE"))
        volumes = {
            path: {"persistentVolumeClaim": {"claimName": source}} if isinstance(source, str) else source
            for path, source in self.volumes.items()
        }
        pod = build_pod(template, self._arguments(), volumes, workspace)
        container = pod.spec.containers[0]
        container.image = container.image or IMAGE.read()
        mistakes = Mistakes()
        if not container.image:
            mistakes.found.append(
                "No image: set DUALFORM_IMAGE on the worker to the task image, such as "
                "registry.example.org/dualform-task:VERSION, or give the DAG factory (or Kubernetes) the argument "
                "image."
            )
        if shared and not outlives_pod(pod, workspace):
            mistakes.found.append(
                f"Pods that share no volume need the transport mlflow. For the transport shared, mount a volume "
                f"that all of them can write to at {workspace}, such as volumes={{{workspace!r}: 'NAME-OF-A-CLAIM'}}."
            )
        mistakes.raise_if_any()
        return pod

    def _arguments(self) -> dict[str, Any]:
        """The arguments that stand for a part of the pod, as a pod."""
        container = {
            "name": "base",
            "image": self.image,
            "imagePullPolicy": self.image_pull_policy,
            "resources": dict(self.resources) or None,
            "env": [{"name": name, "value": value} for name, value in self.environment.items()],
        }
        spec = {
            "nodeSelector": dict(self.node_selector),
            "tolerations": [dict(each) for each in self.tolerations],
            "affinity": dict(self.affinity) or None,
            "serviceAccountName": self.service_account,
            "imagePullSecrets": [{"name": name} for name in self.image_pull_secrets],
            "containers": [container],
        }
        return {"metadata": {"labels": dict(self.labels), "annotations": dict(self.annotations)}, "spec": spec}

    def _cluster(self) -> dict[str, Any]:
        """Which cluster, as the provider's operator and hook are told."""
        found: dict[str, Any] = {
            "namespace": self.namespace or os.environ.get("DUALFORM_KUBERNETES_NAMESPACE"),
            "in_cluster": self.in_cluster,
            "config_file": self.config_file or os.environ.get("DUALFORM_KUBERNETES_CONFIG_FILE"),
            "cluster_context": self.cluster_context,
        }
        if connection := self.kubernetes_conn_id or os.environ.get("DUALFORM_KUBERNETES_CONN_ID"):
            found["kubernetes_conn_id"] = connection
        return found

    def _check_cluster(self) -> None:
        from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook

        from .pod_errors import settings_in_words

        settings = self._cluster()
        del settings["namespace"]
        with settings_in_words():
            KubernetesHook(**settings).get_conn()


def _follow(pod: TaskPod, collector: ResultCollector) -> Ended:
    """Reads a running pod's log, and says how it ended."""
    from .pod_errors import ended, in_words, succeeded

    with in_words(f"follow pod {pod.name}"):
        pod.follow(collector.take)
        state = pod.await_end()
        pod.read_rest(collector.take)
        for pause_s in _LATE_S:
            if collector.result() is not None or not succeeded(state):
                break
            time.sleep(pause_s)
            pod.read_rest(collector.take)
        result = collector.result()
        was_cut = result is None and (pod.log_was_cut or collector.has_begun)
        if was_cut or (result is None and succeeded(state)):
            again = ResultCollector(lambda _line: None)
            pod.read_again(again.take)
            result = again.result()
    how = ended(state, result)
    if how.code == 0 and how.result is None and was_cut:
        raise AirflowException(
            f"Pod {pod.name} ended with exit code 0, but its log was cut, and the result is not in it. "
            "Trying again finds the finished result."
        )
    return how


def _check_installed() -> None:
    try:
        import airflow.providers.cncf.kubernetes.operators.pod  # noqa: F401
    except ImportError as missing:
        raise AirflowFailException(
            f"The execution mode kubernetes needs Airflow's Kubernetes provider on this worker ({missing}). "
            "Install it: pip install 'dualform-airflow[kubernetes]'"
        ) from missing


def _task_label(identity: Mapping[str, Any]) -> str:
    """What all tries of a task share, and no other task has, also of another Airflow that uses the namespace.

    A label's value has 63 characters at most.
    """
    airflow = conf.get("api", "base_url", fallback="")
    parts = [airflow, *(identity[part] for part in ("dag_id", "run_id", "task_id", "map_index"))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]
