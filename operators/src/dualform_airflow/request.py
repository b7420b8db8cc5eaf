"""The workspace, and a task's files in it (contract/schema/request.schema.json and result.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ._compat import AirflowFailException
from .settings import HOME


def find_workspace(argument: str | None) -> Path:
    """The folder of everything computed: the argument, else ``workspace`` under DUALFORM_HOME.

    All tasks of a study share it, unless the study's files travel through MLflow.
    """
    home = HOME.read()
    if not argument and not home:
        raise AirflowFailException(
            f"No workspace: set {HOME.places(' on the workers')} to a folder they share (with transport mlflow, to one "
            "of their own), or give the operator (or the DAG factory) the argument workspace."
        )
    workspace = Path(argument) if argument else Path(home) / "workspace"
    if not workspace.is_absolute():
        raise AirflowFailException(f"The workspace must be an absolute path; it is {workspace}.")
    return workspace


def files_of_attempt(workspace: Path, identity: Mapping[str, Any]) -> tuple[Path, Path]:
    """The request file and the result file of one try, which no other try reads."""
    folder = workspace / "requests"
    for part in ("dag_id", "run_id", "task_id"):
        folder = folder / quote(identity[part], safe="+:@,")
    index = "" if identity["map_index"] < 0 else f"{identity['map_index']}."
    stem = f"{index}try{identity['try_number']}"
    return folder / f"{stem}.request.json", folder / f"{stem}.result.json"


def request_line(request: Mapping[str, Any]) -> bytes:
    """The request as every task gets it: one line of JSON in UTF-8, with its end."""
    return json.dumps(dict(request), ensure_ascii=False).encode() + b"\n"


def write_request(path: Path, request: Mapping[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(request_line(request))
    except OSError as error:
        raise AirflowFailException(f"The request cannot be written to the workspace: {error}.") from error


def read_result(path: Path) -> dict[str, Any] | None:
    """The result; None where the task ended before it wrote one."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if not isinstance(result, dict):
        raise AirflowFailException(f"{path} holds no result object.")
    return result
