"""Promises about the code itself that a type checker does not hold."""

import ast
import importlib.metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAKERS_OF_CLEAN = ("transforms/scrub/", "transforms/group/", "schemas/records.py")


def calls_of_clean(source: str) -> list[int]:
    """Lines on which `Clean(...)` is called."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "Clean")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "Clean")
        )
    ]


def test_the_search_for_clean_finds_a_planted_call() -> None:
    assert calls_of_clean("from schemas.records import Clean\nx = Clean('jane')") == [2]
    assert calls_of_clean("import schemas.records as r\nx = r.Clean('jane')") == [2]


def test_only_the_scrubber_and_what_derives_from_it_make_clean_text() -> None:
    strangers = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("schemas", "transforms", "pipelines")
        for path in (ROOT / folder).rglob("*.py")
        if not str(path.relative_to(ROOT)).startswith(MAKERS_OF_CLEAN)
        for line in calls_of_clean(path.read_text("utf-8"))
    ]
    assert strangers == []


@pytest.mark.parametrize("package", ["schemas", "transforms", "pipelines"])
def test_the_import_names_belong_to_this_distribution_alone(package: str) -> None:
    assert set(importlib.metadata.packages_distributions()[package]) == {"crashveil"}
