"""Where a task's Java process runs. One file an execution mode; all of them keep to ``base.Execution``."""

from __future__ import annotations

from .base import Execution, Invocation
from .local import LocalProcess

__all__ = ["Execution", "Invocation", "LocalProcess"]
