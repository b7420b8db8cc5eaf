"""Makes the operators of the chain's steps inside a DAG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from airflow.sdk import TriggerRule, task_group

from .approval import Approval
from .chain import Chain, Scope, Step, StepInput
from .group import SELECTION, CellOperator, StudyOperator
from .inputs import CellOutput, EachOutput, Output, PlannedItem, Source, StudyOutput, Task
from .mirror import CellMirror
from .operator import DualformOperator
from .plan import ItemsOperator, PlanOperator
from .summary import SummaryOperator

Grouping = Literal["task", "cell", "study"]
"""What one task runs: a step, all steps of a cell, or all steps of all cells."""

_STUDY = "study"
# The arguments of all tasks that those have too which only show how a cell fares.
_OF_MIRRORS = ("retries", "retry_delay", "queue", "executor")
_ITEM_NAME = "{{ task.item_name(ti) }}"


class ChainBuilder:
    """Turns the chain's steps into operators.

    Use it once, in the context of a DAG::

        with DAG("study") as dag:
            ChainBuilder(read_chain(), {"retries": 2}).build()

    Args:
        chain: the steps.
        task_arguments: arguments of every task but those that only hand on the plan's items.
        single: the study is one cell: nothing is mapped, and the plan fails if there is more.
        grouping: what one task runs.
        approval: the question between the plan and what follows it.
        task_seconds: small cells share a task until it computes about so long; 0: never.
    """

    def __init__(
        self,
        chain: Chain,
        task_arguments: Mapping[str, Any],
        *,
        single: bool = False,
        grouping: Grouping = "task",
        approval: Approval | None = None,
        task_seconds: float = 0,
    ) -> None:
        self._chain = chain
        self._arguments = task_arguments
        self._single = single
        self._grouping = grouping
        self._approval = approval
        self._task_seconds = task_seconds if grouping == "cell" else 0
        self._plan: PlanOperator | None = None
        self._tasks: dict[str, Task] = {}
        self._mirrors: Task | None = None

    def build(self) -> None:
        """Makes every step's operator, in the chain's order, and what maps them."""
        for scope, steps in self._chain.stages():
            if scope == "study":
                self._once(steps)
            elif self._grouping == "study":
                self._study(scope, steps)
            elif self._grouping == "cell" and scope == "cell":
                self._cell(steps)
            elif self._single:
                self._once(steps, PlannedItem(self._planned(), self._chain.lists[scope]))
            else:
                self._mapped(scope, steps)
        if self._approval:
            self._approval.ask_after(self._planned())

    def _once(self, steps: Sequence[Step], item: Any = None, **more: Any) -> None:
        for step in steps:
            if step.kind == "plan":
                self._tasks[step.name] = self._plan = self._make_plan(step)
                continue
            operator_type = SummaryOperator if step.kind == "summarise" else DualformOperator
            operator = operator_type(item=item, **self._step_arguments(step), **more)
            if step.trigger == "teardown":
                # A teardown also runs when someone marks the run as failed.
                operator.as_teardown(on_failure_fail_dagrun=True)
                if self._mirrors is not None:
                    # It alone decides whether the run succeeded.
                    operator.set_upstream(self._mirrors)
            self._tasks[step.name] = operator

    def _make_plan(self, step: Step) -> PlanOperator:
        arguments = {name: value for name, value in self._arguments.items() if name != "pool"}
        return PlanOperator(
            task_id=step.name,
            single=self._single,
            opens_study=True,
            together=self._grouping != "task",
            task_seconds=self._task_seconds,
            pool_of_study=self._arguments.get("pool"),
            **arguments,
        )

    def _mapped(self, scope: Scope, steps: Sequence[Step]) -> None:
        """One step as a mapped task; several as a mapped group, named after what they are mapped over."""
        items = self._items(scope)
        item = PlannedItem(self._planned(), self._chain.lists[scope], items)
        if len(steps) > 1:

            @task_group(group_id=scope)
            def group(mapped: Any) -> None:
                self._once(steps, item, mapped=mapped, map_index_template=_ITEM_NAME)

            group.expand(mapped=items.output)
            return
        step = steps[0]
        arguments = self._step_arguments(step)
        task = DualformOperator.partial(item=item, map_index_template=_ITEM_NAME, **arguments).expand(
            mapped=items.output
        )
        for source in arguments["inputs"].values():
            task.set_upstream(source.task)
        self._tasks[step.name] = task

    def _items(self, scope: Scope) -> ItemsOperator:
        return ItemsOperator(task_id=f"{scope}_items", plan=self._planned(), step=self._chain.lists[scope])

    def _cell(self, steps: Sequence[Step]) -> None:
        """All steps of a cell as one mapped task."""
        items = self._items("cell")
        select = self._tasks["select"]
        task = CellOperator.partial(
            task_id="cell",
            item=PlannedItem(self._planned(), self._chain.lists["cell"], items),
            map_index_template=_ITEM_NAME,
            inputs={SELECTION: Output(select, required=False, uses="select")},
            # A failed selection costs the fine-tuning, not the cell.
            trigger_rule=TriggerRule.ALL_DONE,
            **self._arguments,
        ).expand(mapped=items.output)
        task.set_upstream(select)
        self._tasks.update((step.name, task) for step in steps)

    def _study(self, scope: Scope, steps: Sequence[Step]) -> None:
        """All steps of all items as one task, and beside it a task for each cell that shows how the cell fares."""
        if scope == "select":
            plan = self._planned()
            self._tasks[_STUDY] = StudyOperator(
                task_id=_STUDY,
                inputs={"plan": Output(plan)},
                # Before the tasks that wait for it.
                **{"priority_weight": 10, **self._arguments},
            )
        elif scope == "cell":
            items = self._items("cell")
            self._mirrors = CellMirror.partial(
                task_id="cell",
                item=PlannedItem(self._planned(), self._chain.lists["cell"], items),
                study=self._tasks[_STUDY],
                map_index_template=_ITEM_NAME,
                # On the workers of the study: others may not have the provider. Its pool is for what computes.
                **{name: self._arguments[name] for name in _OF_MIRRORS if name in self._arguments},
            ).expand(mapped=items.output)
        self._tasks.update((step.name, self._tasks[_STUDY]) for step in steps)

    def _step_arguments(self, step: Step) -> dict[str, Any]:
        # As keywords, so that an argument given twice is an error.
        return dict(
            task_id=step.name,
            kind=step.kind,
            parameters=step.parameters,
            inputs={name: self._source(step, each) for name, each in step.inputs.items()},
            trigger_rule=TriggerRule.ALL_DONE if step.trigger == "all_done" else TriggerRule.ALL_SUCCESS,
            **self._arguments,
        )

    def _source(self, reader: Step, read: StepInput) -> Source:
        task = self._tasks[read.step]
        if read.collected:
            return self._collected(read, task)
        scope = self._chain.step(read.step).scope
        # An item names which instance of a step it uses that is mapped over other items.
        uses = None if scope in ("study", reader.scope) else read.step
        return Output(task, read.output, required=not read.optional, uses=uses)

    def _collected(self, read: StepInput, task: Task) -> Source:
        if self._grouping == "study":
            return StudyOutput(task, read.output)
        if self._grouping == "cell" and self._chain.step(read.step).scope == "cell":
            return CellOutput(task, read.output)
        return EachOutput(task, read.output)

    def _planned(self) -> PlanOperator:
        if self._plan is None:
            raise ValueError("The chain has no plan before what is mapped over its items.")
        return self._plan
