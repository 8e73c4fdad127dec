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
        ([native("libc.so.6", 1), native("test_abort", 2)], "libc.so.6 | test_abort+0x2"),
        ([native("app", 1, "ns::Foo<int>::bar(int)")], "ns::Foo<T>::bar"),
        ([native("app", 1, "memcpy"), native("app", 2, "Parser::read()")], "memcpy | Parser::read"),
        ([native("app", 1, "shop::remove::h0123456789abcdef")], "shop::remove"),
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


@pytest.mark.parametrize(
    "signal",
    [
        "EXC_BAD_ACCESS", "SIGSEGV", "EXCEPTION_ACCESS_VIOLATION", "SIGSEGV / SEGV_MAPERR",
        "EXCEPTION_ACCESS_VIOLATION_WRITE / 0x1f3c", "0x40000015 / 0x1", "signal 35",
    ],
)  # fmt: skip
def test_what_the_system_ended_a_process_with_is_no_exception(signal: str) -> None:
    frames = (native("Demo", 0x10),)
    assert signature(crash(*frames, exception_type=signal)) == "Demo+0x10"


def test_an_exception_that_is_called_like_a_signal_is_one() -> None:
    frames = (managed("shop.cart", "pay"),)
    assert signature(crash(*frames, exception_type="SIGNATURE")) == "SIGNATURE | shop.cart.pay"


def test_the_type_of_a_thrown_exception_stands_before_native_code_too() -> None:
    frames = (native("Demo", 0x10),)
    assert signature(crash(*frames, exception_type="MyException")) == "MyException | Demo+0x10"


def named(*functions: str, module: str = "app", in_app: bool | None = None) -> list[CleanFrame]:
    return [
        CleanFrame(Clean(module), Clean(function), offset=at, in_app=in_app)
        for at, function in enumerate(functions)
    ]


OWN = named("shop::Cart::pay(int)")

WAYS_TO_THE_END = {
    "an exception of Objective-C": (
        [*named("__exceptionPreprocess", module="CoreFoundation"),
         *named("objc_exception_throw", module="libobjc.A.dylib"),
         *named("-[Cart pay]")],
        "NSRangeException", "NSRangeException | -[Cart pay]",
    ),
    "a message to a freed object": (
        [*named("objc_msgSend", module="libobjc.A.dylib"),
         *named("__CFStringAppendFormatCore", "CFStringCreateCopy", module="CoreFoundation"),
         *named("-[Cart pay]")],
        "EXC_BAD_ACCESS", "objc_msgSend | -[Cart pay]",
    ),
    "a fatal error of Swift": (
        [*named("_assertionFailure(_:_:file:line:flags:)", module="libswiftCore.dylib"),
         *named("Cart.load()")],
        "EXC_BREAKPOINT", "Cart.load",
    ),
    "a broken heap on Android": (
        [*named("abort", "scudo::die()", module="libc.so"), *OWN],
        "SIGABRT", "abort | shop::Cart::pay",
    ),
    "an exception of C++ that nobody caught": (
        [*named("raise", "abort", module="libc.so.6"),
         *named("__gnu_cxx::__verbose_terminate_handler()", "__cxxabiv1::__terminate(void (*)())",
                "__cxa_throw", module="libstdc++.so.6"), *OWN],
        None, "raise | abort | shop::Cart::pay",
    ),
    "a panic of Rust": (
        [*named("abort", module="libc.so.6"),
         *named("std::sys::unix::abort_internal::h0123456789abcdef",
                "core::panicking::panic_fmt::h0123456789abcdef",
                "shop::cart::remove::h0123456789abcdef")],
        "SIGABRT", "shop::cart::remove",
    ),
    "a check of Chromium": (
        [*named("logging::LogMessage::~LogMessage()", "logging::CheckError::~CheckError()"), *OWN],
        None, "shop::Cart::pay",
    ),
    "the interceptor of a sanitizer": (
        [*named("__interceptor_memcpy", "__asan_memset"), *OWN],
        "heap-buffer-overflow", "heap-buffer-overflow | shop::Cart::pay",
    ),
    "the handler of the JVM": (
        [*named("VMError::report_and_die()", "report_vm_out_of_memory(char const*)",
                "os::pd_commit_memory_or_exit(char*)", module="libjvm.so"),
         *named("ChunkPool::allocate(unsigned long)", module="libjvm.so")],
        "Out of Memory Error", "Out of Memory Error | ChunkPool::allocate",
    ),
    "a library in capitals": (
        [native("NTDLL.DLL", 1), *named("UnhandledExceptionFilter", module="KERNEL32.DLL"), *OWN],
        None, "NTDLL.DLL | shop::Cart::pay",
    ),
    "a toolkit that the stack knows as another's": (
        [*named("QObject::event(QEvent*)", "QApplication::notify()", in_app=False),
         *named("shop::Cart::pay(int)", in_app=True)],
        None, "QObject::event | shop::Cart::pay",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("frames", "exception_type", "expected"), WAYS_TO_THE_END.values(), ids=WAYS_TO_THE_END
)
def test_the_walk_goes_past_how_a_program_ended_to_where(
    frames: list[CleanFrame], exception_type: str | None, expected: str
) -> None:
    assert signature(crash(*frames, exception_type=exception_type)) == expected


def test_a_stack_of_the_system_alone_is_told_by_its_first_frames() -> None:
    assert signature(crash(native("libc.so.6", 0x88), native("libc.so.6", 0x99))) == (
        "libc.so.6+0x88"
    )
    waiting = named("mach_msg_trap", "mach_msg", module="libsystem_kernel.dylib")
    running = named("__CFRunLoopServiceMachPort", "__CFRunLoopRun", module="CoreFoundation")
    assert signature(crash(*waiting, *running)) == "__CFRunLoopServiceMachPort"


@pytest.mark.parametrize("call", ["-[UITableView reloadData]", "-[NSManagedObjectContext save:]"])
def test_where_a_program_begins_is_no_fault_while_frames_of_the_system_are_above(call: str) -> None:
    frames = [
        *named("objc_msgSend", module="libobjc.A.dylib"),
        *named(call, module="UIKitCore", in_app=False),
        *named("UIApplicationMain", module="UIKitCore", in_app=False),
        *named("main", module="Shop"),
    ]
    assert signature(crash(*frames)) == f"objc_msgSend | {call}"


def test_a_function_of_a_script_may_be_called_main() -> None:
    frames = [managed("lib.http", "get", False), managed("shop", "main", True)]
    script = [CleanFrame(function=Clean("main"), file=Clean("a.js"), in_app=True), frames[0]]
    assert signature(crash(*frames, exception_type="E")) == "E | shop.main"
    assert signature(crash(*reversed(script), exception_type="E")) == "E | main"


def test_a_crash_in_the_function_main_is_told() -> None:
    assert signature(crash(*named("abort", module="libc.so.6"), *named("main"))) == "abort | main"


def test_an_applications_own_library_is_not_the_systems_of_its_name() -> None:
    frames = [*named("abort", module="libc.so"), *named("shop::pay()", module="libutils.so")]
    assert signature(crash(*frames)) == "abort | shop::pay"
    frames = [*named("shop::pay()", module="libc.so", in_app=True), *named("main")]
    assert signature(crash(*frames)) == "shop::pay"


def test_frames_that_are_the_applications_come_before_those_of_nobody() -> None:
    internal = CleanFrame(function=Clean("PDOStatement::execute"), file=Clean("[internal]"))
    own = managed("Shop\\Cart", "pay", True)
    assert signature(crash(internal, own, exception_type="PDOException")) == (
        "PDOException | Shop\\Cart.pay"
    )


@pytest.mark.parametrize(
    "function",
    [
        "report_fatal_cart", "report_should_notify", "logging::LogErrorQueue::push(int)",
        "base::debug::Console::draw()", "fuzzer::Cart::draw()", "scudo_cart", "qFatalism",
    ],
)  # fmt: skip
def test_a_function_that_begins_like_a_way_to_the_end_is_no_such_way(function: str) -> None:
    told = function.partition("(")[0]
    assert signature(crash(*named(function, "main"))) == told


def test_where_all_frames_are_others_the_first_of_them_counts() -> None:
    frames = named("QObject::event(QEvent*)", "QApplication::notify()", in_app=False)
    assert signature(crash(*frames)) == "QObject::event"


def test_native_frames_without_offsets_lose_their_arguments_as_others_do() -> None:
    told = CleanFrame(function=Clean("shop::Cart::pay(int, char**)"), file=Clean("c.cc"), line=3)
    ended = CleanFrame(function=Clean("gsignal"), file=Clean("raise.c"), line=54)
    assert signature(crash(ended, told, exception_type="ABRT")) == "ABRT | shop::Cart::pay"


def test_an_application_that_does_not_answer_is_told_by_its_own_code() -> None:
    frames = [
        *named("__epoll_pwait", module="libc.so"),
        *named("android::Looper::pollInner(int)", module="libutils.so", in_app=False),
        managed("android.os.MessageQueue", "nativePollOnce", False),
        managed("org.shop.Cart", "waitFor"),
    ]
    assert signature(crash(*frames, exception_type="ANR")) == "ANR | org.shop.Cart.waitFor"


def test_java_below_native_code_keeps_its_class() -> None:
    frames = [native("libc.so.6", 7), managed("org.shop.LibaioContext", "done")]
    assert signature(crash(*frames)) == "libc.so.6 | org.shop.LibaioContext.done"


def test_builds_and_runs_of_the_same_code_share_a_signature() -> None:
    builds = [
        named(f"shop::remove::h{digest}") for digest in ("0123456789abcdef", "fedcba9876543210")
    ]
    assert len({signature(crash(*frames)) for frames in builds}) == 1
    runs = [managed(f"jdk.proxy2.$Proxy{number}", "run") for number in (14, 812)]
    assert len({signature(crash(each, exception_type="E")) for each in runs}) == 1


def test_unnamed_functions_of_a_script_are_told_apart_by_their_lines() -> None:
    script = [CleanFrame(file=Clean("main.3f2c9b7d.js"), line=line) for line in (41, 90)]
    assert [signature(crash(each, exception_type="TypeError")) for each in script] == [
        "TypeError | main.js#41",
        "TypeError | main.js#90",
    ]


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
