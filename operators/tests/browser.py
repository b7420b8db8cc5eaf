"""A Chromium that the tests drive, and Airflow's form in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import pytest
from playwright.sync_api import Error, Page, sync_playwright

from dualform_airflow.form import form

PATIENCE_MS = 120_000
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def opened_browser() -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on the PATH (Debian, Ubuntu: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        try:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            page.set_default_timeout(PATIENCE_MS)
            yield page
        finally:
            browser.close()


def log_in(page: Page, url: str, password: str) -> None:
    page.goto(f"{url}/auth/login/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "login" not in address)


def open_form(page: Page, url: str, dag_id: str) -> None:
    page.goto(f"{url}/dags/{dag_id}")
    page.get_by_role("button", name="Trigger").first.click()
    page.wait_for_selector("[name=element_model]")


def fields(page: Page) -> dict[str, list[str]]:
    """Every field of the open form: its values."""
    found: dict[str, list[str]] = {}
    names = page.locator("[name^=element_]").evaluate_all("all => all.map(each => [each.name, each.value])")
    for name, value in names:
        found.setdefault(name.removeprefix("element_"), []).append(value)
    return found


def clear_choice(page: Page, name: str) -> None:
    """Takes every choice out of a multi-select."""
    field = page.locator(f"[name=element_{name}]")
    chooser = field.first.locator("xpath=ancestor::div[.//input[@role='combobox']][1]").get_by_role("combobox")
    chooser.focus()
    for _ in range(field.count()):
        page.keyboard.press("Backspace")
    page.keyboard.press("Tab")


def trigger(page: Page, run_id: str, texts: Mapping[str, str]) -> None:
    """Enters texts in the open form and sends it."""
    for name, text in texts.items():
        if not page.locator(f"[name=element_{name}]").is_visible():
            _open_section_of(page, name)
        page.fill(f"[name=element_{name}]", text)
    page.get_by_role("button", name="Advanced Options").click()
    page.fill("[name=dagRunId]", run_id)
    page.get_by_role("dialog").get_by_role("button", name="Trigger").last.click()
    page.get_by_role("dialog").wait_for(state="hidden")


def _open_section_of(page: Page, name: str) -> None:
    """Sections begin closed, and opening one closes the one that was open."""
    section = form()[name].schema["section"]
    page.get_by_role("dialog").get_by_role("button", name=section, exact=True).click()


def open_chart(page: Page, summary: str) -> None:
    """Goes from the page of a study's summary in MLflow to the chart of all its curves, as a reader does."""
    page.goto(summary)
    address = page.get_by_role("link", name="Chart of all curves").get_attribute("href")
    assert address
    page.goto("about:blank")  # addresses that differ behind the # alone would not load the page anew
    page.goto(address if "://" in address else summary.split("#")[0] + address)
    close_assistant(page)


def close_assistant(page: Page) -> None:
    """MLflow's assistant opens by itself at the first visit and takes a quarter of the page."""
    panel = page.get_by_text("MLflow Assistant")
    with suppress(Error):
        panel.first.wait_for(timeout=10_000)
        panel.locator("xpath=following::button").nth(2).click()
