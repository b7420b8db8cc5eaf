"""Which MLflow server a task tracks to, and what its process needs to reach it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from airflow.sdk import Connection

from ._compat import AirflowFailException, AirflowNotFoundException
from .address import AddressError, server_address
from .provider import CONNECTION_TYPE
from .settings import MLFLOW_CONN_ID


@dataclass(frozen=True)
class Tracking:
    """An MLflow server."""

    uri: str
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    """Variables that a task's process needs to reach it. Secrets are passed here, never in the request."""


def find_tracking(conn_id: str | None) -> Tracking | None:
    """The connection's server, else that of MLFLOW_TRACKING_URI. None where neither is set; nothing is tracked then.

    Args:
        conn_id: id of the connection; else that of the setting ``mlflow_conn_id``.
    """
    named = "argument mlflow_conn_id" if conn_id else f"setting {MLFLOW_CONN_ID.places()}"
    if conn_id := conn_id or MLFLOW_CONN_ID.read():
        try:
            return from_connection(Connection.get(conn_id))
        except AirflowNotFoundException as missing:
            raise AirflowFailException(
                f"Airflow has no connection {conn_id} ({named}). Create it under Admin, Connections, or by: airflow "
                f"connections add {conn_id} --conn-type {CONNECTION_TYPE} --conn-host https://mlflow.example.org. "
                "Or leave mlflow_conn_id out; MLFLOW_TRACKING_URI of the worker is used then."
            ) from missing
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    return Tracking(_address("MLFLOW_TRACKING_URI", uri)) if uri else None


def from_connection(connection: Connection) -> Tracking:
    """The server of a connection, whatever its type. A password without a login is a token.

    Its host is a name, or a whole address. Its schema is ``http`` or ``https``, or the path below which the server
    answers: Airflow reads the connection URI ``https://mlflow:8443/path`` that way.
    """
    what = f"connection {connection.conn_id}"
    address = _address(
        what, connection.host or "", connection.port, connection.schema or "", connection.conn_type or ""
    )
    environment: dict[str, str] = {}
    if connection.login and not connection.password:
        raise AirflowFailException(
            f"The {what} has a login and no password. MLflow needs both; a token goes into the password, without login."
        )
    if connection.login and connection.password:
        environment["MLFLOW_TRACKING_USERNAME"] = connection.login
        environment["MLFLOW_TRACKING_PASSWORD"] = connection.password
    elif connection.password:
        environment["MLFLOW_TRACKING_TOKEN"] = connection.password
    return Tracking(address, environment)


def _address(what: str, host: str, port: int | None = None, schema: str = "", conn_type: str = "") -> str:
    try:
        return server_address(host, port, schema, conn_type)
    except AddressError as wrong:
        raise AirflowFailException(
            f"Dualform tracks to an MLflow server over http or https, such as http://mlflow:5000; {what}: {wrong}"
        ) from None
