"""The DAG of momentum attention: its shape, its form, and what its operators ask for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import TriggerRule
from airflow.sdk.exceptions import AirflowFailException

from dualform_airflow.dags import momentum_attention
from dualform_airflow.form import MOMENTUM, form
from dualform_airflow.momentum import MomentumCompareOperator, MomentumPlanOperator

SHAPE = {"plan": set(), "model_items": {"plan"}, "model": {"model_items"}, "compare": {"model"}}


class Pushed:
    """A task instance that keeps what is pushed."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def xcom_push(self, key: str, value: Any) -> None:
        self.values[key] = value


def test_plan_models_and_comparison() -> None:
    dag = momentum_attention()
    assert {task.task_id: task.upstream_task_ids for task in dag.tasks} == SHAPE
    kinds = {"plan": "momentum_plan", "compare": "momentum_compare"}
    for name, kind in kinds.items():
        operator: Any = dag.get_task(name)
        assert operator.kind == kind
    model: Any = dag.get_task("model")
    assert model.partial_kwargs["kind"] == "momentum_model"
    assert model.map_index_template == "{{ task.item_name(ti) }}"
    assert dag.get_task("compare").trigger_rule == TriggerRule.ALL_DONE
    assert all(dag.get_task(name).retries == 2 for name in ("plan", "model", "compare"))
    links = {name: [link.name for link in dag.get_task(name).operator_extra_links] for name in ("model", "compare")}
    assert links == {"model": ["MLflow run"], "compare": ["MLflow run", "Report", "All curves"]}


def test_arguments_reach_the_tasks_whatever_the_execution() -> None:
    dag = momentum_attention("mine", execution="docker", image="i:1", pool="gpu", retries=1)
    for name in ("plan", "compare"):
        operator: Any = dag.get_task(name)
        assert operator.execution.image == "i:1"
    model: Any = dag.get_task("model")
    assert (model.partial_kwargs["execution"], model.partial_kwargs["image"]) == ("docker", "i:1")
    assert {name: dag.get_task(name).pool for name in ("plan", "model", "compare")} == {
        "plan": "default_pool",
        "model": "gpu",
        "compare": "gpu",
    }


def test_form_has_every_field_of_the_schema_with_help_default_and_rule(root: Path) -> None:
    schema = json.loads((root / "contract" / "schema" / "momentum.schema.json").read_text())["properties"]
    fields = form(schema=MOMENTUM)
    assert list(fields) == list(schema) == ["size", "variants", "eta", "seeds", "steps", "fresh", "transport"]
    assert {name: field.value for name, field in fields.items()} == {
        "size": "tiny",
        "variants": ["sum"],
        "eta": "0.5,0.9,0.99",
        "seeds": "1,2,3,4,5",
        "steps": "",
        "fresh": False,
        "transport": "shared",
    }
    for name, field in fields.items():
        assert len(str(field.description)) > 40, name
    assert fields["size"].schema["enum"] == ["tiny", "small"]
    assert "above 0 and below 1" in str(fields["eta"].description)
    assert "from 2 to 10" in str(fields["seeds"].description)
    assert "from 1 to 1000000" in str(fields["steps"].description)
    assert momentum_attention(defaults={"size": "small"}).params["size"] == "small"
    with pytest.raises(ValueError, match="Unknown parameters in defaults: model"):
        momentum_attention(defaults={"model": "mini"})


def test_the_study_is_the_form_without_what_is_about_tasks() -> None:
    params = {"size": "tiny", "eta": "0.9", "fresh": True, "transport": "mlflow", "approval": False}
    for operator in (MomentumPlanOperator(task_id="p"), MomentumCompareOperator(task_id="c")):
        assert operator.task_parameters({"params": params}) == {"study": {"size": "tiny", "eta": "0.9"}}
    given = MomentumPlanOperator(task_id="q", spec={"size": "small"})
    assert given.task_parameters({"params": params}) == {"study": {"size": "small"}}


def test_a_comparison_without_all_models_publishes_what_it_has_and_fails() -> None:
    operator = MomentumCompareOperator(task_id="c")
    result = {"kind": "momentum_compare", "outputs": {}, "message": "In perplexity.\n\n| table |", "metrics": {}}
    ti = Pushed()
    published = operator.publish({**result, "metrics": {"models.missing": 0.0}}, {"ti": ti})  # type: ignore[typeddict-item]
    assert published["message"] == "In perplexity."
    ti = Pushed()
    with pytest.raises(AirflowFailException, match="3 of the study's models are missing"):
        operator.publish({**result, "metrics": {"models.missing": 3.0}}, {"ti": ti})  # type: ignore[typeddict-item]
    assert ti.values["finding"].startswith("In perplexity.")
