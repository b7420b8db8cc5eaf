"""A real dockerd with a folder and a socket of its own, for the tests that run containers."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from .debian import install

# dockerd mounts layers and makes namespaces.
_CAP_SYS_ADMIN = 21
_PATIENCE_S = 60.0


class DockerDaemon:
    """The running daemon. Containers have no network but the machine's (``--network=host``) or none."""

    def __init__(self, folder: Path, options: Sequence[str] = ()) -> None:
        self.folder, self.options = folder, options
        self.host = f"unix://{folder / 'sock'}"
        # A client's configuration of its own: no login of the user, no context.
        self.environment = {"DOCKER_HOST": self.host, "DOCKER_CONFIG": str(folder / "config")}
        self.log = folder / "dockerd.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self.folder / "config").mkdir()
        setpriv = shutil.which("setpriv")
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [
                    # The daemon stops its containers when the tests die.
                    *([setpriv, "--pdeathsig", "TERM"] if setpriv else []),
                    "dockerd",
                    *("--iptables=false", "--ip-forward=false", "--ip-masq=false", "--bridge=none"),
                    *("--data-root", str(self.folder / "data"), "--exec-root", str(self.folder / "exec")),
                    *("-p", str(self.folder / "pid"), "-H", self.host),
                    *self.options,
                ],
                env={**os.environ, "DOCKER_RAMDISK": "true"} if _on_ramdisk() else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _PATIENCE_S
        while self.try_docker("version").returncode != 0:
            assert self._process.poll() is None, f"dockerd ended early:\n{self._log_end()}"
            assert time.monotonic() < deadline, f"dockerd does not answer:\n{self._log_end()}"
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends all containers and the daemon, and removes every file of theirs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            if left := self.try_docker("ps", "-q").stdout.split():
                self.try_docker("kill", *left)
        process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pid in self._strays():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for mount in _mounts_below(self.folder):
            subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """Ends the daemon alone, without a chance to stop its containers."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def docker(self, *words: str, stdin: str = "", timeout: float = 120) -> str:
        """Runs the client and returns what it printed; fails with its error if it fails."""
        done = self.try_docker(*words, stdin=stdin, timeout=timeout)
        assert done.returncode == 0, f"docker {' '.join(words)} ended with {done.returncode}:\n{done.stderr}"
        return done.stdout

    def try_docker(self, *words: str, stdin: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Runs the client, whatever its exit code; that of ``docker run`` is the container's."""
        return subprocess.run(
            ["docker", *words],
            env={**os.environ, **self.environment},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def containers(self) -> list[str]:
        """The names of all containers, running or not."""
        return [json.loads(line)["Names"] for line in self.docker("ps", "-a", "--format", "{{json .}}").splitlines()]

    def _log_end(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def _strays(self) -> list[int]:
        """What the daemon has started and left: its containerd and the shims name the folder in their command line."""
        mark = str(self.folder).encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = entry.read_bytes().split(b"\0")
                if b"containerd" in words[0] and any(mark in word for word in words):
                    found.append(int(entry.parent.name))
        return found


def _mounts_below(folder: Path) -> list[str]:
    """The mount points in a folder, the deepest first."""
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    return sorted((mount for mount in mounts if mount.startswith(f"{folder}/")), key=len, reverse=True)


def _on_ramdisk() -> bool:
    """Whether the root file system cannot be pivoted, of which runc has to be told."""
    root = next(line.split() for line in Path("/proc/self/mounts").read_text().splitlines() if line.split()[1] == "/")
    return root[2] == "rootfs"


def _why_not() -> str | None:
    """Why no dockerd can run here; None where it can."""
    if os.geteuid() != 0:
        return "dockerd has to be started by root"
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    if not int(status["CapEff"], 16) >> _CAP_SYS_ADMIN & 1:
        return "dockerd may not mount here: this process lacks CAP_SYS_ADMIN"
    return install({"dockerd": "docker.io"})


@pytest.fixture(scope="session")
def docker_daemon() -> Iterator[DockerDaemon]:
    """A dockerd that all tests of the session share. Its images and containers go with it."""
    if reason := _why_not():
        pytest.skip(reason)
    # A socket's path has 107 bytes at most, which pytest's own folders can exceed.
    daemon = DockerDaemon(Path(tempfile.mkdtemp(prefix="dualform-docker-", dir="/tmp")))
    try:
        daemon.start()
        yield daemon
    finally:
        daemon.stop()
