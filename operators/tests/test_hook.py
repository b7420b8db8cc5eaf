"""The test of a connection: what it says of a real MLflow server, and of servers that are none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dualform_airflow.hook import DualformMlflowHook

from .airflow_api import AirflowApi
from .airflow_server import free_port
from .given import GIVEN


def told_of(monkeypatch: pytest.MonkeyPatch, **parts: object) -> tuple[bool, str]:
    monkeypatch.setenv("AIRFLOW_CONN_MINE", json.dumps({"conn_type": "dualform_mlflow", **parts}))
    return DualformMlflowHook("mine").test_connection()


@contextmanager
def answering(status: int, text: str = "", **headers: str) -> Iterator[str]:
    """A web server that gives one answer to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_GET  # noqa: N815 - the name is the standard library's

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "text", "headers", "says"),
    [
        (401, "", {}, "wants other credentials (401)"),
        (403, "Invalid Host header - possible DNS rebinding attack detected", {}, "--allowed-hosts"),
        (403, "Permission denied", {}, "may not read experiments (403: Permission denied)"),
        (404, "", {}, "is no MLflow server: /version is not there (404)"),
        (302, "", {"location": "https://sso.example/login"}, "sends elsewhere, to https://sso.example/login"),
        (502, "Bad\nGateway", {}, "answers /version with 502: Bad Gateway"),
        (200, "<html>", {}, "but not as MLflow does"),
    ],
)
def test_what_is_wrong_is_told_with_the_way_out(
    status: int, text: str, headers: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(status, text, **headers) as url:
        good, message = told_of(monkeypatch, host=url)
    assert not good
    assert says in message
    assert url in message


def test_a_server_that_is_away_and_a_wrong_field_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    assert f"http://127.0.0.1:{port} cannot be reached" in told_of(monkeypatch, host="127.0.0.1", port=port)[1]
    good, message = told_of(monkeypatch, host="mlflow", login="me")
    assert not good
    assert message.startswith("The connection has a login and no password.")


@pytest.fixture(scope="module")
def mlflow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    python = GIVEN.get("DUALFORM_MLFLOW_PYTHON")
    if not python:
        pytest.skip("no MLflow: ./dualform test names its Python by DUALFORM_MLFLOW_PYTHON")
    home, port = tmp_path_factory.mktemp("mlflow"), free_port()
    command = [str(Path(python).with_name("mlflow")), "server", "--host", "127.0.0.1", "--port", str(port)]
    options = ["--workers", "1", "--backend-store-uri", f"sqlite:///{home}/mlflow.db"]
    process = subprocess.Popen(
        [*command, *options, "--artifacts-destination", str(home / "artifacts")],
        env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"},
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=(home / "log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        AirflowApi("", "").wait_for("MLflow", lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/health"))
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


@pytest.mark.slow
def test_a_real_server_is_asked_for_its_version_and_for_an_experiment(
    mlflow: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, message = told_of(monkeypatch, host=mlflow, password="a-token")  # noqa: S106 - no server checks it
    assert good
    assert message.startswith("MLflow 3.")
    assert message.endswith(f"answers at {mlflow}, and lets these credentials read experiments.")
    good, message = told_of(monkeypatch, host=mlflow, schema="path")
    assert not good
    assert "/path/version is not there (404)" in message
