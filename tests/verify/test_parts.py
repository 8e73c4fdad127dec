"""Parts of verifying that need no output: planted values, footers, layout, personal data."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import load_policy, policy_names
from schemas.tables import RELEASES, TABLES
from transforms.publish import footer_of
from transforms.scrub import Scrubber
from transforms.verify import parse_canaries
from transforms.verify.folder import list_folder
from transforms.verify.footer import check_footer
from transforms.verify.personal import kind_of_personal


@pytest.mark.parametrize(
    ("value", "content", "found"),
    [
        ("Jane.Doe", b"..jane.doe..", True),
        ("Jane.Doe", "..JANE.DOE..".encode("utf-16-le"), True),
        ("jané", "JANÉ".lower().encode(), True),
        ("\u674e\u5c0f\u660e123", "by \u674e\u5c0f\u660e123".encode("utf-16-le"), True),
        ("jd", b"by jd", True),
        ("jd", b"by dj", False),
        ("jane.doe", b"jane_doe", False),
        ("jane.doe", b"jane.do", False),
        ("jane.doe", b"", False),
    ],
)
def test_planted_values_are_found_in_any_case_in_utf_8_and_utf_16(
    value: str, content: bytes, found: bool
) -> None:
    assert bool(parse_canaries(value).lines_in(content)) == found


def test_planted_values_are_known_by_their_lines_and_shown_nowhere() -> None:
    canaries = parse_canaries('first one\n\n{"value": "second one", "kind": "k"}\n')
    assert canaries.count == 2
    assert canaries.lines_in(b"second one") == {3}
    assert "second" not in repr(canaries)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("ab", min_size=1, max_size=12), min_size=1, max_size=8),
    st.text("abB\0", max_size=60),
)
def test_planted_values_are_found_wherever_they_stand_in_one_another(
    values: list[str], text: str
) -> None:
    content = text.encode()
    expected = {
        number
        for number, value in enumerate(values, 1)
        if value.encode() in content.lower() or value.encode("utf-16-le") in content.lower()
    }
    assert parse_canaries("\n".join(values)).lines_in(content) == expected


def test_looking_for_planted_values_takes_no_more_memory_than_the_file() -> None:
    canaries = parse_canaries("\n".join(f"jane.doe{number}" for number in range(100)))
    content = b"".join(number.to_bytes(4, "big") for number in range(25_000)) + b"Jane.Doe42"
    tracemalloc.start()
    try:
        assert canaries.lines_in(content) == {5, 43}
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 2 * len(content)


@pytest.mark.parametrize("name", policy_names())
def test_the_footers_of_shipped_policies_are_right(name: str) -> None:
    for table in TABLES:
        assert check_footer(table, "", footer_of(table, load_policy(name))) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("contract_version", "99"),
        ("policy", "Jane Doe"),
        ("anonymous", "yes"),
        ("k", "0"),
        ("k", "1e3"),
        ("k", "٣"),
        ("max_cells_per_install", ""),
        ("period_days", "1\n"),
        ("epsilon", "nan"),
        ("delta", "-1"),
        ("reports_without_install_are_distinct", "True"),
    ],
)
def test_a_footer_value_that_no_policy_gives_is_found(key: str, value: str) -> None:
    footer = footer_of(RELEASES, load_policy("default")) | {f"crashveil.{key}": value}
    (finding,) = check_footer(RELEASES, "", footer)
    assert key in finding.what


def test_a_footer_without_a_key_is_found() -> None:
    footer = footer_of(RELEASES, load_policy("default"))
    for key in footer:
        rest = {name: value for name, value in footer.items() if name != key}
        assert key in check_footer(RELEASES, "", rest)[0].what


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("net::HttpStream::Acquire", ""),
        ("core.dll+0x1360f4", ""),
        ("7.4.2", ""),
        ("cannot open <URL>", ""),
        ("jane.q9x7doe@example.org", "EMAIL_ADDRESS"),
        ("sent to jane%2Eq9x7@intern%2Einvalid", "the shape of an address, an id or a secret"),
        ("3f9a0c77d2e14b6588a1c0de", "the shape of an address, an id or a secret"),
    ],
)
def test_personal_data_is_told_by_its_type(text: str, kind: str, scrubber: Scrubber) -> None:
    assert kind_of_personal(text, scrubber) == kind


def test_links_and_empty_folders_but_for_staging_are_told_apart_from_files(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("")
    (tmp_path / "empty").mkdir()
    (tmp_path / "_staging").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "full")
    folder = list_folder(tmp_path)
    assert (folder.files, folder.others) == (("full/file",), ("empty", "link"))
