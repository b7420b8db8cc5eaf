"""The plan's items on their way to the tasks: which of them a task runs, in which order, and how XComs carry them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .pages import XComs, pull_entries, push_entries

Item = Mapping[str, Any]
# A value that is longer than this in JSON is kept once for all items that have it.
_LONG = 40
# What an item takes beside its tokens: its runs in MLflow.
_REPORT_S = 1.0


class TooManyItemsError(ValueError):
    """More tasks would be needed than Airflow maps over."""


@dataclass(frozen=True)
class Small:
    """Which items are so small that several share a task.

    Args:
        rate: tokens that the machine computes in a second.
        task_seconds: so long a task takes at least, where items enough are left.
        fewest: so many tasks there are at least, where there are so many items.
    """

    rate: float
    task_seconds: float
    fewest: int

    def tasks(self, items: Sequence[Item]) -> int:
        """Into how many tasks these go."""
        seconds = sum(_cost(item) / self.rate + _REPORT_S for item in items)
        return max(1, min(len(items), math.ceil(seconds / self.task_seconds)))


def shares(items: Sequence[Item], most: int, *, together: bool, small: Small | None = None) -> list[list[Item]]:
    """The items of each task, those of the largest cost first: Airflow starts mapped instances in that order.

    A task runs one item. Where items are small, or where Airflow cannot map over so many and ``together`` allows it, a
    task runs several that read the same selection, chosen so that the tasks of a selection cost about the same.

    Args:
        items: the plan's items.
        most: how many tasks Airflow maps over.
        together: whether a task can run several items.
        small: which items share a task, though Airflow could map over all; None for none.

    Raises:
        TooManyItemsError: that cannot be done.
    """
    parted = _packed(items, small) if small else [[item] for item in items]
    if len(parted) > most:
        if not together:
            raise TooManyItemsError("each is a task of its own here")
        parted = _together(items, most)
    return sorted(parted, key=lambda share: -sum(_cost(item) for item in share))


def _packed(items: Sequence[Item], small: Small) -> list[list[Item]]:
    alike = _alike(items)
    tasks = [small.tasks(each) for each in alike]
    while sum(tasks) < min(small.fewest, len(items)):
        # Items that could still be parted, the largest tasks first.
        _, split = max((len(each) / tasks[at], at) for at, each in enumerate(alike) if tasks[at] < len(each))
        tasks[split] += 1
    return [share for each, number in zip(alike, tasks, strict=True) for share in _dealt(each, number)]


def _together(items: Sequence[Item], most: int) -> list[list[Item]]:
    alike = _alike(items)
    if len(alike) > most:
        raise TooManyItemsError(f"those of {len(alike)} selections cannot share tasks")
    size = 2
    while sum(-(-len(each) // size) for each in alike) > most:
        size += 1
    return [share for each in alike for share in _dealt(each, -(-len(each) // size))]


def _alike(items: Sequence[Item]) -> list[list[Item]]:
    """Items that read the same selection, so that they can share a task."""
    alike: dict[str, list[Item]] = {}
    for item in items:
        alike.setdefault(json.dumps(item.get("uses"), sort_keys=True), []).append(item)
    return [*alike.values()]


def _dealt(items: Sequence[Item], tasks: int) -> list[list[Item]]:
    """Items in so many tasks of about the same cost."""
    by_cost = sorted(items, key=lambda item: -_cost(item))
    return [by_cost[first::tasks] for first in range(tasks)]


def _cost(item: Item) -> int:
    return int(item.get("cost") or 0)


def push_shares(ti: XComs, key: str, parted: Sequence[Sequence[Item]]) -> None:
    """Pushes the items of each task. What all items have in common is pushed once."""
    parameters = [item.get("parameters", {}) for share in parted for item in share]
    common = _common(parameters)
    values: dict[str, list[Any]] = {}
    own = [[_own(item, common, values) for item in share] for share in parted]
    push_entries(ti, key, [{"common": common, "values": values}, *own])


def pull_share(ti: XComs, task_id: str, key: str, number: int) -> list[dict[str, Any]] | None:
    """The items of one task; None where the plan has no such list, an empty list where it has no such task."""
    try:
        found = pull_entries(ti, task_id, key, [0, number + 1])
    except IndexError:
        return []
    if found is None:
        return None
    head, own = found
    return [_whole(item, head) for item in own]


def _common(parameters: Sequence[Item]) -> dict[str, Any]:
    """What every item has with the same value."""
    if not parameters:
        return {}
    first = parameters[0]
    return {
        name: value
        for name, value in first.items()
        if all(name in each and each[name] == value for each in parameters[1:])
    }


def _own(item: Item, common: Item, values: dict[str, list[Any]]) -> dict[str, Any]:
    """What an item has for itself. A long value is kept among the values, since others may have it too."""
    short: dict[str, Any] = {}
    long: dict[str, int] = {}
    for name, value in item.get("parameters", {}).items():
        if name in common:
            continue
        if len(json.dumps(value)) <= _LONG:
            short[name] = value
            continue
        known = values.setdefault(name, [])
        if value not in known:
            known.append(value)
        long[name] = known.index(value)
    rest = {name: value for name, value in item.items() if name != "parameters"}
    return {**rest, "own": short, **({"long": long} if long else {})}


def _whole(own: Item, head: Item) -> dict[str, Any]:
    rest = {name: value for name, value in own.items() if name not in ("own", "long")}
    long = {name: head["values"][name][number] for name, number in own.get("long", {}).items()}
    return {**rest, "parameters": {**head["common"], **own["own"], **long}}
