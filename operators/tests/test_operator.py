"""The operator: what it asks of a task, and what it makes of the answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import DAG, Connection
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from dualform_airflow._compat import AirflowException, AirflowFailException, AirflowSkipException
from dualform_airflow.inputs import EachOutput, Output
from dualform_airflow.links import MlflowRunLink
from dualform_airflow.operator import DualformOperator
from dualform_airflow.plan import PlanOperator
from dualform_airflow.summary import SummaryOperator

from .scripted import ScriptedProcess, TaskInstance, context

REFERENCE = {"uri": "workspace:results/x", "sha256": "0" * 64, "bytes": 3}
ITEM = {"id": "c1", "name": "topics seed 1", "parameters": {"seed": 1, "shots": [0, 4]}, "uses": {"select": 1}}


def operator(script: str, folder: Path, **arguments: Any) -> DualformOperator:
    arguments = {"task_id": "prompt", "kind": "prompt", "workspace": str(folder), **arguments}
    with nullcontext() if "inputs" in arguments else DAG("a_dag"):
        return DualformOperator(execution=ScriptedProcess(script), **arguments)


@pytest.fixture(autouse=True)
def dag() -> Iterator[DAG]:
    """Tasks can depend on each other within a DAG only."""
    with DAG("a_dag") as made:
        yield made


def the_request(folder: Path) -> dict[str, Any]:
    (file,) = folder.rglob("*.request.json")
    request: dict[str, Any] = json.loads(file.read_text())
    return request


def test_request_keeps_to_the_contract(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000/")
    source = DualformOperator(task_id="source", kind="prompt")
    task = operator("finish()", tmp_path, item=ITEM, parameters={"method": "icl"}, inputs={"prompts": Output(source)})
    ti = TaskInstance(map_index=2, source={"outputs": {"prompts": REFERENCE}})
    task.execute(context(ti))
    request = the_request(tmp_path)
    schemas = [json.loads(file.read_text()) for file in (root / "contract" / "schema").glob("*.json")]
    registry = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)
    schema = next(schema for schema in schemas if schema["title"] == "Task request")
    Draft202012Validator(schema, registry=registry).validate(request)
    assert request["identity"] == {
        "dag_id": "a_dag",
        "run_id": ti.run_id,
        "task_id": "prompt",
        "map_index": 2,
        "try_number": 1,
    }
    assert request["tracking"] == {
        "uri": "http://127.0.0.1:5000",
        "experiment": "dualform",
        "study": f"a_dag/{ti.run_id}",
    }
    assert request["parameters"] == {"seed": 1, "shots": [0, 4], "method": "icl"}
    assert request["inputs"] == {"prompts": REFERENCE}
    assert request["fresh"] is False


def test_xcom_holds_references_and_small_facts(tmp_path: Path) -> None:
    reference = json.dumps(REFERENCE)
    task = operator(
        f"finish(outputs={{'prompts': {reference}}}, expand={{'cells': []}}, cached=True)", tmp_path, item=ITEM
    )
    assert task.execute(context(TaskInstance())) == {
        "kind": "prompt",
        "status": "done",
        "cached": True,
        "outputs": {"prompts": REFERENCE},
        "metrics": {},
        "message": "ok",
        "item": "c1",
    }


def test_link_is_there_while_the_task_runs_and_stays(tmp_path: Path) -> None:
    url = "http://127.0.0.1:5000/#/experiments/1/runs/2"
    go_on = tmp_path / "go-on"
    script = f"""
        event(event="run", run_id="2", url={url!r})
        while not os.path.exists({str(go_on)!r}): time.sleep(0.01)
        finish(tracking={{"run_id": "2", "url": {url!r}}})
    """

    class Seeing(TaskInstance):
        def xcom_push(self, key: str, value: Any) -> None:
            super().xcom_push(key, value)
            go_on.touch()  # the task ends only after the link was pushed

    task, ti = operator(script, tmp_path), Seeing()
    task.execute(context(ti))
    assert ti.pushed == {"dualform_mlflow_run": url}
    assert MlflowRunLink().get_link(task, ti_key=None) == url  # type: ignore[arg-type]


def test_progress_is_logged_briefly_and_events_are_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = """
        for done in range(1, 101):
            event(event="progress", what="queries", done=done, total=100, eta_s=(100 - done) / 10)
        say("@dualform not JSON")
        say("a line of log")
        finish()
    """
    operator(script, tmp_path).execute(context(TaskInstance()))
    log = capsys.readouterr().out
    assert log.count("queries: ") == 2
    assert "queries: 1 of 100, 10 s left" in log
    assert "queries: 100 of 100" in log
    assert "a line of log" in log
    assert "@dualform not JSON" in log
    assert '"event"' not in log


@pytest.mark.parametrize(
    ("code", "exception", "says"),
    [
        (64, AirflowFailException, "wrong request"),
        (65, AirflowFailException, "wrong input data"),
        (78, AirflowFailException, "wrong configuration"),
        (70, AirflowFailException, "bug"),
        (71, AirflowFailException, "for good"),
        (3, AirflowFailException, "heap memory"),
        (75, AirflowException, "trying again may help"),
        (130, AirflowException, "stopped"),
        (137, AirflowException, "ran out of memory"),
        (143, AirflowException, "stopped"),
        (134, AirflowException, "exit code 134"),
        (99, AirflowSkipException, "the reason"),
    ],
)
def test_exit_code_decides_between_skip_retry_and_failure(
    code: int, exception: type[Exception], says: str, tmp_path: Path
) -> None:
    with pytest.raises(exception, match=says) as raised:
        operator(f"say('the reason'); sys.exit({code})", tmp_path).execute(context(TaskInstance()))
    assert type(raised.value) is exception
    if code not in (3, 137):
        assert "the reason" in str(raised.value)


def test_message_of_a_failed_result_comes_before_the_log(tmp_path: Path) -> None:
    script = "say('noise'); finish(status='failed', message='No model named mimi; did you mean mini?'); sys.exit(65)"
    with pytest.raises(AirflowFailException, match="did you mean mini") as raised:
        operator(script, tmp_path).execute(context(TaskInstance()))
    assert "noise" not in str(raised.value)


def test_success_without_a_result_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(AirflowException, match="its result did not arrive"):
        operator("pass", tmp_path).execute(context(TaskInstance()))


@pytest.mark.parametrize(
    ("try_number", "max_tries", "argument", "in_form", "fresh"),
    [
        (1, 2, False, False, False),  # first try
        (2, 2, False, False, False),  # a retry may hit
        (2, 3, False, False, True),  # cleared after one try
        (3, 3, False, False, True),  # a retry after that clear
        (1, 2, True, False, True),
        (1, 2, False, True, True),
    ],
)
def test_fresh_after_a_clear_or_on_request(
    try_number: int, max_tries: int, argument: bool, in_form: bool, fresh: bool, tmp_path: Path
) -> None:
    task = operator("finish()", tmp_path, retries=2, fresh=argument)
    task.execute(context(TaskInstance(try_number=try_number, max_tries=max_tries), {"fresh": in_form}))
    assert the_request(tmp_path)["fresh"] is fresh


@pytest.mark.parametrize(
    ("params", "told"),
    [({}, None), ({"transport": "shared"}, None), ({"transport": "mlflow"}, "mlflow"), ({"transport": "ftp"}, None)],
)
def test_the_request_tells_how_files_travel(params: dict[str, Any], told: str | None, tmp_path: Path) -> None:
    """Absent means shared. The plan refuses what is no choice, together with all other mistakes."""
    operator("finish()", tmp_path).execute(context(TaskInstance(), params))
    assert the_request(tmp_path).get("transport") == told


def test_a_retry_does_not_see_the_result_of_an_earlier_try(tmp_path: Path) -> None:
    operator("finish()", tmp_path).execute(context(TaskInstance(try_number=1)))
    with pytest.raises(AirflowException, match="its result did not arrive"):
        operator("pass", tmp_path).execute(context(TaskInstance(try_number=2)))


def test_missing_inputs_are_all_named(tmp_path: Path) -> None:
    first, second = (DualformOperator(task_id=name, kind="prompt") for name in ("first", "second"))
    task = operator("finish()", tmp_path, inputs={"prompts": Output(first), "update": Output(second)})
    with pytest.raises(AirflowFailException, match=r"first has no output prompts; .*second has no output update"):
        task.execute(context(TaskInstance()))


def test_a_failed_task_hands_its_reason_on_and_only_it_is_red(tmp_path: Path) -> None:
    failing, failed = operator("say('No such model.'); sys.exit(65)", tmp_path, task_id="finetune"), TaskInstance()
    with pytest.raises(AirflowFailException, match=r"^No such model\.\nprompt: wrong input data"):
        failing.execute(context(failed))
    reason = "failed: No such model. prompt: wrong input data (exit code 65, not retried)."
    assert failed.pushed == {"reason": reason}

    source = DualformOperator(task_id="finetune", kind="finetune")
    inputs = {"update": Output(source), "training": Output(source)}
    waiting = operator("finish()", tmp_path, task_id="infer_ft", inputs=inputs, trigger_rule="all_done")
    ti = TaskInstance(xcoms={"finetune:reason": reason})
    with pytest.raises(
        AirflowSkipException, match="prompt has nothing to run on: finetune failed: No such model"
    ) as skip:
        waiting.execute(context(ti))
    assert str(skip.value).count("No such model") == 1
    assert ti.pushed == {"reason": f"did not run: finetune {reason}"}

    last = operator("finish()", tmp_path, task_id="finish", inputs={"plan": Output(source)}).as_teardown()
    with pytest.raises(AirflowFailException, match="finetune failed: No such model"):
        last.execute(context(TaskInstance(xcoms={"finetune:reason": reason})))


def test_everything_that_is_missing_on_the_worker_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("DUALFORM_JAR", "DUALFORM_HOME", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
    task = PlanOperator(task_id="plan")
    with pytest.raises(AirflowFailException, match=r"^4 mistakes:") as told:
        task.execute(context(TaskInstance("plan")))
    for mistake in ("No task jar", "Java is missing", "MLFLOW_TRACKING_URI", "No workspace"):
        assert mistake in str(told.value)


def test_a_mistake_that_two_checks_meet_is_told_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DUALFORM_IMAGE", raising=False)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/sock")
    task = PlanOperator(task_id="plan", execution="docker", workspace="/elsewhere")
    with pytest.raises(AirflowFailException, match=r"^No image: set DUALFORM_IMAGE on the worker"):
        task.execute(context(TaskInstance("plan")))


def test_a_plan_alone_is_not_tracked_and_one_of_a_study_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    for opens_study in (False, True):
        folder = tmp_path / str(opens_study)
        task = PlanOperator(
            task_id=f"plan_{opens_study}",
            spec={"model": "mini"},
            opens_study=opens_study,
            workspace=str(folder),
            execution=ScriptedProcess("finish(expand={})"),
        )
        task.execute(context(TaskInstance("plan")))
        assert ("tracking" in the_request(folder)) is opens_study


@pytest.mark.parametrize("server", ["http://127.0.0.1:5000", ""])
def test_a_plan_alone_sends_no_files_and_still_tells_where_there_is_no_server_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    task = PlanOperator(task_id="plan", workspace=str(tmp_path), execution=ScriptedProcess("finish(expand={})"))
    task.execute(context(TaskInstance("plan"), {"model": "mini", "transport": "mlflow"}))
    request = the_request(tmp_path)
    assert "transport" not in request
    # Java refuses the experiment's own value where nothing is tracked.
    assert request["parameters"]["experiment"] == {"model": "mini", **({} if server else {"transport": "mlflow"})}


def test_summary_gives_its_answer_and_its_pages_to_airflow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "topics: PROMPT. It is better.\n\nshots  icl  ft\n    4  0.9  0.5"
    script = f"""
        event(event="link", page="curves", url="http://m/#/curves")
        event(event="link", page="report", url="http://m/#/report")
        finish(message={text!r}, outputs=dict(report=dict(uri="workspace:results/x/report.html")))
    """
    task = SummaryOperator(
        task_id="summarise", kind="summarise", workspace=str(tmp_path), execution=ScriptedProcess(script)
    )
    ti = TaskInstance("summarise")
    returned = task.execute(context(ti))
    assert ti.pushed == {
        "dualform_link_curves": "http://m/#/curves",
        "dualform_link_report": "http://m/#/report",
        "finding": text,
    }
    assert returned["message"] == "topics: PROMPT. It is better."
    assert f"Report: {tmp_path}/results/x/report.html" in capsys.readouterr().out
    kept = {link.name: link.get_link(task, ti_key=None) for link in task.operator_extra_links}  # type: ignore[arg-type]
    assert kept == {"MLflow run": "", "Report": "http://m/#/report", "All curves": "http://m/#/curves"}


def test_optional_input_is_left_out(tmp_path: Path) -> None:
    source = DualformOperator(task_id="source", kind="infer")
    task = operator("finish()", tmp_path, inputs={"icl": Output(source, "predictions", required=False)})
    task.execute(context(TaskInstance()))
    assert the_request(tmp_path)["inputs"] == {}


def test_item_names_the_mapped_instance_it_uses(tmp_path: Path) -> None:
    select = DualformOperator.partial(task_id="select", kind="select").expand(item=[ITEM, ITEM])
    task = operator("finish()", tmp_path, item=ITEM, inputs={"selection": Output(select, uses="select")})
    other = {**REFERENCE, "uri": "workspace:other"}
    task.execute(
        context(TaskInstance(select=[{"outputs": {"selection": other}}, {"outputs": {"selection": REFERENCE}}]))
    )
    assert the_request(tmp_path)["inputs"] == {"selection": REFERENCE}


def test_every_existing_output_is_an_input_by_item(tmp_path: Path) -> None:
    score = DualformOperator(task_id="score", kind="score")
    task = operator("finish()", tmp_path, inputs={"scores": EachOutput(score)})
    one, none = {"item": "c1", "outputs": {"scores": REFERENCE}}, {"item": "c2", "outputs": {}}
    task.execute(context(TaskInstance(score=[one, none])))
    assert the_request(tmp_path)["inputs"] == {"scores.c1": REFERENCE}


def test_workspace_must_be_named_and_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DUALFORM_HOME", raising=False)
    with pytest.raises(AirflowFailException, match="set DUALFORM_HOME"):
        operator("finish()", tmp_path, workspace=None).execute(context(TaskInstance()))
    monkeypatch.setenv("DUALFORM_HOME", "here")
    with pytest.raises(AirflowFailException, match="absolute"):
        operator("finish()", tmp_path, workspace=None).execute(context(TaskInstance()))
    monkeypatch.setenv("DUALFORM_HOME", str(tmp_path))
    operator("finish()", tmp_path, workspace=None).execute(context(TaskInstance()))
    assert the_request(tmp_path)["workspace"] == str(tmp_path / "workspace")


def test_token_of_the_connection_travels_in_the_environment_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = Connection(conn_id="m", conn_type="http", host="mlflow.example", port=5000, password="s3cret")  # noqa: S106
    monkeypatch.setattr(Connection, "get", classmethod(lambda _cls, _conn_id: connection))
    seen = tmp_path / "seen"
    script = f"open({str(seen)!r}, 'w').write(os.environ['MLFLOW_TRACKING_TOKEN']); finish()"
    operator(script, tmp_path, mlflow_conn_id="m").execute(context(TaskInstance()))
    assert seen.read_text() == "s3cret"
    assert the_request(tmp_path)["tracking"]["uri"] == "http://mlflow.example:5000"
    assert "s3cret" not in json.dumps(the_request(tmp_path))


@pytest.mark.parametrize("uri", ["sqlite:///mlflow.db", "file:mlruns", "http://"])
def test_tracking_address_must_be_a_server(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    with pytest.raises(AirflowFailException, match="MLFLOW_TRACKING_URI: "):
        operator("finish()", tmp_path).execute(context(TaskInstance()))
