"""What the operator asks of every execution mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True)
class Invocation:
    """One task to run: ``dualform-task KIND --request … --result …``."""

    kind: str
    request: Mapping[str, Any]
    """The complete request (contract/schema/request.schema.json). It holds no secret."""
    identity: Mapping[str, Any]
    """dag_id, run_id, task_id, map_index (-1 where the task is not mapped) and try_number."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variables for the process, beside those that the mode passes on by itself. They may hold secrets."""
    travels: bool = False
    """Whether the study's files travel through MLflow, so that its tasks need no folder in common. A request says the
    same of this task's own files; a plan alone sends none."""


@dataclass(frozen=True)
class Ended:
    """How a task ended."""

    code: int
    """The exit code; 128 and the signal's number where the process was killed."""
    result: dict[str, Any] | None
    """The result (contract/schema/result.schema.json); None where the task ended before it was written whole."""


@runtime_checkable
class Execution(Protocol):
    """Runs one task at a time.

    Its ``repr`` must be the same each time the DAG file is read. Airflow stores it with mapped tasks: an address in
    memory would look like a new version of the DAG.
    """

    def check(self) -> None:
        """Fails with a clear sentence if this worker cannot run tasks in this mode."""

    def workspace(self, argument: str | None) -> str:
        """The workspace's path as the task sees it, absolute.

        Args:
            argument: the operator's own argument ``workspace``.
        """

    def run(self, invocation: Invocation, on_line: Callable[[str], None]) -> Ended:
        """Runs the task to its end and hands over each line it prints, except those that carry its result."""

    def kill(self) -> None:
        """Ends the running task within the 5 seconds that Airflow allows.

        It is called from a signal handler, also when nothing runs.
        """
