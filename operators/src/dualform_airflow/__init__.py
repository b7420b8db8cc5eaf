"""Airflow provider of Dualform: one operator for its Java tasks, and the DAGs built from it."""

from __future__ import annotations

from importlib.metadata import version

__version__ = version("dualform-airflow")
