"""The plan's items between the plan and the tasks: what XComs carry, who runs what, and in which order."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG

from dualform_airflow._compat import AirflowFailException
from dualform_airflow.inputs import PlannedItem, items_key
from dualform_airflow.items import Small, TooManyItemsError, pull_share, push_shares, shares
from dualform_airflow.pages import LARGEST, cut, pull_all, pull_mappings, push_entries, push_mapping, size
from dualform_airflow.plan import ItemsOperator, PlanOperator, sizes_key

from .scripted import ScriptedProcess, context


class Database:
    """Airflow's XComs of a task that is not mapped, seen by the instance of one index."""

    def __init__(self, map_index: int = -1) -> None:
        self.values: dict[str, Any] = {}
        self.map_index: int | None = map_index
        self.dag_id, self.run_id, self.task_id, self.try_number, self.max_tries = "a_dag", "r", "plan", 1, 0

    def xcom_push(self, key: str, value: Any) -> None:
        self.values[key] = json.loads(json.dumps(value))

    def xcom_pull(self, task_ids: str, *, key: str = "return_value", map_indexes: Any = None) -> Any:  # noqa: ARG002
        return self.values.get(key)


def planned(root: Path, datasets: int, seeds: int) -> list[dict[str, Any]]:
    """Cells as a real plan lists them; larger seeds cost more."""
    example = json.loads((root / "contract" / "examples" / "plan.result.json").read_text())["expand"]["cells"][0]
    items = []
    for dataset in range(datasets):
        for seed in range(seeds):
            item = copy.deepcopy(example)
            name, parameters = f"data set {dataset}", item["parameters"]
            item.update(id=f"mini-{dataset}-s{seed}", name=f"{name} · seed {seed}", uses={"select": dataset}, cost=seed)
            parameters.update(seed=seed, cell=item["id"], curve={"dataset": name, "arm": "main", "order": None})
            parameters["dataset"]["name"] = parameters["template"]["name"] = name
            items.append(item)
    return items


def test_no_xcom_of_a_plan_of_200_cells_is_over_4_kb(root: Path, tmp_path: Path) -> None:
    items = planned(root, 4, 50)
    expand = tmp_path / "expand.json"
    expand.write_text(json.dumps({"cells": items, "select": items[:4]}))
    ti = Database()
    warnings = "\n".join(f"Warning: data set {number} has 2 rows twice" for number in range(500))
    script = f"finish(message={warnings!r}, expand=json.load(open({str(expand)!r})))"
    with DAG("a_dag"):
        plan = PlanOperator(task_id="plan", workspace=str(tmp_path), execution=ScriptedProcess(script), together=True)
        mapped = ItemsOperator(task_id="cell_items", plan=plan, step="cells")
    given: Any = context(ti, {})  # type: ignore[arg-type]
    ti.values["return_value"] = plan.execute(given)
    ti.values["mapped"] = mapped.execute(given)
    assert ti.values["mapped"] == [1] * 200
    largest = max(ti.values, key=lambda key: size(ti.values[key]))
    assert size(ti.values[largest]) <= 4096, largest
    # 260 KB of items, most of which all cells have in common
    assert sum(size(value) for value in ti.values.values()) < size(items) / 4
    by_cost = sorted(items, key=lambda item: -item["cost"])
    for index in (0, 1, 77, 199):
        ti.map_index = index
        assert PlannedItem(plan, "cells").pull(ti) == [by_cost[index]]


def test_what_many_cells_made_comes_back_whole() -> None:
    """Of two instances of a mapped task, one with more than a page."""
    reference = {"uri": "workspace:results/score/" + "0" * 64, "sha256": "0" * 64, "bytes": 3}
    made = [{f"scores.c{cell}": reference for cell in range(number)} for number in (1, 60)]
    instances = [Database(index) for index in range(len(made))]
    for ti, mine in zip(instances, made, strict=True):
        push_mapping(ti, "made", mine)
        assert all(size(value) <= LARGEST for value in ti.values.values())
    assert len(instances[1].values) > 3

    class Later(Database):
        def xcom_pull(self, task_ids: str, *, key: str = "return_value", map_indexes: Any = None) -> Any:  # noqa: ARG002
            return [ti.values[key] for ti in instances if key in ti.values]

    found = [*pull_mappings(Later(), "cell", "made")]
    assert {name: value for part in found for name, value in part.items()} == {**made[0], **made[1]}
    assert [*pull_mappings(instances[0], "cell", "made")] == [made[0]]


def test_an_item_that_is_longer_than_a_page_comes_back_whole() -> None:
    items: list[dict[str, Any]] = [
        {"id": "a", "parameters": {"text": 'é"\n' * 5000}},
        {"id": "b", "parameters": {}},
        {"id": "c"},
    ]
    ti = Database()
    push_shares(ti, "k", [[item] for item in items])
    assert max(size(value) for value in ti.values.values()) <= LARGEST
    assert [pull_share(ti, "plan", "k", index) for index in range(2)] == [[items[0]], [items[1]]]
    assert pull_share(ti, "plan", "k", 3) == []
    assert pull_share(ti, "plan", "unknown", 0) is None


@pytest.mark.parametrize("length", [0, 1, 500, 3000, 9000])
def test_every_entry_comes_back_in_order(length: int) -> None:
    entries = [["x" * (length * number % 5000), number] for number in range(20)]
    ti = Database()
    push_entries(ti, "k", entries)
    assert pull_all(ti, "t", "k") == entries
    assert max(size(value) for value in ti.values.values()) <= LARGEST


def test_the_largest_cells_are_handed_over_first_and_equal_ones_stay_in_order() -> None:
    costs = [3, None, 9, 3]
    items = [{"id": str(number), "cost": cost} for number, cost in enumerate(costs)]
    assert [share[0]["id"] for share in shares(items, 4, together=False)] == ["2", "0", "3", "1"]


def test_cells_beyond_the_map_limit_share_tasks_of_about_equal_cost(root: Path) -> None:
    items = planned(root, 3, 41)
    parted = shares(items, 30, together=True)
    assert sorted(item["id"] for share in parted for item in share) == sorted(item["id"] for item in items)
    assert len(parted) <= 30
    assert max(map(len, parted)) == 5
    for share in parted:
        assert len({item["uses"]["select"] for item in share}) == 1
    costs = [sum(item["cost"] for item in share) for share in parted]
    assert costs == sorted(costs, reverse=True)
    assert costs[0] - costs[-1] <= 2 * 41


def test_small_cells_share_a_task_and_large_ones_do_not(root: Path) -> None:
    items = planned(root, 2, 50)
    for item in items:
        item["cost"] = 1_000 if item["uses"]["select"] else 60_000
    # At 1,000 tokens a second a cell of the first data set takes 61 s, and one of the second 2 s.
    parted = shares(items, 1024, together=True, small=Small(1000, 60, 4))
    assert sorted(len(share) for share in parted) == [1] * 50 + [25, 25]
    assert all(len({item["uses"]["select"] for item in share}) == 1 for share in parted)
    assert sorted(item["id"] for share in parted for item in share) == sorted(item["id"] for item in items)
    # So few seconds in all would fit into one task each, and yet every slot gets its tasks.
    assert len(shares(items, 1024, together=True, small=Small(1e6, 600, 40))) == 40
    assert len(shares(items[:3], 1024, together=True, small=Small(1e6, 600, 40))) == 3


@pytest.mark.parametrize(("most", "together", "says"), [(100, False, "each is a task"), (2, True, "of 3 selections")])
def test_what_cannot_be_parted_is_refused(root: Path, most: int, together: bool, says: str) -> None:
    with pytest.raises(TooManyItemsError, match=says):
        shares(planned(root, 3, 41), most, together=together)


def test_plan_refuses_with_the_numbers(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "5")
    expand = tmp_path / "expand.json"
    expand.write_text(json.dumps({"cells": planned(root, 2, 6)}))
    script = f"finish(expand=json.load(open({str(expand)!r})))"
    arguments: dict[str, Any] = {"workspace": str(tmp_path), "execution": ScriptedProcess(script)}
    with DAG("a_dag"):
        alone = PlanOperator(task_id="plan", **arguments)
        together = PlanOperator(task_id="plan2", together=True, **arguments)
    ti = Database()
    given: Any = context(ti, {})  # type: ignore[arg-type]
    with pytest.raises(AirflowFailException, match=r"has 12 items for cells; this Airflow maps a task over at most 5"):
        alone.execute(given)
    together.execute(given)
    assert ti.values[sizes_key("cells")] == [3, 3, 3, 3]
    assert items_key("cells") in ti.values


def test_a_long_text_is_cut_at_a_line() -> None:
    text = "\n".join(f"row {number}: é" for number in range(1000))
    short = cut(text, 500)
    assert size(short) <= 500
    assert short.endswith("\n…")
    assert text.startswith(short[:-2])
    assert cut("as it is") == "as it is"
    assert size(cut("é" * 9000, 500)) <= 500
