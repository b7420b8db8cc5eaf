"""What a study must be after whatever happened to it: whole, once, and with nothing left behind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .celery_stack import WORKERS, CeleryStack
from .kills import java_of
from .real_stack import SWEEP, digits


def run_in_one_process(stack: CeleryStack, out: Path, conf: dict[str, Any]) -> list[dict[str, Any]]:
    given = {name: value for name, value in conf.items() if name != "transport"}
    options = [f"--{name.replace('_', '-')}={_text(value)}" for name, value in given.items()]
    stack.dualform("run", *options, f"--out={out}")
    return digits(json.loads((out / "results.json").read_text()))


def _text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def assert_whole(stack: CeleryStack, run_id: str, expected: list[dict[str, Any]]) -> None:
    """The numbers of an undisturbed run, each run once and ended, no process left, and no file by halves."""
    assert stack.airflow.run(SWEEP, run_id)["state"] == "success", stack.complaints(run_id)
    said = stack.deliver()
    assert digits(stack.results(run_id)) == expected
    cells = {row["cell"] for row in expected}
    study = f"{SWEEP}/{run_id}"
    for kind, count in {"curve": 2 * len(cells), "comparison": len(cells), "summary": 1}.items():
        runs = stack.runs(study, kind)
        assert len({run["tags"]["dualform.run_key"] for run in runs}) == len(runs) == count, kind
        unfinished = [(run["status"], run["tags"]) for run in runs if run["status"] != "FINISHED"]
        assert not unfinished, said
        for run in runs if kind == "curve" else []:
            steps = [step for step, _ in stack.history(run["id"], "accuracy")]
            assert steps
            assert len(steps) == len(set(steps)), f"a point twice: {steps}"
    stack.airflow.wait_for("the run's processes to end", lambda: not java_of(run_id), patience_s=30)


def assert_nothing_by_halves(stack: CeleryStack) -> None:
    """No attempt lies unfinished, and nothing waits for MLflow. A killed task's attempt goes with the worker's next."""
    stack.deliver()
    for worker in WORKERS:
        workspace = stack.home_of(worker) / "workspace"
        assert not [*(workspace / "tmp").glob("*")], f"files by halves on {worker}"
        assert not [*(workspace / "spool").rglob("ops.jsonl")], f"something waits for MLflow on {worker}"
