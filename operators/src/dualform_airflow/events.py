"""The lines a task writes on stdout for its caller: ``@dualform `` and one JSON object."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

PREFIX = "@dualform "


def parse_event(line: str) -> dict[str, Any] | None:
    """The event in a line; None where the line is log text, or where no JSON object follows the prefix."""
    if not line.startswith(PREFIX):
        return None
    try:
        event = json.loads(line[len(PREFIX) :])
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def duration(seconds: float) -> str:
    """Seconds as people read them: ``42 s``, ``3 min 05 s``, ``2 h 07 min``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


@dataclass
class ProgressLog:
    """Turns progress events into log lines: for each thing in progress, one per interval at most, and the last one."""

    write: Callable[[str], None]
    interval_s: float = 5.0
    clock: Callable[[], float] = time.monotonic
    _last: dict[str, float] = field(default_factory=dict)

    def report(self, event: dict[str, Any]) -> None:
        what, done, total = str(event.get("what", "progress")), event.get("done"), event.get("total")
        now = self.clock()
        finished = total is not None and done == total
        if not finished and now - self._last.get(what, float("-inf")) < self.interval_s:
            return
        self._last[what] = now
        text = f"{what}: {done}" if total is None else f"{what}: {done} of {total}"
        eta = event.get("eta_s")
        if isinstance(eta, (int, float)) and not finished:
            text += f", {duration(eta)} left"
        self.write(text)
