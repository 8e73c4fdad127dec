"""Small whole reports, which tests break."""

import json

from tests.parse.protobuf_builder import TOMBSTONE as TOMBSTONE_PROTO

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
