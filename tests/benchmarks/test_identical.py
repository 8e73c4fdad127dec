"""The comparison with plain Presidio finds nothing where nothing differs, and what is planted."""

from typing import Any

import pytest

from benchmarks import identical
from transforms.scrub.prefiltered_analyzer import PrefilteredAnalyzerEngine

TEXT = "mail jane.q9x7@example.org, card 4539 1488 0343 6467, from 203.0.113.77"


def lacking_one(way: Any) -> Any:
    """The same, but for its last finding."""
    return lambda *arguments: way(*arguments)[:-1]


def test_both_ways_find_what_plain_presidio_finds() -> None:
    for comparison in identical.compare(TEXT):
        assert comparison.findings >= 3
        assert not comparison.analyze_differs
        assert not comparison.find_entities_differs


def test_a_finding_that_the_scrubbers_way_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identical, "find_entities", lacking_one(identical.find_entities))
    for comparison in identical.compare(TEXT):
        assert comparison.find_entities_differs
        assert not comparison.analyze_differs


def test_a_finding_that_analyze_lacks_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = PrefilteredAnalyzerEngine.analyze
    monkeypatch.setattr(PrefilteredAnalyzerEngine, "analyze", lacking_one(whole))
    assert all(comparison.analyze_differs for comparison in identical.compare(TEXT))
