"""The result that a task prints in pieces."""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any

import pytest

from dualform_airflow.execution.results import ResultCollector

RESULT = {"schema": 1, "status": "done", "message": "größer als 2 \U0001f600"}
TEXT = json.dumps(RESULT, ensure_ascii=False)


def lines(text: str = TEXT, size: int = 15, **changed: Any) -> list[str]:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return [
        "@dualform "
        + json.dumps(
            {"event": "result", "part": part, "parts": len(pieces), "sha256": sha256, "text": piece, **changed}
        )
        for part, piece in enumerate(pieces, 1)
    ]


def collect(printed: list[str]) -> tuple[ResultCollector, list[str]]:
    others: list[str] = []
    collector = ResultCollector(others.append)
    for line in printed:
        collector.take(line)
    return collector, others


def test_pieces_join_and_the_other_lines_go_on() -> None:
    progress = '@dualform {"event": "progress", "what": "queries", "done": 1, "total": 2}'
    printed = ["a line of log", *lines()[:2], progress, *lines()[2:], "done"]
    collector, others = collect(printed)
    assert collector.text() == TEXT
    assert collector.result() == RESULT
    assert others == ["a line of log", progress, "done"]


def test_order_and_repetition_do_not_matter() -> None:
    assert len(lines()) == 4
    for order in itertools.permutations(lines()):
        assert collect([*order, order[0]])[0].result() == RESULT


@pytest.mark.parametrize("missing", range(4))
def test_without_a_piece_there_is_no_result(missing: int) -> None:
    collector, others = collect([line for part, line in enumerate(lines()) if part != missing])
    assert collector.result() is None
    assert others == []


@pytest.mark.parametrize(
    "printed",
    [
        [],
        lines(sha256="0" * 64),
        lines(part="1"),
        ['@dualform {"event": "result", "part": 1, "parts": 1, "sha256": "x", "text": 7}'],
        lines("[1, 2]"),
        lines(parts=0),
    ],
)
def test_what_is_no_whole_result_is_none(printed: list[str]) -> None:
    assert collect(printed)[0].result() is None


def test_the_last_of_two_results_counts() -> None:
    later = json.dumps({"status": "failed"})
    assert collect([*lines()[:3], *lines(later)])[0].result() == {"status": "failed"}
