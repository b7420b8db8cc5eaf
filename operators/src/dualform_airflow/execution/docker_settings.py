"""How containers are to run: the arguments of ``Docker``, else the environment variables DUALFORM_DOCKER_*."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .._compat import AirflowFailException
from ..checks import Mistakes
from ..settings import IMAGE
from .container import CACHE, WORKSPACE

PULLS = ("missing", "always", "never")
_VOLUME = re.compile(r"(?P<source>/[^:]*|[A-Za-z0-9][A-Za-z0-9_.-]+):(?P<target>/[^:]*)(:(?P<mode>ro|rw))?")
_MEMORY = re.compile(r"\d+(\.\d+)?[bkmgBKMG]?[bB]?")
T = TypeVar("T")


@dataclass(frozen=True)
class DockerSettings:
    """The settings of one start, checked."""

    image: str
    connection: str | None
    network: str | None
    mounts: tuple[dict[str, Any], ...]
    """As the engine's API has them: Type, Source, Target, ReadOnly."""
    memory: str | None
    cpus: float | None
    user: str | None
    pull: str
    hosts: dict[str, str]

    @property
    def has_own_network(self) -> bool:
        """Whether the machine's loopback address is another one inside the container."""
        return self.network != "host" and not (self.network or "").startswith("container:")


def read_settings(given: Mapping[str, Any]) -> DockerSettings:
    """The settings of the arguments and, for those that are None, of the environment.

    Raises:
        AirflowFailException: names every mistake.
    """
    mistakes = Mistakes()

    def read(name: str, parse: Callable[[str, Any], T], variable: str | None = None) -> T | None:
        variable = variable or f"DUALFORM_DOCKER_{name.upper()}"
        value, origin = (
            (given[name], f"argument {name}") if given.get(name) is not None else (os.environ.get(variable), variable)
        )
        return None if value in (None, "") else mistakes.look(lambda: parse(origin, value))

    image = read("image", _text, IMAGE.variable) or IMAGE.read()
    mounts = [*(read("volumes", _volumes) or []), *(given.get("mounts") or [])]
    settings = DockerSettings(
        image=image,
        connection=read("docker_conn_id", _text, "DUALFORM_DOCKER_CONN_ID"),
        network=read("network_mode", _text),
        mounts=(*mounts, *_default_mounts(mounts)),
        memory=read("mem_limit", _memory),
        cpus=read("cpus", _cpus),
        user=read("user", _text),
        pull=read("pull", _pull) or PULLS[0],
        hosts=read("extra_hosts", _hosts) or {},
    )
    if not image:
        mistakes.found.append(
            "No image: set DUALFORM_IMAGE on the worker to the task image, such as dualform-task:VERSION, "
            "or give the DAG factory (or Docker) the argument image."
        )
    mistakes.raise_if_any()
    return settings


def _default_mounts(mounts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Volumes of the engine for the workspace and the caches, unless something is mounted there."""
    taken = {str(mount["Target"]).rstrip("/") for mount in mounts}
    own = {WORKSPACE: "dualform-workspace", CACHE: "dualform-cache"}
    return [_mount(source, target) for target, source in own.items() if target not in taken]


def _mount(source: str, target: str, *, read_only: bool = False) -> dict[str, Any]:
    # A bind that names no folder of the machine is an error this way; the older form makes an empty one, of root.
    kind = "bind" if source.startswith("/") else "volume"
    return {"Type": kind, "Source": source, "Target": target.rstrip("/") or "/", "ReadOnly": read_only}


def _text(origin: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or value != value.strip():
        raise AirflowFailException(f"{origin} has to be a text without spaces around it; it is {value!r}.")
    return value


def _volumes(origin: str, value: Any) -> list[dict[str, Any]]:
    found = []
    for each in value.split(",") if isinstance(value, str) else value:
        match = _VOLUME.fullmatch(str(each).strip())
        if match is None:
            raise AirflowFailException(
                f"{origin}: {each!r} is no volume; write SOURCE:/path/in/the/container, with :ro after it for reading "
                "only. SOURCE is an absolute path on the engine's machine, or the name of a volume."
            )
        found.append(_mount(match["source"], match["target"], read_only=match["mode"] == "ro"))
    return found


def _memory(origin: str, value: Any) -> str:
    if not _MEMORY.fullmatch(str(value)):
        raise AirflowFailException(f"{origin} has to be a size in bytes, or such as 512m or 4g; it is {value!r}.")
    return str(value)


def _cpus(origin: str, value: Any) -> float:
    try:
        cpus = float(value)
    except (TypeError, ValueError):
        cpus = 0.0
    if not 0 < cpus < 10_000:
        raise AirflowFailException(f"{origin} has to be a number of cores, such as 2 or 1.5; it is {value!r}.")
    return cpus


def _pull(origin: str, value: Any) -> str:
    if value not in PULLS:
        raise AirflowFailException(f"{origin} has to be one of {', '.join(PULLS)}; it is {value!r}.")
    return str(value)


def _hosts(origin: str, value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(host): str(address) for host, address in value.items()}
    found = {}
    for each in str(value).split(","):
        host, colon, address = each.strip().partition(":")
        if not host or not colon or not address:
            raise AirflowFailException(
                f"{origin}: {each!r} names no host; write HOST:ADDRESS, such as host.docker.internal:host-gateway."
            )
        found[host] = address
    return found
