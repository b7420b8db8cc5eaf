"""What every execution mode does alike. The task is a shell script here, so that it can do what a task seldom does."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dualform_airflow._compat import AirflowException, AirflowFailException, AirflowSkipException
from dualform_airflow.execution import Ended, Execution, Invocation
from dualform_airflow.operator import DualformOperator
from dualform_airflow.request import request_line

from .modes import MODES, Mode
from .scripted import TaskInstance, context

pytestmark = pytest.mark.slow

LINK = "http://127.0.0.1:9/#/experiments/1/runs/r1"


@pytest.fixture(params=list(MODES))
def mode(request: pytest.FixtureRequest) -> Mode:
    return MODES[request.param](request)


class Runner:
    """Runs scripts in one mode, each as a task instance of its own."""

    def __init__(self, mode: Mode, folder: Path) -> None:
        self.mode, self.folder = mode, folder
        self.execution: Execution = mode.scripted(folder)
        self.workspace = mode.workspace(folder)
        self.lines: list[str] = []

    def invocation(self, script: str, **more: Any) -> Invocation:
        identity = {"dag_id": "a_dag", "run_id": uuid.uuid4().hex, "task_id": "prompt", "map_index": 2, "try_number": 1}
        encoded = base64.b64encode(script.encode()).decode()
        request = {
            "schema": 1,
            "kind": "prompt",
            "identity": identity,
            "parameters": {"script": encoded, "text": 'größer "als" \U0001f600'},
            "inputs": {},
            "workspace": self.workspace,
            "fresh": False,
        }
        return Invocation("prompt", request, identity, more)

    def run(self, script: str, on_line: Callable[[str], None] | None = None, **environment: str) -> Ended:
        self.lines = []
        self.started = self.invocation(script, **environment)

        def seen(line: str) -> None:
            self.lines.append(line)
            if on_line:
                on_line(line)

        self.execution.check()
        return self.execution.run(self.started, seen)

    def is_alive(self) -> bool:
        return self.mode.is_alive(self.started.identity)


@pytest.fixture
def runner(mode: Mode, tmp_path: Path) -> Runner:
    return Runner(mode, tmp_path)


def test_request_and_result_have_the_same_bytes(runner: Runner) -> None:
    ended = runner.run('done_with "$(printf "%s\\n" "$json" | sha256sum | cut -c 1-64)"')
    assert ended.code == 0
    assert ended.result == {
        "schema": 1,
        "kind": "prompt",
        "status": "done",
        "outputs": {},
        "metrics": {},
        "provenance": {},
        "message": hashlib.sha256(request_line(runner.started.request)).hexdigest(),
    }
    assert runner.lines == []
    assert not runner.is_alive()


def test_text_beyond_ascii_comes_back_as_it_is(runner: Runner) -> None:
    ended = runner.run('done_with "größer \U0001f600 \\\\\\"als\\\\\\" 2"')
    assert ended.result is not None
    assert ended.result["message"] == 'größer \U0001f600 "als" 2'


def test_lines_arrive_whole_in_order_with_those_of_the_error_stream(runner: Runner) -> None:
    script = r"""
        say one
        sleep 0.3
        say 'zwei größer' >&2
        sleep 0.3
        printf '\377 no UTF-8\r\n'
        printf 'in pieces: \303'; sleep 0.2; printf '\274ber\n\n'
        printf 'no end of line'
    """
    assert runner.run(script).code == 0
    assert runner.lines == ["one", "zwei größer", "\ufffd no UTF-8", "in pieces: über", "", "no end of line"]


def test_much_output_is_complete_and_long_lines_are_cut(runner: Runner) -> None:
    # The pause: where a container ends a moment after much output, an overloaded containerd 1.6.20 drops the end of it
    # before it is in the node's log. Such a task is tried again.
    ended = runner.run("printf '%040000d\\n' 7; seq 20000; sleep 2; done_with ok")
    assert (ended.code, (ended.result or {}).get("message")) == (0, "ok")
    assert runner.lines == ["0" * 16384, "0" * 16384, "0" * 7231 + "7", *map(str, range(1, 20001))]


def test_link_and_progress_are_there_while_the_task_runs(runner: Runner) -> None:
    link = json.dumps({"event": "run", "run_id": "r1", "url": LINK})
    progress = json.dumps({"event": "progress", "what": "queries", "done": 1, "total": 2, "eta_s": None})
    script = f"""
        say '@dualform {link}'
        say '@dualform {progress}'
        n=0; while [ ! -e "$workspace/go-on" ]; do n=$((n + 1)); [ $n -lt 300 ] || exit 1; sleep 0.1; done
        done_with ok
    """
    alive: list[bool] = []

    def on_line(line: str) -> None:
        if "progress" in line:
            alive.append(runner.is_alive())
            (runner.folder / "go-on").touch()

    assert runner.run(script, on_line).code == 0
    assert runner.lines == [f"@dualform {link}", f"@dualform {progress}"]
    assert alive == [True]


MEANINGS = {
    64: (AirflowFailException, "wrong request"),
    65: (AirflowFailException, "wrong input data"),
    70: (AirflowFailException, "bug"),
    71: (AirflowFailException, "for good"),
    75: (AirflowException, "trying again may help"),
    78: (AirflowFailException, "wrong configuration"),
    99: (AirflowSkipException, "the reason"),
    137: (AirflowException, "ran out of memory"),
    143: (AirflowException, "stopped"),
}


@pytest.mark.parametrize("code", MEANINGS)
def test_exit_code_means_the_same_to_airflow(runner: Runner, code: int) -> None:
    script = base64.b64encode(f"say 'the reason'; exit {code}".encode()).decode()
    task = DualformOperator(
        task_id="prompt",
        kind="prompt",
        parameters={"script": script},
        workspace=runner.workspace,
        execution=runner.execution,
    )
    expected, says = MEANINGS[code]
    with pytest.raises(expected, match=says) as raised:
        task.execute(context(TaskInstance()))
    assert type(raised.value) is expected


def test_a_task_that_ends_without_a_result_has_none(runner: Runner) -> None:
    assert runner.run("say done") == Ended(0, None)
    assert runner.run('say \'@dualform {"event": "result"}\' >&2; exit 3') == Ended(3, None)


def test_a_failed_task_hands_back_its_result_too(runner: Runner) -> None:
    ended = runner.run("""finish '{"status": "failed", "message": "No such model."}'; exit 65""")
    assert ended == Ended(65, {"status": "failed", "message": "No such model."})


def killed(runner: Runner, script: str) -> tuple[Ended, float]:
    """How a task ended that was killed at its first line, and after how many seconds nothing of it was left."""
    times: list[float] = []

    def on_line(line: str) -> None:
        if line == "ready":
            times.append(time.monotonic())
            threading.Thread(target=runner.execution.kill).start()

    ended = runner.run(script, on_line)
    assert not runner.is_alive()
    return ended, time.monotonic() - times[0]


def test_kill_asks_first(runner: Runner) -> None:
    ended, seconds = killed(runner, "trap 'say cleaning; exit 143' TERM; say ready; sleep 60 & wait")
    assert ended == Ended(143, None)
    assert runner.lines == ["ready", "cleaning"]
    assert seconds < 5


def test_a_task_that_does_not_listen_is_gone_within_five_seconds(runner: Runner) -> None:
    ended, seconds = killed(runner, "trap '' TERM; say ready; n=0; while [ $n -lt 60 ]; do n=$((n + 1)); sleep 1; done")
    assert ended == Ended(137, None)
    assert 2 < seconds < 5


def test_an_error_while_lines_are_read_leaves_nothing_behind(runner: Runner) -> None:
    def on_line(_line: str) -> None:
        raise RuntimeError("as a timeout would")

    with pytest.raises(RuntimeError, match="as a timeout would"):
        runner.run("say ready; sleep 60", on_line)
    deadline = time.monotonic() + 5
    while runner.is_alive():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_kill_where_nothing_runs_does_nothing(runner: Runner) -> None:
    runner.execution.kill()
    assert runner.run("done_with ok").code == 0
    runner.execution.kill()


def test_a_secret_reaches_the_task_and_nothing_that_others_read(
    runner: Runner, caplog: pytest.LogCaptureFixture
) -> None:
    secret = f"s3cret-{uuid.uuid4().hex}"
    seen: list[str] = []

    def on_line(line: str) -> None:
        if line == "ready":
            seen.append(runner.mode.seen(runner.started.identity))

    script = 'say ready; sleep 1; done_with "$(printf %s "$MLFLOW_TRACKING_TOKEN" | sha256sum | cut -c 1-64)"'
    with caplog.at_level(0):
        ended = runner.run(script, on_line, MLFLOW_TRACKING_TOKEN=secret)
    assert ended.result is not None
    assert ended.result["message"] == hashlib.sha256(secret.encode()).hexdigest()
    assert runner.started.identity["run_id"] in seen[0]
    for public in (*seen, *runner.lines, caplog.text, repr(runner.execution), repr(runner.started)):
        assert secret not in public
    assert not [file for file in runner.folder.rglob("*") if file.is_file() and secret in file.read_text()]


def test_what_airflow_keeps_of_a_mode_is_the_same_each_time(runner: Runner) -> None:
    first, again = (repr(runner.mode.scripted(runner.folder)) for _ in range(2))
    assert first == again
    assert " at 0x" not in first
