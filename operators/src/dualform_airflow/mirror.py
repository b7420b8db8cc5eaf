"""Tasks that show how the cells of a study fare which one task measures as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from .inputs import PlannedItem

if TYPE_CHECKING:
    from airflow.sdk import Context


class CellMirror(BaseOperator):
    """Ends as its cell ended inside the study's task.

    It takes a worker slot only to learn its name. Then it is deferred: a trigger waits, and ends the task.

    Args:
        item: the cell, or the cells.
        study: the task that measures it.
        mapped: see ``DualformOperator``.
        poll_s: seconds between two looks.
    """

    ui_color = "#f4f4f4"

    def __init__(
        self, *, item: PlannedItem, study: BaseOperator, mapped: Any = None, poll_s: float = 10.0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.item = item
        self.study = study.task_id
        self.mapped = mapped
        self.poll_s = poll_s
        self.items: list[dict[str, Any]] = []
        self.set_upstream(item.after or item.task)

    def item_name(self, ti: Any) -> str:
        """What people call the cell."""
        self.items = self.items or self.item.pull(ti)
        return ", ".join(item["name"] for item in self.items)

    def execute(self, context: Context) -> None:
        # Triggers are a part of Airflow's core, which reading a DAG file does not need.
        from .trigger import StudyTrigger

        ti = context["ti"]
        self.log.info("%s is measured by the task %s.", self.item_name(ti), self.study)
        cells = [item["id"] for item in self.items]
        self.defer(trigger=StudyTrigger(ti.dag_id, ti.run_id, self.study, cells, self.poll_s), method_name="ended")

    def ended(self, context: Context, event: Any = None) -> None:
        """Never called: the trigger itself ends the task."""
