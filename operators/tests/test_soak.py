"""The soak: kills at random moments, and then the numbers of an undisturbed run. It takes long."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest

from .celery_stack import WORKERS, CeleryStack
from .given import GIVEN
from .real_stack import SWEEP
from .soak import KINDS, Soak
from .wholeness import assert_nothing_by_halves, assert_whole, run_in_one_process

pytestmark = [pytest.mark.slow, pytest.mark.soak]

STUDY: dict[str, Any] = {
    "model": "mini",
    "datasets": ["topics"],
    "shots": "0,2",
    "limit": 40,
    "learning_rate": "0.01",
    "transport": "mlflow",
}


def test_kills_at_random_moments_change_nothing(root: Path, tmp_path: Path) -> None:
    kills = int(GIVEN.get("DUALFORM_SOAK_KILLS") or 30)
    seed = int(GIVEN.get("DUALFORM_SOAK_SEED") or random.SystemRandom().randrange(2**31))
    _say(f"{kills} kills, seed {seed}")
    # A cell for every three kills: so long does a study take that some part of it runs at each of them.
    study = {**STUDY, "seeds": ",".join(map(str, range(2 + kills // 3)))}
    stack = CeleryStack(root)
    try:
        stack.up()
        alone = run_in_one_process(stack, tmp_path, study)
        soak = Soak(stack, study, kills, seed, _say)
        soak.run()
        for run_id in soak.runs:
            assert_whole(stack, run_id, alone)
        # What a killed attempt left on a worker's disk goes when that worker runs its next task.
        stack.airflow.trigger(SWEEP, "after", **{**STUDY, "seeds": "0,1,2"}, fresh=True)
        stack.airflow.await_run(SWEEP, "after")
        assert stack.hosts("after") == set(WORKERS)
        assert_nothing_by_halves(stack)
        assert set(soak.counted) == set(KINDS) or kills < len(KINDS)
        _say(
            "the numbers are those of the undisturbed run; kills: "
            + ", ".join(f"{k} {n}" for k, n in soak.counted.items())
        )
    finally:
        stack.down()


def _say(line: str) -> None:
    os.write(1, f"soak: {line}\n".encode())
