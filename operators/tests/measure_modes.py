"""What a task costs in each execution mode beside its own work: ``python -m tests.measure_modes`` in ``operators``.

Each mode runs two tasks some times: a shell script that does nothing, and the Java task ``prompt``, whose finished
result it finds. The Docker engine is one of its own. Variables: DUALFORM_JAR, and IMAGE, the image's archive.
"""

from __future__ import annotations

import base64
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from .docker_daemon import DockerDaemon
from .modes import InDocker, Local, Mode, scripted_docker_image
from .study import EXPERIMENT, Study

ROUNDS = int(os.environ.get("ROUNDS", "10"))


def seconds(run: Callable[[], object]) -> list[float]:
    """The times of the rounds after a first one, which warms the caches."""
    run()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return sorted(times)


def measure(name: str, mode: Mode, folder: Path) -> None:
    script = base64.b64encode(b"done_with ok").decode()
    empty = Study(mode, mode.scripted(folder), folder)
    _print(name, "shell", seconds(lambda: empty.task("prompt", {"parameters": {"script": script}})))
    real = Study(mode, mode.real(folder), folder)
    plan = real.task("plan", {"parameters": {"experiment": EXPERIMENT}})
    (cell,) = plan["expand"]["cells"]
    _print(name, "java", seconds(lambda: real.task("prompt", {"parameters": cell["parameters"]})))


def _print(name: str, task: str, times: list[float]) -> None:
    print(f"{name:<8}{task:<7}{statistics.median(times):8.2f}{times[0]:8.2f}{times[-1]:8.2f}", flush=True)


def main() -> None:
    jar, image = (Path(os.environ[name]) for name in ("DUALFORM_JAR", "IMAGE"))
    print(f"{'mode':<8}{'task':<7}{'median':>8}{'least':>8}{'most':>8}   seconds, {ROUNDS} rounds")
    with tempfile.TemporaryDirectory(prefix="dualform-modes-") as folder:
        workspaces = [Path(folder) / name for name in ("local", "docker")]
        for workspace in workspaces:
            workspace.mkdir()
        Path(folder).chmod(0o755)
        measure("local", Local(lambda: jar), workspaces[0])
        daemon = DockerDaemon(Path(tempfile.mkdtemp(prefix="dualform-docker-")))
        try:
            daemon.start()
            scripted_docker_image(daemon)
            loaded = daemon.docker("load", "-i", str(image), timeout=300).strip().rpartition("Loaded image: ")[2]
            os.environ["DOCKER_HOST"] = daemon.host
            measure("docker", InDocker(daemon, lambda: loaded), workspaces[1])
        finally:
            daemon.stop()


if __name__ == "__main__":
    main()
