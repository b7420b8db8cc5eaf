"""The Python code in the guide works as printed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG, Connection


def blocks(root: Path) -> list[str]:
    section = (root / "docs" / "guide.md").read_text().split("\n## In your own Airflow\n")[1].split("\n## ")[0]
    found: list[str] = re.findall(r"^ *```python\n(.*?)^ *```", section, re.MULTILINE | re.DOTALL)
    return ["\n".join(line.removeprefix("   ") for line in block.splitlines()) for block in found]


def test_examples_make_the_dags_they_promise(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_connection(_cls: type[Connection], conn_id: str) -> Connection:
        raise AssertionError(f"connection {conn_id} is looked up while the DAG file is read")

    monkeypatch.setattr(Connection, "get", classmethod(no_connection))
    factory, single_task = blocks(root)
    assert len(factory.strip().splitlines()) == 3
    names: dict[str, Any] = {}
    exec(compile(factory.replace("\nicl_shot_sweep(", "\ndag = icl_shot_sweep("), "guide.md", "exec"), names)  # noqa: S102
    dag = names["dag"]
    task = dag.get_task("cell.prompt")
    assert (dag.dag_id, task.mlflow_conn_id, task.pool) == ("which_way", "mlflow", "dualform")
    assert dag.params["model"] == "/models/gpt2"
    with DAG("any") as any_dag:
        exec(compile(single_task, "guide.md", "exec"), {})  # noqa: S102
    assert [each.task_id for each in any_dag.tasks] == ["what_would_it_cost"]
