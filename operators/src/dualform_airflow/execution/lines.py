"""Lines out of chunks of bytes, as a pipe gives them."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST_LINE = 16_384
"""Bytes; a longer line is handed on in pieces."""


class LineSplitter:
    """Joins what belongs to one line. Lines and characters may cross the borders of chunks."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> Iterator[str]:
        """The lines that are whole now."""
        self._rest += chunk
        while self._rest:
            end = self._rest.find(b"\n", 0, LONGEST_LINE) + 1
            if not end and len(self._rest) < LONGEST_LINE:
                return
            yield self._take(end or LONGEST_LINE)

    def end(self) -> Iterator[str]:
        """What stands after the last end of a line."""
        if self._rest:
            yield self._take(len(self._rest))

    def _take(self, length: int) -> str:
        raw, self._rest = self._rest[:length], self._rest[length:]
        return decode(raw)


def decode(line: bytes) -> str:
    """A line's text without its end."""
    return line.decode("utf-8", errors="replace").rstrip("\r\n")
