"""Whatever the bytes are, parsing yields a report or a failure, and none is a parser's error."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, RawReport
from tests.parse.seeds import CRASH_TEXT, EVENT, IPS, SEEDS, TOMBSTONE
from transforms.parse import parse_payload, recognized_format

LIMITS = Limits(max_frames=20, max_text_chars=200)
whole = st.sampled_from(sorted(SEEDS.values()))


def assert_survives(payload: bytes) -> None:
    results = list(parse_payload(RawReport("x", payload), LIMITS))
    assert results, "swallowed"
    for result in results:
        if isinstance(result, Failure):
            assert result.kind is not FailureKind.PARSER_ERROR
        else:
            assert isinstance(result, CrashReport)
            assert_within_limits(result)


def assert_within_limits(report: CrashReport) -> None:
    assert len(report.frames) <= LIMITS.max_frames
    for record in (report, *report.frames):
        for name in record.__slots__:
            value = getattr(record, name)
            if isinstance(value, str):
                assert 0 < len(value) <= LIMITS.max_text_chars
                value.encode("utf-8")


@pytest.mark.parametrize(("name", "seed"), SEEDS.items())
def test_the_seeds_are_whole(name, seed):
    assert recognized_format(seed) == name.split()[-1] or name == "apple_ips with text"
    results = list(parse_payload(RawReport("x", seed), LIMITS))
    assert results
    assert all(isinstance(result, CrashReport) for result in results)


@settings(max_examples=200)
@given(st.binary(max_size=400))
def test_random_bytes_are_survived(payload):
    assert_survives(payload)


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_every_truncation_is_survived(seed):
    for length in range(len(seed)):
        assert_survives(seed[:length])


@settings(max_examples=400)
@given(whole, st.data())
def test_mutations_are_survived(seed, data):
    payload = bytearray(seed)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(payload)))
        end = at + data.draw(st.integers(0, 8))
        payload[at:end] = data.draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from([b"{", b"[", b'"', b"0x", b"\n", b"null", b"-1", b"9" * 40]),
                st.just(bytes(payload[at : at + 60])),
            )
        )
    assert_survives(bytes(payload))


@pytest.mark.parametrize(
    "payload",
    [
        TOMBSTONE + b"      #02 pc 0 (" * 200_000,
        TOMBSTONE.replace(b">>>", b">>> " * 200_000),
        b"*** " * 500_000 + b"pid: 1",
        CRASH_TEXT + b"  0x1 - 0x2 x\n" * 200_000,
        CRASH_TEXT.replace(b"0x10f000010 ", b"0x10f000010 " * 100_000),
        IPS.replace(b'{"imageOffset":4,"imageIndex":0}', b",".join([b"{}"] * 200_000)),
        IPS[:-2] + b"," + b'"a":{' * 200_000,
        EVENT.replace(b"[{", b"[" + b"[" * 200_000),
        EVENT.replace(b'"v"', b'"' + b"\\\\" * 500_000 + b'"'),
    ],
    ids=range(9),
)
def test_repetition_is_survived(payload):
    assert_survives(payload)


@pytest.mark.corpus
@pytest.mark.parametrize(
    "folder", ["apple_ips", "apple_crash_text", "android_tombstone", "sentry_event"]
)
def test_mutated_real_files_are_survived(corpus: Path, folder: str):
    files = [path for path in sorted((corpus / folder).iterdir()) if path.stat().st_size < 60_000]
    for path in files:
        whole_file = path.read_bytes()
        for part in range(1, 16):
            cut = len(whole_file) * part // 16
            assert_survives(whole_file[:cut])
            assert_survives(whole_file[:cut] + b"\0\xff{" + whole_file[cut + 3 :])
