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
    Frame("example.org/shop", "(*Basket).Count", "/home/jane/shop/basket.go", 42),
    Frame(
        "gopkg.in/yaml.v3",
        "Unmarshal[...]",
        "/home/jane/go/pkg/mod/gopkg.in/yaml.v3@v3.0.1/yaml.go",
        7,
        in_app=False,
    ),
    Frame("main", "main.func1", "C:/shop/main.go", 9, in_app=True),
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
        ("", None, None, None),
    ],
)
def test_the_cause_and_the_first_goroutine_are_read(before, reason, exception_type, message):
    report = read(before + STACK)
    assert report.reason == reason
    assert report.exception_type == exception_type
    assert report.message == message
    assert report.frames == FRAMES
    assert not report.truncated


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
