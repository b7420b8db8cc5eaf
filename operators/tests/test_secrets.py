"""A whole study with marked secrets and hostile names: nothing shows the secrets, and no name is executed."""

from __future__ import annotations

import base64
import http.client
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .airflow_server import AirflowServer, free_port
from .given import GIVEN, ROOT
from .marks import CommandLines, holding
from .signing_proxy import SigningProxy

pytestmark = pytest.mark.slow

USER, PASSWORD, TOKEN = "mark-user-7f3a", "mark-password-91c4", "mark-token-5b20"
MARKS = (PASSWORD, TOKEN, base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())
# What Jinja would make of it is nowhere else.
TEMPLATE, EXECUTED = "{{ 733 * 991 }}", "726403"
_DAG = """
from dualform_airflow.dags import icl_plan, icl_shot_sweep

icl_shot_sweep("marked", mlflow_conn_id="marked")
icl_plan("marked_plan")
"""
SMALL: dict[str, Any] = {
    "model": "mini",
    "datasets": [],
    "shots": "0,2",
    "seeds": "1",
    "limit": 8,
    "learning_rate": "0.01",
}


@dataclass
class Studied:
    """What a study left behind."""

    airflow: AirflowServer
    home: Path
    mlflow: Path
    proxy: SigningProxy
    state: str
    lines: CommandLines


def _jar() -> Path:
    return Path(GIVEN.get("DUALFORM_JAR") or ROOT / "tasks" / "target" / "dualform-task.jar")


def _mlflow_program() -> Path:
    home = GIVEN.get("DUALFORM_HOME") or str(ROOT / ".dualform")
    return Path(GIVEN.get("DUALFORM_ENVIRONMENTS") or home) / "mlflow-venv" / "bin" / "mlflow"


def _start_mlflow(folder: Path, port: int) -> subprocess.Popen[bytes]:
    folder.mkdir()
    with (folder / "server.log").open("wb") as log:
        return subprocess.Popen(
            [
                str(_mlflow_program()),
                *("server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
                *("--backend-store-uri", f"sqlite:///{folder}/mlflow.db"),
                *("--artifacts-destination", str(folder / "artifacts")),
            ],
            env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def _ended(airflow: AirflowServer, dag_id: str, run_id: str) -> str:
    """The state of a run at its end; a sweep takes longer than one task, above all on a busy machine."""
    states: list[str] = []

    def is_over() -> bool:
        states.append(str(airflow.run(dag_id, run_id)["state"]))
        return states[-1] in ("success", "failed")

    airflow.wait_for(f"run {run_id}", is_over, 1500)
    return states[-1]


def _log(airflow: AirflowServer, dag_id: str, run_id: str) -> str:
    """The log of plan's last try."""
    return airflow.log(dag_id, run_id, "plan", int(airflow.task(dag_id, run_id, "plan")["try_number"]))


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(15)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue
    process.wait()


@pytest.fixture(scope="module")
def study() -> Iterator[Studied]:
    """A sweep over a data set with a hostile name, tracked to an MLflow that wants a sign-in."""
    if not _jar().is_file() or not _mlflow_program().is_file():
        pytest.skip(f"needs the task jar ({_jar()}) and an MLflow ({_mlflow_program()})")
    folder = Path(tempfile.mkdtemp(prefix="df"))
    port = free_port()
    mlflow = _start_mlflow(folder / "mlflow", port)
    proxy = SigningProxy(port, USER, PASSWORD)
    proxy.start()
    home = folder / "airflow"
    (folder / "dags").mkdir()
    (folder / "dags" / "marked.py").write_text(_DAG)
    hostile = folder / "data" / f"x {TEMPLATE}"
    hostile.mkdir(parents=True)
    rows = "".join(f'{{"text": "{TEMPLATE} number {i}", "label": "{"ab"[i % 2]}"}}\n' for i in range(24))
    (hostile / "train.jsonl").write_text(rows)
    (hostile / "validation.jsonl").write_text(rows)
    airflow = AirflowServer(
        home,
        folder / "dags",
        {
            "DUALFORM_JAR": str(_jar()),
            "DUALFORM_HOME": str(folder / "state"),
            "DUALFORM_MODEL_ROOTS": str(ROOT / "models"),
            "DUALFORM_DATA_ROOTS": str(folder / "data"),
            "DJL_CACHE_DIR": GIVEN.get("DJL_CACHE_DIR") or str(folder / "djl"),
            "HF_TOKEN": TOKEN,
            "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        },
    )
    try:
        airflow.start()
        airflow.wait_for("MLflow", lambda: _answers(port))
        airflow.call(
            "POST",
            "/connections",
            {
                "connection_id": "marked",
                "conn_type": "generic",
                "host": proxy.url,
                "login": USER,
                "password": PASSWORD,
            },
        )
        airflow.await_dag("marked")
        airflow.await_dag("marked_plan")
        with CommandLines(MARKS, f"{folder}/state/workspace/requests") as lines:
            airflow.trigger("marked", "first", **{**SMALL, "other_datasets": f'"{hostile}"'})
            state = _ended(airflow, "marked", "first")
        yield Studied(airflow, folder, folder / "mlflow", proxy, state, lines)
    finally:
        airflow.stop()
        proxy.stop()
        _stop(mlflow)
        shutil.rmtree(folder, ignore_errors=True)


def test_the_study_was_measured_and_tracked_with_the_secret(study: Studied) -> None:
    assert study.state == "success"
    log = _log(study.airflow, "marked", "first")
    assert study.proxy.let_in > 20
    assert study.proxy.refused == 0
    assert "MLflow run: http://127.0.0.1:" in log


def test_no_file_of_airflow_mlflow_or_the_workspace_holds_a_secret(study: Studied) -> None:
    planted = study.home / "planted.txt"
    planted.write_text(f"a password, {PASSWORD}")
    assert list(holding(study.home, MARKS)) == [f"{planted}: {PASSWORD}"]
    planted.unlink()
    # Among what was read: a database with the connection, logs of every task, requests, results, artifacts.
    names = {file.suffix for file in study.home.rglob("*") if file.is_file()}
    assert {".db", ".log", ".json", ".html", ".py"} <= names


def test_no_command_line_held_a_secret(study: Studied) -> None:
    requests = [*(study.home / "state" / "workspace" / "requests" / "marked" / "first").rglob("*.request.json")]
    assert len(requests) >= 4
    assert [each for each in requests if not any(str(each).encode() in line for line in study.lines.seen)] == []
    assert study.lines.found == set()


def test_no_xcom_holds_a_secret(study: Studied) -> None:
    run = "/dags/marked/dagRuns/first/taskInstances"
    entries = study.airflow.call("GET", f"{run}/~/xcomEntries?limit=100")["xcom_entries"]
    assert len(entries) >= 10
    for entry in entries:
        path = f"{run}/{entry['task_id']}/xcomEntries/{entry['key']}?map_index={entry['map_index']}"
        value = str(study.airflow.call("GET", path))
        assert not any(mark in value for mark in MARKS), path


def test_no_name_is_executed_as_a_template(study: Studied) -> None:
    """A name of the form reaches every task as it is: were it rendered on the way, no data set would be found there."""
    requests = study.home / "state" / "workspace" / "requests"
    literal = list(holding(requests, [f"data/x {TEMPLATE}"]))
    assert len([found for found in literal if found.endswith(TEMPLATE)]) >= 4
    assert list(holding(study.home / "state", [EXECUTED])) == []
    assert list(holding(study.home / "airflow" / "logs", [EXECUTED])) == []


def test_a_form_cannot_have_a_template_executed_nor_a_file_read(study: Studied) -> None:
    private = study.home / "private.json"
    private.write_text('[{"text": "of the worker", "label": "a"}]')
    wrong = {
        "model": f"{TEMPLATE}",
        "datasets": [],
        "other_datasets": f"{private},../private.json",
        "template": "/etc/passwd",
        "rows": f"{study.home}/data/../private.json",
    }
    study.airflow.trigger("marked_plan", "wrong", **{**SMALL, **wrong})
    assert _ended(study.airflow, "marked_plan", "wrong") == "failed"
    log = _log(study.airflow, "marked_plan", "wrong")
    assert TEMPLATE in log
    assert EXECUTED not in log
    assert log.count("is not below a folder that studies may read") >= 4
    assert "of the worker" not in log
    assert "root:x:" not in log


def test_mlflow_serves_no_host_name_that_it_does_not_know(study: Studied) -> None:
    """So a page of another site cannot reach it through a browser, whatever name that site gives to 127.0.0.1."""
    path = "/api/2.0/mlflow/experiments/get-by-name?experiment_name=Default"
    statuses = []
    for host in ("site.example", "127.0.0.1"):
        connection = http.client.HTTPConnection("127.0.0.1", study.proxy.behind, timeout=60)
        connection.request("GET", path, headers={"Host": host})
        statuses.append(connection.getresponse().status)
        connection.close()
    assert statuses == [403, 200]


def test_the_servers_listen_on_this_machine_alone(study: Studied) -> None:
    """Airflow's log servers too."""
    own = {process.pid for process in study.airflow.processes()}
    deadline = time.monotonic() + 30
    listening: list[str] = []
    while not listening and time.monotonic() < deadline:
        listening = _listening(own)
    assert listening
    assert [address for address in listening if not address.startswith("0100007F:")] == []


def _listening(groups: set[int]) -> list[str]:
    """Local addresses of the TCP sockets on which processes of these groups listen, as the kernel writes them."""
    inodes: set[str] = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(process.name)) not in groups:
                continue
            inodes |= {str(each.readlink())[8:-1] for each in (process / "fd").iterdir() if each.is_symlink()}
        except OSError:
            continue
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.append(fields[1])
    return found
