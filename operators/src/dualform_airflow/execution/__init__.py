"""Where a task's Java process runs. Each execution mode has a file of its own and implements ``base.Execution``."""

from __future__ import annotations

from .base import Ended, Execution, Invocation
from .local import LocalProcess

__all__ = ["Ended", "Execution", "Invocation", "LocalProcess"]
