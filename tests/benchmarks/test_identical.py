"""The comparison with plain Presidio finds nothing where nothing differs, and what is planted."""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import identical
from transforms.scrub.prefiltered_analyzer import PrefilteredAnalyzerEngine

TEXT = "mail jane.q9x7@example.org, card 4539 1488 0343 6467, from 203.0.113.77"


def lacking_one(way: Any) -> Any:
    """The same, but for its last finding."""
    return lambda *arguments: way(*arguments)[:-1]


def test_each_way_finds_what_plain_presidio_finds() -> None:
    for comparison in compared():
        assert comparison.findings >= 3
        assert not identical.differing(comparison)


def compared() -> Iterator[identical.Comparison]:
    """Yield how a text is compared that stands between others, for each registry."""
    for _, comparison, _ in identical.compare(["of 10.1.2.3", TEXT, "Parser::read"]):
        yield comparison


def test_a_finding_that_the_scrubbers_way_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identical, "find_entities", lacking_one(identical.find_entities))
    for comparison in compared():
        assert identical.differing(comparison) == ["find_entities"]


def test_a_finding_that_scanning_together_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PrefilteredAnalyzerEngine.findings_of_each

    def lacking(*arguments: Any) -> list[Any]:
        return [lacking_one(find) for find in whole(*arguments)]

    monkeypatch.setattr(PrefilteredAnalyzerEngine, "findings_of_each", lacking)
    for comparison in compared():
        assert identical.differing(comparison) == ["together"]


def test_a_finding_that_analyze_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PrefilteredAnalyzerEngine.analyze
    monkeypatch.setattr(PrefilteredAnalyzerEngine, "analyze", lacking_one(whole))
    assert all("analyze" in identical.differing(comparison) for comparison in compared())
