"""The chain of tasks without Airflow: each request made from the results before it, as contract/chain.json says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dualform_airflow.chain import Chain, Step, StepInput, read_chain

Result = dict[str, Any]
# One that stands for the whole study.
_STUDY = {"id": "study", "parameters": {}}


class TaskChain:
    """A small study.

    Args:
        run: runs one task; it receives the kind and the request, and returns the result.
        workspace: the folder's path as the tasks see it.
    """

    def __init__(self, run: Callable[[str, Mapping[str, Any]], Result], workspace: str) -> None:
        self._run, self._workspace = run, workspace
        self._chain: Chain = read_chain()
        self._results: dict[tuple[str, str], Result] = {}

    def run(self, experiment: Mapping[str, Any]) -> dict[str, Result]:
        """Runs every task, and returns the results of those that run once in the study, by their steps."""
        for step in self._chain.steps:
            for item in self._items(step):
                parameters = {**item["parameters"], **step.parameters}
                if step.name == "plan":
                    parameters = {"experiment": dict(experiment)}
                self._results[step.name, item["id"]] = self._run(
                    step.kind,
                    {
                        "schema": 1,
                        "kind": step.kind,
                        "parameters": parameters,
                        "inputs": dict(self._inputs(step, item)),
                        "workspace": self._workspace,
                        "fresh": False,
                    },
                )
        return {step: result for (step, item), result in self._results.items() if item == _STUDY["id"]}

    def _items(self, step: Step) -> list[dict[str, Any]]:
        if step.scope == "study":
            return [_STUDY]
        items: list[dict[str, Any]] = self._results["plan", "study"]["expand"][self._chain.lists[step.scope]]
        return items

    def _inputs(self, step: Step, item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, source in step.inputs.items():
            made = self._chain.step(source.step)
            for each in self._items(made):
                if source.collected:
                    yield from self._output(f"{name}.{each['id']}", source, each["id"])
                elif made.scope in ("study", step.scope) and (made.scope == "study" or each["id"] == item["id"]):
                    yield from self._output(name, source, each["id"])
            if not source.collected and made.scope == "select" and step.scope == "cell":
                used = item.get("uses", {}).get(made.name)
                if used is not None:
                    yield from self._output(name, source, self._items(made)[used]["id"])

    def _output(self, name: str, source: StepInput, item: str) -> Iterator[tuple[str, Any]]:
        outputs = self._results[source.step, item].get("outputs", {})
        if source.output in outputs:
            yield name, outputs[source.output]
