"""The task as a container of a Docker engine, by the Docker provider's hook."""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

from .._compat import AirflowException, AirflowFailException, conf
from ..address import is_loopback
from ..checks import Mistakes
from ..request import request_line
from .base import Ended, Invocation
from .container import LABEL, WORKSPACE, identity_labels, passed_environment, task_arguments
from .docker_client import check_engine, check_installed, connect, in_words, provide_image
from .docker_container import DockerContainer
from .docker_settings import DockerSettings, read_settings
from .results import ResultCollector

log = logging.getLogger(__name__)

_LONGEST_NAME = 120


@dataclass
class Docker:
    """Runs each task in a container of its own, which is removed when the task has ended.

    The root file system is read-only, with ``/tmp`` in memory. The container has no capabilities and gains no
    privileges. An argument that is not given is read from the worker's environment: DUALFORM_IMAGE for the image, and
    DUALFORM_DOCKER_NETWORK_MODE, DUALFORM_DOCKER_VOLUMES and so on for the others (lists with commas).
    The engine is the one that DOCKER_HOST names.

    Args:
        image: the task image, such as ``dualform-task:VERSION``.
        docker_conn_id: a connection of type ``docker`` to a registry, for pulling.
        network_mode: ``host``, ``none``, ``bridge`` or the name of a network.
        volumes: ``SOURCE:/path/in/the/container[:ro]`` each; SOURCE is an absolute path on the engine's machine, or the
            name of a volume. Default: volumes dualform-workspace on ``/workspace`` and dualform-cache on ``/cache``.
        mounts: further mounts, as ``docker.types.Mount``.
        mem_limit: most memory, such as ``4g``; no swap beyond it.
        cpus: most cores, such as 2 or 1.5.
        user: a user in place of the image's (10001), such as ``1000:1000``.
        environment: further variables of the container. Secrets belong into connections.
        pull: ``missing``, ``always`` or ``never``.
        extra_hosts: further host names and their addresses, such as ``{"host.docker.internal": "host-gateway"}``.
        labels: further labels of the container.
        grace_s: whole seconds between SIGTERM and SIGKILL.
    """

    image: str | None = None
    docker_conn_id: str | None = None
    network_mode: str | None = None
    volumes: Sequence[str] | None = None
    mounts: Sequence[Mapping[str, Any]] | None = None
    mem_limit: str | None = None
    cpus: float | None = None
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    pull: str | None = None
    extra_hosts: Mapping[str, str] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    grace_s: int = 3
    _running: DockerContainer | None = field(default=None, init=False, repr=False, compare=False)
    _killed: bool = field(default=False, init=False, repr=False, compare=False)

    def check(self) -> None:
        mistakes = Mistakes()
        mistakes.look(self._settings)
        mistakes.look(check_installed)
        try:
            mistakes.look(check_engine)
        except AirflowException:
            # That may pass; the mistakes will not.
            mistakes.raise_if_any()
            raise
        mistakes.raise_if_any()

    def workspace(self, argument: str | None) -> str:
        path = argument or WORKSPACE
        targets = [mount["Target"] for mount in self._settings().mounts]
        if not any(f"{path}/".startswith(f"{target.rstrip('/')}/") for target in targets):
            raise AirflowFailException(
                f"The workspace {path} is a path in the container, and no volume is mounted there; mounted are "
                f"{', '.join(sorted(targets))}. Leave the argument workspace out, or name the volume by volumes, such "
                f"as /srv/dualform:{path}"
            )
        return path

    def run(self, invocation: Invocation, on_line: Callable[[str], None]) -> Ended:
        self._killed = False
        settings = self._settings()
        _check_tracking_address(settings, invocation.request)
        client = connect(settings.connection)
        provide_image(client, settings.image, settings.pull)
        labels = {
            **identity_labels(invocation.identity),
            LABEL + "airflow": conf.get("api", "base_url", fallback=None) or "",
        }
        _remove_what_is_left(client, labels)
        with in_words("create the container"):
            created = client.create_container(**self._description(client, settings, invocation, labels))
        collector = ResultCollector(on_line)
        container = DockerContainer(client, connect(None), created["Id"], self.grace_s)
        self._running = container
        try:
            if self._killed:
                container.stop()
            container.start(request_line(invocation.request))
            container.read(collector.take)
            code = container.exit_code()
        finally:
            # Also where on_line or a timeout raised, so that no container stays behind.
            self._running = None
            container.stop()
            container.remove()
        return Ended(code, collector.result())

    def kill(self) -> None:
        self._killed = True
        if self._running is not None:
            self._running.stop()

    def _settings(self) -> DockerSettings:
        return read_settings({each.name: getattr(self, each.name) for each in fields(self) if each.init})

    def _description(
        self, client: Any, settings: DockerSettings, invocation: Invocation, labels: Mapping[str, str]
    ) -> dict[str, Any]:
        """What the engine's API is told. The secrets are in the environment alone."""
        environment = {**passed_environment(), **self.environment, **invocation.environment}
        if settings.memory and settings.cpus:
            # The limits are this task's own share; plan must not divide them again.
            environment["DUALFORM_PARALLEL_TASKS"] = "1"
        host = client.create_host_config(
            network_mode=settings.network,
            mounts=list(settings.mounts),
            mem_limit=settings.memory,
            memswap_limit=settings.memory,
            nano_cpus=None if settings.cpus is None else int(settings.cpus * 1e9),
            extra_hosts=settings.hosts,
            read_only=True,
            tmpfs={"/tmp": "rw,noexec,nosuid,nodev"},  # noqa: S108 - the container's own
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
        )
        return {
            "image": settings.image,
            "command": task_arguments(invocation.kind, "-"),
            "name": _name(labels),
            "labels": {**self.labels, **labels},
            "environment": environment,
            "user": settings.user,
            "stdin_open": True,
            "host_config": host,
        }


def _name(labels: Mapping[str, str]) -> str:
    """A name that people can read, and that no other container has."""
    parts = [labels[LABEL + part] for part in ("dag_id", "run_id", "task_id", "map_index", "try_number")]
    unique = hashlib.sha256(json.dumps(dict(labels), sort_keys=True).encode()).hexdigest()[:8]
    dag, run, task, index, number = (re.sub(r"[^A-Za-z0-9_.-]+", "-", part) for part in parts)
    mapped = "" if labels[LABEL + "map_index"] == "-1" else f"-{index}"
    return f"dualform-{f'{dag}-{run}-{task}{mapped}'[:_LONGEST_NAME]}-try{number}-{unique}"


def _remove_what_is_left(client: Any, labels: Mapping[str, str]) -> None:
    """Removes the containers of this task instance's earlier tries: their worker was killed, and nobody waits."""
    same = [f"{name}={value}" for name, value in labels.items() if name != LABEL + "try_number"]
    with in_words("look for containers of earlier tries"):
        for left in client.containers(all=True, filters={"label": same}):
            number = left["Labels"].get(LABEL + "try_number")
            log.warning(
                "Removing the container that try %s of this task left: %s", number, left["Names"][0].lstrip("/")
            )
            client.remove_container(left["Id"], force=True, v=True)


def _check_tracking_address(settings: DockerSettings, request: Mapping[str, Any]) -> None:
    """Refuses a tracking server that the container's network does not reach."""
    uri = str(request.get("tracking", {}).get("uri", ""))
    if not uri or not settings.has_own_network:
        return
    if settings.network == "none":
        raise AirflowFailException(f"A container with network_mode none does not reach the MLflow server {uri}.")
    if is_loopback(urlsplit(uri).hostname or ""):
        raise AirflowFailException(
            f"The MLflow server's address {uri} means the container itself, because it has a network of its own "
            f"(network_mode {settings.network or 'bridge'}). Use network_mode host (DUALFORM_DOCKER_NETWORK_MODE). "
            "Or give extra_hosts {'host.docker.internal': 'host-gateway'}, name the server by "
            "http://host.docker.internal:PORT, and let it listen there (mlflow server --host 0.0.0.0 --allowed-hosts "
            "host.docker.internal:PORT)."
        )
