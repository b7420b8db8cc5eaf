"""The cluster as the tests get it."""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernetes import client

from .. import scripted_image
from ..debian import install
from . import binaries
from .control_plane import ControlPlane
from .node import Node

# containerd mounts layers and makes namespaces.
_CAP_SYS_ADMIN = 21
NAMESPACE = "default"


class Cluster:
    """A running Kubernetes of one node.

    Its pods have to use the machine's network; no image is pulled, since no registry is asked.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.namespace = NAMESPACE
        self.control_plane = ControlPlane(folder)
        self.node = Node(folder, self.control_plane)

    @property
    def config(self) -> Path:
        """The administrator's kubeconfig."""
        return self.control_plane.config

    @property
    def core(self) -> client.CoreV1Api:
        return self.control_plane.core

    def plain(self, thing: object) -> str:
        """An object of the API as JSON."""
        return json.dumps(self.control_plane.api_client.sanitize_for_serialization(thing))

    def logs(self) -> list[str]:
        """What the servers have logged."""
        return [log.read_text(errors="replace") for log in self.folder.glob("*.log")]

    def start(self) -> None:
        self.control_plane.start()
        self.control_plane.start_scheduling()
        self.node.start()
        image = self.folder / "scripted.tar"
        scripted_image.make_image(image)
        self.node.import_image(image)

    def stop(self) -> None:
        """Ends everything and removes every file of it."""
        self.node.stop()
        self.control_plane.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def why_not() -> str | None:
    """Why no cluster can run here; None where it can."""
    if os.geteuid() != 0:
        return "containerd and the kubelet have to be started by root"
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    if not int(status["CapEff"], 16) >> _CAP_SYS_ADMIN & 1:
        return "containerd may not mount here: this process lacks CAP_SYS_ADMIN"
    packages = {"etcd": "etcd-server", "containerd": "containerd", "runc": "runc", "busybox": "busybox-static"}
    return binaries.why_missing() or install(packages)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A Kubernetes that all tests of the session share."""
    if reason := why_not():
        pytest.skip(reason)
    # A socket's path has 107 bytes at most, which pytest's own folders can exceed.
    running = Cluster(Path(tempfile.mkdtemp(prefix="dualform-cluster-", dir="/tmp")))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def cluster_image(cluster: Cluster, dist: Path) -> str:
    """The name of the task image, which the node knows then."""
    (image,) = dist.glob("*.image.tar")
    cluster.node.import_image(image)
    with tarfile.open(image) as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest is not None
        return str(json.load(manifest)[0]["RepoTags"][0])
