"""The execution modes as the conformance suite sees them. A mode is listed once, in MODES."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from dualform_airflow.execution import Docker, Execution, Kubernetes, LocalProcess

from . import scripted_image
from .cluster.fixtures import Cluster
from .docker_daemon import DockerDaemon
from .given import GIVEN, ROOT

# Whoever a container's task is, it may write to the workspace.
_EVERYONE = 0o777


class Mode(Protocol):
    """One execution mode, ready to run."""

    def workspace(self, folder: Path) -> str:
        """The path at which a task finds a folder of the tests."""

    def scripted(self, workspace: Path) -> Execution:
        """Runs ``scripted_task.sh``."""

    def real(self, workspace: Path) -> Execution:
        """Runs the Java task."""

    def environment(self) -> dict[str, str]:
        """What the Java task needs beside, to find the built-in model."""

    def is_alive(self, identity: Mapping[str, Any]) -> bool:
        """Whether anything of the task instance is there: a process, a container, running or not."""

    def seen(self, identity: Mapping[str, Any]) -> str:
        """What others may read of the running task: its command line, names, labels and what the engine logs."""


class _ScriptedLocal(LocalProcess):
    def __init__(self) -> None:
        super().__init__(grace_s=3.0)

    def check(self) -> None:
        pass

    def command(self, kind: str, request: Path, result: Path) -> list[str]:
        return ["sh", str(scripted_image.TASK), kind, "--request", str(request), "--result", str(result)]


class Local:
    def __init__(self, jar: Callable[[], Path]) -> None:
        self._jar = jar

    def workspace(self, folder: Path) -> str:
        return str(folder)

    def scripted(self, workspace: Path) -> Execution:  # noqa: ARG002 - it sees every path
        return _ScriptedLocal()

    def real(self, workspace: Path) -> Execution:  # noqa: ARG002
        return LocalProcess(str(self._jar()))

    def environment(self) -> dict[str, str]:
        return {"DUALFORM_MODEL_ROOTS": str(ROOT / "models")}

    def is_alive(self, identity: Mapping[str, Any]) -> bool:
        return bool(self.seen(identity))

    def seen(self, identity: Mapping[str, Any]) -> str:
        mark = f"/requests/{identity['dag_id']}/{identity['run_id']}/".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes()
            except OSError:
                continue
            if mark in words:
                found.append(words.decode(errors="replace"))
        return "\n".join(found)


class InDocker:
    def __init__(self, daemon: DockerDaemon, image: Callable[[], str]) -> None:
        self._daemon, self._image = daemon, image

    def workspace(self, folder: Path) -> str:  # noqa: ARG002 - it is mounted there
        return "/workspace"

    def scripted(self, workspace: Path) -> Execution:
        return self._docker(scripted_image.NAME, workspace)

    def real(self, workspace: Path) -> Execution:
        return self._docker(self._image(), workspace)

    def environment(self) -> dict[str, str]:
        return {}

    def _docker(self, image: str, workspace: Path) -> Execution:
        workspace.chmod(_EVERYONE)
        # The tests' engine has no network of its own.
        return Docker(image, network_mode="host", volumes=[f"{workspace}:/workspace"], pull="never")

    def is_alive(self, identity: Mapping[str, Any]) -> bool:
        return bool(self._containers(identity))

    def seen(self, identity: Mapping[str, Any]) -> str:
        (container,) = self._containers(identity)
        inspected = json.loads(self._daemon.docker("inspect", container))[0]
        # The documentation says that it is there.
        del inspected["Config"]["Env"]
        processes = self._daemon.docker("top", container, "-eo", "pid,args")
        log = self._daemon.docker("logs", container)
        return "\n".join([json.dumps(inspected), processes, log, self._daemon.log.read_text(errors="replace")])

    def _containers(self, identity: Mapping[str, Any]) -> list[str]:
        labels = [f"--filter=label=org.dualform.{name}={identity[name]}" for name in ("dag_id", "run_id", "task_id")]
        return self._daemon.docker("ps", "-aq", *labels).split()


class InKubernetes:
    def __init__(self, cluster: Cluster, image: Callable[[], str]) -> None:
        self._cluster, self._image = cluster, image

    def workspace(self, folder: Path) -> str:  # noqa: ARG002 - it is mounted there
        return "/workspace"

    def scripted(self, workspace: Path) -> Execution:
        return self._kubernetes(scripted_image.NAME, workspace)

    def real(self, workspace: Path) -> Execution:
        return self._kubernetes(self._image(), workspace)

    def environment(self) -> dict[str, str]:
        return {}

    def _kubernetes(self, image: str, workspace: Path) -> Execution:
        workspace.chmod(_EVERYONE)
        return Kubernetes(
            image,
            namespace=self._cluster.namespace,
            config_file=str(self._cluster.config),
            # The tests' node has no network of its own.
            template={"spec": {"hostNetwork": True}},
            image_pull_policy="Never",
            volumes={"/workspace": {"hostPath": {"path": str(workspace)}}},
        )

    def is_alive(self, identity: Mapping[str, Any]) -> bool:
        return bool(self._pods(identity))

    def seen(self, identity: Mapping[str, Any]) -> str:
        (pod,) = self._pods(identity)
        log = self._cluster.core.read_namespaced_pod_log(pod.metadata.name, pod.metadata.namespace)
        return "\n".join([self._cluster.plain(pod), log, *self._cluster.logs(), *_command_lines()])

    def _pods(self, identity: Mapping[str, Any]) -> list[Any]:
        pods = self._cluster.core.list_namespaced_pod(self._cluster.namespace).items
        return [pod for pod in pods if pod.metadata.annotations.get("org.dualform.run_id") == identity["run_id"]]


def _command_lines() -> Iterator[str]:
    """Those of all processes of the machine."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield entry.read_bytes().decode(errors="replace")


def task_jar() -> Path:
    """The task jar that the launcher has built."""
    jar = Path(GIVEN.get("DUALFORM_JAR") or ROOT / "tasks" / "target" / "dualform-task.jar")
    if not jar.is_file():
        pytest.skip(f"{jar} is missing; ./dualform test builds it")
    return jar


def _local(_request: pytest.FixtureRequest) -> Mode:
    return Local(task_jar)


def scripted_docker_image(daemon: DockerDaemon) -> None:
    """Gives the engine the scripted image."""
    if reason := scripted_image.why_not():
        pytest.skip(reason)
    if scripted_image.NAME not in daemon.docker("images", "--format", "{{.Repository}}:{{.Tag}}").split():
        archive = daemon.folder / "scripted.tar"
        scripted_image.make_image(archive)
        daemon.docker("load", "-i", str(archive))


def _in_docker(request: pytest.FixtureRequest) -> Mode:
    daemon: DockerDaemon = request.getfixturevalue("docker_daemon")
    scripted_docker_image(daemon)
    request.getfixturevalue("monkeypatch").setenv("DOCKER_HOST", daemon.host)
    return InDocker(daemon, lambda: request.getfixturevalue("task_image").name)


def _in_kubernetes(request: pytest.FixtureRequest) -> Mode:
    cluster: Cluster = request.getfixturevalue("cluster")
    return InKubernetes(cluster, lambda: request.getfixturevalue("cluster_image"))


MODES: dict[str, Callable[[pytest.FixtureRequest], Mode]] = {
    "local": _local,
    "docker": _in_docker,
    "kubernetes": _in_kubernetes,
}
