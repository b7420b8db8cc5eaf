"""Finds marked secrets where they must not be: in files, and in the command lines of processes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path


def holding(folder: Path, marks: Iterable[str]) -> Iterator[str]:
    """The files below a folder that hold a mark, each with the mark. Databases and archives are read as bytes too."""
    wanted = [mark.encode() for mark in marks]
    for file in sorted(folder.rglob("*")):
        if file.is_symlink() or not file.is_file():
            continue
        content = file.read_bytes()
        for mark in wanted:
            if mark in content:
                yield f"{file}: {mark.decode()}"


class CommandLines:
    """Reads the command lines of all processes again and again, while it is entered."""

    def __init__(self, marks: Iterable[str], program: str) -> None:
        self._marks = [mark.encode() for mark in marks]
        self._program = program.encode()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.found: set[str] = set()
        self.seen: set[bytes] = set()
        """Command lines of the program whose secrets are looked for: proof that something was looked at."""

    def __enter__(self) -> CommandLines:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(10)

    def _watch(self) -> None:
        while not self._ended.wait(0.1):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    line = (process / "cmdline").read_bytes()
                except OSError:
                    continue
                if self._program in line:
                    self.seen.add(line)
                self.found.update(f"{process.name}: {line!r}" for mark in self._marks if mark in line)
