"""A small image whose entry point is the scripted task, as an archive that every engine loads; nothing builds it."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path

from .debian import install

NAME = "dualform-scripted:1"
TASK = Path(__file__).with_name("scripted_task.sh")
_APPLETS = (
    "base64",
    "cat",
    "cut",
    "env",
    "ls",
    "mkdir",
    "printf",
    "sed",
    "seq",
    "sh",
    "sha256sum",
    "sleep",
    "touch",
    "wc",
)


def why_not() -> str | None:
    """Why the image cannot be made here; None where it can."""
    return install({"busybox": "busybox-static"})


def make_image(archive: Path, name: str = NAME, entry_point: Sequence[str] = ("/bin/sh", "/task.sh")) -> None:
    """Writes the image as ``docker save`` does: one layer, of BusyBox and the task."""
    layer = _layer()
    digest = hashlib.sha256(layer).hexdigest()
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {
                "User": "10001:10001",
                "Entrypoint": list(entry_point),
                "Env": ["PATH=/bin"],
                "Volumes": {"/workspace": {}},
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        }
    ).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]).encode()
    with tarfile.open(archive, "w") as tar:
        for path, content in (("config.json", config), ("layer.tar", layer), ("manifest.json", manifest)):
            tar.addfile(_entry(path, size=len(content)), io.BytesIO(content))


def _layer() -> bytes:
    busybox = shutil.which("busybox")
    assert busybox
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for folder, mode in (("bin", 0o755), ("tmp", 0o1777), ("workspace", 0o777)):
            tar.addfile(_entry(folder, kind=tarfile.DIRTYPE, mode=mode))
        for name, source in (("bin/busybox", Path(busybox)), ("task.sh", TASK)):
            content = source.read_bytes()
            tar.addfile(_entry(name, size=len(content), mode=0o755), io.BytesIO(content))
        for applet in _APPLETS:
            link = _entry(f"bin/{applet}", kind=tarfile.SYMTYPE)
            link.linkname = "busybox"
            tar.addfile(link)
    return buffer.getvalue()


def _entry(name: str, *, size: int = 0, kind: bytes = tarfile.REGTYPE, mode: int = 0o644) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.mode = size, kind, mode
    return entry
