"""The real DAGs with scripted tasks. dag.test() finds them here: this folder is the tests' DAGs folder."""

from __future__ import annotations

import os

from dualform_airflow.dags import icl_experiment, icl_shot_sweep
from tests.scripted import ScriptedProcess

# Two data sets with one cell each; FAIL names tasks (and, after a colon, the item) that fail or skip.
CHAIN = """
fail = os.environ.get("SCRIPTED_FAIL", "").split()
name = os.environ["AIRFLOW_CTX_TASK_ID"].split(".")[-1]
mine = request["parameters"].get("id", "")
with open(os.environ["SCRIPTED_LOG"], "a") as log:
    log.write(json.dumps(dict(task=name, item=mine, inputs=sorted(request["inputs"]))) + "\\n")
for entry in fail:
    task, _, rest = entry.partition(":")
    item, _, code = rest.partition(":")
    if task == name and item in ("", mine):
        say("scripted end")
        sys.exit(int(code or 65))
reference = dict(uri="workspace:" + name, sha256="0" * 64, bytes=1)
names = dict(plan="plan", select="selection", prompt="prompts", infer="predictions", finetune="update", score="scores",
             summarise="results")
outputs = {names[kind]: reference} if kind in names else {}
if kind == "finetune":
    outputs["training"] = reference
more = {}
if kind == "plan":
    wanted = request["parameters"]["experiment"]["datasets"]
    wanted = [wanted] if isinstance(wanted, str) else wanted
    more["expand"] = dict(
        select=[dict(id="s" + d, name=d, parameters=dict(id=d)) for d in wanted],
        cells=[dict(id="c" + d, name=d + " seed 1", parameters=dict(id=d), uses=dict(select=i))
               for i, d in enumerate(wanted)])
if kind == "finish" and "results" not in request["inputs"]:
    sys.exit(65)
finish(outputs=outputs, **more)
"""

_arguments = {
    "retries": 0,
    "workspace": os.environ["AIRFLOW_HOME"] + "/workspace",
    "execution": ScriptedProcess(CHAIN),
}
scripted_sweep = icl_shot_sweep("scripted_sweep", **_arguments)  # type: ignore[arg-type]
scripted_experiment = icl_experiment("scripted_experiment", **_arguments)  # type: ignore[arg-type]
