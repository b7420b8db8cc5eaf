"""DAGs of the factories with the execution mode docker, in a real Airflow."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator

import pytest

from .airflow_server import AirflowServer
from .docker_daemon import DockerDaemon
from .given import ROOT
from .task_image import TaskImage

pytestmark = pytest.mark.slow

# With a tenth of a core, the JVM takes many seconds to start: time to mark the task.
SLOW = """
from dualform_airflow.dags import icl_experiment
from dualform_airflow.execution import Docker

icl_experiment("slow", execution=Docker(cpus=0.1))
"""
ONE_CELL = {"datasets": "topics", "shots": "0,2", "seeds": "1", "limit": 12, "learning_rate": "0.002"}


@pytest.fixture(scope="module")
def server(
    docker_daemon: DockerDaemon, task_image: TaskImage, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AirflowServer]:
    """An Airflow whose shipped DAGs run in containers, by environment variables alone."""
    home = tmp_path_factory.mktemp("airflow-docker")
    workspace = home / "workspace"
    workspace.mkdir()
    workspace.chmod(0o777)
    (home / "dags").mkdir()
    shutil.copy(ROOT / "dags" / "icl_experiment.py", home / "dags")
    (home / "dags" / "slow.py").write_text(SLOW)
    environment = {
        **docker_daemon.environment,
        "DUALFORM_EXECUTION": "docker",
        "DUALFORM_IMAGE": task_image.name,
        "DUALFORM_DOCKER_NETWORK_MODE": "host",
        "DUALFORM_DOCKER_VOLUMES": f"{workspace}:/workspace",
        "DUALFORM_DOCKER_PULL": "never",
    }
    server = AirflowServer(home, home / "dags", environment)
    try:
        server.start()
        server.await_dag("slow")
        server.await_dag("icl_experiment")
        yield server
    finally:
        server.stop()


def test_a_shipped_dag_runs_in_containers(server: AirflowServer, docker_daemon: DockerDaemon) -> None:
    server.trigger("icl_experiment", "r", **ONE_CELL)
    ended = ("success", "failed")
    # Nine containers, one after the other.
    server.wait_for("run r", lambda: server.run("icl_experiment", "r")["state"] in ended, patience_s=900)
    assert server.run("icl_experiment", "r")["state"] == "success"
    assert docker_daemon.containers() == []
    path = "/dags/icl_experiment/dagRuns/r/taskInstances/summarise/xcomEntries/return_value?deserialize=true"
    value = server.call("GET", path)["value"]
    result = json.loads(value) if isinstance(value, str) else value
    results = server.home / "workspace" / result["outputs"]["results"]["uri"].removeprefix("workspace:")
    rows = json.loads(results.read_text())["rows"]
    assert [(row["shots"], row["status"]) for row in rows] == [(0, "ok"), (2, "ok")]
    assert "Ended: done" in server.log("icl_experiment", "r", "summarise")


def test_the_container_of_a_task_that_is_marked_as_failed_is_gone_within_seconds(
    server: AirflowServer, docker_daemon: DockerDaemon
) -> None:
    server.trigger("slow", "r", **ONE_CELL)
    label = "--filter=label=org.dualform.dag_id=slow"
    server.wait_for("the container", lambda: docker_daemon.docker("ps", "-q", label).strip())
    server.mark("slow", "r", "plan", "failed")
    marked = time.monotonic()
    while docker_daemon.docker("ps", "-aq", label).strip():
        # Airflow's worker hears of the mark at its next heartbeat, up to five seconds later.
        assert time.monotonic() - marked < 10 + 5, "the container is still there"
        time.sleep(0.1)
    assert server.task("slow", "r", "plan")["state"] == "failed"
