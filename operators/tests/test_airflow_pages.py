"""What the provider adds to Airflow's own pages, in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from .airflow_server import PASSWORD, AirflowServer
from .browser import log_in, open_form, opened_browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page(airflow: AirflowServer) -> Iterator[Page]:
    with opened_browser() as opened:
        log_in(opened, airflow.url, PASSWORD)
        yield opened


def test_the_page_of_a_run_has_the_answer_and_links_to_the_comparison(airflow: AirflowServer, page: Page) -> None:
    airflow.trigger("scripted_experiment", "seen", datasets="topics")
    assert airflow.await_run("scripted_experiment", "seen") == "success"
    page.goto(f"{airflow.url}/dags/scripted_experiment/runs/seen")
    page.get_by_role("link", name="Dualform").click()
    expect(page.get_by_text("Prompt it.")).to_be_visible()
    expect(page.get_by_role("link", name="Report")).to_have_attribute("href", "http://127.0.0.1:9/report.html")
    # Airflow shows the tab on every DAG's runs.
    airflow.trigger("users_mistake", "other")
    page.goto(f"{airflow.url}/dags/users_mistake/runs/other")
    page.get_by_role("link", name="Dualform").click()
    expect(page.get_by_text("This run is none of Dualform's.")).to_be_visible()


def test_the_form_begins_with_presets_by_name(airflow: AirflowServer, page: Page) -> None:
    open_form(page, airflow.url, "scripted_form")
    assert page.locator("[name^=element_]").first.get_attribute("name") == "element_preset"
    expect(page.get_by_text("None: the fields below as they are").first).to_be_visible()
    expect(page.locator("[name=element_approval]")).to_be_attached()


def test_a_connection_has_fields_of_its_own(airflow: AirflowServer, page: Page) -> None:
    page.goto(f"{airflow.url}/connections")
    page.get_by_role("button", name="Add Connection").first.click()
    page.get_by_role("dialog").get_by_role("combobox").last.click()
    page.keyboard.type("MLflow")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_text("Password or token")).to_be_visible()
    expect(page.get_by_placeholder("https://mlflow.example.org, or a name beside schema and port")).to_be_visible()


def test_the_button_asks_the_server(airflow: AirflowServer) -> None:
    body = {"connection_id": "mine", "conn_type": "dualform_mlflow", "host": airflow.url}
    answer = airflow.call("POST", "/connections/test", body)
    # Airflow is a web server, and no MLflow.
    assert answer["status"] is False
    assert answer["message"].startswith(f"{airflow.url} is no MLflow server: "), json.dumps(answer)
