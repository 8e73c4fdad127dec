from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report

STACK = """\
goroutine 17 [running, locked to thread]:
panic({0x104aa2e40?, 0x14000012018?})
\t/usr/local/go/src/runtime/panic.go:884 +0x1f4
example.org/shop.(*Basket).Count(0xc000012018, {0x1, 0x2}, ...)
\t/home/jane/shop/basket.go:42 +0x9c fp=0xc00006 sp=0xc00005 pc=0x1
gopkg.in/yaml%2ev3.Unmarshal[...](...)
\t/home/jane/go/pkg/mod/gopkg.in/yaml.v3@v3.0.1/yaml.go:7
main.main.func1()
\tC:/shop/main.go:9 +0x20
created by main.main in goroutine 1
\t/home/jane/shop/main.go:8 +0x20

goroutine 1 [sleep]:
time.Sleep(0x1)
\t/usr/local/go/src/runtime/time.go:195 +0x135
exit status 2
"""
FRAMES = (
    Frame(None, "panic", "/usr/local/go/src/runtime/panic.go", 884, in_app=False),
    Frame("shop", "(*Basket).Count", "/home/jane/shop/basket.go", 42),
    Frame(
        "yaml.v3",
        "Unmarshal[...]",
        "/home/jane/go/pkg/mod/gopkg.in/yaml.v3@v3.0.1/yaml.go",
        7,
        in_app=False,
    ),
    Frame("main", "main.func1", "C:/shop/main.go", 9),
)


read = partial(read_report, "go_panic")


@pytest.mark.parametrize(
    ("before", "reason", "exception_type", "message"),
    [
        ("panic: out of eggs\n\n", "panic", "panic", "out of eggs"),
        ("2024/05/06 07:08:09 start\npanic: out of eggs\n", "panic", "panic", "out of eggs"),
        ("panic: first [recovered]\n\tpanic: second\n\n", "panic", "panic", "first"),
        (
            "panic: runtime error: nil pointer\n[signal SIGSEGV: segmentation violation code=0x1 "
            "addr=0x0 pc=0x4]\n\n",
            "SIGSEGV",
            "panic",
            "runtime error: nil pointer",
        ),
        (
            "fatal error: all goroutines are asleep - deadlock!\n\n",
            "fatal error",
            "fatal error",
            "all goroutines are asleep - deadlock!",
        ),
        ("SIGQUIT: quit\nPC=0x46d5 m=0 sigcode=0\n\n", "SIGQUIT", "SIGQUIT", None),
        ("", "panic", "panic", None),
    ],
)
def test_the_cause_and_the_first_goroutine_are_read(before, reason, exception_type, message):
    report = read(before + STACK)
    assert report.reason == reason
    assert report.exception_type == exception_type
    assert report.message == message
    assert report.frames == FRAMES
    assert not report.truncated


DEFERRED = """\
panic: first [recovered]
\tpanic: second

goroutine 1 [running]:
panic({0x1, 0x2})
\t/usr/local/go/src/runtime/panic.go:884 +0x1f4
example.org/shop.serve.func1()
\t/home/jane/shop/serve.go:12 +0x9c
panic({0x3, 0x4})
\t/usr/local/go/src/runtime/panic.go:838 +0x207
encoding/json.(*decodeState).object(0xc000012018)
\t/usr/local/go/src/encoding/json/decode.go:7 +0x1
example.org/shop/vendor/example.org/pack.Open(...)
\t/home/jane/shop/vendor/example.org/pack/open.go:3
log/shop.Own(...)
\tlog/shop/own.go:3
logs/shop.Own(...)
\tlogs/shop/own.go:3
main.main()
\t/home/jane/shop/main.go:9 +0x20
"""


def test_a_stack_begins_with_the_panic_and_not_with_what_it_deferred():
    frames = read(DEFERRED).frames
    assert frames[0] == Frame(
        None, "panic", "/usr/local/go/src/runtime/panic.go", 838, in_app=False
    )
    assert frames[1].function == "(*decodeState).object"


def test_the_standard_library_and_vendored_packages_are_not_the_applications():
    marked = [(frame.module, frame.in_app) for frame in read(DEFERRED).frames[1:]]
    assert marked == [
        ("json", False), ("pack", False), ("shop", False), ("shop", None), ("main", None),
    ]  # fmt: skip


def test_frames_that_the_runtime_left_out_are_marked():
    report = read(STACK.replace("main.main.func1()", "...additional frames elided..."))
    assert (report.frames, report.truncated) == (FRAMES[:3], True)


def test_a_deep_stack_is_cut_and_marked():
    report = read(STACK, max_frames=2)
    assert (report.frames, report.truncated) == (FRAMES[:2], True)


@pytest.mark.parametrize(
    "text", ["goroutine 1 [running]:\n", "goroutine 1 [running]:\nmain.main()\n"]
)
def test_a_trace_cut_before_its_first_frame_is_truncated(text):
    found = read_one(text)
    assert isinstance(found, Failure)
    assert (found.kind.value, found.format) == ("truncated", "go_panic")
