"""The whole product as a user has it: servers started by the launcher, real Java tasks."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from .airflow_api import AirflowApi
from .given import GIVEN

SWEEP = "icl_shot_sweep"
# Measured with a clock, and so different in every run.
_CLOCKED = ("ms_per_query", "_seconds")


class RealStack:
    """Servers with a state of their own; they share the Python environments with whoever runs the tests."""

    def __init__(self, root: Path, home: Path, data_roots: str) -> None:
        self.root, self.home = root, home
        given_home = GIVEN.get("DUALFORM_HOME") or str(root / ".dualform")
        kept: dict[str, str] = {name: GIVEN[name] for name in ("DUALFORM_JAR", "DUALFORM_PYTHON") if name in GIVEN}
        self._environment: dict[str, str] = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")},
            "DUALFORM_ENVIRONMENTS": GIVEN.get("DUALFORM_ENVIRONMENTS") or given_home,
            "DJL_CACHE_DIR": GIVEN.get("DJL_CACHE_DIR") or f"{given_home}/cache/djl",
            "DUALFORM_DATA_ROOTS": data_roots,
            **kept,
            "DUALFORM_HOME": str(home),
        }
        self.airflow = AirflowApi("", "")
        self.mlflow = ""

    def dualform(self, *words: str, expect: int = 0) -> str:
        """Runs the launcher and returns what it printed."""
        ended = subprocess.run(
            [str(self.root / "dualform"), *words],
            env=self._environment,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=1200,
            check=False,
        )
        assert ended.returncode == expect, f"dualform {' '.join(words)} ended with {ended.returncode}:\n{ended.stdout}"
        return ended.stdout

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """Starts the launcher as a terminal does, so that Ctrl-C reaches it. The caller reads what it prints."""
        return subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
                "os.execv(sys.argv[1], sys.argv[1:])",
                str(self.root / "dualform"),
                *words,
            ],
            env=self._environment,
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def up(self) -> None:
        self.dualform("up")
        status = self.dualform("status")
        self.mlflow = _found(r"^MLflow +(\S+)", status)
        self.airflow = AirflowApi(_found(r"^Airflow +(\S+)", status), self.password())
        self.airflow.log_in()
        self.airflow.await_dag(SWEEP)
        self.airflow.await_dag("icl_experiment")

    def password(self) -> str:
        passwords: dict[str, str] = json.loads((self.home / "run" / "airflow-passwords.json").read_text())
        return passwords["admin"]

    def server_process(self, name: str) -> int:
        return int(_found(rf"^{name} +runs \(process (\d+)\)", self.dualform("status")))

    def task_process(self, run_id: str, task_id: str) -> int | None:
        """The Java process of a task that runs at this moment."""
        mark = f"/requests/{SWEEP}/{run_id}/{task_id}/"
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if Path(words[0]).name == "java" and any(mark in word for word in words):
                return int(folder.name)
        return None

    def results(self, run_id: str, dag_id: str = SWEEP) -> dict[str, Any]:
        """results.json of a finished run."""
        found: dict[str, Any] = json.loads(self.output("results", run_id, dag_id).read_text())
        return found

    def output(self, name: str, run_id: str, dag_id: str = SWEEP, task_id: str = "summarise") -> Path:
        """A file that a task made: summarise, or another."""
        location: str = self.result(run_id, dag_id, task_id)["outputs"][name]["uri"]
        return self.home / "workspace" / location.removeprefix("workspace:").lstrip("/")

    def result(self, run_id: str, dag_id: str, task_id: str) -> dict[str, Any]:
        """What a task handed on of its result."""
        path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value?deserialize=true"
        value = self.airflow.call("GET", path)["value"]
        found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
        return found

    def runs(self, study: str, kind: str) -> list[dict[str, Any]]:
        """MLflow runs of a study that no later one replaced, each with name, status, params and tags."""
        experiment = self._mlflow_get("experiments/get-by-name?experiment_name=dualform")["experiment"]["experiment_id"]
        found = self._mlflow_post(
            "runs/search",
            {
                "experiment_ids": [experiment],
                "filter": f"tags.study = '{study}' and tags.kind = '{kind}'",
                "max_results": 1000,
            },
        ).get("runs", [])
        runs = [
            {
                "id": run["info"]["run_id"],
                "status": run["info"]["status"],
                "params": {each["key"]: each["value"] for each in run["data"].get("params", [])},
                "tags": {each["key"]: each["value"] for each in run["data"].get("tags", [])},
            }
            for run in found
        ]
        return [run for run in runs if "dualform.superseded" not in run["tags"]]

    def history(self, run: str, metric: str) -> list[tuple[int, float]]:
        """Every point of a metric, as (step, value)."""
        key = urllib.parse.quote(metric)
        points = self._mlflow_get(f"metrics/get-history?run_id={run}&metric_key={key}&max_results=1000")
        return sorted((int(point["step"]), float(point["value"])) for point in points.get("metrics", []))

    def artifacts(self, run: str) -> list[str]:
        """Paths of the artifacts at the top of a run."""
        return [each["path"] for each in self._mlflow_get(f"artifacts/list?run_id={run}").get("files", [])]

    def _mlflow_get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.mlflow}/api/2.0/mlflow/{path}", timeout=60) as answer:  # noqa: S310
            return json.load(answer)

    def _mlflow_post(self, path: str, body: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - a server on loopback
            f"{self.mlflow}/api/2.0/mlflow/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)


def digits(results: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows without what was measured with a clock."""
    return [
        {
            **row,
            "metrics": {name: value for name, value in row["metrics"].items() if not name.endswith(_CLOCKED)},
        }
        for row in results["rows"]
    ]


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    assert match, f"{pattern} is not in:\n{text}"
    return match.group(1)
