"""A task whose behaviour is a few lines of Python, started and ended exactly as the Java one is."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from airflow.sdk import Context

from dualform_airflow.execution import Invocation, LocalProcess

_PRELUDE = """
import json, os, signal, sys, time
kind, request_file, result_file = sys.argv[1], sys.argv[3], sys.argv[5]
request = json.load(open(request_file)) if os.path.exists(request_file) else {}
def say(line):
    print(line, flush=True)
def event(**fields):
    say("@dualform " + json.dumps(fields))
def finish(status="done", message="ok", outputs={}, **more):
    result = dict(schema=1, kind=kind, status=status, outputs=outputs, metrics={}, provenance={}, message=message)
    open(result_file, "w").write(json.dumps({**result, **more}))
"""


class ScriptedProcess(LocalProcess):
    """The local mode with a Python script in place of ``java -jar``; everything else is the real code."""

    def __init__(self, script: str, grace_s: float = 1.0) -> None:
        super().__init__(grace_s=grace_s)
        self.script = _PRELUDE + textwrap.dedent(script)

    def check(self) -> None:
        pass

    def command(self, kind: str, request: Path, result: Path) -> list[str]:
        return [sys.executable, "-c", self.script, kind, "--request", str(request), "--result", str(result)]


class TaskInstance:
    """What the operator uses of Airflow's task instance, with its XComs in memory."""

    def __init__(
        self,
        task_id: str = "prompt",
        map_index: int = -1,
        try_number: int = 1,
        max_tries: int = 0,
        xcoms: Mapping[str, Any] | None = None,
        **returned: Any,
    ) -> None:
        self.dag_id, self.run_id, self.task_id = "a_dag", "manual__2026-01-01T00:00:00+00:00", task_id
        self.map_index, self.try_number, self.max_tries = map_index, try_number, max_tries
        self.pushed: dict[str, Any] = {}
        self.xcoms = {**returned, **(xcoms or {})}

    def xcom_push(self, key: str, value: Any) -> None:
        self.pushed[key] = value

    def xcom_pull(self, task_ids: str, key: str = "return_value", map_indexes: Any = ...) -> Any:
        found = self.xcoms.get(task_ids if key == "return_value" else f"{task_ids}:{key}")
        if isinstance(found, list) and isinstance(map_indexes, int):
            return found[map_indexes]
        return found


def context(ti: TaskInstance, params: Mapping[str, Any] | None = None) -> Context:
    return Context(ti=ti, params=dict(params or {}))  # type: ignore[typeddict-item]


def invocation(folder: Path, environment: Mapping[str, str] | None = None) -> Invocation:
    identity = {"dag_id": "a_dag", "run_id": "a_run", "task_id": "prompt", "map_index": -1, "try_number": 1}
    request = {"schema": 1, "kind": "prompt", "identity": identity, "parameters": {}, "inputs": {}}
    return Invocation("prompt", {**request, "workspace": str(folder)}, identity, environment or {})
