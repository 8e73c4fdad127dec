"""Signatures of native and managed stacks."""

import pytest

from schemas.records import Clean, CleanFrame, ScrubbedCrash
from transforms.group import signature


def native(module: str, offset: int | None = None, function: str | None = None) -> CleanFrame:
    return CleanFrame(
        module=Clean(module), function=None if function is None else Clean(function), offset=offset
    )


def managed(module: str, function: str, in_app: bool | None = None) -> CleanFrame:
    return CleanFrame(module=Clean(module), function=Clean(function), line=3, in_app=in_app)


def crash(*frames: CleanFrame, exception_type: str | None = None) -> ScrubbedCrash:
    kind = None if exception_type is None else Clean(exception_type)
    return ScrubbedCrash(
        format="test",
        frames=frames,
        exception_type=kind,
        reason=Clean("SIGSEGV"),
        message=Clean("a message with jane.doe in it"),
    )


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ([native("app.exe", 0x1234)], "app.exe+0x1234"),
        ([native("libc.so.6", 0x88), native("libfoo.so", 0x1234)], "libc.so.6 | libfoo.so+0x1234"),
        (
            [
                native("ntdll.dll", 0x88),
                native("ucrtbase.dll", 9),
                native("net.dll", 0x1234),
                native("core.dll", 0x1),
            ],
            "ntdll.dll | ucrtbase.dll | net.dll+0x1234",
        ),
        (
            [native("libsystem_c.dylib", 0x36F58), native("libnet.dylib", 0xE6)],
            "libsystem_c.dylib | libnet.dylib+0xe6",
        ),
        ([native("libcore.so", 1), native("libfoo.so", 2)], "libcore.so+0x1"),
        ([native("app", 1, "ns::Foo<int>::bar(int)")], "ns::Foo<T>::bar"),
        ([native("app", 1, "memcpy"), native("app", 2, "Parser::read()")], "memcpy | Parser::read"),
        ([native("app", 1, "core::panic::h0123456789abcdef")], "core::panic::h0123456789abcdef"),
    ],
)
def test_native_stacks_go_through_siggen(frames: list[CleanFrame], expected: str) -> None:
    assert signature(crash(*frames)) == expected


def test_a_managed_stack_gives_the_exception_and_the_first_own_frame() -> None:
    frames = (managed("lib.http", "get", False), managed("shop.cart", "pay", True))
    assert signature(crash(*frames, exception_type="KeyError")) == "KeyError | shop.cart.pay"


def test_a_managed_stack_of_unknown_ownership_gives_its_first_frame() -> None:
    frames = (managed("shop.cart", "pay"), managed("shop.main", "main"))
    assert signature(crash(*frames, exception_type="KeyError")) == "KeyError | shop.cart.pay"


def test_a_native_stack_with_an_exception_type_is_still_native() -> None:
    frames = (native("Demo", 0x10),)
    assert signature(crash(*frames, exception_type="EXC_BAD_ACCESS")) == "Demo+0x10"


def test_a_crash_without_frames_says_so() -> None:
    assert signature(crash()) == "EMPTY: SIGSEGV"
    assert signature(crash(exception_type="KeyError")) == "EMPTY: KeyError"


def test_no_message_gets_into_a_signature() -> None:
    stacks = ((), (native("app.exe", 1),), (managed("a", "b"),))
    for frames in stacks:
        for exception_type in (None, "KeyError"):
            assert "jane" not in signature(crash(*frames, exception_type=exception_type))


def test_a_signature_is_one_line_of_at_most_255_characters() -> None:
    line = signature(crash(managed("m" * 300, "f\n\tg"), exception_type="E"))
    assert len(line) == 255
    assert "\n" not in line
