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
from collections.abc import Iterator, Mapping
from pathlib import Path

from .airflow_api import PATIENCE_S, AirflowApi

PASSWORD = "admin"  # noqa: S105 - of a server on loopback that lives for one test run


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class AirflowServer(AirflowApi):
    """The running server."""

    def __init__(self, home: Path, dags: Path, environment: Mapping[str, str]) -> None:
        port = free_port()
        super().__init__(f"http://127.0.0.1:{port}", PASSWORD)
        self.home, self.dags = home, dags
        self.environment = {
            **os.environ,
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__TEST_CONNECTION": "Enabled",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API_AUTH__JWT_SECRET": os.urandom(32).hex(),
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
            # A callback runs within the same limit, 50 s by default; on a busy machine it would be killed untold.
            "AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT": "300",
            "AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "5",
            # dags import the tests' package
            "PYTHONPATH": str(Path(__file__).parents[1]),
            **environment,
        }
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "passwords.json").write_text(json.dumps({"admin": PASSWORD}))
        self._airflow("db", "migrate").wait(PATIENCE_S)
        self._airflow("api-server")
        self.wait_for("the API server", self.log_in)
        # The scheduler comes last: tasks it starts before the API server answers would use up a retry.
        self._airflow("dag-processor")
        self._airflow("scheduler", "--skip-serve-logs")
        self.wait_for("the scheduler", self._is_healthy)

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

    def processes(self) -> Iterator[subprocess.Popen[bytes]]:
        yield from self._processes

    def _airflow(self, *arguments: str) -> subprocess.Popen[bytes]:
        setpriv = shutil.which("setpriv")
        log = (self.home / f"{arguments[0]}.log").open("wb")
        process = subprocess.Popen(
            [*([setpriv, "--pdeathsig", "KILL"] if setpriv else []), sys.executable, "-m", "airflow", *arguments],
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        if arguments[0] != "db":
            self._processes.append(process)
        return process

    def _is_healthy(self) -> bool:
        health = self.call("GET", "/monitor/health")
        return bool(health["scheduler"]["status"] == "healthy" == health["dag_processor"]["status"])

    def check_alive(self) -> None:
        for process in self._processes:
            if process.poll() is not None:
                raise AssertionError(f"{process.args!r} ended early; see the logs in {self.home}")
