"""Long lists in XComs: pages of at most 4 KB, of which a task reads only those that it needs."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Protocol

# Bytes in Airflow's database. Databases and pages of the UI take more; 4 KB is what this project promises.
LARGEST = 4096


class XComs(Protocol):
    """The part of Airflow's task instance that is used here."""

    def xcom_push(self, key: str, value: Any) -> None: ...

    def xcom_pull(self, task_ids: str, *, key: str = ..., map_indexes: Any = ...) -> Any: ...


def size(value: Any) -> int:
    """Bytes of a value in Airflow's database, which keeps its JSON as a JSON string: quotation marks take two bytes."""
    return len(json.dumps(json.dumps(value)))


def cut(text: str, most: int = LARGEST - 512) -> str:
    """The text, cut at a line's end where its JSON is longer than so many bytes."""
    if size(text) <= most:
        return text
    kept = ""
    for line in text.splitlines(keepends=True):
        if size(kept + line) > most - 16:
            break
        kept += line
    return (kept or text[: most // 16]).rstrip() + "\n…"


def push_entries(ti: XComs, key: str, entries: Sequence[Any]) -> None:
    """Pushes a list: its pages under ``<key>_<page>``, and under the key itself the first entry of each page.

    A page is a list of entries. Where one entry is longer than a page, several pages hold pieces of its JSON.
    """
    firsts: list[int] = []
    for first, page in _pages(entries):
        ti.xcom_push(f"{key}_{len(firsts)}", page)
        firsts.append(first)
    ti.xcom_push(key, firsts)


def pull_entries(ti: XComs, task_id: str, key: str, numbers: Sequence[int]) -> list[Any] | None:
    """The entries of these numbers; None where the task pushed no such list."""
    firsts: list[int] | None = ti.xcom_pull(task_id, key=key, map_indexes=None)
    if firsts is None:
        return None
    read: dict[int, Any] = {}

    def page(number: int) -> Any:
        if number not in read:
            read[number] = ti.xcom_pull(task_id, key=f"{key}_{number}", map_indexes=None)
        return read[number]

    def entry(number: int) -> Any:
        last = bisect_right(firsts, number) - 1
        first = bisect_left(firsts, firsts[last])
        if isinstance(page(first), str):
            return json.loads("".join(page(each) for each in range(first, last + 1)))
        return page(last)[number - firsts[last]]

    return [entry(number) for number in numbers]


def pull_all(ti: XComs, task_id: str, key: str) -> list[Any]:
    """Every entry of a list; none where the task pushed no such list."""
    firsts: list[int] = ti.xcom_pull(task_id, key=key, map_indexes=None) or []
    entries: list[Any] = []
    piece = ""
    for number, first in enumerate(firsts):
        page = ti.xcom_pull(task_id, key=f"{key}_{number}", map_indexes=None)
        if isinstance(page, list):
            entries += page
            continue
        piece += page
        if number + 1 == len(firsts) or firsts[number + 1] != first:
            entries.append(json.loads(piece))
            piece = ""
    return entries


def push_mapping(ti: XComs, key: str, values: Mapping[str, Any]) -> None:
    """Pushes a mapping in parts: the first under the key itself, the others under ``<key>_1``, ``<key>_2``, …"""
    part: dict[str, Any] = {}
    parts = [part]
    for name, value in values.items():
        if part and size({**part, name: value}) > LARGEST:
            part = {}
            parts.append(part)
        part[name] = value
    for number, each in enumerate(parts):
        ti.xcom_push(_part_key(key, number), each)


def pull_mappings(ti: XComs, task_id: str, key: str) -> Iterator[Mapping[str, Any]]:
    """The parts of the mappings that all instances of a task pushed."""
    for number in count():
        found = ti.xcom_pull(task_id, key=_part_key(key, number))
        parts = [found] if isinstance(found, Mapping) else [each for each in found or [] if each]
        if not parts:
            return
        yield from parts


def _part_key(key: str, number: int) -> str:
    return f"{key}_{number}" if number else key


def _pages(entries: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    page: list[Any] = []
    filled = 4
    for number, entry in enumerate(entries):
        needed = size(entry) + 2
        if page and filled + needed > LARGEST:
            yield number - len(page), page
            page, filled = [], 4
        if needed + 4 > LARGEST:
            yield from ((number, piece) for piece in _pieces(json.dumps(entry)))
        else:
            page.append(entry)
            filled += needed
    if page:
        yield len(entries) - len(page), page


def _pieces(text: str) -> Iterator[str]:
    """A quarter of a page each: a quotation mark takes four bytes there, since the piece is itself JSON in a string."""
    step = LARGEST // 4 - 8
    for begin in range(0, len(text), step):
        yield text[begin : begin + step]
