"""Where a task's inputs come from: outputs of earlier tasks of the same DAG run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from airflow.sdk import BaseOperator
from airflow.sdk.definitions.mappedoperator import MappedOperator

from ._compat import AirflowSkipException
from .items import pull_share
from .pages import pull_all, pull_mappings

Task = BaseOperator | MappedOperator

# The key of the XCom by which a task tells later ones that it had nothing to do.
SKIPPED_KEY = "skipped"
# The key of the XCom with the reason why a task failed or did not run. It completes a sentence about the task.
REASON_KEY = "reason"
_LONGEST_REASON = 800
# The key of the XComs with the outputs of a task of several steps, one by one. It also has them where a step failed.
MADE_KEY = "made"


class XComPuller(Protocol):
    """The part of Airflow's task instance that is used here."""

    map_index: int | None

    def xcom_push(self, key: str, value: Any) -> None: ...

    def xcom_pull(self, task_ids: str, *, key: str = ..., map_indexes: Any = ...) -> Any: ...


class Source(Protocol):
    """Finds one or more inputs when the task starts."""

    @property
    def task(self) -> Task: ...

    def find(self, name: str, ti: XComPuller, item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Yields input names and references.

        Raises:
            LookupError: a required input is missing; the message says which task made none, and why.
            AirflowSkipException: a required input is missing because its task had nothing to do.
        """


@dataclass(frozen=True)
class Output:
    """One output of one task.

    Args:
        task: the task that makes it; in a mapped task group, the instance with the same map index.
        name: the output's name, if it is not the input's.
        required: if False, the input is left out where the task failed.
        uses: for a task that is mapped over other items: the step under which the item names, in its own ``uses``, the
            instance to read from. The input is left out where the item names none.
    """

    task: Task
    name: str | None = None
    required: bool = True
    uses: str | None = None

    def find(self, name: str, ti: XComPuller, item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        map_index = _index_beside(self.task, ti)
        if self.uses:
            used: int | None = item.get("uses", {}).get(self.uses)
            if used is None:  # the item does without: no learning rate is chosen where nothing is fine-tuned
                return
            if isinstance(self.task, MappedOperator):
                map_index = used
        result = ti.xcom_pull(self.task.task_id, map_indexes=map_index)
        output = result and result["outputs"].get(self.name or name)
        if output:
            yield name, output
        elif self.required:
            which = self.task.task_id + ("" if map_index in (None, -1) else f"[{map_index}]")
            if ti.xcom_pull(self.task.task_id, key=SKIPPED_KEY, map_indexes=map_index):
                raise AirflowSkipException(f"{which} had nothing to do, so this task has nothing to do either.")
            reason = ti.xcom_pull(self.task.task_id, key=REASON_KEY, map_indexes=map_index)
            raise LookupError(f"{which} {reason or f'has no output {self.name or name}; its log may say why'}")


@dataclass(frozen=True)
class EachOutput:
    """The output of every instance of a mapped task that made one; inputs are named ``<name>.<item id>``.

    Args:
        task: the mapped task, or the only one.
        name: the output's name, if it is not the input's.
    """

    task: Task
    name: str | None = None

    def find(self, name: str, ti: XComPuller, item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:  # noqa: ARG002
        results = ti.xcom_pull(self.task.task_id)
        # Airflow gives a single value, not a list, where there is only one.
        for result in [results] if isinstance(results, Mapping) else results or []:
            if result and (output := result["outputs"].get(self.name or name)):
                yield f"{name}.{result['item']}", output


@dataclass(frozen=True)
class CellOutput:
    """The outputs that later tasks collect, of every instance of a mapped task of several steps; also of those in which
    a step failed.

    Args:
        task: the mapped task.
        name: the output's name, if it is not the input's.
    """

    task: Task
    name: str | None = None

    def find(self, name: str, ti: XComPuller, item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:  # noqa: ARG002
        for outputs in pull_mappings(ti, self.task.task_id, MADE_KEY):
            yield from _named(self.name or name, name, outputs.items())


@dataclass(frozen=True)
class StudyOutput:
    """The outputs that later tasks collect, of the one task that measures a whole study; also where a step failed.

    Args:
        task: that task.
        name: the output's name, if it is not the input's.
    """

    task: Task
    name: str | None = None

    def find(self, name: str, ti: XComPuller, item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:  # noqa: ARG002
        yield from _named(self.name or name, name, pull_all(ti, self.task.task_id, MADE_KEY))


@dataclass(frozen=True)
class PlannedItem:
    """Where an operator finds its item: in the plan. In a mapped task, the instance's index is the item's place.

    Args:
        task: the plan.
        step: the plan's list.
        after: the task before the operator, if it is not the plan.
    """

    task: BaseOperator
    step: str
    after: BaseOperator | None = None

    def __str__(self) -> str:
        return f"{self.step} of {self.task.task_id}"

    def pull(self, ti: XComPuller) -> list[dict[str, Any]]:
        """The items of this instance: one, or several that a single task runs."""
        index = ti.map_index if ti.map_index is not None and ti.map_index >= 0 else 0
        items = pull_share(ti, self.task.task_id, items_key(self.step), index)
        if not items and (reason := ti.xcom_pull(self.task.task_id, key=REASON_KEY, map_indexes=None)):
            raise AirflowSkipException(f"There is nothing to run on: {self.task.task_id} {reason}")
        if not items:
            raise AirflowSkipException(f"The plan has nothing for {self.step}.")
        return items


def cell_key(cell: str) -> str:
    """The key of the XCom in which a study's task says how a cell ended."""
    return f"cell_{cell}"


def _named(output: str, name: str, outputs: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Of outputs named ``<output>.<item id>`` those of one name, as inputs."""
    for made, reference in outputs:
        if made.startswith(f"{output}."):
            yield name + made[len(output) :], reference


def in_one_line(text: str) -> str:
    """The text without line breaks, cut where it is long: what later tasks repeat of it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"


def items_key(step: str) -> str:
    """The key of the plan's XCom that holds a list of items."""
    return f"items_{step}"


def _index_beside(task: Task, ti: XComPuller) -> int | None:
    """Which instance belongs to this one: that of the same index in a mapped task group, else the only one."""
    return ti.map_index if task.get_closest_mapped_task_group() is not None else None
