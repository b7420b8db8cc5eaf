"""The version stands once, in pom.xml; everything else reads it there."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from xml.etree import ElementTree

import pytest

import dualform_airflow
from dualform_airflow.provider import get_provider_info

POM = {"": "http://maven.apache.org/POM/4.0.0"}


@pytest.fixture
def stated(root: Path) -> str:
    """The version that the project's pom.xml states."""
    return ElementTree.parse(root / "pom.xml").findtext("properties/revision", "", POM)  # noqa: S314 - our own file


def test_the_provider_has_the_version_of_the_project(stated: str) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", stated)
    assert version("dualform-airflow") == stated
    assert dualform_airflow.__version__ == stated
    assert get_provider_info()["versions"] == [stated]


def test_every_module_takes_the_version_of_the_project(root: Path) -> None:
    project = ElementTree.parse(root / "pom.xml")  # noqa: S314 - our own file
    assert project.findtext("version", "", POM) == "${revision}"
    modules = [each.text or "" for each in project.findall("modules/module", POM)]
    assert "contract" in modules
    for module in modules:
        pom = ElementTree.parse(root / module / "pom.xml")  # noqa: S314 - our own file
        assert pom.findtext("parent/version", "", POM) == "${revision}", module
        assert pom.find("version", POM) is None, module


def test_no_source_states_it_again(root: Path, stated: str) -> None:
    sources = [
        root / "dualform",
        root / "operators/pyproject.toml",
        *root.glob("*/pom.xml"),
        *root.glob("*/src/main/**/*.java"),
        *root.glob("operators/src/**/*.py"),
    ]
    assert len(sources) > 100
    literal = re.compile(rf"(?<![\d.]){re.escape(stated)}(?![\d.])")
    assert [str(file) for file in sources if literal.search(file.read_text(encoding="utf-8"))] == []
