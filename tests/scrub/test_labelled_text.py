"""Recall on labelled text: people's own sets in the corpus, and a table of our own cases.

A value counts as found when no part of it that tells something is left.
"""

import json
import sys
from pathlib import Path

import pytest

from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import parse_payload
from transforms.scrub import Scrubber

# Each value in each sentence is a case: 47 values in 9 surroundings.
VALUES = {
    "mail": ["jane.doe@example.org", "j_d+tag@mail.example.co.uk", "JANE@EXAMPLE.NET",
             "jane%40example.org"],
    "ip": ["10.20.30.40", "203.0.113.77", "2001:db8::ff00:42:8329", "fe80::1c2d:3eff:fe4f:5a6b"],
    "mac": ["3c:22:fb:7a:90:1e", "3C-22-FB-7A-90-1E"],
    "url": ["https://intra.example.org/u/jane?id=7", "http://jane:pw@host.example:8080/x",
            "ftp://files.example.org/jane", "wss://push.example.org/s/4f2a"],
    "card": ["4539 1488 0343 6467", "5425-2334-3010-9903", "374245455400126", "6011000990139424"],
    "iban": ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32",
             "FR1420041010050500013M02606"],
    "phone": ["+49 30 901820", "+1 415 555 0132", "(415) 555-0132", "415-555-0132"],
    "ssn": ["219-09-9999"],
    "key": ["AKIAQ3EGRIJKZ7ABCD2X", "ghp_" + "a1B2" * 9, "xoxb-123456789012-abcDEFghiJKL",
            "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q", "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVPmB92K27uhbUJU1p1r"],
    "uuid": ["7d9f2c51-3a4e-4f0b-9b1c-52d8e6a7f013"],
    "hash": ["5f2b8c9d0e1f4a3b6c7d8e9f0a1b2c3d", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    "sid": ["S-1-5-21-3623811015-3361044348-30300820-1013"],
    "imei": ["490154203237518"],
    "host": ["DESKTOP-4F7K2QX", "Janes-MacBook-Pro.local", "LAPTOP-0A1B2C3D"],
    "wallet": ["0x52908400098527886E0F7030069857D2E4169EE7", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"],
    "path": ["/home/janedoe/x", "/Users/janedoe/Library/x", r"C:\Users\janedoe\x",
             r"D:\Documents and Settings\janedoe\x"],
    "coordinates": ["52.516275, 13.377704"],
}  # fmt: skip
SURROUNDINGS = (
    "{}", "failed for {}", "value {} is not valid", '"{}"', "({})", "[{}]", "key '{}' missing",
    "before {}, after", "first line\n{}\nlast line",
)  # fmt: skip
CASES = [
    (surrounding.format(value), value)
    for values in VALUES.values()
    for value in values
    for surrounding in SURROUNDINGS
]


def test_the_table_has_at_least_four_hundred_cases() -> None:
    assert len(set(CASES)) >= 400


@pytest.mark.parametrize(("text", "value"), CASES)
def test_a_value_is_found_in_every_surrounding(scrubber: Scrubber, text: str, value: str) -> None:
    scrubbed = scrubber.scrub_text(text).text
    telling = "janedoe" if "janedoe" in value else value
    assert telling not in scrubbed
    assert scrubbed != text


def _pairs(corpus: Path, name: str) -> list[dict[str, str]]:
    lines = (corpus / "pii" / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.corpus
def test_all_that_relays_built_in_rules_find_is_found(corpus: Path, scrubber: Scrubber) -> None:
    pairs = _pairs(corpus, "getsentry_semaphore__relay_builtin_rules_pairs.jsonl")
    sensitive = [pair for pair in pairs if pair["input"] != pair["expected"]]
    missed = [pair["input"] for pair in sensitive if not _hidden(scrubber, pair)]
    _tell(f"built-in rules: {len(sensitive) - len(missed)} of {len(sensitive)} found")
    assert sensitive
    assert missed == []


@pytest.mark.corpus
def test_what_chromiums_redaction_tool_finds_is_found_and_the_rest_stays(
    corpus: Path, scrubber: Scrubber
) -> None:
    pairs = _pairs(corpus, "chromium_chromium__redaction_tool_pairs.jsonl")
    sensitive = [pair for pair in pairs if pair["input"] != pair["expected"]]
    others = [pair["input"] for pair in pairs if pair["input"] == pair["expected"]]
    missed = [pair["input"] for pair in sensitive if not _hidden(scrubber, pair)]
    changed = [text for text in others if scrubber.scrub_text(text).text != text]
    _tell(f"redaction tool: {len(sensitive) - len(missed)} of {len(sensitive)} found")
    _tell(f"redaction tool: {len(changed)} of {len(others)} other lines changed")
    assert len(missed) <= 0.02 * len(sensitive), missed
    assert len(changed) <= 0.02 * len(others), changed


def _hidden(scrubber: Scrubber, pair: dict[str, str]) -> bool:
    """Tell whether what the expected text leaves out is out of ours too."""
    text, expected = pair["input"], pair["expected"]
    start = next((at for at, (a, b) in enumerate(zip(text, expected, strict=False)) if a != b), 0)
    tail = next(
        (at for at, (a, b) in enumerate(zip(text[::-1], expected[::-1], strict=False)) if a != b), 0
    )
    value = text[start : len(text) - tail].strip()
    return bool(value) and value not in scrubber.scrub_text(text).text


RECALL = {
    "EMAIL_ADDRESS": 0.99, "CREDIT_CARD": 0.99, "IP_ADDRESS": 0.99,
    "US_SSN": 0.99, "DOMAIN_NAME": 0.99, "PHONE_NUMBER": 0.9,
}  # fmt: skip
"""What is looked for; the sample in the corpus has no IBAN."""


def _tell(figure: str) -> None:
    """Show a figure where pytest captures nothing (`make check-labels`)."""
    sys.stdout.write(f"\n{figure}")


@pytest.mark.corpus
def test_recall_in_presidio_research(corpus: Path, scrubber: Scrubber) -> None:
    found: dict[str, list[bool]] = {}
    samples = json.loads(
        (corpus / "pii" / "microsoft_presidio-research__generated_small.json").read_text("utf-8")
    )
    for sample in samples:
        findings = scrubber.scrub_text(sample["full_text"]).findings
        for span in sample["spans"]:
            covered = any(
                each.start <= span["start_position"] and each.end >= span["end_position"]
                for each in findings
            )
            found.setdefault(span["entity_type"], []).append(covered)
    for entity, wanted in RECALL.items():
        hits = found[entity]
        _tell(f"presidio-research: {entity}: {sum(hits)} of {len(hits)} found")
        assert sum(hits) >= wanted * len(hits), entity


@pytest.mark.corpus
def test_code_names_and_versions_of_real_crashes_survive(corpus: Path, scrubber: Scrubber) -> None:
    names: set[str] = set()
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and "pii" not in str(path):
            for report in parse_payload(RawReport(str(path), path.read_bytes()), Limits()):
                if isinstance(report, CrashReport):
                    names |= _code_names(report)
    changed = sorted(name for name in names if not scrubber.is_clean(name))
    _tell(f"code names and versions: {len(changed)} of {len(names)} changed: {changed}")
    assert len(names) > 400
    assert len(changed) <= 0.001 * len(names), changed


def _code_names(report: CrashReport) -> set[str]:
    told = {report.version, report.os_version, report.os_build, report.exception_type}
    for frame in report.frames:
        told |= {frame.function, _basename(frame.module), _basename(frame.file)}
    return {each for each in told if each}


def _basename(path: str | None) -> str | None:
    return None if path is None else path.replace("\\", "/").rstrip("/").rpartition("/")[2]
