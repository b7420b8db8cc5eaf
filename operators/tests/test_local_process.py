"""The child process: its exit codes, its output, and that no process stays behind."""

from __future__ import annotations

import locale
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from dualform_airflow._compat import AirflowFailException
from dualform_airflow.execution import LocalProcess

from .scripted import ScriptedProcess, invocation


def run(script: str, folder: Path) -> tuple[int, list[str]]:
    lines: list[str] = []
    return ScriptedProcess(script).run(invocation(folder), lines.append).code, lines


def wait_for(path: Path) -> str:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.02)
    raise AssertionError(f"{path} did not appear")


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


@pytest.mark.parametrize("code", [0, 1, 64, 75, 99, 143])
def test_exit_code_is_handed_back(code: int, tmp_path: Path) -> None:
    assert run(f"sys.exit({code})", tmp_path)[0] == code


def test_request_and_result_are_files_of_the_workspace(tmp_path: Path) -> None:
    ended = ScriptedProcess("finish(message=request['workspace'])").run(invocation(tmp_path), print)
    assert ended.result is not None
    assert (ended.code, ended.result["message"]) == (0, str(tmp_path))
    assert [file.relative_to(tmp_path).as_posix() for file in sorted(tmp_path.rglob("*.json"))] == [
        "requests/a_dag/a_run/prompt/try1.request.json",
        "requests/a_dag/a_run/prompt/try1.result.json",
    ]


@pytest.mark.parametrize("charset", ["ANSI_X3.4-1968", "ISO-8859-1"])
def test_java_gets_a_locale_of_utf8_where_the_workers_is_another(
    charset: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(locale, "nl_langinfo", lambda _: charset)
    asked = "import subprocess; print(subprocess.run(['locale', 'charmap'], capture_output=True, text=True).stdout)"
    assert "UTF-8" in run(asked, tmp_path)[1]


def test_a_locale_of_utf8_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    monkeypatch.setattr(locale, "nl_langinfo", lambda _: "utf8")
    assert run("print(os.environ['LC_ALL'])", tmp_path)[1] == ["xx_XX.UTF-8"]


def test_signal_is_reported_as_a_shell_does(tmp_path: Path) -> None:
    assert run("os.kill(os.getpid(), signal.SIGKILL)", tmp_path)[0] == 137


def test_output_and_errors_arrive_line_by_line(tmp_path: Path) -> None:
    script = r"""
        say("one")
        print("two", file=sys.stderr, flush=True)
        os.write(1, b"\xff no UTF-8\n")
        os.write(1, b"no end of line")
    """
    assert run(script, tmp_path)[1] == ["one", "two", "\ufffd no UTF-8", "no end of line"]


def test_large_output_does_not_block_and_long_lines_are_cut(tmp_path: Path) -> None:
    code, lines = run('sys.stdout.write("x" * 100_000 + "\\n" + "line\\n" * 100_000)', tmp_path)
    assert code == 0
    assert max(map(len, lines)) == 16_384
    assert sum(map(len, lines)) == 500_000


def test_standard_input_is_empty(tmp_path: Path) -> None:
    assert run("say(repr(sys.stdin.read()))", tmp_path)[1] == ["''"]


def test_airflow_settings_are_withheld_and_additions_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "secret")
    monkeypatch.setenv("AIRFLOW_CONN_MLFLOW", "secret")
    monkeypatch.setenv("AIRFLOW__CORE__PARALLELISM", "3")
    monkeypatch.setenv("HF_HOME", "/models")
    lines: list[str] = []
    process = ScriptedProcess("for pair in sorted(os.environ.items()): say('='.join(pair))")
    process.run(invocation(tmp_path, {"MLFLOW_TRACKING_TOKEN": "t"}), lines.append)
    assert "secret" not in "".join(lines)
    assert {"HF_HOME=/models", "MLFLOW_TRACKING_TOKEN=t", "OMP_WAIT_POLICY=passive"} <= set(lines)
    assert "AIRFLOW__CORE__PARALLELISM=3" in lines, "plan divides cores and memory among the tasks"


def test_kill_asks_first(tmp_path: Path) -> None:
    script = """
        signal.signal(signal.SIGTERM, lambda *_: (say("cleaning up"), sys.exit(143)))
        say("ready")
        time.sleep(60)
    """
    process, lines = ScriptedProcess(script), list[str]()

    def on_line(line: str) -> None:
        lines.append(line)
        if line == "ready":
            threading.Thread(target=process.kill).start()

    assert process.run(invocation(tmp_path), on_line).code == 143
    assert lines == ["ready", "cleaning up"]


def test_child_that_ignores_sigterm_dies_within_airflows_five_seconds(tmp_path: Path) -> None:
    script = """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say("ready")
        time.sleep(60)
    """
    process = ScriptedProcess(script, grace_s=LocalProcess().grace_s)
    started: list[float] = []

    def on_line(_line: str) -> None:
        started.append(time.monotonic())
        threading.Thread(target=process.kill).start()

    assert process.run(invocation(tmp_path), on_line).code == 137
    assert 3 < time.monotonic() - started[0] < 5


def test_kill_reaches_grandchildren(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    script = f"""
        import subprocess
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        open({str(pid_file)!r}, "w").write(str(child.pid))
        say("ready")
        time.sleep(60)
    """
    process = ScriptedProcess(script)
    ended = process.run(invocation(tmp_path), lambda _line: threading.Thread(target=process.kill).start())
    assert (ended.code, ended.result) == (143, None)
    wait_until_gone(int(wait_for(pid_file)))


def test_error_while_reading_ends_the_child(tmp_path: Path) -> None:
    pids: list[int] = []

    def on_line(line: str) -> None:
        pids.append(int(line))
        raise RuntimeError("as a timeout would")

    with pytest.raises(RuntimeError):
        ScriptedProcess("say(os.getpid()); time.sleep(60)").run(invocation(tmp_path), on_line)
    wait_until_gone(pids[0])


def test_kill_without_a_process_does_nothing() -> None:
    LocalProcess().kill()


@pytest.mark.skipif(not Path("/usr/bin/setpriv").exists(), reason="setpriv (util-linux) is missing")
def test_child_dies_with_a_killed_parent(tmp_path: Path) -> None:
    """Airflow's runner may be killed without a chance to clean up; the task must not live on beside its retry."""
    pid_file = tmp_path / "pid"
    parent = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parents[1])!r})
        from tests.scripted import ScriptedProcess, invocation
        script = "open({str(pid_file)!r}, 'w').write(str(os.getpid())); say('ready'); time.sleep(60)"
        ScriptedProcess(script).run(invocation(Path({str(tmp_path)!r})), print)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.DEVNULL)
    try:
        child = int(wait_for(pid_file))
        os.kill(process.pid, signal.SIGKILL)
        wait_until_gone(child)
    finally:
        process.kill()
        process.wait()


def test_missing_jar_names_the_way_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DUALFORM_JAR", raising=False)
    with pytest.raises(AirflowFailException, match="set DUALFORM_JAR on the worker"):
        LocalProcess().check()
    with pytest.raises(AirflowFailException, match=r"/nowhere\.jar does not exist on this worker \(argument jar\)"):
        LocalProcess(jar="/nowhere.jar").check()
    jar = tmp_path / "task.jar"
    jar.touch()
    with pytest.raises(AirflowFailException, match=r"Java was not found at /no/java \(argument java\)"):
        LocalProcess(jar=str(jar), java="/no/java").check()


@pytest.mark.parametrize(
    ("version", "accepted"), [("1.8.0_392", False), ("11.0.2", False), ("17", True), ("25.0.1", True)]
)
@pytest.mark.parametrize("told_by", ["release file", "java -version"])
def test_java_version_is_checked(version: str, accepted: bool, told_by: str, tmp_path: Path) -> None:
    java = tmp_path / "jdk" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2024-01-01' >&2\n")
    java.chmod(0o755)
    if told_by == "release file":
        java.write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / "jdk" / "release").write_text(f'IMPLEMENTOR="X"\nJAVA_VERSION="{version}"\n')
    jar = tmp_path / "task.jar"
    jar.touch()
    process = LocalProcess(jar=str(jar), java=str(java))
    if accepted:
        process.check()
    else:
        with pytest.raises(AirflowFailException, match="need Java 17 or newer"):
            process.check()
