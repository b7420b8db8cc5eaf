"""The whole chain as people use it: Airflow's form in a browser, Java tasks, MLflow's pages; and what goes wrong."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dualform_airflow.form import form

from .airflow_api import HttpError
from .browser import clear_choice, fields, log_in, open_chart, open_form, opened_browser, trigger
from .given import GIVEN
from .real_stack import SWEEP, RealStack, digits
from .test_local_process import is_alive

pytestmark = pytest.mark.slow

# Small, and yet every kind of task works.
SMALL: dict[str, Any] = {
    "model": "mini",
    "datasets": ["topics"],
    "shots": "0,2",
    "seeds": "1",
    "limit": 40,
    "learning_rate": "0.01",
}


@pytest.fixture(scope="module")
def page(stack: RealStack) -> Iterator[Page]:
    with opened_browser() as opened:
        log_in(opened, stack.airflow.url, stack.password())
        yield opened


@pytest.fixture(scope="module")
def expected(stack: RealStack, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """SMALL without Airflow, in one process."""
    return run_in_one_process(stack, tmp_path_factory.mktemp("alone"), SMALL)


def run_in_one_process(stack: RealStack, out: Path, conf: dict[str, Any]) -> list[dict[str, Any]]:
    options = [f"--{name.replace('_', '-')}={_text(value)}" for name, value in conf.items()]
    stack.dualform("run", *options, f"--out={out}")
    return digits(json.loads((out / "results.json").read_text()))


def _text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def assets() -> Path | None:
    root = Path(__file__).resolve().parents[2]
    folder = Path(GIVEN.get("DUALFORM_TEST_ASSETS", root.parent / "shared")).resolve()
    return folder if (folder / "models" / "stories15M").is_dir() else None


def assert_each_curve_once(stack: RealStack, run_id: str, curves: int = 2) -> None:
    """Each curve has one run that counts. It has ended, and it has every point once."""
    runs = stack.runs(f"{SWEEP}/{run_id}", "curve")
    assert sorted(run["params"]["method"] for run in runs) == sorted(["ft", "icl"] * (curves // 2))
    assert len({run["tags"]["dualform.run_key"] for run in runs}) == curves
    for run in runs:
        assert run["status"] == "FINISHED"
        steps = [step for step, _ in stack.history(run["id"], "accuracy")]
        assert steps
        assert len(steps) == len(set(steps)), f"a point twice: {steps}"


# The form


@pytest.mark.parametrize("dag_id", [SWEEP, "icl_experiment"])
def test_form_shows_every_parameter_with_its_default_and_the_server_takes_all_of_them(
    stack: RealStack, page: Page, dag_id: str
) -> None:
    params = form(single=dag_id == "icl_experiment")
    open_form(page, stack.airflow.url, dag_id)
    shown = fields(page)
    assert list(shown) == list(params)
    for name, param in params.items():
        if not isinstance(param.value, bool):
            values = param.value if isinstance(param.value, list) else [param.value]
            # A multi-select without a choice still has one empty field.
            filled = [str(value) for value in values if value not in (None, "")]
            assert [text for text in shown[name] if text] == filled, name
        assert str(param.schema["title"]) in (page.get_by_role("dialog").text_content() or ""), name
    stack.airflow.call("PATCH", f"/dags/{dag_id}?update_mask=is_paused", {"is_paused": True})
    try:
        stack.airflow.trigger(dag_id, "defaults", **{name: param.value for name, param in params.items()})
        stack.airflow.call("DELETE", f"/dags/{dag_id}/dagRuns/defaults")
    finally:
        stack.airflow.call("PATCH", f"/dags/{dag_id}?update_mask=is_paused", {"is_paused": False})


def test_sweep_entered_in_the_form_gives_the_numbers_of_the_shell_to_the_last_digit(
    stack: RealStack, page: Page, tmp_path: Path
) -> None:
    folder = assets()
    conf = dict(SMALL, seeds="0", shots="0,2,4", limit=20, learning_rate="0.002", datasets="topics")
    if folder:
        conf.update(model=str(folder / "models" / "stories15M"), datasets=str(folder / "datasets" / "sst2"))
    alone = run_in_one_process(stack, tmp_path, conf)

    open_form(page, stack.airflow.url, SWEEP)
    clear_choice(page, "datasets")
    trigger(
        page,
        "by_form",
        {
            "model": str(conf["model"]),
            "other_datasets": str(conf["datasets"]),
            **{name: str(conf[name]) for name in ("shots", "seeds", "limit", "learning_rate")},
        },
    )
    assert stack.airflow.await_run(SWEEP, "by_form") == "success"
    assert digits(stack.results("by_form")) == alone
    assert_each_curve_once(stack, "by_form")
    if folder:
        largest = alone[-1]["metrics"]
        accuracies = [largest[f"{method}.accuracy"]["value"] for method in ("zsl", "icl", "ft")]
        assert (accuracies, alone[-1]["context_tokens"]) == ([0.55, 0.55, 0.45], 172)
        assert (largest["rec2ftp"]["value"], largest["rec2ftp"]["n"]) == (1 / 6, 6)


def test_plan_names_every_mistake_that_the_form_takes_at_once_and_is_not_retried(stack: RealStack, page: Page) -> None:
    wrong = {
        "model": "minni",
        "other_datasets": "topcs",
        "shots": "8,2,x",
        "seeds": "1;2",
        "limit": "-5",
        "learning_rate": "fast",
        "arms": "flip",
        "passes": "many",
        "template": "nonesuch",
        "split": "tets",
        "threads": "0",
        "device": "gpu",
        "memory": "6 GB",
    }
    open_form(page, stack.airflow.url, "icl_plan")
    trigger(page, "mistaken", wrong)
    sent = stack.airflow.run("icl_plan", "mistaken")["conf"]
    assert {name: str(sent[name]) for name in wrong} == wrong, "the form sends what was entered"
    assert stack.airflow.await_run("icl_plan", "mistaken") == "failed"
    assert stack.airflow.task("icl_plan", "mistaken", "plan")["try_number"] == 1
    log = stack.airflow.log("icl_plan", "mistaken", "plan")
    for told in (
        "no model 'minni'",
        "no data set 'topcs'",
        "shots: has to be at most 1000 whole numbers from 0",
        "seeds: has to be at most 1000 whole numbers from 0",
        "limit: has to be a whole number from 1 to 10000, not",
        "learning_rate: has to be auto, paper or a number above 0, not",
        "arms: ",
        "passes: has to be a whole number from 1 to 1000, not",
        "nonesuch",
        "threads: has to be auto or a whole number from 1 to 1024, not",
        "device: has to be auto, cpu, cuda",
        "memory: has to be auto or a size such as 6g or 800m, not",
    ):
        assert told in log, log
    assert "exit code 64, not retried" in log


# What is seen


def test_running_task_links_to_its_mlflow_run_and_the_chart_shows_both_methods(
    stack: RealStack, page: Page, expected: list[dict[str, Any]]
) -> None:
    stack.airflow.trigger(SWEEP, "seen", **SMALL)
    linked: list[str] = []

    def linked_while_running() -> bool:
        with contextlib.suppress(HttpError):
            links = stack.airflow.links(SWEEP, "seen", "cell", 0)
            if links.get("In context") and stack.airflow.task(SWEEP, "seen", "cell", 0)["state"] == "running":
                linked.append(links["In context"])
        return bool(linked) or stack.airflow.run(SWEEP, "seen")["state"] in ("success", "failed")

    stack.airflow.wait_for("a link on a running task", linked_while_running)
    assert linked, "the run ended, and no task had a link while it ran"
    assert linked[0].startswith(f"{stack.mlflow}/#/experiments/")
    assert stack.airflow.await_run(SWEEP, "seen") == "success"
    assert digits(stack.results("seen")) == expected
    assert stack.airflow.task(SWEEP, "seen", "cell", 0)["rendered_map_index"] == "topics · seed 1"
    links = stack.airflow.links(SWEEP, "seen", "cell", 0)
    runs = [links[name] for name in ("In context", "Fine-tuned", "Comparison")]
    assert len(set(runs)) == 3
    assert runs[0] == linked[-1]

    page.goto(f"{stack.airflow.url}/dags/{SWEEP}/runs/seen/tasks/cell/mapped")
    expect(page.get_by_text("topics · seed 1").first).to_be_visible()
    links = stack.airflow.links(SWEEP, "seen", "summarise")
    assert links["Report"].startswith(f"{stack.mlflow}/#/experiments/")
    assert "/artifacts/report.html" in links["Report"]
    assert "compareRunsMode=CHART" in links["All curves"]
    assert stack.airflow.links(SWEEP, "seen", "plan").keys() == {"MLflow run", "All curves"}
    page.goto(f"{stack.airflow.url}/dags/{SWEEP}/runs/seen/tasks/summarise")
    expect(page.get_by_text(re.compile(r"topics: [A-Z ]+\. ")).first).to_be_visible()
    page.goto(f"{stack.airflow.url}/dags/{SWEEP}/runs/seen/tasks/summarise/details")
    for name, url in links.items():
        expect(page.get_by_role("link", name=name)).to_have_attribute("href", url)
    open_chart(page, links["MLflow run"])
    expect(page.get_by_text("topics icl").first).to_be_visible()
    expect(page.get_by_text("topics ft").first).to_be_visible()


def test_one_cell_with_every_step_visible(stack: RealStack, expected: list[dict[str, Any]]) -> None:
    stack.airflow.trigger("icl_experiment", "one", **{**SMALL, "datasets": "topics"})
    assert stack.airflow.await_run("icl_experiment", "one") == "success"
    assert digits(stack.results("one", "icl_experiment")) == expected
    for task_id in ("plan", "prompt", "infer_icl", "finetune", "infer_ft", "score", "summarise", "finish"):
        assert stack.airflow.task("icl_experiment", "one", task_id)["state"] == "success"


def test_preset_through_airflow_gives_the_numbers_of_one_process_with_controls_and_records(
    stack: RealStack, page: Page, tmp_path: Path
) -> None:
    # The preset's own model, baselines and recording, with fewer rows.
    cut = dict(SMALL, preset="quick", orders="1", arms="flip=1", limit=12, record_limit=8)
    del cut["model"]
    alone = run_in_one_process(stack, tmp_path, cut)
    stack.airflow.await_dag("icl_paper")
    stack.airflow.trigger("icl_paper", "preset", **cut)
    assert stack.airflow.await_run("icl_paper", "preset") == "success"
    assert digits(stack.results("preset", "icl_paper")) == alone
    assert {(row["arm"], row["order"]) for row in alone} == {("main", 1), ("flip=1", 1)}
    recorded = [row for row in alone if row["metrics"].get("sim_aou", {}).get("value") is not None]
    assert {row["arm"] for row in recorded} == {"main", "flip=1"}
    assert {row["shots"] for row in recorded} == {2}
    assert_controls_are_tracked_beside_the_experiment(stack, "icl_paper/preset", alone)

    open_chart(page, stack.airflow.links("icl_paper", "preset", "summarise")["MLflow run"])
    own = page.get_by_text("Shot curves (step = shots)").first
    controls = page.get_by_text("Controls", exact=True).first
    expect(own).to_be_visible()
    expect(controls).to_be_attached()
    tops = [each.bounding_box() for each in (own, controls)]
    assert tops[0]
    assert tops[1]
    assert tops[0]["y"] < tops[1]["y"], "the experiment's own curves come first"


def assert_controls_are_tracked_beside_the_experiment(stack: RealStack, study: str, rows: list[dict[str, Any]]) -> None:
    """Each curve under its own name, and the summary with its numbers, files and note, whatever an arm is called."""
    curves = {run["params"]["curve"]: run for run in stack.runs(study, "curve")}
    assert sorted(curves) == ["topics ft", "topics ft flip=1", "topics icl", "topics icl flip=1"]
    for name, run in curves.items():
        control = "flip" in name
        assert run["tags"]["dualform.curve"] == ("control" if control else "main")
        method = run["params"]["method"]
        expected = {
            row["shots"]: row["metrics"][f"{method}.accuracy"]["value"]
            for row in rows
            if row["cell"] == run["params"]["cell"]
        }
        tracked = dict(stack.history(run["id"], "control.accuracy" if control else "accuracy"))
        assert {shots: tracked[shots] for shots in expected} == expected
    summary = stack.runs(study, "summary")[0]
    assert summary["status"] == "FINISHED"
    assert not summary["tags"]["mlflow.note.content"].startswith("Under way")
    assert {"results.json", "report.html"} <= set(stack.artifacts(summary["id"]))
    assert stack.history(summary["id"], "topics flip:1/icl.accuracy")
    assert stack.history(summary["id"], "topics/icl.accuracy")


def test_commands_of_the_readme_work_as_they_stand_and_agree(stack: RealStack, root: Path, tmp_path: Path) -> None:
    plain, _, rest = (root / "README.md").read_text().partition("## In containers")
    commands = {line[1]: line[2:] for line in _lines(plain)}
    assert list(commands) == ["demo", "test", "up", "trigger", "down", "run"]
    known = stack.dualform("--help")
    assert all(word in known for word in commands if word != "test")
    # Those with containers need an engine: test_docker_airflow.py runs the like.
    in_containers = [line[1] for line in _lines(rest) if line[0] == "./dualform"]
    assert in_containers == ["package", "up", "trigger"]
    assert all(word in known for word in in_containers)
    stack.dualform("trigger", *commands["trigger"], "--run-id", "readme")
    out = commands["run"].index("--out") + 1
    commands["run"][out] = str(tmp_path)
    stack.dualform("run", *commands["run"])
    assert digits(stack.results("readme")) == digits(json.loads((tmp_path / "results.json").read_text()))


def _lines(text: str) -> list[list[str]]:
    """The words of the commands in a text's blocks, without comments."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [line.split("#")[0].split() for block in blocks for line in block.splitlines()]


# What goes wrong


def test_killed_task_is_tried_again_and_gives_the_same_numbers(
    stack: RealStack, expected: list[dict[str, Any]]
) -> None:
    stack.airflow.trigger(SWEEP, "killed", **SMALL, fresh=True)
    os.kill(child(stack, "killed", "cell"), signal.SIGKILL)
    assert stack.airflow.await_run(SWEEP, "killed") == "success"
    assert stack.airflow.task(SWEEP, "killed", "cell", 0)["try_number"] == 2
    assert digits(stack.results("killed")) == expected
    assert_each_curve_once(stack, "killed")


def test_task_marked_as_failed_ends_within_seconds(stack: RealStack) -> None:
    stack.airflow.trigger(SWEEP, "marked", **SMALL, fresh=True)
    process = child(stack, "marked", "cell")
    stack.airflow.mark(SWEEP, "marked", "cell", "failed", 0)
    stack.airflow.wait_for("the process to end", lambda: not is_alive(process), patience_s=30)
    stack.airflow.await_run(SWEEP, "marked")
    assert stack.airflow.task(SWEEP, "marked", "cell", 0)["state"] == "failed"


def test_killed_scheduler_and_resume_give_the_same_numbers(stack: RealStack, expected: list[dict[str, Any]]) -> None:
    stack.airflow.trigger(SWEEP, "orphaned", **SMALL, fresh=True)
    child(stack, "orphaned", "cell")
    os.kill(stack.server_process("scheduler"), signal.SIGKILL)
    stack.dualform("resume", "orphaned")
    assert stack.airflow.run(SWEEP, "orphaned")["state"] == "success"
    assert digits(stack.results("orphaned")) == expected
    assert_each_curve_once(stack, "orphaned")


def test_mlflow_that_is_down_loses_nothing(stack: RealStack, expected: list[dict[str, Any]]) -> None:
    os.kill(stack.server_process("mlflow"), signal.SIGKILL)
    stack.airflow.trigger(SWEEP, "unheard", **SMALL, fresh=True)
    assert stack.airflow.await_run(SWEEP, "unheard") == "success"
    assert digits(stack.results("unheard")) == expected
    stack.up()
    stack.dualform("deliver")
    assert_each_curve_once(stack, "unheard")
    assert [run["status"] for run in stack.runs(f"{SWEEP}/unheard", "summary")] == ["FINISHED"]


def test_interrupted_demo_stops_the_servers_it_started(root: Path) -> None:
    home = Path(tempfile.mkdtemp(prefix="df"))
    demo = RealStack(root, home, "").begin("demo")
    try:
        assert demo.stdout
        said = ""
        # The first word of a server: that it is starting, or on a fast machine that it is ready.
        while "api-server" not in said:
            line = demo.stdout.readline()
            assert line, f"the demo ended before it could be interrupted:\n{said}"
            said += line
        demo.send_signal(signal.SIGINT)
        said += demo.stdout.read()
        assert demo.wait(60) == 130, said
        assert "the same command goes on" in said
        assert not [each for each in processes() if str(home) in each]
    finally:
        demo.kill()
        RealStack(root, home, "").dualform("down")
        shutil.rmtree(home, ignore_errors=True)


def processes() -> list[str]:
    """Every process's command line and environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes() + b"\0" + (folder / "environ").read_bytes()
        except OSError:
            continue
        found.append(words.decode(errors="replace").replace("\0", " "))
    return found


def child(stack: RealStack, run_id: str, task_id: str) -> int:
    """The Java process of a task, as soon as it runs."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        if found := stack.task_process(run_id, task_id):
            return found
        time.sleep(0.05)
    raise AssertionError(f"{task_id} of {run_id} did not start")
