"""Broken and hostile bytes: always a finding, never an exception or the end of the process."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verify import tampering
from tests.verify.tampering import SIGNATURES
from transforms.scrub import Scrubber
from transforms.verify import verify_folder
from transforms.verify.extent import ExtentError, check_extent, footer_size
from transforms.verify.thrift import ThriftError, read_struct

BROKEN = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@BROKEN
@given(data=st.data())
def test_a_changed_bit_anywhere_is_found(
    output: Path, scrubber: Scrubber, data: st.DataObject
) -> None:
    """But for a claim's fingerprint, which only who has the key can check."""
    files = sorted(path for path in output.rglob("*.*") if "claims" not in path.parts)
    file = data.draw(st.sampled_from(files))
    content = file.read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    file.write_bytes(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
    try:
        assert verify_folder(output, scrubber).findings
    finally:
        file.write_bytes(content)


@BROKEN
@given(data=st.data())
def test_a_changed_bit_in_a_footer_is_found_though_all_hashes_fit(
    output: Path, scrubber: Scrubber, data: st.DataObject
) -> None:
    """Or, where the bit is in the version of the writer, the file is not said to be made anew."""
    file = tampering.file_of(output, SIGNATURES)
    content = file.read_bytes()
    footer = int.from_bytes(content[-8:-4], "little")
    at = len(content) - 8 - data.draw(st.integers(1, footer))
    bit = 1 << data.draw(st.integers(0, 7))
    file.write_bytes(content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :])
    tampering.redo_hashes(output)
    try:
        report = verify_folder(output, scrubber)
        assert report.findings or report.checked["files made anew byte for byte"] < 8
    finally:
        file.write_bytes(content)


def test_no_changed_bit_in_a_page_ends_the_check_of_a_files_extent(output: Path) -> None:
    file = min(output.glob("releases/*/*.parquet"))
    content = file.read_bytes()
    refused = 0
    for at in range(len(content) - footer_size(content)):
        try:
            check_extent(content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :])
        except ExtentError:
            refused += 1
    assert refused


@pytest.mark.parametrize(
    ("content", "struct"),
    [
        (b"\x00", {}),
        (b"\x15\x02\x00", {1: 1}),
        (b"\x15\x03\x25\x01\x00", {1: -2, 3: -1}),
        (b"\x11\x12\x00", {1: True, 2: False}),
        (b"\x18\x02ab\x00", {1: b"ab"}),
        (b"\x19\x25\x02\x04\x00", {1: [1, 2]}),
        (b"\x1c\x15\x02\x00\x00", {1: {1: 1}}),
        (b"\x05\x40\x02\x00", {32: 1}),
    ],
    ids=["empty", "integer", "negative", "truths", "binary", "list", "struct", "far field"],
)
def test_a_struct_is_read_by_the_fields_numbers(content: bytes, struct: object) -> None:
    assert read_struct(content) == struct


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x15",
        b"\x18\x09ab\x00",
        b"\x19\xf5\xff\xff\xff\xff\x07",
        b"\x15" + b"\xff" * 11,
        b"\x1c" * 100,
        b"\x19\x19" * 100,
        b"\x1f\x00",
        b"\x00\x00",
        b"\x15\x02\x05\x02\x02\x00",
    ],
    ids=[
        "nothing",
        "cut",
        "cut text",
        "long list",
        "long number",
        "deep structs",
        "deep lists",
        "unknown type",
        "more than a struct",
        "a field twice",
    ],
)
def test_what_is_no_struct_is_refused(content: bytes) -> None:
    with pytest.raises(ThriftError):
        read_struct(content)
