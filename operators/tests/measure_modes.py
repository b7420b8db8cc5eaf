"""What a task costs in each execution mode beside its own work: ``python -m tests.measure_modes`` in ``operators``.

Each mode runs two tasks: a shell script that does nothing, and the Java task ``prompt``, which finds its result.
The modes take turns, so that whatever else the machine does bears on all of them alike. The Docker engine is one of its
own. Variables: DUALFORM_JAR; DUALFORM_TEST_DIST, where ``./dualform package`` wrote the image (default: dist); ROUNDS
(default: 10).
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
from .given import GIVEN, ROOT
from .modes import InDocker, Local, Mode, scripted_docker_image, task_jar
from .study import EXPERIMENT, Study

Tasks = dict[tuple[str, str], Callable[[], object]]


def tasks_of(name: str, mode: Mode, folder: Path) -> Tasks:
    """The two tasks of a mode, by its name and theirs."""
    script = base64.b64encode(b"done_with ok").decode()
    empty = Study(mode, mode.scripted(folder), folder)
    real = Study(mode, mode.real(folder), folder)
    (cell,) = real.task("plan", {"parameters": {"experiment": EXPERIMENT}})["expand"]["cells"]
    return {
        (name, "shell"): lambda: empty.task("prompt", {"parameters": {"script": script}}),
        (name, "java"): lambda: real.task("prompt", {"parameters": cell["parameters"]}),
    }


def measure(tasks: Tasks, rounds: int) -> None:
    times: dict[tuple[str, str], list[float]] = {each: [] for each in tasks}
    for _ in range(rounds + 1):
        for each, run in tasks.items():
            start = time.perf_counter()
            run()
            times[each].append(time.perf_counter() - start)
    print(f"{'mode':<8}{'task':<7}{'median':>8}{'least':>8}{'most':>8}   seconds, {rounds} rounds")
    for (mode, task), (_first, *measured) in times.items():
        print(f"{mode:<8}{task:<7}{statistics.median(measured):8.2f}{min(measured):8.2f}{max(measured):8.2f}")


def main() -> None:
    (image,) = Path(GIVEN.get("DUALFORM_TEST_DIST") or ROOT / "dist").glob("*.image.tar")
    with tempfile.TemporaryDirectory(prefix="dualform-modes-") as folder:
        Path(folder).chmod(0o755)
        workspaces = [Path(folder) / name for name in ("local", "docker")]
        for workspace in workspaces:
            workspace.mkdir()
        daemon = DockerDaemon(Path(tempfile.mkdtemp(prefix="dualform-docker-")))
        try:
            daemon.start()
            scripted_docker_image(daemon)
            loaded = daemon.docker("load", "-i", str(image), timeout=300).split("Loaded image: ")[1].strip()
            os.environ["DOCKER_HOST"] = daemon.host
            tasks = tasks_of("local", Local(task_jar), workspaces[0])
            tasks.update(tasks_of("docker", InDocker(daemon, lambda: loaded), workspaces[1]))
            measure(tasks, int(os.environ.get("ROUNDS", "10")))
        finally:
            daemon.stop()


if __name__ == "__main__":
    main()
