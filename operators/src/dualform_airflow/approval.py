"""Whether a DAG asks, after its plan, for approval of what the study will cost; and what the question says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow.sdk import Param

from .events import duration
from .settings import APPROVAL

if TYPE_CHECKING:
    from .inputs import Task

TASK_ID = "approval"
FIELD = "approval"
# The key of the XCom that says who did not approve. It completes the sentence "Nothing was computed: …".
REJECTED_KEY = "rejected"
_WHEN = ("never", "form", "always")
_PRICE = re.compile(r"(?P<before>\D*?)\s*(?P<amount>\d+(?:\.\d+)?)\s*(?P<after>\D*)")


@dataclass(frozen=True)
class Approval:
    """Whether and how a DAG asks.

    Args:
        when: ``always``, or ``form``: a field of the trigger form decides for each run.
        price_per_hour: of a machine that computes one task, with its currency, such as ``0.90 EUR`` or ``$2.40``.
        tokens_per_second: that a task computes on such a machine; else ``plan`` measures for a second how many it is.
        arguments: further arguments of ``ApprovalOperator``, such as ``assigned_users`` and ``notifiers``. With
            ``response_timeout``, no answer in that time counts as a no.
    """

    when: str
    price_per_hour: str | None = None
    tokens_per_second: float | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.price_per_hour is not None and not _PRICE.fullmatch(self.price_per_hour.strip()):
            raise ValueError(
                f"price_per_hour has to be an amount with its currency, such as '0.90 EUR'; it is "
                f"{self.price_per_hour!r}."
            )
        if self.tokens_per_second is not None and not self.tokens_per_second > 0:
            raise ValueError(f"tokens_per_second has to be a positive number; it is {self.tokens_per_second!r}.")

    def ask_after(self, plan: Task) -> None:
        """Puts the question between the plan and everything that follows it."""
        # Only here, because it needs a package that others do without.
        from .approval_operator import PlanApproval
        from .operator import DualformOperator

        following = list(plan.downstream_list)
        question = PlanApproval(plan_task_id=plan.task_id, approval=self)
        question.set_upstream(plan)
        for task in following:
            task.set_upstream(question)
            if isinstance(task, DualformOperator) and task.is_teardown:
                told = f"{{{{ ti.xcom_pull('{TASK_ID}', key='{REJECTED_KEY}') or '' }}}}"
                task.parameters = {**task.parameters, "stopped": told}
        if isinstance(plan, DualformOperator) and self.when == "always" and self.tokens_per_second is None:
            plan.parameters = {**plan.parameters, "measure_rate": True}

    def form_field(self) -> dict[str, Param]:
        """The field of the form; empty where every run asks."""
        if self.when != "form":
            return {}
        text = "After the plan, the run waits until someone approves its cost, under Required Actions."
        return {FIELD: Param(False, type="boolean", title="Wait for approval", description=text)}

    def question(self, metrics: Mapping[str, float], message: str) -> str:
        """The body of the question, in Markdown."""
        rows = [
            ("Cells", _count(metrics["cells"])),
            ("Tokens through the model", _count(metrics["tokens"])),
            ("Of these for choosing", _choosing(metrics)),
            ("Compute time", self._time(metrics)),
            ("Price", self._price(metrics)),
            ("Memory of one task, at most", _bytes(metrics["memory_bytes"])),
            ("Disk in the workspace", _bytes(metrics["disk_bytes"])),
        ]
        table = "\n".join(
            ["| What | How much |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows if value)]
        )
        warnings = "\n".join(f"- {line}" for line in message.splitlines() if line.startswith("Warning: "))
        return f"{table}\n\n{warnings}\n\nNothing is computed until someone approves. Reject ends the run.".replace(
            "\n\n\n", "\n"
        )

    def _seconds(self, metrics: Mapping[str, float]) -> float | None:
        rate = self.tokens_per_second or metrics.get("tokens_per_second")
        return metrics["tokens"] / rate if rate else None

    def _time(self, metrics: Mapping[str, float]) -> str:
        seconds = self._seconds(metrics)
        if seconds is None:
            return "unknown, because no rate was measured; give the DAG tokens_per_second"
        rate = self.tokens_per_second or metrics["tokens_per_second"]
        source = "(stated in the DAG)" if self.tokens_per_second else "(measured by plan on its worker)"
        return (
            f"{f'about {duration(seconds)}' if seconds >= 60 else 'under a minute'}, one task after another, at "
            f"{_count(rate)} tokens a second {source}; the start of each task comes on top"
        )

    def _price(self, metrics: Mapping[str, float]) -> str:
        if self.price_per_hour is None:
            return ""
        price, seconds = _PRICE.fullmatch(self.price_per_hour.strip()), self._seconds(metrics)
        if seconds is None or price is None:
            return f"{self.price_per_hour} for each hour of compute time"
        before, after = price["before"].strip(), price["after"].strip()
        amount = float(price["amount"]) * seconds / 3600
        parts = [before, "" if len(before) == 1 else " ", f"{max(0.01, amount):.2f}", " ", after]
        return f"{'about' if amount >= 0.01 else 'under'} {''.join(parts).strip()}, at {self.price_per_hour} an hour"


def chosen_approval(
    when: bool | str | None,
    price_per_hour: str | None,
    tokens_per_second: float | None,
    arguments: Mapping[str, Any] | None,
) -> Approval | None:
    """The approval that a factory's arguments ask for; None for none.

    Args:
        when: True for ``always``, False for ``never``, or one of these words; else the setting ``approval``.
    """
    if isinstance(when, bool):
        when = "always" if when else "never"
    chosen = APPROVAL.read() or "never" if when is None else when
    if chosen not in _WHEN:
        where = f"setting {APPROVAL.places()}" if when is None else "argument approval"
        raise ValueError(f"The {where} has to be one of {', '.join(_WHEN)}; it is {chosen!r}.")
    return None if chosen == "never" else Approval(chosen, price_per_hour, tokens_per_second, arguments or {})


def _count(number: float) -> str:
    return f"{number:,.0f}".replace(",", " ")


def _bytes(number: float) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return f"{number:.0f} B"


def _choosing(metrics: Mapping[str, float]) -> str:
    """The tokens of choosing rate and shot count; empty where nothing is chosen."""
    expected, most = metrics.get("select_tokens", 0), metrics.get("most_select_tokens", 0)
    return f"about {_count(expected)}, at most {_count(most)}" if most else ""
