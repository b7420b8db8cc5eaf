"""Makes the README's pictures from a finished run of icl_shot_sweep: python -m tests.screenshots RUN_ID [FOLDER].

Needs the servers of ./dualform demo --keep, or of ./dualform up, and Chromium; state is found in DUALFORM_HOME.
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page

from .browser import log_in, open_chart, open_form, opened_browser
from .given import GIVEN
from .real_stack import SWEEP, RealStack

ROOT = Path(__file__).resolve().parents[2]
_SETTLED_MS = 4000  # charts draw themselves without telling


def main(run_id: str, folder: Path) -> None:
    home = Path(GIVEN.get("DUALFORM_HOME", ROOT / ".dualform"))
    stack = RealStack(ROOT, home, GIVEN.get("DUALFORM_DATA_ROOTS", ""))
    stack.up()
    folder.mkdir(parents=True, exist_ok=True)
    with opened_browser() as page:
        log_in(page, stack.airflow.url, stack.password())
        open_form(page, stack.airflow.url, SWEEP)
        _keep(page, folder / "form.png")
        page.goto(f"{stack.airflow.url}/dags/{SWEEP}/runs/{run_id}")
        _keep(page, folder / "run.png")
        open_chart(page, stack.airflow.links(SWEEP, run_id, "summarise")["MLflow run"])
        _keep(page, folder / "mlflow.png")
        page.goto(stack.output("report", run_id).as_uri())
        _keep(page, folder / "report.png")


def _keep(page: Page, file: Path) -> None:
    page.wait_for_timeout(_SETTLED_MS)
    page.screenshot(path=file)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "docs" / "images")
