"""Servers as child processes of the tests: each in a group of its own, with a log, and gone when the test is."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

PATIENCE_S = 20.0


class Service:
    """One server. It can be started again after it was stopped or killed.

    Args:
        name: also the name of its log.
        user: the system user that it runs as, where the tests run as root; Debian's PostgreSQL refuses root.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.name, self.command, self.environment, self.folder = name, list(command), dict(environment), folder
        self.user = user
        self.stop_signal = stop_signal
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process, f"{self.name} was not started"
        return self._process.pid

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_tied_to_this_process(self.user), *self.command],
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def run(self) -> None:
        """Runs the command to its end, as a step before a server."""
        self.start()
        assert self._process
        code = self._process.wait(240)
        assert code == 0, f"{self.name} ended with {code}:\n{self.log()}"

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """As a power cut: the server and its children at once."""
        if self._process:
            _signal_group(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        if not self._process:
            return
        _signal_group(self._process.pid, self.stop_signal)
        deadline = time.monotonic() + PATIENCE_S
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.1, deadline - time.monotonic()))
        self.kill()

    def log(self) -> str:
        path = self.folder / f"{self.name}.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""


def marked_processes(mark: str) -> list[int]:
    """The processes whose environment holds the text ``NAME=value``: a worker and all that it started."""
    wanted = mark.encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def kill_all(marked: Sequence[str]) -> None:
    """Kills a worker's processes, and returns when all are gone.

    A process may start another between the look and the kill, and a large one takes a while to give its memory back.
    """
    deadline = time.monotonic() + PATIENCE_S
    while found := [process for mark in marked for process in marked_processes(mark)]:
        if time.monotonic() > deadline:
            raise AssertionError(f"killed, and still there: {found}")
        for process in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.02)


def _tied_to_this_process(user: str | None) -> list[str]:
    setpriv = shutil.which("setpriv")
    if not setpriv:
        return []
    changed = ["--reuid", user, "--regid", user, "--clear-groups"] if user and os.geteuid() == 0 else []
    return [setpriv, *changed, "--pdeathsig", "KILL"]


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)
