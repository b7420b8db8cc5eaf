"""Kills at random moments while a study runs: what ``./dualform test --soak`` does."""

from __future__ import annotations

import contextlib
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .celery_stack import WORKERS, CeleryStack
from .kills import KILLS_OF_A_TASK, java_of
from .real_stack import SWEEP

KINDS = (*KILLS_OF_A_TASK, "scheduler", "api-server", "mlflow", "worker", "everything")
# Seconds for which a server that was killed is away, as until a watchdog starts it again; and between two kills.
_AWAY_S = (1.0, 12.0)
_PAUSE_S = (2.0, 25.0)


@dataclass
class Soak:
    """Kills parts of a stack while a study runs, starts them again, and resumes the study when it fails.

    A study that ends before all kills are done is followed by the same one once more.

    Args:
        conf: the study.
        kills: how many.
        seed: of the generator that chooses the moments, the kinds and the victims.
        say: receives a line for people for each event.
    """

    stack: CeleryStack
    conf: Mapping[str, Any]
    kills: int
    seed: int
    say: Callable[[str], None]
    runs: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    resumed: int = 0

    def run(self) -> None:
        """Returns when all kills are done and every run has ended well."""
        choose = random.Random(self.seed)  # noqa: S311 - not for secrets
        # Every kind comes before any comes again.
        kinds = [kind for _ in range(1 + self.kills // len(KINDS)) for kind in choose.sample(KINDS, len(KINDS))]
        started = time.monotonic()
        self._begin()
        for number, kind in enumerate(kinds[: self.kills], 1):
            time.sleep(choose.uniform(*_PAUSE_S))
            self._keep_going()
            victim = self._kill(kind, choose)
            self.counted[kind] += 1
            self.say(f"{time.monotonic() - started:.0f} s: kill {number} of {self.kills}, {victim}")
            self.stack.up()
        while self.stack.airflow.await_run(SWEEP, self.runs[-1]) == "failed":
            self._resume()
        self.say(f"{time.monotonic() - started:.0f} s: {len(self.runs)} runs have ended, {self.resumed} times resumed")

    def _begin(self) -> None:
        self.runs.append(f"soak{len(self.runs) + 1}")
        self.stack.airflow.trigger(SWEEP, self.runs[-1], **self.conf, fresh=True)

    def _keep_going(self) -> None:
        state = self.stack.airflow.run(SWEEP, self.runs[-1])["state"]
        if state == "success":
            self._begin()
        elif state == "failed":
            self._resume()

    def _resume(self) -> None:
        """As a user does, who interrupts the command once the run goes on."""
        self.resumed += 1
        assert self.resumed <= self.kills, self.stack.complaints(self.runs[-1])
        self.say(f"resume {self.resumed}: " + self.stack.complaints(self.runs[-1]).partition("\n")[0])
        with self.stack.begin("resume", self.runs[-1], "--airflow", self.stack.airflow.url) as command:
            self.stack.airflow.wait_for("the run to go on", lambda: self._has_gone_on(command))
            with contextlib.suppress(ProcessLookupError):
                command.send_signal(signal.SIGINT)
            command.communicate(timeout=120)

    def _has_gone_on(self, command: subprocess.Popen[str]) -> bool:
        if command.poll() not in (None, 0):
            raise AssertionError(f"resume ended with {command.returncode}: {command.communicate()[0]}")
        return bool(self.stack.airflow.run(SWEEP, self.runs[-1])["state"] != "failed")

    def _kill(self, kind: str, choose: random.Random) -> str:
        if kind in KILLS_OF_A_TASK:
            java = self._await_any_java(choose)
            KILLS_OF_A_TASK[kind](java)
            return f"the {kind} of Java process {java}"
        if kind == "everything":
            self.stack.kill_everything()
            name = kind
        else:
            name = choose.choice(WORKERS) if kind == "worker" else kind
            self.stack.kill(name)
        time.sleep(choose.uniform(*_AWAY_S))
        return name

    def _await_any_java(self, choose: random.Random) -> int:
        found: list[int] = []

        def some() -> bool:
            self._keep_going()
            found[:] = sorted(java_of(self.runs[-1]))
            return bool(found)

        self.stack.airflow.wait_for("a Java process", some)
        return choose.choice(found)
