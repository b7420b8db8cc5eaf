"""The provider's wheel beside the oldest and the newest supported Airflow, as a user installs it.

``./dualform test --release`` makes the environments and names them; without them these tests are skipped.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from .given import GIVEN, ROOT
from .real_stack import digits

PYTHONS = [Path(each) for each in GIVEN.get("DUALFORM_RELEASE_PYTHONS", "").split(os.pathsep) if each]
DAGS = {"dual_form_check", "icl_experiment", "icl_paper", "icl_plan", "icl_shot_sweep", "momentum_attention"}
CELL = {"model": "mini", "datasets": "topics", "shots": "0,2", "seeds": "1", "limit": 40, "learning_rate": "0.01"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHONS, reason="./dualform test --release makes the environments with other Airflows"),
]
each_airflow = pytest.mark.parametrize("which", [0, 1], ids=["oldest", "newest"])


class Installed:
    """One environment with a home, a database and a workspace of its own, and the settings of the guide."""

    def __init__(self, python: Path) -> None:
        self.program = python.with_name("airflow")
        self._kept = tempfile.TemporaryDirectory(prefix="df")
        self.home = Path(self._kept.name)
        self._environment = {
            **{name: value for name, value in GIVEN.items() if name in ("PATH", "HOME", "JAVA_HOME", "LANG", "LC_ALL")},
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
            "DUALFORM_JAR": GIVEN.get("DUALFORM_JAR", str(ROOT / "tasks" / "target" / "dualform-task.jar")),
            "DJL_CACHE_DIR": GIVEN.get("DJL_CACHE_DIR", str(self.home / "djl")),
            # By Airflow's own configuration, so that this is tried too.
            "AIRFLOW__DUALFORM__HOME": str(self.home / "dualform"),
            "AIRFLOW__DUALFORM__MODEL_ROOTS": str(ROOT / "models"),
        }
        self.airflow("db", "migrate")

    def airflow(self, *words: str) -> str:
        ended = subprocess.run(
            [str(self.program), *words],
            env=self._environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=1200,
            check=False,
        )
        assert ended.returncode == 0, f"airflow {' '.join(words)}: {ended.returncode}\n{ended.stdout}\n{ended.stderr}"
        return ended.stdout

    def listed(self, *words: str) -> list[dict[str, Any]]:
        """A listing; log lines may stand before it."""
        text = self.airflow(*words, "--output", "json")
        found: list[dict[str, Any]] = json.loads(text[text.rindex("\n[") if "\n[" in text else 0 :])
        return found

    @functools.cached_property
    def results(self) -> dict[str, Any]:
        """results.json of one small cell."""
        self.airflow("dags", "test", "icl_experiment", "--conf", json.dumps(CELL))
        (file,) = (self.home / "dualform" / "workspace").glob("results/summarise/**/results.json")
        found: dict[str, Any] = json.loads(file.read_text())
        return found


@functools.cache
def installed(which: int) -> Installed:
    return Installed(PYTHONS[which])


@each_airflow
def test_it_is_the_airflow_that_is_meant(which: int) -> None:
    lock = ROOT / "operators" / ("airflow-oldest.lock.txt", "airflow.lock.txt")[which]
    locked = re.search(r"^apache-airflow==([\d.]+)", lock.read_text(), re.MULTILINE)
    assert locked
    assert installed(which).airflow("version").split()[-1] == locked[1]
    if which == 0:
        assert locked[1].startswith("3.1.")


@each_airflow
def test_the_shipped_dags_are_read_without_an_error(which: int) -> None:
    airflow = installed(which)
    airflow.airflow("dags", "reserialize")
    assert airflow.listed("dags", "list-import-errors") == []
    assert {dag["dag_id"] for dag in airflow.listed("dags", "list")} == DAGS


@each_airflow
def test_airflow_knows_what_the_provider_describes(which: int) -> None:
    airflow = installed(which)
    stated = re.search(r"<revision>([^<]+)</revision>", (ROOT / "pom.xml").read_text())
    assert stated
    assert [each["Version"] for each in airflow.listed("providers", "get", "dualform-airflow")] == [stated[1]]
    hooks = {each["connection_type"]: each["class"] for each in airflow.listed("providers", "hooks")}
    assert hooks["dualform_mlflow"] == "dualform_airflow.hook.DualformMlflowHook"
    links = {each["extra_link_class_name"] for each in airflow.listed("providers", "links")}
    assert {f"dualform_airflow.links.{name}" for name in ("MlflowRunLink", "CurvesLink", "ReportLink")} <= links
    assert [each["name"] for each in airflow.listed("plugins")] == ["dualform"]
    read = airflow.airflow("config", "get-value", "dualform", "home").split()[-1]
    assert read == str(airflow.home / "dualform")


def test_a_dag_gives_the_same_numbers_in_both() -> None:
    oldest, newest = digits(installed(0).results), digits(installed(1).results)
    assert len(oldest) == 2
    assert oldest == newest
