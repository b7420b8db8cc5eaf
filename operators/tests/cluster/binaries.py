"""Kubernetes' programs, built from its Go module and kept."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ..given import GIVEN, ROOT

PROGRAMS = ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet")
_MODULE = Path(__file__).parent


def folder() -> Path:
    """Where the programs are kept: beside the Python environments, because they are as costly and as shareable."""
    home = GIVEN.get("DUALFORM_ENVIRONMENTS") or GIVEN.get("DUALFORM_HOME") or str(ROOT / ".dualform")
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum"):
        digest.update((_MODULE / name).read_bytes())
    return Path(home) / "kubernetes" / f"{version()}-{digest.hexdigest()[:12]}"


def version() -> str:
    """Kubernetes' version, such as ``v1.37.2``."""
    found = re.search(r"^require k8s\.io/kubernetes (v\S+)$", (_MODULE / "go.mod").read_text(), re.MULTILINE)
    assert found, "go.mod requires no k8s.io/kubernetes"
    return found[1]


def why_missing() -> str | None:
    """Why there are no programs to run, as the reason for a skip; None where all are there."""
    missing = [name for name in PROGRAMS if not (folder() / name).is_file()]
    if not missing:
        return None
    return f"{', '.join(missing)} {version()} not built; ./dualform test kubernetes builds them, in about 15 minutes"


def build() -> None:
    """Builds what is missing. It takes about 12 minutes of CPU time and 4 GB of disk for Go's caches.

    Raises:
        RuntimeError: there is no Go, or the build failed.
    """
    if why_missing() is None:
        return
    go = shutil.which("go")
    if go is None:
        raise RuntimeError("go is missing: install Go 1.26 or newer to build Kubernetes for the tests")
    target = folder()
    target.mkdir(parents=True, exist_ok=True)
    with (target / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Go may complete go.sum, and the one under version control stays as it is.
        with tempfile.TemporaryDirectory(dir=target) as copy:
            for name in ("go.mod", "go.sum"):
                shutil.copy(_MODULE / name, copy)
            for program in PROGRAMS:
                if not (target / program).is_file():
                    print(f"building {program} {version()}", flush=True)
                    _build(go, Path(copy), program)
                    (Path(copy) / program).rename(target / program)


def _build(go: str, module: Path, program: str) -> None:
    package = f"k8s.io/kubernetes/cmd/{program}"
    words = [go, "build", "-mod=mod", "-trimpath", "-ldflags=-s -w", "-o", program, package]
    done = subprocess.run(
        words, cwd=module, env={**os.environ, "CGO_ENABLED": "0"}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    try:
        build()
    except RuntimeError as error:
        sys.exit(f"{error}")
    print(folder())
