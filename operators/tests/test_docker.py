"""The execution mode docker: what it asks of the engine, and what it says where that fails."""

from __future__ import annotations

import base64
import importlib.abc
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from dualform_airflow._compat import AirflowException, AirflowFailException
from dualform_airflow.execution import Docker, Ended, Invocation

from . import scripted_image
from .airflow_server import free_port
from .docker_daemon import DockerDaemon
from .modes import scripted_docker_image
from .task_image import TaskImage

MAKE = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})"


@pytest.fixture
def engine(docker_daemon: DockerDaemon, monkeypatch: pytest.MonkeyPatch) -> Iterator[DockerDaemon]:
    """The tests' engine with the scripted image, as the one that a worker finds."""
    scripted_docker_image(docker_daemon)
    monkeypatch.setenv("DOCKER_HOST", docker_daemon.host)
    yield docker_daemon
    # What a failed test left must not fail the next one.
    if left := docker_daemon.containers():
        docker_daemon.docker("rm", "-f", *left)


@pytest.fixture(autouse=True)
def bare_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DUALFORM_DOCKER_")]:
        monkeypatch.delenv(name)


def docker(**arguments: Any) -> Docker:
    return Docker(**{"image": scripted_image.NAME, "network_mode": "host", "pull": "never", **arguments})


def invocation(script: str = "done_with ok", try_number: int = 1, run_id: str = "", **request: Any) -> Invocation:
    identity = {
        "dag_id": "a dag", "run_id": run_id or uuid.uuid4().hex, "task_id": "cell.prompt", "map_index": 3,
        "try_number": try_number,
    }  # fmt: skip
    encoded = base64.b64encode(textwrap.dedent(script).encode()).decode()
    parameters = {"parameters": {"script": encoded}, "inputs": {}, "workspace": "/workspace"}
    return Invocation(
        "prompt", {"schema": 1, "kind": "prompt", "identity": identity, **parameters, **request}, identity
    )


def container_of(engine: DockerDaemon, call: Invocation) -> dict[str, Any]:
    label = f"label=org.dualform.run_id={call.identity['run_id']}"
    (found,) = engine.docker("ps", "-aq", "--filter", label).split()
    inspected: dict[str, Any] = json.loads(engine.docker("inspect", found))[0]
    return inspected


class TestSettings:
    """No engine is asked."""

    def test_every_mistake_is_told_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DUALFORM_IMAGE", raising=False)
        monkeypatch.setenv("DUALFORM_DOCKER_VOLUMES", "aa:/b,models")
        monkeypatch.setenv("DUALFORM_DOCKER_EXTRA_HOSTS", "mlflow")
        with pytest.raises(AirflowFailException, match=r"^6 mistakes") as told:
            Docker(mem_limit="4 gigs", cpus=0, pull="often").check()
        for part in (
            "No image: set DUALFORM_IMAGE",
            "DUALFORM_DOCKER_VOLUMES: 'models' is no volume; write SOURCE:/path",
            "DUALFORM_DOCKER_EXTRA_HOSTS: 'mlflow' names no host; write HOST:ADDRESS",
            "argument mem_limit has to be a size in bytes, or such as 512m or 4g; it is '4 gigs'",
            "argument cpus has to be a number of cores, such as 2 or 1.5; it is 0",
            "argument pull has to be one of missing, always, never; it is 'often'",
        ):
            assert part in str(told.value)

    def test_arguments_come_before_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DUALFORM_IMAGE", "theirs:1")
        monkeypatch.setenv("DUALFORM_DOCKER_MEM_LIMIT", "4g")
        monkeypatch.setenv("DUALFORM_DOCKER_NETWORK_MODE", "host")
        settings = Docker("mine:2", mem_limit="1g")._settings()
        assert (settings.image, settings.memory, settings.network) == ("mine:2", "1g", "host")
        assert Docker()._settings().image == "theirs:1"

    def test_workspace_is_a_path_in_the_container_where_something_is_mounted(self) -> None:
        assert Docker("i").workspace(None) == "/workspace"
        assert Docker("i", volumes=["/srv/d:/srv/d"]).workspace("/srv/d/w") == "/srv/d/w"
        with pytest.raises(AirflowFailException, match=r"no volume is mounted there; mounted are /cache, /workspace"):
            Docker("i").workspace("/srv/d")

    @pytest.mark.parametrize("uri", ["http://localhost:5000", "http://127.0.0.1:5000", "http://[::1]:5000"])
    def test_a_tracking_server_on_loopback_needs_the_machines_network(self, uri: str) -> None:
        call = invocation(tracking={"uri": uri})
        for network in (None, "bridge", "mine"):
            with pytest.raises(AirflowFailException, match=r"means the container itself.*host\.docker\.internal"):
                docker(network_mode=network).run(call, print)
        with pytest.raises(AirflowFailException, match="network_mode none does not reach"):
            docker(network_mode="none").run(call, print)


class TestWorkerWithoutDocker:
    def test_missing_provider_names_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Missing(importlib.abc.MetaPathFinder):
            def find_spec(self, name: str, *_: Any) -> None:
                if name.startswith("airflow.providers.docker"):
                    raise ModuleNotFoundError(f"No module named {name!r}")

        for name in [name for name in sys.modules if name.startswith("airflow.providers.docker")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
        monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
        with pytest.raises(AirflowFailException, match=r"pip install 'dualform-airflow\[docker\]'"):
            docker().check()

    def test_no_engine_is_tried_again_and_says_how_to_start_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/sock")
        for action in (docker().check, lambda: docker().run(invocation(), print)):
            with pytest.raises(AirflowException, match=r"No Docker engine answers at .*systemctl start docker") as told:
                action()
            assert type(told.value) is AirflowException

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
    def test_no_permission_is_not_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        path = Path(f"/tmp/dualform-{uuid.uuid4().hex[:8]}.sock")  # noqa: S108 - of any user
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            server.listen()
            path.chmod(0o600)
            monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
            os.seteuid(65534)
            try:
                with pytest.raises(AirflowFailException, match=r"uid .* may not use .*usermod -aG docker"):
                    docker().check()
            finally:
                os.seteuid(0)
                path.unlink()


@pytest.mark.slow
class TestEngine:
    def test_a_missing_image_names_the_ways_to_it(self, engine: DockerDaemon) -> None:
        with pytest.raises(AirflowFailException, match=r"no image nowhere:1, and pull is never.*docker load -i"):
            docker(image="nowhere:1").run(invocation(), print)
        # Nothing listens there, as where no registry can be reached.
        with pytest.raises(AirflowException, match=r"cannot pull it: .*docker_conn_id.*docker load -i"):
            docker(image="127.0.0.1:9/nowhere:1", pull="missing").run(invocation(), print)
        assert engine.containers() == []

    def test_a_container_has_no_more_than_it_needs(self, engine: DockerDaemon, tmp_path: Path) -> None:
        models = tmp_path / "models"
        models.mkdir()
        call = invocation(
            """
            say "user $(sed -n 's/^Uid:\\t\\([0-9]*\\).*/\\1/p' /proc/self/status)"
            say "capabilities $(sed -n 's/^CapEff:\\t//p' /proc/self/status)"
            say "no new privileges $(sed -n 's/^NoNewPrivs:\\t//p' /proc/self/status)"
            for folder in / /bin /models /tmp /workspace /cache; do
                if touch "$folder/x" 2>/dev/null; then say "$folder writable"; else say "$folder read-only"; fi
            done
            say "parallel tasks $DUALFORM_PARALLEL_TASKS"
            say look; sleep 1
            """
        )
        lines: list[str] = []
        found: dict[str, Any] = {}

        def on_line(line: str) -> None:
            lines.append(line)
            if line == "look":
                found.update(container_of(engine, call))

        fresh = [f"{name}-{call.identity['run_id']}:/{name}" for name in ("workspace", "cache")]
        volumes = [f"{models}:/models:ro", *fresh]
        limited = docker(mem_limit="64m", cpus=0.5, volumes=volumes, labels={"team": "nlp"})
        assert limited.run(call, on_line) == Ended(0, None)
        assert lines == [
            "user 10001",
            "capabilities 0000000000000000",
            "no new privileges 1",
            "/ read-only",
            "/bin read-only",
            "/models read-only",
            "/tmp writable",  # noqa: S108 - the container's own
            "/workspace writable",
            "/cache read-only",  # the image has no such folder, so the new volume is root's
            "parallel tasks 1",
            "look",
        ]
        assert found["Name"].startswith(f"/dualform-a-dag-{call.identity['run_id']}-cell.prompt-3-try1-")
        labels = found["Config"]["Labels"]
        assert labels["team"] == "nlp"
        assert {name: labels[f"org.dualform.{name}"] for name in call.identity} == {
            name: str(value) for name, value in call.identity.items()
        }
        host = found["HostConfig"]
        assert (host["Memory"], host["MemorySwap"], host["NanoCpus"]) == (64 << 20, 64 << 20, 500_000_000)
        assert found["Args"][1:] == ["prompt", "--request", "-", "--attached", "--result", "-"]

    def test_out_of_memory_is_137(self, engine: DockerDaemon) -> None:  # noqa: ARG002
        assert docker(mem_limit="16m").run(invocation("x=$(seq 9000000); say unreachable"), print).code == 137

    def test_unnamed_volumes_go_with_the_container_and_named_ones_stay(self, engine: DockerDaemon) -> None:
        before = set(engine.docker("volume", "ls", "-q").split())
        assert docker().run(invocation("touch /workspace/kept"), print).code == 0
        lines: list[str] = []
        assert docker().run(invocation("ls /workspace"), lines.append).code == 0
        assert "kept" in lines
        assert set(engine.docker("volume", "ls", "-q").split()) - before <= {"dualform-workspace", "dualform-cache"}
        unnamed = docker(mounts=[{"Type": "volume", "Target": "/workspace"}])
        assert unnamed.run(invocation("touch /workspace/gone"), print).code == 0
        assert set(engine.docker("volume", "ls", "-q").split()) - before <= {"dualform-workspace", "dualform-cache"}

    @pytest.mark.parametrize("wrong", [{"network_mode": "nowhere"}, {"volumes": ["/nowhere/at/all:/workspace"]}])
    def test_what_the_engine_refuses_is_not_tried_again(self, engine: DockerDaemon, wrong: Mapping[str, Any]) -> None:
        with pytest.raises(AirflowFailException, match=r"The Docker engine could not .*nowhere"):
            docker(**wrong).run(invocation(), print)
        assert engine.containers() == []

    def test_a_retry_removes_what_an_earlier_try_left_and_no_other(
        self, engine: DockerDaemon, caplog: pytest.LogCaptureFixture
    ) -> None:
        first = invocation("say ready; sleep 60")
        program = f"""
            {MAKE}
            from tests.test_docker import docker, invocation
            call = invocation("say ready; sleep 60", run_id={first.identity["run_id"]!r})
            docker().run(call, lambda line: print(line, flush=True))
        """
        other = invocation("say ready; sleep 60", run_id=f"{first.identity['run_id']}-other")
        other_docker = docker()
        ready = threading.Event()
        waiting = threading.Thread(target=lambda: other_docker.run(other, lambda _line: ready.set()))
        waiting.start()
        assert ready.wait(20)
        with worker(program) as process:
            os.kill(process.pid, signal.SIGKILL)
        left = container_of(engine, first)
        assert left["State"]["Running"], "the script does not read its input, and so does not learn that it is alone"
        again = invocation(try_number=2, run_id=first.identity["run_id"])
        assert docker().run(again, print).code == 0
        assert f"Removing the container that try 1 of this task left: {left['Name'][1:]}" in caplog.text
        assert engine.containers() == [container_of(engine, other)["Name"][1:]]
        other_docker.kill()
        waiting.join(10)
        assert engine.containers() == []

    def test_the_task_of_a_killed_worker_ends_by_itself(
        self, engine: DockerDaemon, task_image: TaskImage, root: Path
    ) -> None:
        call = invocation()
        program = f"""
            {MAKE}
            import json
            from dataclasses import replace
            from tests.test_docker import docker, invocation
            call = invocation(run_id={call.identity["run_id"]!r})
            example = json.load(open({str(root / "contract" / "examples" / "pretrain.request.json")!r}))
            request = {{**call.request, "kind": "pretrain", "parameters": example["parameters"]}}
            said = []
            docker(image={task_image.name!r}).run(
                replace(call, kind="pretrain", request=request),
                lambda line: "progress" in line and not said and (said.append(line), print("ready", flush=True)),
            )
        """
        with worker(program) as process:
            assert container_of(engine, call)["State"]["Running"]
            os.kill(process.pid, signal.SIGKILL)
        killed = time.monotonic()
        while (state := container_of(engine, call)["State"])["Running"]:
            # Two seconds on a quiet machine: it stops as by SIGTERM, with nobody there who would send SIGKILL.
            assert time.monotonic() - killed < 60, "the container lives on"
            time.sleep(0.1)
        assert state["ExitCode"] == 143
        assert docker().run(invocation(try_number=2, run_id=call.identity["run_id"]), print).code == 0
        assert engine.containers() == []

    @pytest.mark.parametrize("delay", [0.05, 0.1, 0.2, 0.4])
    def test_a_kill_at_any_moment_of_the_start_ends_it(self, engine: DockerDaemon, delay: float) -> None:
        execution = docker()
        killing = threading.Timer(delay, execution.kill)
        start = time.monotonic()
        killing.start()
        ended = execution.run(invocation("trap 'exit 143' TERM; sleep 60 & wait"), print)
        assert (ended.code in (137, 143), ended.result) == (True, None)
        assert time.monotonic() - start < 20
        assert engine.containers() == []

    @pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing")
    def test_an_engine_on_another_machine_is_reached_over_tls(
        self, engine: DockerDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certificates(tmp_path)
        port = free_port()
        tls = [
            f"--tls{name}={tmp_path}/{file}.pem" for name, file in (("cacert", "ca"), ("cert", "cert"), ("key", "key"))
        ]
        folder = Path(tempfile.mkdtemp(prefix="dualform-docker-"))
        own = DockerDaemon(folder, ["-H", f"tcp://127.0.0.1:{port}", "--tlsverify", *tls])
        try:
            own.start()
            scripted_docker_image(own)
            monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
            monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
            # A worker's bundle of authorities would come before the client's own.
            for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
                monkeypatch.delenv(name, raising=False)
            monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
            lines: list[str] = []
            # Far more than one record of TLS, in both directions.
            ended = docker().run(invocation("seq 50000; done_with ok", padding="x" * 300_000), lines.append)
            assert (ended.code, lines) == (0, [str(number) for number in range(1, 50_001)])
            assert ended.result is not None
            assert own.containers() == engine.containers() == []
        finally:
            own.stop()

    @pytest.mark.usefixtures("engine")
    def test_an_engine_that_goes_away_is_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        own = DockerDaemon(Path(tempfile.mkdtemp(prefix="dualform-docker-")))
        call = invocation("say ready; sleep 60")
        left: list[int] = []

        def on_line(_line: str) -> None:
            left.append(container_of(own, call)["State"]["Pid"])
            own.kill()

        try:
            own.start()
            scripted_docker_image(own)
            monkeypatch.setenv("DOCKER_HOST", own.host)
            with pytest.raises(AirflowException, match=r"engine went away.*Trying again may help") as told:
                docker().run(call, on_line)
            assert type(told.value) is AirflowException
        finally:
            for pid in left:
                os.kill(pid, signal.SIGKILL)
            own.stop()


def certificates(folder: Path) -> None:
    """An authority, and one certificate by it for 127.0.0.1, which serves engine and client alike."""
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
    for words in (
        f"req -x509 {key} -keyout ca-key.pem -out ca.pem -days 2 -subj /CN=tests",
        f"req {key} -keyout key.pem -out request.pem -subj /CN=127.0.0.1",
        "x509 -req -in request.pem -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -out cert.pem -extfile names",
    ):
        subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True)


class worker:  # noqa: N801 - used as a function
    """A process that runs a program until it has printed its first line."""

    def __init__(self, program: str) -> None:
        self._program = textwrap.dedent(program)

    def __enter__(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen([sys.executable, "-c", self._program], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
