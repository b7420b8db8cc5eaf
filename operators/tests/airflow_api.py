"""A client of Airflow's REST API for the tests; it can wait for what it asks about."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

PATIENCE_S = 240.0


class HttpError(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


class AirflowApi:
    """One server, used as its user admin."""

    patience_s = PATIENCE_S
    """How long to wait for anything that has no patience of its own."""

    def __init__(self, url: str, password: str) -> None:
        self.url = url
        self._password = password
        self._token = ""

    def log_in(self) -> bool:
        body = {"username": "admin", "password": self._password}
        self._token = self._send("POST", "/auth/token", body)["access_token"]
        return True

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request under /api/v2; raises HttpError with Airflow's own detail."""
        return self._send(method, "/api/v2" + path, body)

    def await_dag(self, dag_id: str) -> None:
        def listed() -> bool:
            with contextlib.suppress(HttpError):
                self.call("GET", f"/dags/{dag_id}")
                return True
            return False

        self.wait_for(f"DAG {dag_id}", listed)

    def trigger(self, dag_id: str, run_id: str, **conf: Any) -> None:
        self.call("POST", f"/dags/{dag_id}/dagRuns", {"dag_run_id": run_id, "logical_date": None, "conf": conf})

    def task(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> dict[str, Any]:
        index = f"/{map_index}" if map_index >= 0 else ""
        found: dict[str, Any] = self.call("GET", f"{_run(dag_id, run_id)}/taskInstances/{task_id}{index}")
        return found

    def await_task(self, dag_id: str, run_id: str, task_id: str, *states: str, tries: int = 0) -> dict[str, Any]:
        """Waits until the task is in one of the states and has made at least so many tries."""

        def reached() -> bool:
            task = self.task(dag_id, run_id, task_id)
            return task["state"] in states and task["try_number"] >= tries

        self.wait_for(f"{task_id} to be {' or '.join(states)}", reached)
        return self.task(dag_id, run_id, task_id)

    def await_run(self, dag_id: str, run_id: str) -> str:
        """Waits for the run's end and returns its state."""
        self.wait_for(f"run {run_id}", lambda: self.run(dag_id, run_id)["state"] in ("success", "failed"))
        state: str = self.run(dag_id, run_id)["state"]
        return state

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", _run(dag_id, run_id))
        return found

    def log(self, dag_id: str, run_id: str, task_id: str, try_number: int = 1, map_index: int = -1) -> str:
        path = f"{_run(dag_id, run_id)}/taskInstances/{task_id}/logs/{try_number}?map_index={map_index}"
        entries = self.call("GET", path)["content"]
        return "\n".join(entry if isinstance(entry, str) else json.dumps(entry) for entry in entries)

    def links(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> dict[str, Any]:
        path = f"{_run(dag_id, run_id)}/taskInstances/{task_id}/links?map_index={map_index}"
        found: dict[str, Any] = self.call("GET", path)["extra_links"]
        return found

    def mark(self, dag_id: str, run_id: str, task_id: str, state: str, map_index: int = -1) -> None:
        index = f"/{map_index}" if map_index >= 0 else ""
        self.call("PATCH", f"{_run(dag_id, run_id)}/taskInstances/{task_id}{index}", {"new_state": state})

    def wait_for(self, what: str, condition: Callable[[], Any], patience_s: float | None = None) -> None:
        """Waits until the condition holds. While the server does not answer yet, it does not hold."""
        deadline = time.monotonic() + (self.patience_s if patience_s is None else patience_s)
        while True:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                if condition():
                    return
            self.check_alive()
            if time.monotonic() > deadline:
                raise AssertionError(f"waited in vain for {what}")
            time.sleep(0.3)

    def check_alive(self) -> None:
        """Raises if the server has ended, so that waiting would be in vain."""

    def _send(self, method: str, path: str, body: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/json",
                "Accept": "application/json",
                **({"Authorization": f"Bearer {self._token}"} if self._token else {}),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                text = response.read().decode()
                return json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            raise HttpError(error.code, error.read().decode()) from None


def _run(dag_id: str, run_id: str) -> str:
    return f"/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}"
