"""The chain of tasks that measures a study, as ``contract/chain.json`` describes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import Any, Literal

Scope = Literal["study", "select", "cell"]
Trigger = Literal["all_success", "all_done", "teardown"]


@dataclass(frozen=True)
class StepInput:
    """One output of an earlier step.

    Args:
        step: name of the step that makes it.
        output: the output's name there.
        optional: the reading step runs without it where it was not made.
        collected: it stands for the outputs of all instances of the step.
    """

    step: str
    output: str
    optional: bool
    collected: bool


@dataclass(frozen=True)
class Step:
    """One step of the chain: a kind of task, with what it reads.

    Args:
        name: unique; the task id.
        kind: the kind of task that runs.
        scope: how often it runs: once per study, per item of select, or per cell.
        parameters: what it adds to its item's parameters.
        trigger: when it runs. all_success: all that it reads from succeeded. all_done: all of that ended. teardown: as
            all_done, also when the run is stopped; the step alone decides whether the run succeeded.
        inputs: what it reads, by the input's name.
    """

    name: str
    kind: str
    scope: Scope
    parameters: Mapping[str, Any]
    trigger: Trigger
    inputs: Mapping[str, StepInput]


@dataclass(frozen=True)
class Chain:
    """The steps in the order in which they run.

    Args:
        lists: the list in the plan's result that holds the items of a step, by the step's scope.
        steps: each reads from earlier ones only.
    """

    lists: Mapping[str, str]
    steps: Sequence[Step]

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def stages(self) -> list[tuple[Scope, list[Step]]]:
        """Neighbouring steps of one scope, put together."""
        return [(scope, list(steps)) for scope, steps in groupby(self.steps, key=lambda step: step.scope)]


def read_chain() -> Chain:
    """contract/chain.json, as packaged; what is left out there has the default that the schema states."""
    document = json.loads(files("dualform_airflow").joinpath("chain.json").read_text(encoding="utf-8"))
    return Chain(document["lists"], [_step(step) for step in document["steps"]])


def _step(document: Mapping[str, Any]) -> Step:
    return Step(
        name=document["name"],
        kind=document["kind"],
        scope=document["scope"],
        parameters=document.get("parameters", {}),
        trigger=document.get("trigger", "all_success"),
        inputs={name: _input(name, each) for name, each in document.get("inputs", {}).items()},
    )


def _input(name: str, document: Mapping[str, Any]) -> StepInput:
    return StepInput(
        step=document["step"],
        output=document.get("output", name),
        optional=document.get("optional", False),
        collected=document.get("collected", False),
    )
