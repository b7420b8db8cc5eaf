"""The image of the tasks, made by ``./dualform package`` and loaded into the tests' own dockerd."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from .debian import may_update_lists
from .docker_daemon import DockerDaemon
from .given import GIVEN, ROOT

# Of sysexits: the machine lacks something, such as Debian's tools; something could not be fetched.
_MACHINE_LACKS = 78
_TRY_AGAIN = 75


@dataclass(frozen=True)
class TaskImage:
    """What the tests know of the image."""

    daemon: DockerDaemon
    name: str

    def run(
        self, *words: str, options: Sequence[str] = (), stdin: str = "", timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Runs a task as it is meant to be run: without a network, on a root that cannot be written to."""
        return self.daemon.try_docker(
            *("run", "-i", "--rm", "--network=none", "--read-only", "--tmpfs=/tmp", *options, self.name, *words),
            stdin=stdin,
            timeout=timeout,
        )


def dualform(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs the launcher. The image's parts are kept beside the Python environments, so that only a change costs."""
    home = GIVEN.get("DUALFORM_HOME") or str(root / ".dualform")
    environment = {**GIVEN, "DUALFORM_HOME": home, "DUALFORM_ENVIRONMENTS": GIVEN.get("DUALFORM_ENVIRONMENTS") or home}
    return subprocess.run(
        [str(root / "dualform"), *words],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``./dualform package`` makes; DUALFORM_TEST_DIST may name a folder where it was made before."""
    if given := GIVEN.get("DUALFORM_TEST_DIST"):
        return Path(given)
    out = tmp_path_factory.mktemp("package") / "dist"
    done = dualform(ROOT, "package", "--out", str(out))
    # Debian's mirrors keep no package that the lists here may still name.
    if done.returncode in (_MACHINE_LACKS, _TRY_AGAIN) and may_update_lists():
        done = dualform(ROOT, "package", "--out", str(out))
    if done.returncode == _MACHINE_LACKS:
        pytest.skip(done.stderr.strip().rpartition("\n")[2])
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def task_image(docker_daemon: DockerDaemon, dist: Path) -> TaskImage:
    """The image, loaded."""
    (archive,) = dist.glob("*.image.tar")
    loaded = docker_daemon.docker("load", "-i", str(archive), timeout=300)
    return TaskImage(docker_daemon, loaded.split("Loaded image: ")[1].strip())
