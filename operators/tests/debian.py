"""Programs that some tests need, from Debian's packages."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path


def install(programs: Mapping[str, str]) -> str | None:
    """Installs the packages of those programs that are missing, where this process may.

    Args:
        programs: the name of each program, and of the package that holds it.

    Returns:
        why a program is still missing, as the reason for a skip; None where all are there.
    """
    missing = {program: package for program, package in programs.items() if shutil.which(program) is None}
    if not missing:
        return None
    packages = " ".join(sorted(set(missing.values())))
    names = ", ".join(sorted(missing))
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return f"{names} missing; install {packages} (Debian, Ubuntu: apt-get install {packages})"
    failed = _apt_get("update") or _apt_get("install", "-y", "--no-install-recommends", *packages.split())
    return f"{names} missing, and {failed}" if failed else None


def may_update_lists() -> bool:
    """Renews the lists of packages where this process may; False where it may not, or where that fails."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and _apt_get("update") is None


def _apt_get(*words: str) -> str | None:
    """Runs apt-get; returns what went wrong."""
    # Debian's tools refuse a second run at the same time, and tests may run side by side.
    with (Path(tempfile.gettempdir()) / "dualform-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["apt-get", "-qq", *words],
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    if done.returncode == 0:
        return None
    return f"apt-get {words[0]} failed: {done.stderr.strip().rpartition(chr(10))[2]}"
