"""The DAGs of the theory as people use them. They run on the servers of ``test_end_to_end.py``, which runs before.

What is compared are values: what MLflow shows, what the result says, and what the command gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .real_stack import RealStack

pytestmark = pytest.mark.slow

MOMENTUM = "momentum_attention"
# Two models, two seeds, few steps.
STUDY: dict[str, Any] = {"size": "tiny", "variants": ["sum"], "eta": "0.9", "seeds": "1,2", "steps": "26"}
TRAININGS = ["sum-0.9 · seed 1", "sum-0.9 · seed 2", "vanilla · seed 1", "vanilla · seed 2"]
CHECK = "dual_form_check"
CHECKED: dict[str, Any] = {
    "model": "mini",
    "datasets": ["topics"],
    "shots": "2",
    "seeds": "1",
    "limit": 2,
    "learning_rate": "0.01",
}


@pytest.fixture(scope="module", autouse=True)
def servers(stack: RealStack) -> Iterator[None]:
    """Stops the servers after these tests: none that follows needs them."""
    yield
    stack.dualform("down")


def test_momentum_study_gives_the_digits_of_the_command_and_mlflow_shows_them(stack: RealStack, tmp_path: Path) -> None:
    stack.airflow.await_dag(MOMENTUM)
    stack.airflow.trigger(MOMENTUM, "study", **STUDY)
    stack.dualform("momentum", "--size=tiny", "--eta=0.9", "--seeds=1,2", "--steps=26", f"--out={tmp_path}")
    assert stack.airflow.await_run(MOMENTUM, "study") == "success"
    for made, name in (("measurements", "measurements.json"), ("markdown", "report.md")):
        text = stack.output(made, "study", MOMENTUM, "compare").read_text()
        assert text == (tmp_path / name).read_text(), name

    measured = json.loads((tmp_path / "measurements.json").read_text())
    study = f"{MOMENTUM}/study"
    runs = {(run["params"]["arm"], int(run["params"]["seed"])): run for run in stack.runs(study, "pretrain")}
    assert set(runs) == {(model["arm"], model["seed"]) for model in measured}
    for model in measured:
        run = runs[(model["arm"], model["seed"])]
        assert run["status"] == "FINISHED"
        for metric in ("perplexity", "accuracy"):
            shown = dict(stack.history(run["id"], metric))
            assert shown == {int(at): value for at, value in model[metric].items()}, metric
        folder = tmp_path / f"tiny-{model['arm']}-s{model['seed']}"
        points = [json.loads(line) for line in (folder / "learning_curve.jsonl").read_text().splitlines()]
        for metric in ("loss", "held_out_loss"):
            written = sorted((point["step"], point[metric]) for point in points if metric in point)
            assert stack.history(run["id"], metric) == written, f"{metric}: every point once"

    (summary,) = stack.runs(study, "summary")
    assert summary["status"] == "FINISHED"
    assert {"report.html", "report.md", "figures.png", "measurements.json", "tables.json"} <= set(
        stack.artifacts(summary["id"])
    )
    of_arm = [model["perplexity"]["48"] for model in measured if model["arm"] == "sum-0.9"]
    plain = [model["perplexity"]["48"] for model in measured if model["arm"] == "vanilla"]
    assert dict(stack.history(summary["id"], "sum-0.9/perplexity"))[48] == pytest.approx(sum(of_arm) / 2, rel=1e-12)
    difference = dict(stack.history(summary["id"], "sum-0.9/perplexity.difference"))[48]
    assert difference == pytest.approx((sum(of_arm) - sum(plain)) / 2, rel=1e-9)
    assert stack.result("study", MOMENTUM, "compare")["metrics"]["sum-0.9/perplexity.difference"] == difference

    names = [stack.airflow.task(MOMENTUM, "study", "model", index)["rendered_map_index"] for index in range(4)]
    assert sorted(names) == TRAININGS
    assert "/artifacts/report.html" in stack.airflow.links(MOMENTUM, "study", "compare")["Report"]
    assert stack.airflow.links(MOMENTUM, "study", "model", 0)["MLflow run"].startswith(f"{stack.mlflow}/#/experiments/")


def test_momentum_plan_names_every_mistake_of_the_form_and_is_not_retried(stack: RealStack) -> None:
    stack.airflow.await_dag(MOMENTUM)
    stack.airflow.trigger(MOMENTUM, "wrong", eta="0.9,1", seeds="1", steps="none", variants=["sum"])
    assert stack.airflow.await_run(MOMENTUM, "wrong") == "failed"
    assert stack.airflow.task(MOMENTUM, "wrong", "plan")["try_number"] == 1
    log = stack.airflow.log(MOMENTUM, "wrong", "plan")
    for told in (
        "eta: has to be a number above 0 and below 1, not 1.0",
        "seeds: from 2 to 10 different ones are needed",
        "steps: has to be a whole number from 1 to 1000000, or nothing, not",
    ):
        assert told in log, log


def test_theory_check_gives_the_digits_of_the_command_and_mlflow_shows_them(stack: RealStack, tmp_path: Path) -> None:
    stack.airflow.await_dag(CHECK)
    stack.airflow.trigger(CHECK, "check", **CHECKED)
    options = {**CHECKED, "datasets": "topics"}
    stack.dualform("dual-form", *(f"--{k.replace('_', '-')}={v}" for k, v in options.items()), f"--out={tmp_path}")
    assert stack.airflow.await_run(CHECK, "check") == "success"
    text = stack.output("dual_form", "check", CHECK, "dual_form").read_text()
    assert text == (tmp_path / "dual_form.json").read_text()
    (run,) = stack.runs(f"{CHECK}/check", "dual_form")
    assert run["status"] == "FINISHED"
    metrics = stack.result("check", CHECK, "dual_form")["metrics"]
    assert len(metrics) > 10
    for name, value in metrics.items():
        assert stack.history(run["id"], name) == [(0, value)], name
    assert {"report.html", "figures.png", "layers.json"} <= set(stack.artifacts(run["id"]))
