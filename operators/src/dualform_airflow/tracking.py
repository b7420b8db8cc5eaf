"""Which MLflow server a task tracks to, and what its process needs to reach it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from airflow.sdk import Connection

from ._compat import AirflowFailException


@dataclass(frozen=True)
class Tracking:
    """An MLflow server."""

    uri: str
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    """Variables that a task's process needs to reach it. Secrets are passed here, never in the request."""


def find_tracking(conn_id: str | None) -> Tracking | None:
    """The connection's server, else that of MLFLOW_TRACKING_URI. None where neither is set; nothing is tracked then."""
    if conn_id:
        return from_connection(Connection.get(conn_id))
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    return Tracking(_checked(uri, "MLFLOW_TRACKING_URI")) if uri else None


def from_connection(connection: Connection) -> Tracking:
    """The server of an HTTP connection.

    Its host may be a name beside a port, or a whole address. A password without a login is a token.
    """
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
            f"Dualform tracks to an MLflow server over http or https, such as http://mlflow:5000; {what} is {uri!r}."
        )
    return uri.rstrip("/")
