"""Which execution mode a task has: the one given, else that of the setting ``execution``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..settings import EXECUTION
from .base import Execution
from .docker import Docker
from .kubernetes import Kubernetes
from .local import LocalProcess

# By name, for those modes that run an image. Each takes it as its first argument.
_OF_AN_IMAGE: Mapping[str, Callable[[str | None], Execution]] = {"docker": Docker, "kubernetes": Kubernetes}
NAMES = ("local", *_OF_AN_IMAGE)


def choose(
    execution: Execution | str | None,
    *,
    jar: str | None = None,
    java: str | None = None,
    java_options: Sequence[str] = (),
    image: str | None = None,
) -> Execution:
    """The execution mode.

    Args:
        execution: a mode, or the name of one with its defaults.
        jar, java, java_options: for ``local``.
        image: for the modes that run an image.

    Raises:
        ValueError: there is no such mode. Airflow shows it as the DAG file's import error.
    """
    if execution is not None and not isinstance(execution, str):
        if not isinstance(execution, Execution):
            raise TypeError(f"execution must be an execution mode, such as LocalProcess(); it is {execution!r}.")
        return execution
    name = execution or EXECUTION.read() or "local"
    if name == "local":
        return LocalProcess(jar, java, java_options)
    if name not in _OF_AN_IMAGE:
        origin = "argument execution" if execution else EXECUTION.variable
        raise ValueError(f"There is no execution mode {name!r} ({origin}); there are {', '.join(NAMES)}.")
    return _OF_AN_IMAGE[name](image)
