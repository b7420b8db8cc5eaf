"""Which MLflow server a task tracks to, and what its process needs to reach it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from airflow.sdk import Connection

from ._compat import AirflowFailException


@dataclass(frozen=True)
class Tracking:
    uri: str
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    """Variables of the child process; secrets travel here and never in the request."""


def find_tracking(conn_id: str | None) -> Tracking | None:
    """The connection's server, else MLFLOW_TRACKING_URI's; None where neither is set: nothing is tracked then."""
    if conn_id:
        return from_connection(Connection.get(conn_id))
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    return Tracking(_checked(uri, "MLFLOW_TRACKING_URI")) if uri else None


def from_connection(connection: Connection) -> Tracking:
    """Reads an HTTP connection: host and port (or a whole address as host), a password alone as token."""
    what = f"the host of connection {connection.conn_id}"
    host = connection.host or ""
    if "://" not in host:
        scheme = connection.schema or ("https" if connection.conn_type == "https" else "http")
        host = f"{scheme}://{host}"
    if connection.port:
        host = f"{host.rstrip('/')}:{connection.port}"
    environment: dict[str, str] = {}
    if connection.login and connection.password:
        environment["MLFLOW_TRACKING_USERNAME"] = connection.login
        environment["MLFLOW_TRACKING_PASSWORD"] = connection.password
    elif connection.password:
        environment["MLFLOW_TRACKING_TOKEN"] = connection.password
    return Tracking(_checked(host, what), environment)


def _checked(uri: str, what: str) -> str:
    scheme, separator, rest = uri.partition("://")
    if not separator or scheme not in ("http", "https") or not rest.strip("/"):
        raise AirflowFailException(
            f"Dualform tracks to an MLflow server over http or https, as http://mlflow:5000; {what} is {uri!r}."
        )
    return uri.rstrip("/")
