"""Settings of an installation: an environment variable DUALFORM_NAME, else Airflow's own configuration [dualform] name.

An argument of an operator or a DAG factory wins over both. Airflow's configuration is also given by the environment
variable AIRFLOW__DUALFORM__NAME, by a command, or by a secret backend.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

SECTION = "dualform"


@dataclass(frozen=True)
class Setting:
    """One setting.

    Args:
        name: in Airflow's configuration; the environment variable is DUALFORM_ and the name in capitals.
        description: what it is, in reStructuredText, as Airflow prints it.
        example: a value that makes sense.
    """

    name: str
    description: str
    example: str

    @property
    def variable(self) -> str:
        return f"DUALFORM_{self.name.upper()}"

    def read(self) -> str:
        """The value; empty where it is set nowhere."""
        if given := os.environ.get(self.variable):
            return given
        # Not at the module's start: Airflow reads the provider's description while it makes its configuration.
        from ._compat import conf

        return str(conf.get(SECTION, self.name, fallback="") or "")

    def places(self, on: str = "") -> str:
        """Where it can be set, for a message, with the machines that read it."""
        return f"{self.variable}{on} (or [{SECTION}] {self.name} in Airflow's configuration)"

    def option(self) -> dict[str, Any]:
        """The setting as the provider describes it to Airflow."""
        instead = f"The environment variable ``{self.variable}`` wins over it."
        return {
            "description": f"{self.description}\n{instead}\n",
            "version_added": None,
            "type": "string",
            "example": self.example,
            "default": "",
        }


JAR = Setting("jar", "Path of ``dualform-task.jar`` on the workers.", "/opt/dualform/dualform-task.jar")
EXECUTION = Setting(
    "execution",
    "Where tasks run: ``local`` (a process on the worker; also where it is empty), ``docker`` or ``kubernetes``.",
    "docker",
)
IMAGE = Setting(
    "image", "The task image, for ``docker`` and ``kubernetes``.", "registry.example.org/dualform-task:VERSION"
)
HOME = Setting(
    "home",
    "A folder that all workers share. Files that one task passes to another are in its ``workspace``.",
    "/opt/dualform/home",
)
MODEL_ROOTS = Setting(
    "model_roots",
    "Folders with models, separated by colons. The form offers their names.",
    "/opt/dualform/models:/data/models",
)
DATA_ROOTS = Setting(
    "data_roots", "Folders with data sets, separated by colons. The form offers their names.", "/data/sets"
)
MLFLOW_CONN_ID = Setting(
    "mlflow_conn_id",
    "The connection to the MLflow server. Where it is empty, the server is that of ``MLFLOW_TRACKING_URI``.",
    "mlflow",
)
APPROVAL = Setting(
    "approval",
    "Whether a study waits after its plan until someone approves its cost. ``never`` (also where it is empty),\n"
    "``always``, or ``form``: a field of the trigger form decides for each run.",
    "form",
)
RUN_PAGE = Setting(
    "run_page",
    "Whether the page of every DAG run has a tab with the study's answer and links to MLflow: ``yes`` (also where\n"
    "it is empty) or ``no``. The API server reads it.",
    "no",
)
ALL = (JAR, EXECUTION, IMAGE, HOME, MODEL_ROOTS, DATA_ROOTS, MLFLOW_CONN_ID, APPROVAL, RUN_PAGE)


def section() -> dict[str, Any]:
    """The section of Airflow's configuration, as the provider describes it."""
    return {
        SECTION: {
            "description": "Dualform's tasks. An argument of an operator or a DAG factory wins over each of these.",
            "options": {setting.name: setting.option() for setting in ALL},
        }
    }
