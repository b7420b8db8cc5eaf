"""One node: containerd and a kubelet, with folders of their own. Its pods use the machine's network."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path

from .. import scripted_image
from . import binaries
from .control_plane import ControlPlane
from .process import Server, free_port

NAME = "localhost"
_PAUSE = "dualform.test/pause:1"
_CONTAINERD = """\
version = 2
root = "{folder}/containerd"
state = "{folder}/containerd-state"
[grpc]
  address = "{folder}/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "{folder}/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  # Without it, no sandbox starts where the score may not be lowered.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{folder}/cni/bin"
    conf_dir = "{folder}/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "{snapshotter}"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
"""
# A node is ready only with a network. Pods of the machine's own network never use this one.
_NETWORK = {"cniVersion": "0.4.0", "name": "tests", "plugins": [{"type": "loopback"}]}


class Node:
    """The running node.

    Args:
        folder: for everything it writes.
        control_plane: whose API server it registers with.
    """

    def __init__(self, folder: Path, control_plane: ControlPlane) -> None:
        self.folder = folder
        self._control_plane = control_plane
        self._socket = folder / "containerd.sock"
        self._servers: list[Server] = []

    def start(self) -> None:
        self._start_containerd()
        pause = self.folder / "pause.tar"
        scripted_image.make_image(pause, _PAUSE, ["sleep", "2147483647"])
        self.import_image(pause)
        self._start_kubelet()

    def import_image(self, tar: Path) -> None:
        """Makes the images in a tar of ``docker save`` known to the node."""
        self._ctr("images", "import", str(tar))

    def stop(self) -> None:
        """Ends the servers and every container, and unmounts what they leave."""
        if not self._servers:
            return
        *rest, containerd = self._servers
        for kubelet in rest:
            kubelet.stop()
        for task in self._try_ctr("tasks", "ls", "-q").stdout.split():
            self._try_ctr("tasks", "kill", "--all", "--signal", "KILL", task)
        for container in self._try_ctr("tasks", "ls", "-q").stdout.split():
            self._try_ctr("tasks", "delete", "--force", container)
        containerd.stop()
        for pid in self._strays():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for mount in _mounts_below(self.folder):
            subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)

    def _start_containerd(self) -> None:
        networks = self.folder / "cni" / "net.d"
        networks.mkdir(parents=True)
        (networks / "10-tests.conflist").write_text(json.dumps(_NETWORK))
        settings = self.folder / "containerd.toml"
        overlay = "overlay" in Path("/proc/filesystems").read_text()
        settings.write_text(
            _CONTAINERD.format(folder=self.folder, pause=_PAUSE, snapshotter="overlayfs" if overlay else "native")
        )
        containerd = Server(self.folder, "containerd", "--config", str(settings))
        self._servers.append(containerd)
        containerd.wait_for(lambda: self._try_ctr("version").returncode == 0)

    def _start_kubelet(self) -> None:
        settings = self.folder / "kubelet.json"
        settings.write_text(json.dumps(self._kubelet_settings()))
        kubelet = Server(
            self.folder,
            str(binaries.folder() / "kubelet"),
            f"--config={settings}",
            f"--kubeconfig={self._control_plane.config}",
            f"--root-dir={self.folder / 'kubelet'}",
            f"--cert-dir={self.folder / 'kubelet-certificates'}",
            # By this name the API server finds it for the pods' logs.
            f"--hostname-override={NAME}",
        )
        self._servers.insert(0, kubelet)
        kubelet.wait_for(self._is_ready)

    def _kubelet_settings(self) -> dict[str, object]:
        return {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "address": "127.0.0.1",
            "port": free_port(),
            "healthzPort": 0,
            "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
            "authorization": {"mode": "AlwaysAllow"},
            "containerRuntimeEndpoint": f"unix://{self._socket}",
            "cgroupDriver": "cgroupfs",
            # The machine's own groups and tables stay as they are.
            "cgroupsPerQOS": False,
            "enforceNodeAllocatable": [],
            "makeIPTablesUtilChains": False,
            "failCgroupV1": False,
            "failSwapOn": False,
            "localStorageCapacityIsolation": False,
            "podLogsDir": str(self.folder / "pod-logs"),
            "volumePluginDir": str(self.folder / "volume-plugins"),
            # A machine with a nearly full disk still runs tests.
            "evictionHard": {"memory.available": "50Mi"},
            "imageGCHighThresholdPercent": 100,
            "nodeStatusReportFrequency": "10s",
        }

    def _is_ready(self) -> bool:
        for node in self._control_plane.core.list_node().items:
            ready = any(each.type == "Ready" and each.status == "True" for each in node.status.conditions or [])
            # Not before its taints are gone does the scheduler use it.
            return ready and not node.spec.taints
        return False

    def _ctr(self, *words: str) -> None:
        done = self._try_ctr(*words)
        assert done.returncode == 0, f"ctr {' '.join(words)} ended with {done.returncode}:\n{done.stderr}"

    def _try_ctr(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["ctr", "--address", str(self._socket), "--namespace", "k8s.io", *words],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def _strays(self) -> list[int]:
        """The shims that containerd has left: they name its socket in their command line."""
        mark = str(self._socket).encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = entry.read_bytes().split(b"\0")
                if b"containerd-shim" in words[0] and mark in words:
                    found.append(int(entry.parent.name))
        return found


def _mounts_below(folder: Path) -> list[str]:
    """The mount points in a folder, the deepest first."""
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    return sorted((mount for mount in mounts if mount.startswith(f"{folder}/")), key=len, reverse=True)
