"""The lines of a container, each once and as soon as it is written."""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from airflow.providers.cncf.kubernetes.utils.pod_manager import PodManager
from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from .lines import LineSplitter, decode

log = logging.getLogger(__name__)

_PAUSE_S = 0.3
# A silent connection is renewed after this time: one that was cut unnoticed would be waited on for ever.
_SILENCE_S = 300


class PodLog:
    """Reads a container's log by the provider's pod manager.

    The manager's own loop hands a line over when the next one comes, which for a link can be an hour later, and
    repeats lines after a lost connection.
    """

    def __init__(self, manager: PodManager, pod: Any, container: str) -> None:
        self._manager = manager
        self._pod = pod
        self._container = container
        # The newest time of a line, and the lines that have it.
        self._newest: tuple[datetime, str] | None = None
        self._at_newest: list[bytes] = []
        self.was_cut = False
        """Whether lines may be missing: a connection was lost, or the kubelet could not read on."""

    def follow(self, on_line: Callable[[str], None], is_running: Callable[[], bool]) -> None:
        """Hands over all lines until the container has ended.

        Args:
            is_running: asked where the log ends, which it also does when a connection is lost.
        """
        while True:
            # Asked first: what a container prints before its end is then read below.
            running = is_running()
            try:
                self._read(on_line, follow=running)
            except (HTTPError, ApiException) as error:
                self.was_cut = True
                log.info("Reading the log of pod %s goes on after: %s", self._pod.metadata.name, error)
            if not running:
                return
            # The log ends a moment before the container is known to have ended.
            time.sleep(_PAUSE_S)

    def read(self, on_line: Callable[[str], None]) -> None:
        """Hands over the lines that are there."""
        try:
            self._read(on_line, follow=False)
        except (HTTPError, ApiException) as error:
            log.info("The log of pod %s cannot be read: %s", self._pod.metadata.name, error)

    def _read(self, on_line: Callable[[str], None], follow: bool) -> None:
        lines = self._manager.read_pod_logs(
            self._pod,
            self._container,
            timestamps=True,
            since_seconds=self._since(),
            follow=follow,
            _request_timeout=(30, _SILENCE_S),
        )
        for raw in lines:
            when, _, content = raw.partition(b" ")
            stamp = _stamp(when.decode("ascii", errors="replace"))
            if stamp is not None:
                if self._is_new(stamp, content):
                    self._hand_over(content, on_line)
            elif raw.strip():
                # The kubelet's own word, about a log that it cannot read.
                self.was_cut = True
                log.info("%s", decode(raw))

    def _hand_over(self, content: bytes, on_line: Callable[[str], None]) -> None:
        splitter = LineSplitter()
        for line in (*splitter.feed(content), *splitter.end()):
            on_line(line)

    def _is_new(self, stamp: tuple[datetime, str], line: bytes) -> bool:
        """Whether the line was not handed over before."""
        if self._newest is not None and stamp < self._newest:
            return False
        if stamp != self._newest:
            self._newest, self._at_newest = stamp, []
        elif line in self._at_newest:
            return False
        self._at_newest.append(line)
        return True

    def _since(self) -> int | None:
        """How many seconds back to read: from the newest line on, and a little more."""
        if self._newest is None:
            return None
        return math.ceil((datetime.now(timezone.utc) - self._newest[0]).total_seconds()) + 2


def _stamp(written: str) -> tuple[datetime, str] | None:
    """A time such as ``2026-11-30T10:18:30.123456789+01:00`` as its second and its nine digits; None if it is none."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", written)
    if found is None:
        return None
    second = datetime.fromisoformat(found[1] + ("+00:00" if found[3] == "Z" else found[3]))
    return second, (found[2] or "").ljust(9, "0")
