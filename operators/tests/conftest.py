"""Gives the tests an Airflow home of their own, before Airflow is imported."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .airflow_server import AirflowServer
from .cluster.fixtures import cluster, cluster_image
from .docker_daemon import DockerDaemon, docker_daemon

__all__ = ["cluster", "cluster_image", "docker_daemon"]

_home = tempfile.TemporaryDirectory(prefix="dualform-airflow-tests-")
# The environment as it was given: the tests of the whole product pass some of it on.
GIVEN = dict(os.environ)
for _name in [name for name in os.environ if name.startswith(("AIRFLOW__", "AIRFLOW_", "DUALFORM_", "MLFLOW_"))]:
    if _name != "DUALFORM_TEST_ASSETS":
        del os.environ[_name]
os.environ["AIRFLOW_HOME"] = _home.name
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(Path(__file__).parent / "dags")

ROOT = Path(__file__).resolve().parents[2]
# What the guide calls /opt/dualform.
OWN = Path(_home.name) / "opt"


@pytest.fixture
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def task_jar() -> Path:
    """The task jar that the launcher has built."""
    jar = Path(GIVEN.get("DUALFORM_JAR") or ROOT / "tasks" / "target" / "dualform-task.jar")
    if not jar.is_file():
        pytest.skip(f"{jar} is missing; ./dualform test builds it")
    return jar


@dataclass(frozen=True)
class TaskImage:
    """The task image in the tests' engine."""

    daemon: DockerDaemon
    name: str


@pytest.fixture(scope="session")
def task_image_archive() -> Path:
    """The task image as a file; DUALFORM_TEST_DIST may name another folder than dist."""
    folder = Path(GIVEN.get("DUALFORM_TEST_DIST") or ROOT / "dist")
    archives = sorted(folder.glob("*.image.tar"))
    if not archives:
        pytest.skip(f"no image in {folder}; ./dualform package makes it")
    return archives[-1]


@pytest.fixture(scope="session")
def task_image(docker_daemon: DockerDaemon, task_image_archive: Path) -> TaskImage:
    """The task image, loaded."""
    loaded = docker_daemon.docker("load", "-i", str(task_image_archive), timeout=300)
    return TaskImage(docker_daemon, loaded.split("Loaded image: ")[1].strip())


@pytest.fixture(scope="session")
def airflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AirflowServer]:
    """A running Airflow with the DAGs of the tests. All tests share it, because starting it takes long.

    It has the environment that the guide describes, and nothing else of Dualform.
    """
    home = tmp_path_factory.mktemp("airflow")
    (home / "workspace").mkdir()
    dags = shutil.copytree(Path(__file__).parent / "dags", home / "dags")
    guide = (ROOT / "docs" / "guide.md").read_text().replace("/opt/dualform", str(OWN))
    exported = dict(re.findall(r"^ *export (DUALFORM_\w+)=(\S+)$", guide, re.MULTILINE))
    server = AirflowServer(home, dags, exported)
    try:
        server.start()
        server.await_dag("stubborn")
        server.await_dag("scripted_sweep")
        yield server
    finally:
        server.stop()
