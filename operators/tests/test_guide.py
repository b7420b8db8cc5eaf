"""The section "In your own Airflow" of the guide, done as it stands on a real Airflow that has nothing of ours."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG, Connection

from .airflow_server import AirflowServer
from .given import GIVEN, OWN

DAG_FILE = 0
# What is tracked waits in the spool.
NO_SERVER = "http://127.0.0.1:9"


def blocks(root: Path, language: str) -> list[str]:
    section = (root / "docs" / "guide.md").read_text().split("\n## In your own Airflow\n")[1].split("\n## ")[0]
    found: list[tuple[str, str]] = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    mine = [block for fence, block in found if fence == language]
    return ["\n".join(line.removeprefix("   ") for line in block.splitlines()) + "\n" for block in mine]


def commands(root: Path) -> list[list[str]]:
    """Every command of the section, in its order, with the guide's folder and its MLflow server replaced."""
    lines = (
        "".join(blocks(root, "")).replace("/opt/dualform", str(OWN)).replace("https://mlflow.example.org", NO_SERVER)
    )
    return [shlex.split(line, comments=True) for line in lines.splitlines()]


def test_examples_make_the_dags_they_promise(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_connection(_cls: type[Connection], conn_id: str) -> Connection:
        raise AssertionError(f"connection {conn_id} is looked up while the DAG file is read")

    monkeypatch.setattr(Connection, "get", classmethod(no_connection))
    factory, single_task = blocks(root, "python")
    assert len(factory.strip().splitlines()) == 4
    names: dict[str, Any] = {}
    exec(compile(factory.replace("\nicl_shot_sweep(", "\ndag = icl_shot_sweep("), "guide.md", "exec"), names)  # noqa: S102
    dag = names["dag"]
    task = dag.get_task("summarise")
    assert (dag.dag_id, task.mlflow_conn_id, task.pool) == ("which_way", "mlflow", "dualform")
    assert dag.params["model"] == "mini"
    with DAG("any") as any_dag:
        exec(compile(single_task, "guide.md", "exec"), {})  # noqa: S102
    assert [each.task_id for each in any_dag.tasks] == ["what_would_it_cost"]


def test_the_guide_creates_every_connection_and_pool_that_its_example_names(root: Path) -> None:
    said = [" ".join(command) for command in commands(root)]
    example = blocks(root, "python")[DAG_FILE]
    (connection,) = re.findall(r'mlflow_conn_id="(\w+)"', example)
    (pool,) = re.findall(r'pool="(\w+)"', example)
    (dag,) = re.findall(r'icl_shot_sweep\("(\w+)"', example)
    for start in (
        f"airflow connections add {connection} ",
        f"airflow pools set {pool} ",
        f"airflow dags trigger {dag} ",
    ):
        assert [each for each in said if each.startswith(start)], start


@pytest.mark.slow
def test_followed_to_the_letter_the_run_succeeds(root: Path, airflow: AirflowServer) -> None:
    jar = Path(GIVEN.get("DUALFORM_JAR") or root / "tasks" / "target" / "dualform-task.jar")
    if not jar.is_file():
        pytest.skip(f"no task jar at {jar} (./dualform doctor builds it)")
    exported = {name: value for name, value in airflow.environment.items() if name.startswith("DUALFORM_")}
    for words in commands(root):
        match words:
            case ["pip", *_] | ["./mvnw", *_]:
                pass  # the tests' own environment holds the installed wheel, and the jar is built
            case ["mkdir", "-p", folder]:
                Path(folder).mkdir(parents=True, exist_ok=True)
            case ["cp", "-r", wheel, built, models, target]:
                assert (wheel, built, target) == ("dist/*.whl", "tasks/target/dualform-task.jar", str(OWN))
                (OWN / "dualform-task.jar").symlink_to(jar)
                shutil.copytree(root / models, OWN / models)
            case ["export", setting]:
                name, _, value = setting.partition("=")
                assert exported[name] == value, "the server runs with the guide's environment"
            case ["airflow", "dags", "trigger", dag_id, "--run-id", run_id, "--conf", conf]:
                (airflow.dags / "mine.py").write_text(blocks(root, "python")[DAG_FILE])
                airflow.await_dag(dag_id)
                airflow.trigger(dag_id, run_id, **json.loads(conf))
                assert airflow.await_run(dag_id, run_id) == "success"
                assert_told_in_airflow(airflow, dag_id, run_id)
            case ["airflow", *arguments]:
                run_airflow(airflow, arguments)
            case _:
                raise AssertionError(f"the guide has a command that this test does not know: {words}")


def run_airflow(airflow: AirflowServer, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "airflow", *arguments]
    ended = subprocess.run(
        command, env=airflow.environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def assert_told_in_airflow(airflow: AirflowServer, dag_id: str, run_id: str) -> None:
    """The answer, the table and the links are where the guide says."""
    states = airflow.call("GET", f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances")["task_instances"]
    assert {task["state"] for task in states} == {"success"}
    log = airflow.log(dag_id, run_id, "summarise")
    assert re.search(r"topics: [A-Z ]+\. ", log)
    assert "shots" in log
    assert "The tasks after this one run in the pool dualform" in airflow.log(dag_id, run_id, "plan")
    path = f"/dags/{dag_id}/dagRuns/{run_id}/taskInstances/summarise/xcomEntries/finding"
    assert str(airflow.call("GET", path)["value"]).startswith("topics: ")
    assert os.path.isdir(OWN / "home" / "workspace")  # noqa: PTH112 - one word
