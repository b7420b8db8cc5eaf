"""The REST API that the Java client was generated for is the one that Airflow has."""

from __future__ import annotations

import copy
import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from .airflow_server import AirflowServer
from .openapi_comparison import Json, compare

RUNS = "/api/v2/dags/{dag_id}/dagRuns"


@pytest.fixture(scope="module")
def client() -> Json:
    """The document that the Java client is generated from."""
    file = Path(__file__).resolve().parents[2] / "airflow" / "src" / "main" / "openapi" / "airflow.yaml"
    document: Json = yaml.safe_load(file.read_text())
    return document


@pytest.mark.slow
def test_a_live_server_has_every_path_parameter_and_field_that_the_client_uses(
    airflow: AirflowServer, client: Json
) -> None:
    # The log-in belongs to the auth manager, an application of its own below /auth.
    findings = compare(
        client, {"": document(airflow, "/openapi.json"), "/auth": document(airflow, "/auth/openapi.json")}
    )
    assert findings.problems == []
    assert f"POST {RUNS} request.conf" in findings.compared
    assert f"GET {RUNS} 200.dag_runs[].state" in findings.compared
    assert "POST /auth/token 201.access_token" in findings.compared


def test_a_document_fits_itself(client: Json) -> None:
    assert compare(client, {"": client}).problems == []


def lose_path(server: Json) -> None:
    del server["paths"]["/api/v2/version"]


def lose_method(server: Json) -> None:
    del server["paths"][RUNS]["post"]


def lose_parameter(server: Json) -> None:
    del server["paths"][RUNS]["get"]["parameters"][-1]


def want_parameter(server: Json) -> None:
    wanted = {"name": "bundle", "in": "query", "required": True, "schema": {"type": "string"}}
    server["paths"][RUNS]["get"]["parameters"].append(wanted)


def lose_status(server: Json) -> None:
    answers = server["paths"]["/auth/token"]["post"]["responses"]
    answers["200"] = answers.pop("201")


def rename_answered(server: Json) -> None:
    fields = server["components"]["schemas"]["TaskInstanceResponse"]["properties"]
    fields["attempt"] = fields.pop("try_number")


def rename_sent(server: Json) -> None:
    fields = server["components"]["schemas"]["ClearTaskInstancesBody"]["properties"]
    fields["reset_runs"] = fields.pop("reset_dag_runs")


def answer_null(server: Json) -> None:
    server["components"]["schemas"]["DAGRunResponse"]["properties"]["state"]["nullable"] = True


def answer_text(server: Json) -> None:
    server["components"]["schemas"]["PoolResponse"]["properties"]["slots"] = {"type": "string"}


def refuse_null(server: Json) -> None:
    server["components"]["schemas"]["TriggerDAGRunPostBody"]["properties"]["logical_date"]["nullable"] = False


def require_more(server: Json) -> None:
    server["components"]["schemas"]["PoolBody"]["required"].append("description")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lose_path, "GET /api/v2/version: the server does not know it"),
        (lose_method, f"POST {RUNS}: the server does not know it"),
        (lose_parameter, f"GET {RUNS}: the server has no query parameter run_id_pattern"),
        (want_parameter, f"GET {RUNS}: the server wants the query parameter bundle"),
        (lose_status, "POST /auth/token: the server never answers 201"),
        (rename_answered, "200.task_instances[].try_number: the server does not know it"),
        (rename_sent, "request.reset_dag_runs: the server does not know it"),
        (answer_null, "200.state: the server may answer null or string, the client reads string"),
        (answer_text, "200.slots: the server may answer string, the client reads integer"),
        (refuse_null, "request.logical_date: the client may send null or string, the server takes string"),
        (require_more, "request.description: the server requires it, the client may leave it out"),
    ],
)
def test_each_difference_is_found(client: Json, change: Callable[[Json], None], problem: str) -> None:
    server = copy.deepcopy(client)
    change(server)
    problems = compare(client, {"": server}).problems
    assert any(found.endswith(problem) for found in problems), problems
    assert all(found.rsplit(": ", 1)[1] in problem for found in problems)


def document(airflow: AirflowServer, path: str) -> Json:
    with urllib.request.urlopen(airflow.url + path, timeout=60) as response:  # noqa: S310 - our own loopback address
        found: Any = json.load(response)
    content: Json = found
    return content
