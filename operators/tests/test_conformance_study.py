"""What every execution mode does alike, with the real task: the same numbers to the last digit, and the same end."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from dualform_airflow.execution import Ended

from .modes import MODES, Mode
from .real_stack import digits
from .study import Study, output

pytestmark = pytest.mark.slow


@pytest.fixture(params=list(MODES))
def mode(request: pytest.FixtureRequest) -> Mode:
    return MODES[request.param](request)


class Measured:
    """A study that has run in a mode."""

    def __init__(self, mode: Mode, folder: Path) -> None:
        self.folder = folder
        self.study = Study(mode.real(folder), mode.workspace(folder), mode.environment())
        self.study.run()


@pytest.fixture(scope="module")
def local(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    return Measured(MODES["local"](request), tmp_path_factory.mktemp("local"))


@pytest.mark.parametrize("mode", [name for name in MODES if name != "local"], indirect=True)
def test_a_study_gives_the_same_numbers_to_the_last_digit(mode: Mode, local: Measured, tmp_path: Path) -> None:
    here = Measured(mode, tmp_path)
    found, expected = (output(each.study.results["summarise"], "results", each.folder) for each in (here, local))
    assert digits(found) == digits(expected)
    assert found["rows"][0]["metrics"]["icl.accuracy"]["n"] == 20
    assert found["selection"] == expected["selection"]
    for name in ("select", "prompt"):
        assert {key: each["sha256"] for key, each in here.study.results[name]["outputs"].items()} == {
            key: each["sha256"] for key, each in local.study.results[name]["outputs"].items()
        }
    assert {name: each["status"] for name, each in here.study.results.items()} == {
        name: each["status"] for name, each in local.study.results.items()
    }


def test_a_real_task_stops_cleanly_and_leaves_nothing(mode: Mode, tmp_path: Path, root: Path) -> None:
    example = json.loads((root / "contract" / "examples" / "pretrain.request.json").read_text())
    execution = mode.real(tmp_path)
    study = Study(execution, mode.workspace(tmp_path), mode.environment())
    call = study.invocation("pretrain", "pretrain", example["parameters"], {})
    lines: list[str] = []
    killed: list[float] = []

    def on_line(line: str) -> None:
        lines.append(line)
        if '"progress"' in line and not killed:
            killed.append(time.monotonic())
            threading.Thread(target=execution.kill).start()

    assert execution.run(call, on_line) == Ended(143, None)
    assert not mode.is_alive(call.identity)
    assert time.monotonic() - killed[0] < 5
    kept = [file for file in tmp_path.rglob("*") if file.is_file() and "requests" not in file.parts]
    assert [file for file in kept if file.suffix in (".safetensors", ".tmp")] == []
