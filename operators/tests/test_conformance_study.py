"""What every execution mode does alike, with the real task: the same numbers to the last digit, and the same end."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from dualform_airflow.execution import Ended

from .modes import MODES, Mode
from .real_stack import digits
from .study import Study

pytestmark = pytest.mark.slow


@pytest.fixture(params=list(MODES))
def mode(request: pytest.FixtureRequest) -> Mode:
    return MODES[request.param](request)


@pytest.fixture(scope="module")
def expected(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the study gives as processes."""
    local, folder = MODES["local"](request), tmp_path_factory.mktemp("local")
    return Study(local, local.real(folder), folder).results()


@pytest.mark.parametrize("mode", [name for name in MODES if name != "local"], indirect=True)
def test_a_study_gives_the_same_numbers_to_the_last_digit(mode: Mode, expected: Any, tmp_path: Path) -> None:
    found = Study(mode, mode.real(tmp_path), tmp_path).results()
    assert digits(found) == digits(expected)
    assert found["selection"] == expected["selection"]
    assert [row["metrics"]["icl.accuracy"]["n"] for row in found["rows"] if row["shots"] == 2] == [20]


def test_a_real_task_stops_cleanly_and_leaves_nothing(mode: Mode, tmp_path: Path, root: Path) -> None:
    example = json.loads((root / "contract" / "examples" / "pretrain.request.json").read_text())
    execution = mode.real(tmp_path)
    call = Study(mode, execution, tmp_path).invocation("pretrain", {"parameters": example["parameters"]})
    killed: list[float] = []

    def on_line(line: str) -> None:
        if '"progress"' in line and not killed:
            killed.append(time.monotonic())
            threading.Thread(target=execution.kill).start()

    assert execution.run(call, on_line) == Ended(143, None)
    assert not mode.is_alive(call.identity)
    assert time.monotonic() - killed[0] < 5
    # A stopped pretraining keeps its checkpoint in scratch, to go on from there.
    kept = [file for file in tmp_path.rglob("*") if file.is_file() and not {"requests", "scratch"} & set(file.parts)]
    assert [file for file in kept if file.suffix in (".safetensors", ".tmp")] == []
