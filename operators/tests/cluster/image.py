"""A small image of a static busybox, as the tar that ``docker save`` writes."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from pathlib import Path

_TOOLS = ("sh", "cat", "echo", "env", "id", "ls", "mount", "sleep", "touch", "dd", "kill", "head", "tail", "seq")


def write_busybox_image(target: Path, name: str, arguments: list[str]) -> None:
    """Writes the image.

    Args:
        target: the tar.
        name: with a tag; needs a host, since containerd takes a bare name for one of Docker's hub.
        arguments: what it runs by default.
    """
    layer = _layer()
    layer_name = f"{hashlib.sha256(layer).hexdigest()}.tar"
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "config": {"Cmd": arguments, "Env": ["PATH=/bin"], "User": "10001"},
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]},
        }
    ).encode()
    config_name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = json.dumps([{"Config": config_name, "RepoTags": [name], "Layers": [layer_name]}]).encode()
    with tarfile.open(target, "w") as image:
        for path, content in ((config_name, config), (layer_name, layer), ("manifest.json", manifest)):
            _add(image, path, content)


def _layer() -> bytes:
    busybox = shutil.which("busybox")
    assert busybox, "busybox is missing"
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as layer:
        _add(layer, "bin/busybox", Path(busybox).read_bytes(), 0o755)
        for tool in _TOOLS:
            link = tarfile.TarInfo(f"bin/{tool}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            layer.addfile(link)
        for folder in ("tmp", "etc", "workspace", "dualform"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o777 if folder == "tmp" else 0o755
            layer.addfile(entry)
    return written.getvalue()


def _add(archive: tarfile.TarFile, path: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = len(content), mode
    archive.addfile(entry, io.BytesIO(content))
