"""What a task's container is told, in every mode that runs one."""

from __future__ import annotations

import os
from collections.abc import Mapping

WORKSPACE = "/workspace"
CACHE = "/cache"
LABEL = "org.dualform."
# A worker's other variables describe the worker: its folders, its settings, its secrets.
_PASSED = (
    *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    *("HF_ENDPOINT", "HF_HUB_OFFLINE", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "TRANSFORMERS_OFFLINE"),
    *("MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"),
    # How many tasks may run at once. Plan divides the machine's cores and memory among them.
    *("DUALFORM_PARALLEL_TASKS", "AIRFLOW__CORE__PARALLELISM"),
)


def task_arguments(kind: str, request: str) -> list[str]:
    """The words after the image's entry point, for a result that comes among the printed lines."""
    attached = ["--attached"] if request == "-" else []
    return [kind, "--request", request, *attached, "--result", "-"]


def passed_environment() -> dict[str, str]:
    """The variables of this worker that a task needs: proxies, the hub, the tracking server's secrets."""
    return {name: os.environ[name] for name in _PASSED if name in os.environ}


def identity_labels(identity: Mapping[str, object]) -> dict[str, str]:
    """Which task instance a container belongs to, by ``org.dualform.dag_id``, ``.run_id`` and so on."""
    return {LABEL + name: str(value) for name, value in identity.items()}
