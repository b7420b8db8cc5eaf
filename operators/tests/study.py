"""Tasks of one study, run in an execution mode without Airflow."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dualform_airflow.execution import Execution, Invocation

from .modes import Mode
from .task_chain import TaskChain

EXPERIMENT = {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1", "limit": 20}


class Study:
    """Runs tasks in a mode, as those of one run of a DAG.

    Args:
        mode: the mode.
        execution: of that mode.
        folder: the workspace, as a folder of the tests.
    """

    def __init__(self, mode: Mode, execution: Execution, folder: Path) -> None:
        self.execution, self.folder, self.workspace = execution, folder, mode.workspace(folder)
        self.environment = mode.environment()
        self.name = uuid.uuid4().hex
        self._tasks = 0

    def invocation(self, kind: str, request: Mapping[str, Any]) -> Invocation:
        """A task; what the request does not say is filled in."""
        self._tasks += 1
        identity = {
            "dag_id": "study",
            "run_id": self.name,
            "task_id": kind,
            "map_index": self._tasks,
            "try_number": 1,
        }
        whole = {"schema": 1, "kind": kind, "inputs": {}, "workspace": self.workspace, "fresh": False, **request}
        return Invocation(kind, {**whole, "identity": identity}, identity, self.environment)

    def task(self, kind: str, request: Mapping[str, Any], on_line: Callable[[str], None] | None = None) -> Any:
        """Runs a task to its end, and returns its result."""
        lines: list[str] = []
        ended = self.execution.run(self.invocation(kind, request), on_line or lines.append)
        assert ended.code == 0, f"{kind} ended with {ended.code}:\n" + "\n".join(lines)
        assert ended.result is not None
        return ended.result

    def results(self) -> Any:
        """results.json of a small study with the built-in model."""
        summary = TaskChain(self.task, self.workspace).run(EXPERIMENT)["summarise"]
        path = summary["outputs"]["results"]["uri"].removeprefix("workspace:").lstrip("/")
        return json.loads((self.folder / path).read_text())
