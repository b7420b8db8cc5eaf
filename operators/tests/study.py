"""A study of one cell, its steps run one after the other in an execution mode, without Airflow."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dualform_airflow.chain import Step, read_chain
from dualform_airflow.execution import Execution, Invocation

EXPERIMENT = {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1", "limit": 20}


class Study:
    """Runs the chain, and keeps what each step was told and what it answered.

    Args:
        execution: the mode.
        workspace: the workspace as a task sees it.
        environment: of its tasks.
    """

    def __init__(self, execution: Execution, workspace: str, environment: Mapping[str, str]) -> None:
        self.execution, self.workspace, self.environment = execution, workspace, environment
        self.name = uuid.uuid4().hex
        self.results: dict[str, dict[str, Any]] = {}
        self.lines: dict[str, list[str]] = {}

    def run(self) -> None:
        chain = read_chain()
        for step in chain.steps:
            item = {}
            if step.scope != "study":
                (item,) = self.results["plan"]["expand"][chain.lists[step.scope]]
            first = {"experiment": EXPERIMENT} if step.kind == "plan" else {}
            self.step(step, {**item.get("parameters", {}), **step.parameters, **first})

    def step(self, step: Step, parameters: Mapping[str, Any]) -> None:
        call = self.invocation(step.name, step.kind, parameters, self._inputs(step))
        lines = self.lines[step.name] = []
        ended = self.execution.run(call, lines.append)
        assert ended.code == 0, f"{step.name} ended with {ended.code}:\n" + "\n".join(lines)
        assert ended.result is not None
        self.results[step.name] = ended.result

    def invocation(
        self, task_id: str, kind: str, parameters: Mapping[str, Any], inputs: Mapping[str, Any]
    ) -> Invocation:
        identity = {"dag_id": "study", "run_id": self.name, "task_id": task_id, "map_index": -1, "try_number": 1}
        request = {
            "schema": 1,
            "kind": kind,
            "identity": identity,
            "parameters": dict(parameters),
            "inputs": dict(inputs),
            "workspace": self.workspace,
            "fresh": True,
        }
        return Invocation(kind, request, identity, self.environment)

    def _inputs(self, step: Step) -> dict[str, Any]:
        found = {}
        for name, read in step.inputs.items():
            reference = self.results[read.step]["outputs"].get(read.output)
            if reference:
                (cell,) = self.results["plan"]["expand"]["cells"]
                found[f"{name}.{cell['id']}" if read.collected else name] = reference
        return found


def output(result: Mapping[str, Any], name: str, folder: Path) -> Any:
    """An output of a result, read as JSON from the workspace, which is ``folder`` here."""
    return json.loads((folder / result["outputs"][name]["uri"].removeprefix("workspace:").lstrip("/")).read_text())
