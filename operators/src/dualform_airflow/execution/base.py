"""What the operator asks of every execution mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Invocation:
    """One task to run: ``dualform-task KIND --request FILE --result FILE``."""

    kind: str
    request: Path
    result: Path
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Variables for the process, beside those that the mode passes on by itself. They may hold secrets."""


class Execution(Protocol):
    """Runs one task at a time.

    Its ``repr`` must be the same each time the DAG file is read. Airflow stores it with mapped tasks: an address in
    memory would look like a new version of the DAG.
    """

    def check(self) -> None:
        """Fails with a clear sentence if this worker cannot run tasks in this mode."""

    def run(self, invocation: Invocation, on_line: Callable[[str], None]) -> int:
        """Runs the task to its end and hands over each line it prints.

        Returns:
            the exit code; 128 and the signal's number where the process was killed.
        """

    def kill(self) -> None:
        """Ends the running task within the 5 seconds that Airflow allows.

        It is called from a signal handler, also when nothing runs.
        """
