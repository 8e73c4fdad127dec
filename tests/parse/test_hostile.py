"""Whatever the bytes are, parsing yields reports and failures that are no parser's error."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, RawReport
from tests.parse.protobuf_builder import TOMBSTONE as TOMBSTONE_PROTO
from transforms.parse import parse_payload, recognized_format

LIMITS = Limits(max_frames=20, max_text_chars=200)
TOMBSTONE = b"""\
*** *** *** *** *** *** *** *** *** *** *** *** *** *** *** ***
Build fingerprint: 'a/b/c:14/UP1A/1:user/release-keys'
ABI: 'arm64'
pid: 1, tid: 2, name: n  >>> org.example <<<
signal 11 (SIGSEGV), code 1 (SEGV_MAPERR), fault addr 0x0
backtrace:
      #00 pc 00000000000522d4  /lib/libc.so (abort+164) (BuildId: aa)
      #01 pc 0000000000001234  /data/base.apk!libg.so (offset 0x5000) (f(int)+1)
"""
CRASH_TEXT = b"""\
Process:  Painter [2]
Date/Time: 2021-07-19 09:08:31.134 +0200
OS Version: macOS 11.4 (20F71)
Exception Type:  EXC_CRASH (SIGABRT)
Last Exception Backtrace:
(0x10f000010 0x110000020)
Thread 0 Crashed:
0   Painter  0x000000010f001234 0x10f000000 + 4660
Binary Images:
  0x10f000000 - 0x10f0fffff +Painter (4.18) <AA> /Apps/Painter
"""
IPS = (
    b'{"bug_type":"309","os_version":"macOS 15.3 (24D60)"}\n'
    b'{"captureTime":"2025-03-02 10:00:04.5 +0100","exception":{"type":"EXC_CRASH"},'
    b'"faultingThread":0,"threads":[{"frames":[{"imageOffset":4,"imageIndex":0}]}],'
    b'"usedImages":[{"name":"Painter"}]}'
)
FRAME = {"function": "f", "instruction_addr": "0x1010", "lineno": 3}
EVENT = json.dumps(
    {
        "event_id": "9ec79c33ec9942ab8353589fcb2e04dc",
        "release": "shop@1.2",
        "exception": [{"type": "E", "value": "v", "stacktrace": {"frames": [FRAME]}}],
        "debug_meta": {"images": [{"image_addr": "0x1000", "image_size": 99}]},
    }
).encode()
SEEDS = {
    "android_tombstone": TOMBSTONE,
    "apple_crash_text": CRASH_TEXT,
    "apple_ips": IPS,
    "apple_ips with text": b'{"bug_type":"109"}\n' + CRASH_TEXT,
    "sentry_event": EVENT,
    "tombstone_proto": TOMBSTONE_PROTO,
    "lines of sentry_event": EVENT + b"\n" + EVENT,
}
whole = st.sampled_from(sorted(SEEDS.values()))


def assert_survives(payload: bytes) -> None:
    for result in parse_payload(RawReport("x", payload), LIMITS):
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
    assert all(isinstance(r, CrashReport) for r in parse_payload(RawReport("x", seed), LIMITS))


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
