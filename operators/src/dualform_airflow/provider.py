"""What Airflow is told of this provider."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from . import settings

_NAME = "dualform-airflow"
_INTEGRATION = "Dualform"
LINKS = ("MlflowRunLink", "CurvesLink", "ReportLink", "IclLink", "FtLink", "ComparisonLink")

CONNECTION_TYPE = "dualform_mlflow"
HOOK_NAME = "MLflow (Dualform)"
RELABELLED = {"host": "Address", "schema": "Schema or path", "password": "Password or token"}
PLACEHOLDERS = {
    "host": "https://mlflow.example.org, or a name beside schema and port",
    "schema": "http or https, or the path below which the server answers",
    "port": "5000",
    "login": "empty for a token",
    "password": "a token, or the login's password",
}
# Nothing else is read: an unknown extra would look as if it had an effect.
HIDDEN = ["extra"]


def get_provider_info() -> dict[str, Any]:
    """Airflow's entry point ``apache_airflow_provider`` calls it in every component; it imports no hook and no DAG."""
    return {
        "package-name": _NAME,
        "name": "Dualform",
        "description": "Prompt or fine-tune: measures in-context learning against fine-tuning.",
        "versions": [version(_NAME)],
        "integrations": [{"integration-name": _INTEGRATION, "tags": ["software"]}],
        "operators": [
            {
                "integration-name": _INTEGRATION,
                "python-modules": [
                    f"dualform_airflow.{name}" for name in ("operator", "plan", "summary", "approval_operator")
                ],
            }
        ],
        "hooks": [{"integration-name": _INTEGRATION, "python-modules": ["dualform_airflow.hook"]}],
        "connection-types": [
            {
                "connection-type": CONNECTION_TYPE,
                "hook-class-name": "dualform_airflow.hook.DualformMlflowHook",
                "hook-name": HOOK_NAME,
                # Airflow 3.1 asks the hook for these; newer versions read them here and import no hook for the form.
                "ui-field-behaviour": {
                    "hidden-fields": HIDDEN,
                    "relabeling": RELABELLED,
                    "placeholders": PLACEHOLDERS,
                },
            }
        ],
        "extra-links": [f"dualform_airflow.links.{name}" for name in LINKS],
        "notifications": ["dualform_airflow.notifier.AnswerNotifier"],
        "config": settings.section(),
    }
