"""A sweep on CeleryExecutor, over two workers that share nothing but MLflow; and after a kill of every kind."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .celery_stack import WORKERS, CeleryStack
from .given import GIVEN
from .kills import KILLS_OF_A_TASK, await_java, java_of, kill_host
from .real_stack import SWEEP
from .wholeness import assert_nothing_by_halves, assert_whole, run_in_one_process

pytestmark = pytest.mark.slow

# Small, and yet every kind of task works.
SMALL: dict[str, Any] = {
    "model": "mini",
    "datasets": ["topics"],
    "shots": "0,2",
    "seeds": "1",
    "limit": 40,
    "learning_rate": "0.01",
    "transport": "mlflow",
}


@pytest.fixture(scope="module")
def stack() -> Iterator[CeleryStack]:
    running = CeleryStack(Path(__file__).resolve().parents[2])
    try:
        running.up()
        yield running
    finally:
        running.down()


@pytest.fixture(scope="module")
def expected(stack: CeleryStack, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """SMALL in one process, without servers."""
    return run_in_one_process(stack, tmp_path_factory.mktemp("alone"), SMALL)


def test_sweep_over_two_workers_gives_the_numbers_of_one_process(stack: CeleryStack, tmp_path: Path) -> None:
    conf = {**SMALL, "seeds": "0,1,2"}
    stack.airflow.trigger(SWEEP, "both", **conf)
    alone = run_in_one_process(stack, tmp_path, conf)
    stack.airflow.await_run(SWEEP, "both")
    assert_whole(stack, "both", alone)
    assert stack.hosts("both") == set(WORKERS)


def test_killed_task_runner_and_supervisor_are_tried_again(stack: CeleryStack, expected: list[dict[str, Any]]) -> None:
    stack.airflow.trigger(SWEEP, "struck", **SMALL, fresh=True)
    victims = {"task": "cell.prompt", "runner": "cell.infer_icl", "supervisor": "cell.infer_ft"}
    for kind, task_id in victims.items():
        KILLS_OF_A_TASK[kind](await_java("struck", task_id))
    stack.airflow.await_run(SWEEP, "struck")
    assert_whole(stack, "struck", expected)
    assert {kind: stack.airflow.task(SWEEP, "struck", task, 0)["try_number"] for kind, task in victims.items()} == {
        "task": 2,
        "runner": 2,
        "supervisor": 2,
    }


def test_killed_workers_tasks_go_to_the_other(stack: CeleryStack, expected: list[dict[str, Any]]) -> None:
    stack.airflow.trigger(SWEEP, "half", **SMALL, fresh=True)
    killed = kill_host(stack, await_java("half", "cell.finetune"))
    stack.airflow.await_run(SWEEP, "half")
    (other,) = set(WORKERS) - {killed}
    assert_whole(stack, "half", expected)
    assert stack.airflow.task(SWEEP, "half", "cell.finetune", 0)["hostname"]
    assert [*(stack.home_of(other) / "workspace" / "requests").rglob("half/cell.finetune/*try2.request.json")]
    stack.up()


def test_killed_scheduler_and_api_server_lose_nothing(stack: CeleryStack, expected: list[dict[str, Any]]) -> None:
    stack.airflow.trigger(SWEEP, "headless", **SMALL, fresh=True)
    await_java("headless", "cell.infer_icl")
    stack.kill("scheduler")
    time.sleep(2)
    stack.up()
    await_java("headless", "cell.finetune")
    stack.kill("api-server")
    time.sleep(5)
    stack.up()
    stack.airflow.await_run(SWEEP, "headless")
    assert_whole(stack, "headless", expected)


def test_mlflow_that_is_away_for_a_while_loses_nothing(stack: CeleryStack, expected: list[dict[str, Any]]) -> None:
    stack.airflow.trigger(SWEEP, "unheard", **SMALL, fresh=True)
    await_java("unheard", "cell.infer_icl")
    stack.kill("mlflow")
    time.sleep(float(GIVEN.get("DUALFORM_MLFLOW_AWAY_S") or 20))
    stack.up()
    if stack.airflow.await_run(SWEEP, "unheard") == "failed":
        stack.resume("unheard")
    assert_whole(stack, "unheard", expected)


def test_everything_killed_at_once_and_resume_give_the_same_numbers(
    stack: CeleryStack, expected: list[dict[str, Any]]
) -> None:
    stack.airflow.trigger(SWEEP, "dead", **SMALL, fresh=True)
    await_java("dead", "cell.infer_icl")
    stack.kill_everything()
    assert not java_of("dead")
    stack.up()
    stack.resume("dead")
    assert_whole(stack, "dead", expected)


def test_a_sweep_after_all_that_leaves_no_file_by_halves(stack: CeleryStack, tmp_path: Path) -> None:
    conf = {**SMALL, "seeds": "0,1,2"}
    stack.airflow.trigger(SWEEP, "after", **conf, fresh=True)
    stack.airflow.await_run(SWEEP, "after")
    assert_whole(stack, "after", run_in_one_process(stack, tmp_path, conf))
    assert stack.hosts("after") == set(WORKERS)
    assert_nothing_by_halves(stack)
