"""The connection to an MLflow server, and the test that its form offers."""

from __future__ import annotations

from typing import Any

import httpx
from airflow.sdk import BaseHook

from ._compat import AirflowFailException
from .provider import CONNECTION_TYPE, HIDDEN, HOOK_NAME, PLACEHOLDERS, RELABELLED
from .tracking import Tracking, from_connection

_PATIENCE_S = 10.0
_LONGEST_ANSWER = 200


class DualformMlflowHook(BaseHook):
    """A connection of any type to an MLflow server: the tasks read the same fields of each.

    Args:
        mlflow_conn_id: id of the connection.
    """

    conn_name_attr = "mlflow_conn_id"
    default_conn_name = "mlflow"
    conn_type = CONNECTION_TYPE
    hook_name = HOOK_NAME

    def __init__(self, mlflow_conn_id: str = default_conn_name, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.mlflow_conn_id = mlflow_conn_id

    @staticmethod
    def get_ui_field_behaviour() -> dict[str, Any]:
        """How the form of a connection looks. Airflow 3.2 and newer read the same from the provider's description."""
        return {"hidden_fields": HIDDEN, "relabeling": RELABELLED, "placeholders": PLACEHOLDERS}

    def get_conn(self) -> httpx.Client:
        """A client of the server, with its address and its credentials. The caller closes it.

        Raises:
            AirflowFailException: a field of the connection is wrong; the message says which.
        """
        return _client(from_connection(self.get_connection(self.mlflow_conn_id)))

    def test_connection(self) -> tuple[bool, str]:
        """Asks the server for its version, and for an experiment as the tasks do. It changes nothing there.

        Returns:
            whether tasks could track to it, and a sentence.
        """
        try:
            with self.get_conn() as client:
                return _ask(client)
        except AirflowFailException as mistake:
            # Airflow tests a connection under a made-up id.
            return False, str(mistake).replace(f"connection {self.mlflow_conn_id}", "connection")


def _client(tracking: Tracking) -> httpx.Client:
    credentials = tracking.environment
    token = credentials.get("MLFLOW_TRACKING_TOKEN")
    login = credentials.get("MLFLOW_TRACKING_USERNAME")
    return httpx.Client(
        base_url=tracking.uri,
        timeout=_PATIENCE_S,
        auth=(login, credentials["MLFLOW_TRACKING_PASSWORD"]) if login else None,
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )


def _ask(client: httpx.Client) -> tuple[bool, str]:
    where = str(client.base_url).rstrip("/")
    try:
        version = client.get("version")
        if refusal := _refusal(version, where):
            return False, refusal
        experiments = client.post("api/2.0/mlflow/experiments/search", json={"max_results": 1})
        if refusal := _refusal(experiments, where):
            return False, refusal
        listed = isinstance(experiments.json(), dict)
    except httpx.TimeoutException:
        return False, f"{where} gave no answer within {_PATIENCE_S:.0f} seconds. Is the address right, and reachable?"
    except httpx.TransportError as error:
        return False, f"{where} cannot be reached: {error}. Is the address right, and does the server run?"
    except ValueError:
        listed = False
    if not listed:
        return (
            False,
            f"{where} answers, but not as MLflow does: the list of experiments is no JSON. Are host and path right?",
        )
    return True, f"MLflow {version.text.strip()[:40]} answers at {where}, and lets these credentials read experiments."


def _refusal(answer: httpx.Response, where: str) -> str | None:
    """Why an answer is no good, and the way out; None if it is good."""
    code = answer.status_code
    if answer.is_success:
        return None
    if answer.is_redirect:
        return (
            f"{where} sends elsewhere, to {answer.headers.get('location', 'no address')}. Give the address at which "
            "MLflow itself answers; a log-in page means that a login or a token is missing."
        )
    if code == 401:
        return f"{where} wants other credentials (401): a login and its password, or a token as the password alone."
    if code == 403 and "host" in answer.text.lower():
        return (
            f"{where} refuses this name of itself (403: {_short(answer)}). "
            "Start MLflow with --allowed-hosts and the name in the address."
        )
    if code == 403:
        return f"{where} knows the credentials, but they may not read experiments (403: {_short(answer)})."
    if code in (404, 405):
        return f"{where} is no MLflow server: {answer.request.url.path} is not there ({code}). Are host and path right?"
    return f"{where} answers {answer.request.url.path} with {code}: {_short(answer)}"


def _short(answer: httpx.Response) -> str:
    return " ".join(answer.text.split())[:_LONGEST_ANSWER] or "no text"
