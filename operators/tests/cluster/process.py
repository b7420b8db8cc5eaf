"""A server of the cluster as a process that ends with the tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path


class Server:
    """One running server, with a log of its own.

    Args:
        folder: where its log goes.
        words: the command line.
    """

    def __init__(self, folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> None:
        self.name = Path(words[0]).name
        self.log = folder / f"{self.name}.log"
        setpriv = shutil.which("setpriv")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [*([setpriv, "--pdeathsig", "TERM"] if setpriv else []), *words],
                env={**os.environ, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_for(self, ready: Callable[[], bool], patience_s: float = 90) -> None:
        """Waits until it serves; fails with the end of its log if it ends or takes too long."""
        deadline = time.monotonic() + patience_s
        while not ready():
            assert self._process.poll() is None, f"{self.name} ended early:\n{self.log_end()}"
            assert time.monotonic() < deadline, f"{self.name} is not ready after {patience_s} s:\n{self.log_end()}"
            time.sleep(0.2)

    def stop(self, patience_s: float = 15) -> None:
        self._process.terminate()
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
