"""The real DAGs with scripted tasks. dag.test() finds them here: this folder is the tests' DAGs folder."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from dualform_airflow.dags import icl_experiment, icl_shot_sweep
from dualform_airflow.notifier import AnswerNotifier
from tests.scripted import ScriptedProcess

# Two data sets with one cell each. They are selected in the opposite order, so that a cell and its selection have
# different indexes. FAIL names tasks (and, after a colon, the item) that fail or skip.
CHAIN = """
fail = os.environ.get("SCRIPTED_FAIL", "").split()
name = os.environ["AIRFLOW_CTX_TASK_ID"].split(".")[-1]
mine = request["parameters"].get("id", "")
if request["kind"] == "cell":
    mine = "+".join(cell["parameters"]["id"] for cell in request["parameters"]["cells"])
inputs = {name: reference["uri"].removeprefix("workspace:") for name, reference in request["inputs"].items()}
with open(os.environ["SCRIPTED_LOG"], "a") as log:
    asked = dict(task=name, kind=request["kind"], item=mine, method=request["parameters"].get("method"), inputs=inputs)
    log.write(json.dumps(asked) + "\\n")
for entry in fail:
    task, _, rest = entry.partition(":")
    item, _, code = rest.partition(":")
    if task == name and item in ("", mine):
        say("scripted end")
        sys.exit(int(code or 65))
made = dict(cell=[], study=[],
            plan=["plan"], select=["selection"], prompt=["prompts"], infer=["predictions", "records"],
            finetune=["update", "training", "records"], score=["scores"], summarise=["results"], finish=[])
without = os.environ.get("SCRIPTED_WITHOUT", "").split()
outputs = {
    output: dict(uri="workspace:" + "/".join(filter(None, [name, mine, output])), sha256="0" * 64, bytes=1)
    for output in made[request["kind"]] if output not in without
}
more = {}
if request["kind"] == "plan":
    assert "approval" not in request["parameters"]["experiment"]
    more["metrics"] = dict(cells=1, tokens=7.2e6, memory_bytes=4e8, disk_bytes=1e6)
    if request["parameters"].get("measure_rate"):
        more["metrics"]["tokens_per_second"] = 1000
    wanted = request["parameters"]["experiment"]["datasets"]
    wanted = [wanted] if isinstance(wanted, str) else wanted
    more["expand"] = dict(
        select=[dict(id="s" + d, name=d, parameters=dict(id=d)) for d in reversed(wanted)],
        cells=[dict(id="c" + d, name=d + " seed 1", parameters=dict(id=d), uses=dict(select=len(wanted) - 1 - i),
                    cost=10 - i) for i, d in enumerate(wanted)])
if request["kind"] in ("cell", "study"):
    mine = [cell["parameters"]["id"] for cell in request["parameters"].get("cells", [])] or ["topics", "sentiment"]
    outputs = {
        f"scores.c{each}": dict(uri=f"workspace:{request['kind']}/{each}/scores", sha256="0" * 64, bytes=1)
        for each in mine
    }
    if request["kind"] == "study":
        for each in mine:
            event(event="cell", cell="c" + each, status="done", message="")
            outputs["selection.s" + each] = dict(uri=f"workspace:study/{each}/selection", sha256="0" * 64, bytes=1)
    if "inside" in fail:
        finish(status="failed", message="topics seed 1, finetune failed: scripted.", outputs=outputs)
        sys.exit(65)
if request["kind"] == "summarise":
    event(event="link", page="report", url="http://127.0.0.1:9/report.html")
    more["message"] = "Prompt it.\\n\\nA table."
if request["parameters"].get("stopped"):
    say("Nothing was computed: " + request["parameters"]["stopped"] + ".")
    sys.exit(71)
if request["kind"] == "finish" and "results" not in request["inputs"]:
    sys.exit(65)
finish(outputs=outputs, **more)
"""


def _keep(text: str) -> None:
    """Where a test finds what a notifier told, one line a run."""
    with (Path(os.environ["AIRFLOW_HOME"]) / "told.txt").open("a") as file:
        file.write(text.replace("\n", " ") + "\n")


_arguments = {
    "retries": 0,
    "workspace": os.environ["AIRFLOW_HOME"] + "/workspace",
    "execution": ScriptedProcess(CHAIN),
}
scripted_sweep = icl_shot_sweep("scripted_sweep", grouping="task", **_arguments)  # type: ignore[arg-type]
scripted_cells = icl_shot_sweep("scripted_cells", grouping="cell", **_arguments)  # type: ignore[arg-type]
scripted_study = icl_shot_sweep("scripted_study", grouping="study", **_arguments)  # type: ignore[arg-type]
asking: dict[str, Any] = {
    **_arguments,
    "retry_delay": timedelta(seconds=1),
    "retries": 2,  # on a busy machine, Airflow itself may lose a task before it starts
    "price_per_hour": "0.90 EUR",
    "dag_arguments": {"on_success_callback": AnswerNotifier(_keep), "on_failure_callback": AnswerNotifier(_keep)},
}
scripted_asking = icl_shot_sweep("scripted_asking", approval=True, grouping="task", **asking)
scripted_form = icl_experiment("scripted_form", approval="form", **asking)
scripted_experiment = icl_experiment("scripted_experiment", **_arguments)  # type: ignore[arg-type]
