"""The image of the tasks, in a real dockerd: what it says of itself, and that tasks run in it as they do outside."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from .task_chain import TaskChain
from .task_image import TaskImage

pytestmark = pytest.mark.slow

EXPERIMENT: dict[str, Any] = {"model": "mini", "datasets": ["topics"], "shots": "0,2,4", "seeds": "1", "limit": 20}
OWN_USER = "10001:10001"
# As OpenShift gives it: a number that no file names, in the group of root.
ANY_USER = "1234567890:0"
# Measured with a clock, and so different in every run.
CLOCKED = ("ms_per_query", "_seconds")
LIBRARIES = ("libtorch_cpu.so", "libdjl_torch.so", "libtokenizers.so", "libjnidispatch.so", "libsnappyjava.so")
LOADER = """
public class Loader {
    public static void main(String[] words) throws Exception {
        ai.djl.ndarray.NDManager.newBaseManager("PyTorch").close();
        ai.djl.huggingface.tokenizers.jni.LibUtils.checkStatus();
        com.sun.jna.Native.getWebStartLibraryPath("");
        org.xerial.snappy.Snappy.maxCompressedLength(1);
        com.github.luben.zstd.Zstd.compressBound(1);
        System.out.print(java.nio.file.Files.readString(java.nio.file.Path.of("/proc/self/maps")));
    }
}
"""


def version(root: Path) -> str:
    match = re.search(r"<revision>(.+)</revision>", (root / "pom.xml").read_text())
    assert match is not None
    return match[1]


def plan_request(workspace: str) -> str:
    return json.dumps(
        {
            "schema": 1,
            "kind": "plan",
            "parameters": {"experiment": EXPERIMENT},
            "inputs": {},
            "workspace": workspace,
            "fresh": True,
        }
    )


def shared_folder(folder: Path) -> Path:
    """A folder that a container's user may write to, whatever its number."""
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def test_the_files_are_named_by_the_version_and_summed(dist: Path, root: Path) -> None:
    number = version(root)
    lines = [line.split("  ") for line in (dist / "SHA256SUMS").read_text().splitlines()]
    sums = {name: sha256 for sha256, name in lines}
    assert set(sums) == {
        f"dualform_airflow-{number}-py3-none-any.whl",
        f"dualform_airflow-{number}.cdx.json",
        f"dualform-task-{number}.jar",
        f"dualform-task-{number}.cdx.json",
        f"dualform-task-{number}.image.tar",
        f"dualform-task-{number}.image.cdx.json",
    }
    for name, sha256 in sums.items():
        assert hashlib.sha256((dist / name).read_bytes()).hexdigest() == sha256, name


def test_the_lists_name_what_is_inside(dist: Path, root: Path) -> None:
    number = version(root)
    image = json.loads((dist / f"dualform-task-{number}.image.cdx.json").read_text())
    assert (image["bomFormat"], image["specVersion"]) == ("CycloneDX", "1.6")
    held = {component["name"]: component for component in image["components"]}
    assert held["pytorch-native-cpu"]["version"] == "2.7.1"
    assert {"dualform-tasks", "okhttp-jvm", "openjdk", "libc6", "fonts-dejavu-core"} <= set(held)
    assert held["libc6"]["purl"].startswith("pkg:deb/debian/libc6@")
    with zipfile.ZipFile(dist / f"dualform_airflow-{number}-py3-none-any.whl") as wheel:
        assert "dualform_airflow/chain.json" in wheel.namelist()


def test_the_image_says_what_it_is(task_image: TaskImage, root: Path) -> None:
    said = json.loads(task_image.run("--version").stdout)
    assert said["dualform"] == version(root)
    assert task_image.name == f"dualform-task:{version(root)}"
    (inspected,) = json.loads(task_image.daemon.docker("inspect", task_image.name))
    config = inspected["Config"]
    assert config["User"] == OWN_USER
    # The exec form, so that java is process 1 and hears signals.
    assert config["Entrypoint"][0] == "/opt/java/bin/java"
    assert set(config["Volumes"]) == {"/workspace", "/models", "/data", "/cache"}
    labels = {name.removeprefix("org.opencontainers.image."): value for name, value in config["Labels"].items()}
    assert labels["title"] == "dualform-task"
    assert labels["version"] == version(root)
    assert labels["licenses"] == "Apache-2.0"
    assert labels["base.name"] == "dualform-base"
    assert inspected["Created"] == labels["created"]


def test_a_study_in_containers_gives_what_processes_give(task_image: TaskImage, root: Path, tmp_path: Path) -> None:
    inside, outside = shared_folder(tmp_path / "inside"), tmp_path / "outside"
    outside.mkdir()
    jar = root / "tasks/target/dualform-task.jar"
    environment = {**os.environ, "DUALFORM_HOME": str(outside), "DUALFORM_MODEL_ROOTS": str(root / "models")}

    def contained(kind: str, request: Mapping[str, Any]) -> dict[str, Any]:
        mounted = ("--volume", f"{inside}:/workspace", "--user", ANY_USER)
        task = (kind, "--request", "-", "--result", "/workspace/result.json")
        done = task_image.run(*task, options=mounted, stdin=json.dumps(request))
        assert done.returncode == 0, done.stdout + done.stderr
        # Nothing warns of a library, a font or a folder that is missing.
        assert done.stderr == ""
        result: dict[str, Any] = json.loads((inside / "result.json").read_text())
        return result

    def local(kind: str, request: Mapping[str, Any]) -> dict[str, Any]:
        command = ["java", "-Dai.djl.offline=true", "-jar", str(jar), kind, "--request", "-", "--result"]
        subprocess.run(
            [*command, str(outside / "result.json")],
            env={**environment, "OMP_WAIT_POLICY": "passive"},
            input=json.dumps(request),
            text=True,
            capture_output=True,
            check=True,
        )
        result: dict[str, Any] = json.loads((outside / "result.json").read_text())
        return result

    ours = TaskChain(contained, "/workspace").run(EXPERIMENT)["summarise"]["outputs"]
    theirs = TaskChain(local, str(outside)).run(EXPERIMENT)["summarise"]["outputs"]
    assert set(ours) == set(theirs) >= {"results", "report", "curves"}
    # Pictures too: the fonts are the same.
    for name in ("examples", "curves", "alike"):
        assert ours[name]["sha256"] == theirs[name]["sha256"], name
    assert without_times(read(inside, ours["results"])) == without_times(read(outside, theirs["results"]))


def read(workspace: Path, reference: Mapping[str, Any]) -> Any:
    return json.loads((workspace / reference["uri"].removeprefix("workspace:")).read_text())


def without_times(results: Any) -> Any:
    """Results without what was measured with a clock."""
    for row in [*results["rows"], *results["summary"]]:
        row["metrics"] = {name: value for name, value in row["metrics"].items() if not name.endswith(CLOCKED)}
    del results["provenance"]["times"]
    return results


def test_native_libraries_come_from_the_image_and_not_from_tmp(
    task_image: TaskImage, root: Path, tmp_path: Path
) -> None:
    # Folders that pytest makes are for this user alone.
    folder = shared_folder(tmp_path / "loader")
    (folder / "Loader.java").write_text(LOADER)
    libraries = root / "dev/target/lib/*"
    subprocess.run(["javac", "-cp", str(libraries), "-d", str(folder), str(folder / "Loader.java")], check=True)
    done = task_image.run(
        *("-cp", "/loader:/opt/dualform/libraries/*", "Loader"),
        options=("--volume", f"{folder}:/loader:ro", "--entrypoint", "/opt/java/bin/java"),
    )
    assert done.returncode == 0, done.stderr
    mapped = {line.split()[5] for line in done.stdout.splitlines() if ".so" in line}
    for library in (*LIBRARIES, "libzstd-jni.so"):
        assert any(path.startswith("/opt/dualform/native/") and path.endswith(f"/{library}") for path in mapped), (
            library
        )
    assert not [path for path in mapped if path.split("/")[1] == "tmp"]


def test_a_task_writes_into_its_volumes_alone(task_image: TaskImage, tmp_path: Path) -> None:
    workspace = shared_folder(tmp_path / "workspace")
    words = ("plan", "--request", "-", "--result", "/workspace/result.json")
    daemon = task_image.daemon
    # On a root that could be written to, with a name, so that what changed can be asked for.
    daemon.docker(
        *("run", "-i", "--name", "writes", "--network=none", "--volume", f"{workspace}:/workspace"),
        *(task_image.name, *words),
        stdin=plan_request("/workspace"),
    )
    assert daemon.docker("diff", "writes").split() == []
    daemon.docker("rm", "-f", "writes")
    assert json.loads((workspace / "result.json").read_text())["status"] == "done"


def test_a_stopped_container_ends_in_seconds_with_143(task_image: TaskImage, root: Path, tmp_path: Path) -> None:
    workspace = shared_folder(tmp_path / "workspace")
    daemon = task_image.daemon
    request = tmp_path / "request.json"
    example = json.loads((root / "contract/examples/pretrain.request.json").read_text())
    request.write_text(json.dumps({**example, "workspace": "/workspace"}))
    name = daemon.docker(
        *("run", "--detach", "--network=none", "--read-only", "--tmpfs=/tmp"),
        *("--volume", f"{workspace}:/workspace", "--volume", f"{request}:/request.json:ro", task_image.name),
        *("pretrain", "--request", "/request.json", "--result", "/workspace/result.json"),
    ).strip()
    deadline = time.monotonic() + 60
    while '"event":"progress"' not in daemon.docker("logs", name):
        assert time.monotonic() < deadline, daemon.docker("logs", name)
        time.sleep(0.2)
    began = time.monotonic()
    daemon.docker("stop", "--time", "30", name)
    assert time.monotonic() - began < 10
    assert daemon.docker("inspect", "--format", "{{.State.ExitCode}}", name).strip() == "143"
    daemon.docker("rm", "--volumes", name)


def test_memory_and_cores_are_the_containers(task_image: TaskImage, tmp_path: Path) -> None:
    workspace = shared_folder(tmp_path / "workspace")
    words = ("plan", "--request", "-", "--result", "/workspace/result.json")
    options = ("--volume", f"{workspace}:/workspace", "--cpuset-cpus", "0")
    small = task_image.run(*words, options=(*options, "--memory", "250m"), stdin=plan_request("/workspace"))
    assert small.returncode == 65
    # nine tenths of 250 MiB
    assert "235 MB is allowed (nine tenths of the machine's or container's memory)" in small.stdout
    large = task_image.run(*words, options=(*options, "--memory", "700m"), stdin=plan_request("/workspace"))
    assert large.returncode == 0, large.stdout
    provenance = json.loads((workspace / "result.json").read_text())["provenance"]
    assert provenance["machine"]["cores"] == 1
    heap = task_image.run(
        *("-XX:+PrintFlagsFinal", "-version"),
        options=("--memory", "700m", "--entrypoint", "/opt/java/bin/java"),
    ).stdout
    # half of the container's, rounded to the collector's unit
    assert abs(int(re.findall(r" MaxHeapSize\s+= (\d+)", heap)[0]) - 350 * 2**20) < 4 * 2**20
    given = task_image.run(
        *("-XX:+PrintFlagsFinal", "-version"),
        options=(*("--memory", "700m", "--entrypoint", "/opt/java/bin/java"), "--env", "JDK_JAVA_OPTIONS=-Xmx100m"),
    ).stdout
    assert int(re.findall(r" MaxHeapSize\s+= (\d+)", given)[0]) == 100 * 2**20
