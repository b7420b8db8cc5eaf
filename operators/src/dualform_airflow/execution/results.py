"""The result of a task that shares no file with its caller: it comes in pieces, among the printed lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from ..events import parse_event


class ResultCollector:
    """Takes the ``result`` events out of a task's lines, and hands on all others.

    A piece that comes twice counts once, since a log that is read again after a lost connection repeats its lines.

    Args:
        on_line: receives the other lines.
    """

    def __init__(self, on_line: Callable[[str], None]) -> None:
        self._on_line = on_line
        self._hash = ""
        self._parts = 0
        self._pieces: dict[int, str] = {}

    def take(self, line: str) -> None:
        event = parse_event(line)
        if event is not None and event.get("event") == "result":
            self._collect(event)
        else:
            self._on_line(line)

    @property
    def has_begun(self) -> bool:
        """Whether a piece of a result was seen."""
        return bool(self._pieces)

    def result(self) -> dict[str, Any] | None:
        """The result; None where a piece is missing or the text is not the one that the task wrote."""
        text = self.text()
        if text is None:
            return None
        result = json.loads(text)
        return result if isinstance(result, dict) else None

    def text(self) -> str | None:
        """The result's text, with the bytes that its file would have; None where there is no result."""
        if not self._parts or self._pieces.keys() != set(range(1, self._parts + 1)):
            return None
        text = "".join(self._pieces[part] for part in range(1, self._parts + 1))
        return text if hashlib.sha256(text.encode()).hexdigest() == self._hash else None

    def _collect(self, event: dict[str, Any]) -> None:
        part, parts, text, sha256 = (event.get(name) for name in ("part", "parts", "text", "sha256"))
        if not (isinstance(part, int) and isinstance(parts, int) and isinstance(text, str) and isinstance(sha256, str)):
            return
        if (sha256, parts) != (self._hash, self._parts):
            # The task writes one result. Another one is a later and therefore truer word.
            self._hash, self._parts, self._pieces = sha256, parts, {}
        self._pieces[part] = text
