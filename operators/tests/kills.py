"""Which processes a study is made of, so that tests can kill each of them."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from .celery_stack import WORKERS, CeleryStack
from .real_stack import SWEEP


def java_of(run_id: str, task_id: str = "") -> list[int]:
    """The Java processes of a run, or of one of its tasks, by the request that their command line names."""
    mark = f"/requests/{SWEEP}/{run_id}/" + (f"{task_id}/" if task_id else "")
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if Path(words[0]).name == "java" and any(mark in word for word in words):
                found.append(int(folder.name))
    return found


def await_java(run_id: str, task_id: str, patience_s: float = 900) -> int:
    """The Java process of a task, as soon as it runs."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if found := java_of(run_id, task_id):
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"{task_id} of {run_id} did not start")


def parent(pid: int) -> int:
    """The process that started another; 0 where that has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def kill_task(java: int) -> None:
    """The task's own process."""
    _kill(java)


def kill_runner(java: int) -> None:
    """Airflow's process that runs the operator and started Java."""
    _kill(parent(java))


def kill_supervisor(java: int) -> None:
    """Airflow's process that watches the runner and tells the server how it ended."""
    _kill(parent(parent(java)))


def kill_host(stack: CeleryStack, java: int) -> str:
    """The worker of a task and everything on it, as with its machine; returns which worker it was."""
    worker = host(stack, java)
    stack.kill(worker)
    return worker


def host(stack: CeleryStack, java: int) -> str:
    """The worker that a Java process runs on; empty where it has ended."""
    return next((worker for worker in WORKERS if java in stack.processes_of(worker)), "")


KILLS_OF_A_TASK: dict[str, Callable[[int], None]] = {
    "task": kill_task,
    "runner": kill_runner,
    "supervisor": kill_supervisor,
}


def _kill(pid: int) -> None:
    # A process that has just ended has no parent but the first process, which is nobody's to kill.
    if pid > 1:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
