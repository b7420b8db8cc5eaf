"""Where a task's Java process runs. Each execution mode has a file of its own and implements ``base.Execution``."""

from __future__ import annotations

from .base import Ended, Execution, Invocation
from .choice import choose, refuse_modes_arguments
from .docker import Docker
from .kubernetes import Kubernetes
from .local import LocalProcess

__all__ = [
    "Docker",
    "Ended",
    "Execution",
    "Invocation",
    "Kubernetes",
    "LocalProcess",
    "choose",
    "refuse_modes_arguments",
]
