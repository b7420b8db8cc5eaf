"""A tab on the page of a DAG run, with the study's answer and the links to MLflow.

Airflow shows links of tasks only. Its plugins may add to a run the page of another server, and MLflow refuses to be
shown within another page; or a small program that runs in Airflow's own page. This is the latter. Its address holds the
whole program, so no code of ours answers requests in the API server.
"""

from __future__ import annotations

import base64
from importlib.resources import files

from airflow.plugins_manager import AirflowPlugin

from .settings import RUN_PAGE

_NAME = "Dualform"


def _address() -> str:
    program = files("dualform_airflow").joinpath("run_page.js").read_bytes()
    return "data:text/javascript;base64," + base64.b64encode(program).decode("ascii")


class DualformPlugin(AirflowPlugin):
    """Adds the tab to the runs of every DAG: Airflow adds it to all or none. The setting ``run_page`` leaves it out."""

    name = "dualform"
    react_apps = (
        []
        if RUN_PAGE.read() == "no"
        else [{"name": _NAME, "bundle_url": _address(), "destination": "dag_run", "url_route": "dualform"}]
    )
