"""A real Airflow on loopback, with a database and a home of its own: API server, scheduler, DAG processor."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

START_S = 240.0
PASSWORD = "admin"  # noqa: S105 - of a server on loopback that lives for one test run


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class HttpError(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


class AirflowServer:
    """The running server, spoken to by its REST API."""

    def __init__(self, home: Path, dags: Path, environment: Mapping[str, str]) -> None:
        self.home = home
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._environment = {
            **os.environ,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API_AUTH__JWT_SECRET": os.urandom(32).hex(),
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "5",
            # dags import the tests' package
            "PYTHONPATH": str(Path(__file__).parents[1]),
            **environment,
        }
        self._processes: list[subprocess.Popen[bytes]] = []
        self._token = ""

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "passwords.json").write_text(json.dumps({"admin": PASSWORD}))
        self._airflow("db", "migrate").wait(START_S)
        self._airflow("api-server")
        self._await("the API server", self._logs_in)
        # The scheduler comes last: tasks it starts before the API server answers would burn a retry.
        self._airflow("dag-processor")
        self._airflow("scheduler", "--skip-serve-logs")
        self._await("the scheduler", self._is_healthy)

    def stop(self) -> None:
        for process in reversed(self._processes):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + 15
        for process in self._processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request under /api/v2; raises HttpError with Airflow's own detail."""
        return self._send(method, "/api/v2" + path, body)

    def await_dag(self, dag_id: str) -> None:
        def listed() -> bool:
            with contextlib.suppress(HttpError):
                self.call("GET", f"/dags/{dag_id}")
                return True
            return False

        self._await(f"DAG {dag_id}", listed)

    def trigger(self, dag_id: str, run_id: str, **conf: Any) -> None:
        self.call("POST", f"/dags/{dag_id}/dagRuns", {"dag_run_id": run_id, "logical_date": None, "conf": conf})

    def task(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> dict[str, Any]:
        index = f"/{map_index}" if map_index >= 0 else ""
        found: dict[str, Any] = self.call("GET", f"{_run(dag_id, run_id)}/taskInstances/{task_id}{index}")
        return found

    def await_task(self, dag_id: str, run_id: str, task_id: str, *states: str, tries: int = 0) -> dict[str, Any]:
        """Waits until the task is in one of the states (and has made so many tries)."""

        def reached() -> bool:
            task = self.task(dag_id, run_id, task_id)
            return task["state"] in states and task["try_number"] >= tries

        self._await(f"{task_id} to be {' or '.join(states)}", reached)
        return self.task(dag_id, run_id, task_id)

    def await_run(self, dag_id: str, run_id: str) -> str:
        """Waits for the run's end; its state."""
        self._await(f"run {run_id}", lambda: self.run(dag_id, run_id)["state"] in ("success", "failed"))
        state: str = self.run(dag_id, run_id)["state"]
        return state

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", _run(dag_id, run_id))
        return found

    def log(self, dag_id: str, run_id: str, task_id: str, try_number: int = 1, map_index: int = -1) -> str:
        path = f"{_run(dag_id, run_id)}/taskInstances/{task_id}/logs/{try_number}?map_index={map_index}"
        entries = self.call("GET", path)["content"]
        return "\n".join(entry if isinstance(entry, str) else json.dumps(entry) for entry in entries)

    def processes(self) -> Iterator[subprocess.Popen[bytes]]:
        yield from self._processes

    def _airflow(self, *arguments: str) -> subprocess.Popen[bytes]:
        setpriv = shutil.which("setpriv")
        log = (self.home / f"{arguments[0]}.log").open("wb")
        process = subprocess.Popen(
            [*([setpriv, "--pdeathsig", "KILL"] if setpriv else []), sys.executable, "-m", "airflow", *arguments],
            env=self._environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if arguments[0] != "db":
            self._processes.append(process)
        return process

    def _logs_in(self) -> bool:
        self._token = self._send("POST", "/auth/token", {"username": "admin", "password": PASSWORD})["access_token"]
        return True

    def _is_healthy(self) -> bool:
        health = self.call("GET", "/monitor/health")
        return bool(health["scheduler"]["status"] == "healthy" == health["dag_processor"]["status"])

    def _await(self, what: str, condition: Any) -> None:
        deadline = time.monotonic() + START_S
        while True:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                if condition():
                    return
            for process in self._processes:
                if process.poll() is not None:
                    raise AssertionError(f"{process.args!r} ended early; see the logs in {self.home}")
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what}")
            time.sleep(0.3)

    def _send(self, method: str, path: str, body: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                **({"Authorization": f"Bearer {self._token}"} if self._token else {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                text = response.read().decode()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            raise HttpError(error.code, error.read().decode()) from None


def _run(dag_id: str, run_id: str) -> str:
    return f"/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}"
