"""The trigger that waits for cells of a study which one task measures as a whole."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from typing import Any

from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from airflow.sdk.execution_time.xcom import XCom
from airflow.triggers.base import BaseTrigger, TaskFailedEvent, TaskSkippedEvent, TaskSuccessEvent, TriggerEvent
from asgiref.sync import sync_to_async

from .inputs import cell_key

_MEASURED = ("done", "diverged")
# One look of so many asks for the study's state.
_STATE_EVERY = 3
# Looks in a row that may fail: five minutes of them.
_MOST_FAILED = 30
_OVER = ("success", "failed", "skipped", "upstream_failed", "removed")


class StudyTrigger(BaseTrigger):
    """Waits until cells have ended inside a study's task."""

    def __init__(self, dag_id: str, run_id: str, study: str, cells: Sequence[str], poll_s: float) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.dag_id, self.run_id, self.study = dag_id, run_id, study
        self.cells, self.poll_s = list(cells), poll_s

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """What Airflow makes the trigger from again."""
        arguments = {
            "dag_id": self.dag_id,
            "run_id": self.run_id,
            "study": self.study,
            "cells": self.cells,
            "poll_s": self.poll_s,
        }
        return f"{type(self).__module__}.{type(self).__qualname__}", arguments

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Looks until every cell has ended, or until the study's task has ended without them."""
        failed = 0
        for look in itertools.count():
            try:
                found = await self._look(with_state=look % _STATE_EVERY == 0)
                failed = 0
            except Exception as error:
                # The task has no try to lose by an API server that is away for a moment.
                failed += 1
                if failed > _MOST_FAILED:
                    raise
                self.log.warning("Looking at %s failed, trying again: %s", self.study, error)
                found = None
            if found is not None:
                yield found
                return
            await asyncio.sleep(self.poll_s)

    async def _look(self, *, with_state: bool) -> TriggerEvent | None:
        """How the cells have ended; None if they have not.

        Each look of each cell's trigger is a request, and a triggerer makes one at a time. So the state of the study,
        which says something only where the study has ended without telling of the cell, is not asked each time.
        """
        # The state comes first: a cell that ends between the two looks is seen in the second.
        state = await self._state() if with_state else None
        told = [await self._told(cell) for cell in self.cells]
        return self._event(told, state) if all(told) or state in _OVER else None

    def _event(self, told: list[Any], state: str | None) -> TriggerEvent:
        statuses = [each["status"] if each else None for each in told]
        for cell, each in zip(self.cells, told, strict=True):
            said = (each["status"], each["message"]) if each else (f"not measured: {self.study} is {state}", "")
            self.log.info("%s: %s", cell, " ".join(filter(None, said)))
        if all(status in _MEASURED for status in statuses):
            return TaskSuccessEvent(xcoms={"return_value": dict(zip(self.cells, statuses, strict=True))})
        if None in statuses and state in ("skipped", "upstream_failed"):
            return TaskSkippedEvent()
        return TaskSkippedEvent() if set(statuses) == {"skipped"} else TaskFailedEvent()

    async def _told(self, cell: str) -> Any:
        return await sync_to_async(XCom.get_one)(
            key=cell_key(cell), dag_id=self.dag_id, task_id=self.study, run_id=self.run_id
        )

    async def _state(self) -> str | None:
        states = await sync_to_async(RuntimeTaskInstance.get_task_states)(
            dag_id=self.dag_id, task_ids=[self.study], run_ids=[self.run_id]
        )
        state = states.get(self.run_id, {}).get(self.study)
        return None if state is None else str(getattr(state, "value", state))
