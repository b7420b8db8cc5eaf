"""DAGs of one task each; its child process does one thing that Airflow has to handle."""

from __future__ import annotations

import os
from datetime import timedelta

from airflow.sdk import DAG

from dualform_airflow.operator import DualformOperator
from tests.scripted import ScriptedProcess

URL = "http://127.0.0.1:9/#/experiments/1/runs/r1"
SCRIPTS = {
    # Succeeds at the second try.
    "retried": "sys.exit(75) if request['identity']['try_number'] == 1 else finish()",
    "users_mistake": "say('No such model.'); sys.exit(65)",
    # Names its run, then waits until the test makes a file.
    "linked": f"""
        event(event="run", run_id="r1", url={URL!r})
        while not os.path.exists(request["workspace"] + "/go-on"): time.sleep(0.05)
        finish(tracking={{"run_id": "r1", "url": {URL!r}}})
    """,
    "long": """
        open(request["workspace"] + "/" + request["identity"]["dag_id"] + ".pid", "w").write(str(os.getpid()))
        say("running")
        time.sleep(300)
    """,
}
SCRIPTS["stubborn"] = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + "\n".join(
    line.strip() for line in SCRIPTS["long"].splitlines()
)

for name, script in SCRIPTS.items():
    with DAG(name, schedule=None, catchup=False, is_paused_upon_creation=False):
        DualformOperator(
            task_id="task",
            kind="prompt",
            workspace=os.environ["AIRFLOW_HOME"] + "/workspace",
            execution=ScriptedProcess(script, grace_s=4.0),
            retries=2,
            retry_delay=timedelta(seconds=1),
        )
