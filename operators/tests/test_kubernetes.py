"""What the mode kubernetes asks of a cluster, and what it says where that fails, tried on a real one."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes import client

from dualform_airflow._compat import AirflowException, AirflowFailException
from dualform_airflow.execution import Ended, Invocation, Kubernetes

from . import scripted_image
from .cluster.control_plane import LIMITED_USER
from .cluster.fixtures import Cluster
from .given import ROOT

pytestmark = pytest.mark.slow

# Longer than any test waits.
ENDLESS = "say ready; sleep 90 & wait"


def mode(cluster: Cluster, spec: dict[str, Any] | None = None, **arguments: Any) -> Kubernetes:
    arguments = {"image": scripted_image.NAME, "image_pull_policy": "Never", **arguments}
    return Kubernetes(
        namespace=cluster.namespace,
        template={"spec": {"hostNetwork": True, **(spec or {})}},
        **{"config_file": str(cluster.config), **arguments},
    )


def invocation(script: str, run_id: str | None = None, try_number: int = 1, **request: Any) -> Invocation:
    identity: dict[str, Any] = {
        "dag_id": "größer DAG",
        "run_id": run_id or f"manual__{uuid.uuid4().hex}",
        "task_id": "study.infer",
    }
    identity |= {"map_index": 2, "try_number": try_number}
    parameters = {"script": base64.b64encode(script.encode()).decode()}
    content = {"kind": "infer", "parameters": parameters, "workspace": "/workspace", "transport": "mlflow", **request}
    return Invocation("infer", content, identity, {"MLFLOW_TRACKING_TOKEN": "s3cret"})


class Lines:
    """The lines of a task, for a test that waits for one."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._changed = threading.Condition()

    def __call__(self, line: str) -> None:
        with self._changed:
            self.seen.append(line)
            self._changed.notify_all()

    def wait_for(self, line: str, patience_s: float = 60) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: line in self.seen, patience_s), self.seen


Background = Callable[..., "Future[Ended]"]


@pytest.fixture
def background() -> Iterator[Background]:
    with ThreadPoolExecutor(2) as pool:
        yield pool.submit


def pods(cluster: Cluster) -> list[Any]:
    return list(cluster.core.list_namespaced_pod(cluster.namespace).items)


def left(cluster: Cluster, patience_s: float = 60) -> list[str]:
    """The names of pods and Secrets, after those that are being deleted had time to go."""
    deadline = time.monotonic() + patience_s
    while True:
        found = [*pods(cluster), *cluster.core.list_namespaced_secret(cluster.namespace).items]
        going = [thing for thing in found if thing.metadata.deletion_timestamp is not None]
        if not going or time.monotonic() > deadline:
            return [thing.metadata.name for thing in found]
        time.sleep(0.2)


def test_the_pod_is_confined_and_its_secret_goes_with_it(cluster: Cluster, background: Background) -> None:
    execution = mode(
        cluster,
        labels={"team": "nlp"},
        annotations={"cost-centre": "größer 7"},
        resources={"requests": {"cpu": "100m"}, "limits": {"cpu": "1", "memory": "64Mi"}},
        node_selector={"kubernetes.io/os": "linux"},
        tolerations=[{"key": "gpu", "operator": "Exists"}],
        environment={"JAVA_TOOL_OPTIONS": "-Xmx1g"},
        image_pull_secrets=["registry"],
    )
    lines, task = (
        Lines(),
        invocation('say ready; sleep 2; say "parallel $DUALFORM_PARALLEL_TASKS"; touch /x; done_with ok'),
    )
    running = background(execution.run, task, lines)
    lines.wait_for("ready")
    (pod,) = pods(cluster)
    plain = json.loads(cluster.plain(pod))
    secret = cluster.core.read_namespaced_secret(pod.metadata.name, cluster.namespace)
    assert running.result().code == 0
    assert lines.seen[1:] == ["parallel 1", "touch: /x: Read-only file system"]
    assert left(cluster) == []

    assert secret.metadata.owner_references[0].uid == pod.metadata.uid
    assert sorted(secret.data) == ["MLFLOW_TRACKING_TOKEN", "request.json"]
    spec, (container,) = plain["spec"], plain["spec"]["containers"]
    assert "s3cret" not in json.dumps(plain)
    assert container["args"] == ["infer", "--request", "/dualform/request.json", "--result", "-"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "fsGroup": 10001,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert spec["automountServiceAccountToken"] is False
    assert spec["restartPolicy"] == "Never"
    assert spec["nodeSelector"] == {"kubernetes.io/os": "linux"}
    assert {"key": "gpu", "operator": "Exists"} in spec["tolerations"]
    assert spec["imagePullSecrets"] == [{"name": "registry"}]
    assert {"name": "JAVA_TOOL_OPTIONS", "value": "-Xmx1g"} in container["env"]
    assert container["resources"]["limits"] == {"cpu": "1", "memory": "64Mi"}
    labels, annotations = plain["metadata"]["labels"], plain["metadata"]["annotations"]
    assert (labels["team"], labels["task_id"], labels["try_number"]) == ("nlp", "study.infer", "1")
    assert annotations["cost-centre"] == "größer 7"
    # A label may not hold every id; an annotation may.
    assert annotations["org.dualform.dag_id"] == "größer DAG"


def test_a_result_in_many_pieces_and_a_sidecar_that_goes_on(cluster: Cluster) -> None:
    sidecar = {"name": "proxy", "image": scripted_image.NAME, "command": ["sleep", "600"], "imagePullPolicy": "Never"}
    execution = mode(cluster, {"containers": [{"name": "base"}, sidecar]})
    lines = Lines()
    ended = execution.run(invocation("seq 3; done_with ok"), lines)
    assert (ended.code, (ended.result or {}).get("message")) == (0, "ok")
    assert lines.seen == ["1", "2", "3"]
    assert left(cluster) == []


def test_the_role_that_the_docs_name_is_enough_and_without_it_the_reason_is_told(cluster: Cluster) -> None:
    execution = mode(cluster, config_file=str(cluster.control_plane.limited_config))
    with pytest.raises(AirflowFailException, match=r'User "limited" cannot .* "pods"'):
        execution.run(invocation("done_with ok"), Lines())
    page = (ROOT / "docs" / "kubernetes.md").read_text()
    (documented,) = re.findall(r"^ *```yaml\n( *apiVersion: rbac.*?)^ *```", page, re.MULTILINE | re.DOTALL)
    role = yaml.safe_load(textwrap.dedent(documented))
    subject = {"kind": "User", "name": LIMITED_USER, "apiGroup": "rbac.authorization.k8s.io"}
    of = {"kind": "Role", "name": role["metadata"]["name"], "apiGroup": "rbac.authorization.k8s.io"}
    rbac = client.RbacAuthorizationV1Api(cluster.control_plane.api_client)
    rbac.create_namespaced_role(cluster.namespace, role)
    rbac.create_namespaced_role_binding(
        cluster.namespace, {"metadata": role["metadata"], "roleRef": of, "subjects": [subject]}
    )
    lines = Lines()
    ended = execution.run(invocation("seq 3; done_with ok"), lines)
    assert (ended.code, lines.seen) == (0, ["1", "2", "3"])
    # Events, which are asked for where a pod does not start.
    refused = mode(cluster, config_file=str(cluster.control_plane.limited_config), image="nowhere/at-all:1")
    with pytest.raises(AirflowFailException, match="ErrImageNeverPull"):
        refused.run(invocation("exit"), Lines())
    assert left(cluster) == []


def test_too_little_memory_is_exit_code_137(cluster: Cluster) -> None:
    execution = mode(cluster, resources={"limits": {"memory": "24Mi"}})
    # The shell doubles a text until the kernel ends it.
    lines = Lines()
    assert execution.run(invocation("a=0123456789; while :; do a=$a$a; done"), lines) == Ended(137, None)


def test_a_missing_image_is_named(cluster: Cluster) -> None:
    execution = mode(cluster, image="dualform-task:none")
    with pytest.raises(AirflowFailException, match=r"ErrImageNeverPull.*dualform-task:none"):
        execution.run(invocation("exit"), Lines())
    assert left(cluster) == []


def test_an_image_that_cannot_be_pulled_is_tried_again(cluster: Cluster) -> None:
    execution = mode(cluster, image="127.0.0.1:9/dualform-task:1", image_pull_policy="Always")
    with pytest.raises(AirflowException, match=r"(ErrImagePull|ImagePullBackOff)(.|\n)*connection refused") as raised:
        execution.run(invocation("exit"), Lines())
    assert type(raised.value) is AirflowException
    assert left(cluster) == []


def test_a_pod_that_no_node_takes_says_why(cluster: Cluster) -> None:
    execution = mode(cluster, node_selector={"disk": "fast"}, startup_timeout_s=3)
    with pytest.raises(AirflowException, match=r"FailedScheduling: .*node affinity/selector(.|\n)*compare") as raised:
        execution.run(invocation("exit"), Lines())
    assert type(raised.value) is AirflowException
    assert left(cluster) == []


def test_a_wrong_pod_is_refused_with_the_servers_words(cluster: Cluster) -> None:
    execution = mode(cluster, labels={"team": "not a label"})
    with pytest.raises(AirflowFailException, match=r"could not create a pod .*not a label"):
        execution.run(invocation("exit"), Lines())


def test_a_start_that_fails_in_the_container_is_quoted(cluster: Cluster) -> None:
    execution = mode(cluster, {"containers": [{"name": "base", "command": ["/no/such/program"]}]})
    with pytest.raises(AirflowFailException, match="/no/such/program"):
        execution.run(invocation("exit"), Lines())
    assert left(cluster) == []


def test_a_pod_deleted_by_others_is_tried_again(cluster: Cluster, background: Background) -> None:
    lines = Lines()
    running = background(mode(cluster).run, invocation(ENDLESS), lines)
    lines.wait_for("ready")
    cluster.core.delete_namespaced_pod(pods(cluster)[0].metadata.name, cluster.namespace, grace_period_seconds=0)
    with pytest.raises(AirflowException, match="was deleted while its task ran"):
        running.result()


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (
            {"phase": "Failed", "reason": "Evicted", "message": "The node was low on memory."},
            "Evicted: The node was low",
        ),
        (
            {
                "phase": "Failed",
                "conditions": [
                    {
                        "type": "DisruptionTarget",
                        "status": "True",
                        "reason": "PreemptionByScheduler",
                        "message": "A pod of higher priority came.",
                    }
                ],
            },
            "PreemptionByScheduler: A pod of higher",
        ),
    ],
)
def test_what_the_cluster_ends_is_tried_again(
    cluster: Cluster, background: Background, status: dict[str, Any], says: str
) -> None:
    """The pod is on a node of which nobody reports, so that the tests can."""
    running = background(mode(cluster, {"nodeName": "elsewhere"}).run, invocation("exit"), Lines())
    deadline = time.monotonic() + 30
    while not (found := pods(cluster)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    state = {"name": "base", "image": "i", "imageID": "i", "ready": False, "restartCount": 0}
    end = {"terminated": {"exitCode": 137, "reason": "Error"}}
    cluster.core.patch_namespaced_pod_status(
        found[0].metadata.name,
        cluster.namespace,
        {"status": {**status, "containerStatuses": [{**state, "state": end}]}},
    )
    with pytest.raises(AirflowException, match=says):
        running.result()
    assert left(cluster) == []


LOST_WORKER = """
import sys
from tests.test_kubernetes import Kubernetes, invocation
execution = Kubernetes(**eval(sys.argv[1]))
execution.run(invocation(sys.argv[2], run_id=sys.argv[3]), lambda line: print(line, flush=True))
"""


def lose_a_worker(cluster: Cluster, script: str, run_id: str) -> Any:
    """Starts a task from a worker that is killed at its first line; the pod that it leaves."""
    template = {"spec": {"hostNetwork": True}}
    settings = {
        "image": scripted_image.NAME,
        "image_pull_policy": "Never",
        "namespace": cluster.namespace,
        "config_file": str(cluster.config),
        "template": template,
    }
    folder = Path(__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, "-c", LOST_WORKER, repr(settings), script, run_id],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdout is not None
        assert any(line.startswith("ready") for line in worker.stdout)
        worker.send_signal(signal.SIGKILL)
    (pod,) = pods(cluster)
    return pod


def test_the_retry_after_a_lost_worker_takes_over_its_pod(cluster: Cluster) -> None:
    run_id = uuid.uuid4().hex
    older = lose_a_worker(cluster, "say ready; sleep 6; done_with first", run_id)
    found: list[str] = []
    ended = mode(cluster).run(
        invocation("done_with second", run_id, try_number=2),
        lambda line: found.extend([line, *(pod.metadata.uid for pod in pods(cluster))]),
    )
    assert (ended.result or {}).get("message") == "first"
    assert found == ["ready", older.metadata.uid]
    assert left(cluster) == []


def test_a_cleared_task_ends_the_pod_of_a_lost_worker_first(cluster: Cluster) -> None:
    run_id = uuid.uuid4().hex
    older = lose_a_worker(cluster, ENDLESS, run_id)
    found: list[str] = []
    ended = mode(cluster).run(
        invocation("say ready; sleep 1; done_with second", run_id, try_number=2, fresh=True),
        lambda _: found.extend(pod.metadata.uid for pod in pods(cluster)),
    )
    assert (ended.result or {}).get("message") == "second"
    assert len(found) == 1
    assert older.metadata.uid not in found
    assert left(cluster) == []


def test_a_cut_log_is_tried_again(cluster: Cluster) -> None:
    piece = '@dualform {"event":"result","part":1,"parts":2,"sha256":"x","text":"{"}'
    with pytest.raises(AirflowException, match="its log was cut"):
        mode(cluster).run(invocation(f"say '{piece}'"), Lines())
    assert left(cluster) == []


def test_a_kept_pod_is_not_taken_over(cluster: Cluster) -> None:
    run_id = uuid.uuid4().hex
    execution = mode(cluster, on_finish="keep_pod")
    assert execution.run(invocation("done_with first", run_id), Lines()).code == 0
    try:
        assert not cluster.core.list_namespaced_secret(cluster.namespace).items
        ended = execution.run(invocation("done_with second", run_id, try_number=2), Lines())
        assert (ended.result or {}).get("message") == "second"
        assert len(pods(cluster)) == 2
    finally:
        cluster.core.delete_collection_namespaced_pod(cluster.namespace, grace_period_seconds=0)


def test_kill_before_the_start(cluster: Cluster, background: Background) -> None:
    execution = mode(cluster, node_selector={"disk": "fast"})
    running = background(execution.run, invocation("exit"), Lines())
    deadline = time.monotonic() + 30
    while not pods(cluster):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    execution.kill()
    assert running.result() == Ended(143, None)
    assert left(cluster) == []


def test_the_pods_deadline_is_named(cluster: Cluster) -> None:
    with pytest.raises(AirflowException, match="DeadlineExceeded"):
        mode(cluster, {"activeDeadlineSeconds": 3, "terminationGracePeriodSeconds": 1}).run(
            invocation(ENDLESS), Lines()
        )
    assert left(cluster) == []
