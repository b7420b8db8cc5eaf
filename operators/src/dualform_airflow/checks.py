"""Checks that name every mistake at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ._compat import AirflowFailException

T = TypeVar("T")

# Airflow keeps logs in a folder dag_id=NAME, and the name of a file or folder has at most 255 bytes.
LONGEST_DAG_ID = 255 - len("dag_id=")


class SeveralMistakes(AirflowFailException):
    """Names all of them.

    Args:
        found: one sentence each.
    """

    def __init__(self, found: list[str]) -> None:
        listed = "\n".join(f"  - {each}" for each in found)
        super().__init__(found[0] if len(found) == 1 else f"{len(found)} mistakes:\n{listed}")
        self.found = found


class Mistakes:
    """Collects what is wrong on this worker, so that one look at the log suffices."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def look(self, step: Callable[[], T]) -> T | None:
        """Runs a step that may find a user's mistake; None if it found one."""
        try:
            return step()
        except AirflowFailException as mistake:
            found = mistake.found if isinstance(mistake, SeveralMistakes) else [str(mistake)]
            # Two steps may meet the same mistake.
            self.found += [each for each in found if each not in self.found]
            return None

    def raise_if_any(self) -> None:
        """Fails the task for good if there was a mistake."""
        if self.found:
            raise SeveralMistakes(self.found)


def check_arguments(
    workspace: str | None, java_options: object, mlflow_conn_id: str | None, pool: str | None = None
) -> None:
    """Refuses arguments that are wrong on every worker, while the DAG file is read.

    Raises:
        ValueError: names every mistake. Airflow shows it as the file's import error.
    """
    found: list[str] = []
    if workspace is not None and not workspace.startswith("/"):
        found.append(f"workspace has to be an absolute path; it is {workspace!r}.")
    if isinstance(java_options, str):
        found.append(f"java_options has to be a list of options, such as [{java_options!r}]; it is a single text.")
    if mlflow_conn_id is not None and (not mlflow_conn_id.strip() or "/" in mlflow_conn_id):
        found.append(
            f"mlflow_conn_id has to be the id of an Airflow connection; it is {mlflow_conn_id!r}. "
            "The address of the server goes into the connection."
        )
    if pool is not None and not pool.strip():
        found.append(
            "pool has to be the name of an Airflow pool; it is empty. Leave it out for Airflow's default pool."
        )
    if found:
        raise ValueError(" ".join(found))
