from functools import partial

import pytest

from schemas.records import Failure, FailureKind, Frame
from tests.parse.reading import read_one, read_report

STACK = (
    "(null)\n((\n"
    "\t0   CoreFoundation      0x00000001823b0f60 <redacted> + 148\n"
    "\t1   Shop                0x0000000100012340 Shop + 74560\n"
    "\t2   Shop                0x0000000100013000 -[Basket count:] (in Shop) (Basket.m:12)\n"
    "\t3   UIKit               0x0000000187bf0860 UIApplicationMain + 204\n"
    ")\n\n"
)
IMAGE = (
    "dSYM UUID: 00112233-4455-6677-8899-AABBCCDDEEFF\nCPU Type: arm64\n"
    "Slide Address: 0x0000000100000000\nBinary Image: Shop\nBase Address: 0x0000000100000000\n"
)
FRAMES = (
    Frame(module="CoreFoundation"),
    Frame(module="Shop", offset=0x12340),
    Frame(module="Shop", function="-[Basket count:]", file="Basket.m", line=12, offset=0x13000),
    Frame(module="UIKit", function="UIApplicationMain"),
)


read = partial(read_report, "umeng_text")


def test_a_signal_is_read_with_its_stack() -> None:
    report = read("Application received signal SIGSEGV\n" + STACK + IMAGE)
    assert (report.product, report.arch) == ("Shop", "arm64")
    assert (report.reason, report.exception_type, report.message) == ("SIGSEGV", "SIGSEGV", None)
    assert report.frames == FRAMES


def test_an_exception_is_read_with_its_reason() -> None:
    report = read("*** -[NSArray objectAtIndex:]: index 3 beyond bounds\n" + STACK + IMAGE)
    assert report.reason == "uncaught exception"
    assert report.message == "*** -[NSArray objectAtIndex:]: index 3 beyond bounds"
    assert report.frames == FRAMES


def test_a_name_of_question_marks_is_none() -> None:
    report = read("Application received signal SIGSEGV\n" + (STACK + IMAGE).replace("Shop", "????"))
    assert report.product is None
    assert report.frames[1] == Frame()


def test_a_deep_stack_is_cut_and_marked() -> None:
    report = read("Application received signal SIGSEGV\n" + STACK + IMAGE, max_frames=2)
    assert (report.frames, report.truncated) == (FRAMES[:2], True)


@pytest.mark.parametrize("text", [IMAGE, "(\n)\n" + IMAGE, STACK.replace("0x", "") + IMAGE])
def test_a_text_without_frames_is_rejected_as_truncated(text: str) -> None:
    failure = read_one(b"\n" + text.encode())
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.format) == (FailureKind.TRUNCATED, "umeng_text")
