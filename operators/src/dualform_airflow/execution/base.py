"""What every execution mode offers the operator."""

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
    """Added to what the mode passes on by itself; holds secrets."""


class Execution(Protocol):
    """Runs one task at a time.

    Its ``repr`` must not change from one reading of the DAG file to the next: Airflow stores it with mapped tasks, and
    would take an address in it for a new version of the DAG.
    """

    def check(self) -> None:
        """Fails with a clear sentence if this worker cannot run tasks in this mode."""

    def run(self, invocation: Invocation, on_line: Callable[[str], None]) -> int:
        """Runs the task to its end, hands over each line it prints, returns its exit code (128 + signal if killed)."""

    def kill(self) -> None:
        """Ends the running task within Airflow's 5 seconds; called from a signal handler, also when nothing runs."""
