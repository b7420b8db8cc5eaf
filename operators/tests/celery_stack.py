"""Airflow as a team runs it: CeleryExecutor, Redis, PostgreSQL and two workers that share nothing but MLflow."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import debian
from .airflow_api import HttpError
from .airflow_server import PASSWORD, AirflowServer, free_port
from .given import GIVEN
from .real_stack import SWEEP, RealStack
from .services import Service, kill_all, marked_processes

WORKERS = ("w1", "w2")
# Below these, in this order, each server needs those before it.
_FIRST = ("postgres", "redis", "mlflow")
_AIRFLOW = ("api-server", "dag-processor", "scheduler")
_SLOTS = 2
# Seconds between two starts of a server that ends again.
_RESTART_S = 3.0


def missing() -> str | None:
    """Why this machine cannot run the stack; None where it can."""
    python = GIVEN.get("DUALFORM_MLFLOW_PYTHON")
    if not python or not Path(python).exists():
        return "DUALFORM_MLFLOW_PYTHON names no Python that has MLflow; ./dualform test sets it"
    return debian.install({"redis-server": "redis-server", "pg_ctlcluster": "postgresql"})


class CeleryStack(RealStack):
    """The servers by name, each of which can be killed and started again.

    Its folder is short and readable by all: PostgreSQL runs as a user of its own.
    """

    def __init__(self, root: Path) -> None:
        why = missing()
        if why:
            pytest.skip(f"no Celery stack: {why}")
        self.folder = Path(tempfile.mkdtemp(prefix="dfc"))
        self.folder.chmod(0o755)
        home = self.folder / "client"
        home.mkdir()
        super().__init__(root, home, "")
        ports = self._ports = {name: free_port() for name in _FIRST}
        self.mlflow = f"http://127.0.0.1:{ports['mlflow']}"
        self.api = AirflowServer(self.folder / "airflow", _dags(self.folder), self._settings(ports))
        self.api.home.mkdir()
        (self.api.home / "passwords.json").write_text(json.dumps({"admin": PASSWORD}))
        # Long enough for a dead worker's tasks to be found out and tried again on a busy machine.
        self.api.patience_s = 900
        self.airflow = self.api
        # What ./dualform resume reads where --airflow names a server.
        self._environment.update(DUALFORM_AIRFLOW_PASSWORD=PASSWORD, MLFLOW_TRACKING_URI=self.mlflow)
        self.services = {each.name: each for each in [*self._stores(ports), *self._components()]}

    def home_of(self, worker: str) -> Path:
        """DUALFORM_HOME of a worker; its workspace is below it."""
        return self.folder / worker

    def up(self) -> None:
        """Starts whatever does not run, and waits until all of it works."""
        self._prepare()
        self._await("PostgreSQL", self._database_answers, *_FIRST)
        self._await("the API server", self.airflow.log_in, *_FIRST, "api-server")
        servers = (*_FIRST, *_AIRFLOW, *WORKERS)
        self._await("the scheduler", self._is_healthy, *servers)
        self._await("MLflow", self.mlflow_answers, *servers)
        self.airflow.await_dag(SWEEP)
        self.airflow.call("PATCH", f"/dags/{SWEEP}?update_mask=is_paused", {"is_paused": False})

    def start(self, name: str) -> None:
        """Starts a server, without waiting for it, unless it runs."""
        service = self.services[name]
        if not service.is_running():
            service.start()

    def _await(self, what: str, answers: Callable[[], bool], *names: str) -> None:
        """Waits for an answer, and starts these servers as a watchdog does: again, where one has ended at its start.

        PostgreSQL refuses to start while a process of a killed one is still about to end, and an API server ends where
        it finds no database.
        """
        last = dict.fromkeys(names, 0.0)

        def watch() -> bool:
            for name in names:
                if not self.services[name].is_running() and time.monotonic() - last[name] > _RESTART_S:
                    self.start(name)
                    last[name] = time.monotonic()
            return answers()

        self.airflow.wait_for(what, watch)

    def _database_answers(self) -> bool:
        command = [
            str(_postgres_programs() / "pg_isready"),
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(self._ports["postgres"]),
        ]
        return subprocess.run(command, check=False).returncode == 0

    def kill(self, name: str) -> None:
        """As a power cut. With a worker go its tasks, as with its machine."""
        self.services[name].kill()
        if name in WORKERS:
            kill_all([self._mark(name)])

    def kill_everything(self) -> None:
        for name in self.services:
            self.services[name].kill()
        kill_all([self._mark(worker) for worker in WORKERS])

    def down(self) -> None:
        for name in reversed(self.services):
            self.services[name].stop()
        kill_all([self._mark(worker) for worker in WORKERS])
        if not GIVEN.get("DUALFORM_KEEP_STACK"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def processes_of(self, worker: str) -> list[int]:
        """All processes of a worker's machine."""
        return marked_processes(self._mark(worker))

    def _mark(self, worker: str) -> str:
        return f"DUALFORM_HOME={self.home_of(worker)}"

    def mlflow_answers(self) -> bool:
        with urllib.request.urlopen(f"{self.mlflow}/health", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)

    def resume(self, run_id: str, expect: int = 0) -> str:
        return self.dualform("resume", run_id, "--airflow", self.airflow.url, expect=expect)

    def deliver(self) -> str:
        """Sends MLflow what waits on either worker, and returns what was said about it."""
        workspaces = [self.home_of(worker) / "workspace" for worker in WORKERS]
        return "\n".join(self.dualform("deliver", "--workspace", str(each)) for each in workspaces if each.is_dir())

    def results(self, run_id: str, dag_id: str = SWEEP) -> dict[str, Any]:
        """results.json as MLflow keeps it: no folder is shared with the workers."""
        summary = self.runs(f"{dag_id}/{run_id}", "summary")[0]["id"]
        query = urllib.parse.urlencode({"path": "results.json", "run_uuid": summary})
        with urllib.request.urlopen(f"{self.mlflow}/get-artifact?{query}", timeout=60) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
        return found

    def hosts(self, run_id: str) -> set[str]:
        """The workers that ran tasks of a run, by what lies in their workspaces."""
        place = Path("workspace") / "requests" / SWEEP / run_id
        return {worker for worker in WORKERS if any((self.home_of(worker) / place).rglob("*.request.json"))}

    def complaints(self, run_id: str) -> str:
        """The state of each task that did not succeed, with the reason that it gave."""
        place = f"/dags/{SWEEP}/dagRuns/{run_id}/taskInstances"
        said = []
        for task in self.airflow.call("GET", f"{place}?limit=100")["task_instances"]:
            if task["state"] not in ("success", "skipped"):
                index = task["map_index"]
                reason = ""
                with contextlib.suppress(HttpError):
                    entry = f"{place}/{task['task_id']}/xcomEntries/reason?map_index={index}"
                    reason = str(self.airflow.call("GET", entry)["value"])
                said.append(f"{task['task_id']}[{index}], try {task['try_number']}: {task['state']} {reason}")
        return "\n".join(said)

    def _is_healthy(self) -> bool:
        health = self.airflow.call("GET", "/monitor/health")
        return bool(health["scheduler"]["status"] == "healthy" == health["dag_processor"]["status"])

    def _settings(self, ports: dict[str, int]) -> dict[str, str]:
        database = f"airflow@127.0.0.1:{ports['postgres']}/postgres"
        return {
            "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
            # Without its driver's name, the address asks for one that is not installed.
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database}",
            "AIRFLOW__CELERY__RESULT_BACKEND": f"db+postgresql+psycopg2://{database}",
            "AIRFLOW__CELERY__BROKER_URL": f"redis://127.0.0.1:{ports['redis']}/0",
            # As many as the workers have slots: nothing waits in the broker, where a dead worker would keep it.
            "AIRFLOW__CORE__PARALLELISM": str(_SLOTS * len(WORKERS)),
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(self.folder / "logs"),
            # Seconds until the tasks of a dead worker, or of a dead scheduler, are given to another.
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
            "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
            "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "10",
            "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "60",
            "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
            # A task outlives an API server that is away for a minute and a half.
            "AIRFLOW__WORKERS__MAX_FAILED_HEARTBEATS": "18",
            "AIRFLOW__WORKERS__EXECUTION_API_RETRIES": "10",
            "AIRFLOW__WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "10",
            "MLFLOW_TRACKING_URI": self.mlflow,
            "DUALFORM_JAR": GIVEN.get("DUALFORM_JAR") or str(self.root / "tasks" / "target" / "dualform-task.jar"),
            "DUALFORM_MODEL_ROOTS": str(self.root / "models"),
            "DJL_CACHE_DIR": self._environment["DJL_CACHE_DIR"],
        }

    def _stores(self, ports: dict[str, int]) -> list[Service]:
        programs = _postgres_programs()
        data, clean = self.folder / "pg", dict(os.environ)
        python = Path(GIVEN["DUALFORM_MLFLOW_PYTHON"])
        initdb = [str(programs / "initdb"), "-D", str(data), "-U", "airflow", "--auth=trust", "--encoding=UTF8"]
        # No socket in a folder: only loopback.
        options = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200"]
        postgres = [str(programs / "postgres"), "-D", str(data), "-p", str(ports["postgres"]), *options]
        redis = ["redis-server", "--port", str(ports["redis"]), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        mlflow = [str(python), "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(ports["mlflow"])]
        mlflow += ["--workers", "1", "--backend-store-uri", f"sqlite:///{self.folder}/mlflow.db"]
        mlflow += ["--artifacts-destination", str(self.folder / "artifacts")]
        quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
        self._initdb = Service("initdb", initdb, clean, self.folder, user="postgres")
        return [
            Service("postgres", postgres, clean, self.folder, user="postgres"),
            # What is queued survives the broker's death only where Redis writes it down.
            Service("redis", [*redis, "--appendonly", "yes", "--appendfsync", "always"], clean, self.folder),
            Service("mlflow", mlflow, {**clean, **quiet}, self.folder),
        ]

    def _components(self) -> list[Service]:
        common = self.api.environment
        airflow = [sys.executable, "-m", "airflow"]
        self._migrate = Service("migrate", [*airflow, "db", "migrate"], common, self.folder)
        made = [
            Service("api-server", [*airflow, "api-server"], common, self.folder),
            Service("dag-processor", [*airflow, "dag-processor"], common, self.folder),
            Service("scheduler", [*airflow, "scheduler", "--skip-serve-logs"], common, self.folder),
        ]
        for worker in WORKERS:
            home = self.home_of(worker)
            # Airflow serves a worker's logs on every interface, so it serves none here; the folder of logs is shared.
            command = [*airflow, "celery", "worker", "-c", str(_SLOTS), "-H", f"{worker}@%h", "--skip-serve-logs"]
            own = {"DUALFORM_HOME": str(home), "AIRFLOW_HOME": str(home / "airflow")}
            made.append(Service(worker, command, {**common, **own}, self.folder))
        return made

    def _prepare(self) -> None:
        """Makes the database, once."""
        data = self.folder / "pg"
        if data.exists():
            return
        data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(data, "postgres", "postgres")
        self._initdb.run()
        self._await("PostgreSQL", self._database_answers, "postgres")
        self._migrate.run()
        for worker in WORKERS:
            (self.home_of(worker) / "airflow").mkdir(parents=True)


def _postgres_programs() -> Path:
    """The newest version's folder; Debian keeps it off the PATH."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))


def _dags(folder: Path) -> Path:
    """The sweep with a task for each step, so that a kill can choose its step."""
    dags = folder / "dags"
    dags.mkdir()
    (dags / f"{SWEEP}.py").write_text(
        f'from dualform_airflow.dags import {SWEEP}\n\n{SWEEP}(grouping="task")\n', encoding="utf-8"
    )
    return dags
