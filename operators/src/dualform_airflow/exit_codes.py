"""What a task's exit code means to Airflow: success, skip, try again, or fail for good."""

from __future__ import annotations

from ._compat import AirflowException, AirflowFailException, AirflowSkipException

_USER_ERRORS = {64: "wrong request", 65: "wrong input data", 78: "wrong configuration"}
_HEAP_EXHAUSTED = 3  # what -XX:+ExitOnOutOfMemoryError exits with
_MEMORY_HINT = (
    "Give the worker more memory, or use fewer parallel tasks (the DAG's max_active_tasks, or a pool), "
    "a smaller model or fewer shots."
)


def raise_for_exit_code(code: int, kind: str, message: str) -> None:
    """Raises what makes Airflow skip, retry or fail the task; for exit code 0, nothing.

    Args:
        code: exit status as a shell reports it; 128 and the signal's number for a killed process.
        kind: the task's kind, for the sentence.
        message: what the task itself said, or the end of its output. It comes first: it is the cause.
    """
    if code == 0:
        return
    if code == 99:
        raise AirflowSkipException(message or f"{kind} was skipped.")
    if code in _USER_ERRORS:
        raise AirflowFailException(_told(message, f"{kind}: {_USER_ERRORS[code]} (exit code {code}, not retried)."))
    if code == 70:
        raise AirflowFailException(_told(message, f"{kind} failed by a bug in Dualform (exit code 70, not retried)."))
    if code == 71:
        raise AirflowFailException(_told(message, f"{kind} failed for good (exit code 71, not retried)."))
    if code == 75:
        raise AirflowException(_told(message, f"{kind} could not finish now (exit code 75); trying again may help."))
    if code in (130, 143):
        raise AirflowException(_told(message, f"{kind} was stopped (exit code {code})."))
    if code == 137:
        raise AirflowException(
            f"{kind} was killed (exit code 137), most often because the machine ran out of memory. {_MEMORY_HINT}"
        )
    if code == _HEAP_EXHAUSTED:
        raise AirflowFailException(f"{kind} ran out of Java heap memory. {_MEMORY_HINT}")
    raise AirflowException(_told(message, f"{kind} ended with exit code {code}."))


def _told(message: str, meaning: str) -> str:
    return f"{message.rstrip()}\n{meaning}" if message else meaning
