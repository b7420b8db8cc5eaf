"""What all tests share."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .given import GIVEN, OWN, ROOT  # isort: split

from .airflow_server import AirflowServer
from .cluster.fixtures import cluster, cluster_image
from .docker_daemon import docker_daemon
from .real_stack import RealStack
from .task_image import dist, task_image

__all__ = ["GIVEN", "cluster", "cluster_image", "dist", "docker_daemon", "task_image"]


@pytest.fixture
def root() -> Path:
    """The project's root."""
    return ROOT


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
    server = AirflowServer(home, dags, {**exported, "SCRIPTED_LOG": str(home / "scripted.log")})
    try:
        server.start()
        server.await_dag("stubborn")
        server.await_dag("scripted_asking")
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealStack]:
    """The servers as ``./dualform up`` starts them. The tests from end to end share them."""
    home = Path(tempfile.mkdtemp(prefix="df"))  # a short path: sockets have names of 108 bytes at most
    running = RealStack(ROOT, home, str(tmp_path_factory.mktemp("data")))
    try:
        running.up()
        yield running
    finally:
        running.dualform("down")
        shutil.rmtree(home, ignore_errors=True)
