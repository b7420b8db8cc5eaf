"""Airflow provider of Dualform: one operator for its Java tasks, and the DAGs built from it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

__version__ = version("dualform-airflow")
_LINKS = ("MlflowRunLink", "CurvesLink", "ReportLink", "IclLink", "FtLink", "ComparisonLink")


def provider_info() -> dict[str, Any]:
    """What Airflow lists under its providers."""
    return {
        "package-name": "dualform-airflow",
        "name": "Dualform",
        "description": "Prompt or fine-tune: measures in-context learning against fine-tuning.",
        "versions": [__version__],
        "extra-links": [f"dualform_airflow.links.{name}" for name in _LINKS],
    }
