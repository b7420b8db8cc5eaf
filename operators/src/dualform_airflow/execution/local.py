"""The task as a Java process on the worker itself."""

from __future__ import annotations

import contextlib
import locale
import logging
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .._compat import AirflowFailException
from ..checks import Mistakes
from ..request import files_of_attempt, find_workspace, read_result, write_request
from ..settings import DATA_ROOTS, JAR, MODEL_ROOTS
from .base import Ended, Invocation
from .lines import LONGEST_LINE, decode

log = logging.getLogger(__name__)

LOWEST_JAVA = 17
# Airflow kills the task's runner 5.0 s after its own SIGTERM; what is left by then would outlive it.
GRACE_S = 4.0
# Airflow's own settings hold secrets, and the child needs none of them.
_WITHHELD = ("AIRFLOW__", "AIRFLOW_CONN_", "AIRFLOW_VAR_", "_AIRFLOW")
# How many tasks may run at once. Plan divides the machine's cores and memory among them.
_PASSED = frozenset({"AIRFLOW__CORE__PARALLELISM"})
_DEFAULTS = {
    # Spinning OpenMP threads would take the cores of the tasks beside this one.
    "OMP_WAIT_POLICY": "passive",
    # The allocator keeps the memory of large arrays, so that new ones do not need fresh pages.
    "MALLOC_MMAP_THRESHOLD_": "268435456",
    "MALLOC_TRIM_THRESHOLD_": "268435456",
}


class LocalProcess:
    """Starts ``java -jar dualform-task.jar`` in a process session of its own.

    The request and the result are files in the workspace.

    Args:
        jar: the task jar; else the setting ``jar``: DUALFORM_JAR, or Airflow's [dualform] jar.
        java: the java command; else that of JAVA_HOME; else the one on the PATH.
        java_options: options before ``-jar``, such as ``["-Xmx4g"]``.
        grace_s: seconds between SIGTERM and SIGKILL.
    """

    def __init__(
        self,
        jar: str | None = None,
        java: str | None = None,
        java_options: Sequence[str] = (),
        grace_s: float = GRACE_S,
    ) -> None:
        self.jar = jar
        self.java = java
        self.java_options = tuple(java_options)
        self.grace_s = grace_s
        self._process: subprocess.Popen[bytes] | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.jar!r}, {self.java!r}, {self.java_options!r}, {self.grace_s!r})"

    def check(self) -> None:
        mistakes = Mistakes()
        mistakes.look(self._find_jar)
        mistakes.look(self._check_java)
        mistakes.raise_if_any()

    def workspace(self, argument: str | None) -> str:
        return str(find_workspace(argument))

    def command(self, kind: str, request: Path, result: Path) -> list[str]:
        """The command line, without what ties the process to this one."""
        return [
            self._find_java(),
            "-Dai.djl.offline=true",
            "-XX:+ExitOnOutOfMemoryError",
            *self.java_options,
            "-jar",
            self._find_jar(),
            kind,
            "--request",
            str(request),
            "--result",
            str(result),
        ]

    def run(self, invocation: Invocation, on_line: Callable[[str], None]) -> Ended:
        request, result = files_of_attempt(Path(invocation.request["workspace"]), invocation.identity)
        write_request(request, invocation.request)
        log.info("Request: %s", request)
        code = self._run(self.command(invocation.kind, request, result), invocation.environment, on_line)
        return Ended(code, read_result(result))

    def _run(self, command: Sequence[str], environment: Mapping[str, str], on_line: Callable[[str], None]) -> int:
        process = subprocess.Popen(  # noqa: S603 - the command is ours, and no shell reads it
            [*_tie_to_parent(), *command],
            # The inherited stdin is Airflow's socket to its supervisor; a child that outlives the runner keeps it open.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_child_environment(environment),
            start_new_session=True,
        )
        self._process = process
        try:
            assert process.stdout is not None  # noqa: S101 - for the type checker: stdout=PIPE
            while raw := process.stdout.readline(LONGEST_LINE):
                on_line(decode(raw))
            code = process.wait()
        finally:
            # Also where on_line or a timeout raised, so that no process stays behind.
            self.kill()
            if process.stdout is not None:
                process.stdout.close()
            self._process = None
        return 128 - code if code < 0 else code

    def kill(self) -> None:
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            _signal_group(process.pid, signal.SIGTERM)
            deadline = time.monotonic() + self.grace_s
            # poll, not wait: the signal may have interrupted the main thread inside wait, which then holds wait's lock.
            while process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
        _signal_group(process.pid, signal.SIGKILL)

    def _check_java(self) -> None:
        java = self._find_java()
        version = _java_version(java)
        if version is not None and version < LOWEST_JAVA:
            raise AirflowFailException(
                f"Dualform's tasks need Java {LOWEST_JAVA} or newer; {java} is version {version}. "
                "Install a newer one on the worker and name it by JAVA_HOME or the operator's argument java."
            )

    def _find_jar(self) -> str:
        jar = self.jar or JAR.read()
        if not jar:
            raise AirflowFailException(
                f"No task jar: set {JAR.places(' on the worker')} to the path of dualform-task.jar, "
                "or give the operator (or the DAG factory) the argument jar."
            )
        if not Path(jar).is_file():
            raise AirflowFailException(
                f"The task jar {jar} does not exist on this worker ({'argument jar' if self.jar else JAR.places()})."
            )
        return jar

    def _find_java(self) -> str:
        home = os.environ.get("JAVA_HOME")
        named = self.java or (str(Path(home) / "bin" / "java") if home else None)
        found = shutil.which(named or "java")
        if found is None:
            raise AirflowFailException(
                f"Java was not found at {named} ({'argument java' if self.java else 'JAVA_HOME'})."
                if named
                else f"Java is missing on this worker: install a JDK or JRE, version {LOWEST_JAVA} or newer, "
                "put it on the PATH, or set JAVA_HOME."
            )
        return found


def _tie_to_parent() -> list[str]:
    """A command prefix that makes the kernel end the child when its parent dies; empty where there is none."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def _child_environment(added: Mapping[str, str]) -> dict[str, str]:
    passed = {name: value for name, value in os.environ.items() if name in _PASSED or not name.startswith(_WITHHELD)}
    # What only Airflow's configuration names, the task reads under the same names as everyone.
    roots = {setting.variable: setting.read() for setting in (MODEL_ROOTS, DATA_ROOTS) if setting.read()}
    return {**_DEFAULTS, **passed, **roots, **_utf8(), **added}


def _utf8() -> dict[str, str]:
    """A locale of UTF-8 if the worker's is another: Java takes the encoding of file names from it."""
    if _is_utf8(locale.nl_langinfo(locale.CODESET)):
        return {}
    try:
        listed = subprocess.run(
            ["locale", "-a"],  # noqa: S607 - the system's own
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        ).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        listed = []
    known = [name for name in listed if _is_utf8(name.partition(".")[2])]
    preferred = [name for name in known if name.startswith(("C.", "en_US."))]
    return {"LC_ALL": [*preferred, *known, "C.UTF-8"][0]}


def _is_utf8(charset: str) -> bool:
    return charset.upper().replace("-", "") == "UTF8"


def _signal_group(pid: int, number: signal.Signals) -> None:
    # start_new_session made the child's process id the group's id too.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _java_version(java: str) -> int | None:
    """The major version, read from the JDK's release file where there is one: faster than asking Java."""
    with contextlib.suppress(OSError):
        release = Path(java).resolve().parent.parent / "release"
        if match := re.search(r'^JAVA_VERSION="([^"]+)"', release.read_text(encoding="utf-8"), re.MULTILINE):
            return _major(match[1])
    try:
        asked = subprocess.run(  # noqa: S603
            [java, "-version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.search(r'version "([^"]+)"', asked.stderr)
    return _major(match[1]) if match else None


def _major(version: str) -> int | None:
    """8 for "1.8.0_392", 17 for "17.0.15"."""
    numbers = re.findall(r"\d+", version)
    if not numbers:
        return None
    return int(numbers[1]) if numbers[0] == "1" and len(numbers) > 1 else int(numbers[0])
