"""The address of an MLflow server from the parts of an Airflow connection, and from a connection URI."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from airflow.sdk import Connection

from dualform_airflow._compat import AirflowFailException, AirflowNotFoundException
from dualform_airflow.tracking import find_tracking, from_connection

SECRET = "s3cret"  # noqa: S105 - of no server


def connection(**parts: Any) -> Connection:
    return Connection(conn_id="m", **{"conn_type": "generic", **parts})


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        ({"host": "mlflow"}, "http://mlflow"),
        ({"host": "mlflow", "port": 5000}, "http://mlflow:5000"),
        ({"host": "mlflow:5000"}, "http://mlflow:5000"),
        ({"host": "mlflow:5000", "port": 5000}, "http://mlflow:5000"),
        ({"host": " mlflow ", "port": 5000, "schema": "https"}, "https://mlflow:5000"),
        ({"host": "mlflow", "schema": "HTTPS"}, "https://mlflow"),
        ({"host": "mlflow", "conn_type": "https"}, "https://mlflow"),
        ({"host": "mlflow", "conn_type": "https", "schema": "http"}, "http://mlflow"),
        ({"host": "https://ml.example/mlflow"}, "https://ml.example/mlflow"),
        ({"host": "https://ml.example/mlflow", "port": 8443}, "https://ml.example:8443/mlflow"),
        ({"host": "https://ml.example:8443/mlflow/", "port": 8443}, "https://ml.example:8443/mlflow"),
        ({"host": "https://ml.example/", "schema": "https"}, "https://ml.example"),
        ({"host": "ml.example/a/b", "port": 80}, "http://ml.example:80/a/b"),
        ({"host": "ml.example", "schema": "mlflow", "port": 8443}, "http://ml.example:8443/mlflow"),
        ({"host": "ml.example/mlflow", "schema": "/mlflow/"}, "http://ml.example/mlflow"),
        ({"host": "127.0.0.1", "port": 5000}, "http://127.0.0.1:5000"),
        ({"host": "::1", "port": 5000}, "http://[::1]:5000"),
        ({"host": "[::1]", "port": 5000}, "http://[::1]:5000"),
        ({"host": "[2001:db8::7]:5000"}, "http://[2001:db8::7]:5000"),
        ({"host": "https://[2001:db8::7]/mlflow", "port": 8443}, "https://[2001:db8::7]:8443/mlflow"),
    ],
)
def test_parts_of_a_connection(parts: dict[str, Any], address: str) -> None:
    found = from_connection(connection(**parts)).uri
    assert found == address
    read = urlsplit(found)  # no rule of ours: the library finds the parts again
    assert (read.hostname, read.port) == (urlsplit(address).hostname, parts.get("port") or urlsplit(address).port)


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("https://ml.example:8443/mlflow", "https://ml.example:8443/mlflow"),
        ("http://ml.example", "http://ml.example"),
        ("http://ml.example:5000/https", "https://ml.example:5000"),
        ("http://[::1]:5000", "http://[::1]:5000"),
        ("generic://ml.example:5000/https", "https://ml.example:5000"),
        ("https://https%3A%2F%2Fml.example%2Fmlflow:8443", "https://ml.example:8443/mlflow"),
    ],
)
def test_connection_uris_as_airflow_reads_them(uri: str, address: str) -> None:
    assert from_connection(Connection.from_uri(uri, conn_id="m")).uri == address


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({}, "no host"),
        ({"host": "  "}, "no host"),
        ({"host": "https://"}, "names no host"),
        ({"host": "two words"}, "names no host"),
        ({"host": "sqlite:///mlflow.db"}, "neither http:// nor https://"),
        ({"host": "ftp://ml.example"}, "neither http:// nor https://"),
        ({"host": "ml.example:port"}, "from 1 to 65535"),
        ({"host": "ml.example:"}, "from 1 to 65535"),
        ({"host": "ml.example:99999"}, "from 1 to 65535"),
        ({"host": "ml.example", "port": 0}, "from 1 to 65535; it is 0"),
        ({"host": "ml.example", "port": 70000}, "from 1 to 65535; it is 70000"),
        ({"host": "ml.example:5000", "port": 5001}, "says port 5000, and the port is 5001"),
        ({"host": "http://ml.example", "schema": "https"}, "says http, and the schema says https"),
        ({"host": "http://ml.example/a", "schema": "b"}, "path /a, and the schema is 'b'"),
        ({"host": "ml.example", "schema": "a b"}, "is no path"),
        ({"host": "ml.example/?token=" + SECRET}, r"has a \? or #"),
        ({"host": "https://ml.example/#/experiments"}, r"has a \? or #"),
        ({"host": "[::1"}, "IPv6"),
        ({"host": "[mlflow]:5000"}, "IPv6|names no host"),
        ({"host": f"https://me:{SECRET}@ml.example"}, "login and password are not written into an address"),
        ({"host": "ml.example", "login": "me"}, "a login and no password"),
    ],
)
def test_wrong_parts_are_told_and_no_secret_is(parts: dict[str, Any], says: str) -> None:
    with pytest.raises(AirflowFailException, match=says) as refused:
        from_connection(connection(**parts))
    assert "connection m" in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("uri", "says"),
    [("mlruns:80:80", "MLFLOW_TRACKING_URI"), (f"https://me:{SECRET}@ml.example", "login and password")],
)
def test_the_variable_keeps_to_the_same_rules(uri: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    with pytest.raises(AirflowFailException, match=says) as refused:
        find_tracking(None)
    assert SECRET not in str(refused.value)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://ml.example/mlflow/")
    found = find_tracking(None)
    assert found
    assert (found.uri, found.environment) == ("https://ml.example/mlflow", {})


def test_login_and_token_go_into_the_environment() -> None:
    token = from_connection(connection(host="ml.example", password=SECRET))
    assert token.environment == {"MLFLOW_TRACKING_TOKEN": SECRET}
    both = from_connection(connection(host="ml.example", login="me", password=SECRET))
    assert both.environment == {"MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": SECRET}
    assert SECRET not in repr((token, both))


def test_a_connection_that_is_not_there_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_cls: type[Connection], conn_id: str) -> Connection:
        raise AirflowNotFoundException(f"The conn_id `{conn_id}` isn't defined")

    monkeypatch.setattr(Connection, "get", classmethod(missing))
    with pytest.raises(
        AirflowFailException, match=r"no connection mlflow .* airflow connections add mlflow --conn-type"
    ):
        find_tracking("mlflow")
