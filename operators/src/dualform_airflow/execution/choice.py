"""Which execution mode a task has: the one given, else that of the setting ``execution``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields
from typing import Any

from ..settings import EXECUTION
from .base import Execution
from .docker import Docker
from .kubernetes import Kubernetes
from .local import LocalProcess

# By name, for those modes that run an image. Each takes it as its first argument.
_OF_AN_IMAGE: Mapping[str, Callable[[str | None], Execution]] = {"docker": Docker, "kubernetes": Kubernetes}
NAMES = ("local", *_OF_AN_IMAGE)
# The arguments of each that a DAG's factory does not have.
_OWN: Mapping[type, frozenset[str]] = {
    mode: frozenset(each.name for each in fields(mode) if each.init) - {"image"} for mode in (Docker, Kubernetes)
}


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


def refuse_modes_arguments(arguments: Mapping[str, Any], execution: object, known: Collection[str]) -> None:
    """Refuses an argument of an execution mode where an operator's arguments belong, and says where it goes.

    Args:
        arguments: what an operator is given.
        execution: the mode that was asked for; it decides between two modes that have the same argument.
        known: the names of arguments that operators have, whatever modes have.

    Raises:
        ValueError: names them all. Airflow shows it as the DAG file's import error.
    """
    wrong = {name: mode for name in arguments if name not in known and (mode := _mode_of(name, execution))}
    if not wrong:
        return
    said = []
    for mode in dict.fromkeys(wrong.values()):
        names = [name for name in wrong if wrong[name] is mode]
        listed = ", ".join(f"{name}={arguments[name]!r}" for name in names)
        is_one = len(names) == 1
        said.append(
            f"{' and '.join(names)} {'is an argument' if is_one else 'are arguments'} of the execution mode "
            f"{mode.__name__}, not of the DAG: write execution={mode.__name__}({listed}), with "
            f"`from dualform_airflow.execution import {mode.__name__}`."
        )
    raise ValueError(" ".join(said))


def _mode_of(name: str, execution: object) -> type | None:
    has = [mode for mode, names in _OWN.items() if name in names]
    asked = execution or EXECUTION.read()
    for mode in has:
        if isinstance(execution, mode) or asked == mode.__name__.lower():
            return mode
    return has[0] if has else None
