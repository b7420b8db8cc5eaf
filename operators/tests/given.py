"""Gives the tests an Airflow home of their own; it has to be imported before Airflow is."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_home = tempfile.TemporaryDirectory(prefix="dualform-airflow-tests-")
# The environment as it was given: the tests of the whole product pass some of it on.
GIVEN = dict(os.environ)
for _name in [name for name in os.environ if name.startswith(("AIRFLOW__", "AIRFLOW_", "DUALFORM_", "MLFLOW_"))]:
    if _name != "DUALFORM_TEST_ASSETS":
        del os.environ[_name]
os.environ["AIRFLOW_HOME"] = _home.name
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__DAGS_FOLDER"] = str(Path(__file__).parent / "dags")

ROOT = Path(__file__).resolve().parents[2]
# What the guide calls /opt/dualform.
OWN = Path(_home.name) / "opt"
