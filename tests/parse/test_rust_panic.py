import pytest

from schemas.records import CrashReport, Failure, Frame
from tests.parse.reading import read_one, read_report

BACKTRACE = """\
stack backtrace:
   0: rust_begin_unwind
             at /rustc/9fc6b431/library/std/src/panicking.rs:665:5
   1:     0x55a1b2c3d4e5 - core::panicking::panic_fmt::h0123456789abcdef
   2: <shop::Basket as shop::Count>::count
             at ./src/basket.rs:42:9
   3: <unknown>
   4: main
note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.
"""
FRAMES = (
    Frame(
        function="rust_begin_unwind",
        file="/rustc/9fc6b431/library/std/src/panicking.rs",
        line=665,
        in_app=False,
    ),
    Frame(function="core::panicking::panic_fmt", in_app=False),
    Frame(function="<shop::Basket as shop::Count>::count", file="./src/basket.rs", line=42),
    Frame(),
    Frame(function="main"),
)


def read(text: str, **limits: int) -> CrashReport:
    report = read_report("rust_panic", text, **limits)
    assert report.reason == report.exception_type == "panic"
    return report


@pytest.mark.parametrize(
    "panicked",
    [
        "thread 'main' panicked at src/basket.rs:42:9:\nno eggs\n",
        "\nthread 'main' (4711) panicked at src/basket.rs:42:9:\nno eggs\n",
        "[log] thread '<unnamed>' panicked at 'no eggs', src/basket.rs:42:9\n",
        "panicked at src/basket.rs:42:9:\nno eggs",
    ],
)
def test_the_panic_is_read_in_each_form(panicked):
    report = read(panicked)
    assert report.message == "no eggs"
    assert report.frames == (Frame(file="src/basket.rs", line=42),)
    report = read(panicked.rstrip("\n") + "\n" + BACKTRACE)
    assert (report.message, report.frames) == ("no eggs", FRAMES)


def test_an_old_message_of_several_lines_ends_with_the_place():
    report = read("thread 'main' panicked at 'no\neggs', C:\\shop\\src\\a.rs:4:5\n")
    assert report.message == "no"
    assert report.frames == (Frame(file="C:\\shop\\src\\a.rs", line=4),)


def test_a_backtrace_before_the_panic_is_read():
    report = read("   0: shop::run\n   1: main\n\npanicked at src/a.rs:4:5:\nno eggs\n")
    assert report.frames == (Frame(function="shop::run"), Frame(function="main"))


def test_a_backtrace_without_names_leaves_the_place_of_the_panic():
    report = read("  0: <unknown>\n  1: <unknown>\n\npanicked at src/a.rs:4:5:\nno eggs\n")
    assert report.frames == (Frame(file="src/a.rs", line=4),)


def test_a_deep_stack_is_cut_and_marked():
    text = "thread 'main' panicked at src/a.rs:4:5:\nno\nstack backtrace:\n"
    report = read(text + "".join(f"  {n}: shop::f{n}\n" for n in range(500)), max_frames=2)
    assert (len(report.frames), report.truncated) == (2, True)


def test_a_panic_cut_before_its_place_is_truncated():
    found = read_one(b"thread 'main' panicked at ")
    assert isinstance(found, Failure)
    assert (found.kind.value, found.format) == ("truncated", "rust_panic")
