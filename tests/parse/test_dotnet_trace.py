from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report
from transforms.parse import recognized_format

STACK = """\
   at Shop.Basket..ctor(Int32 size, List`1 eggs) in C:\\Users\\jane\\Shop\\Basket.cs:line 42
   at Shop.Counter.<>c__DisplayClass1_0.<Run>b__0(String name)
--- End of stack trace from previous location ---
   at System.Threading.Tasks.Task.Execute() in /_/src/Task.cs:line 7
"""
FRAMES = (
    Frame("Shop.Basket", ".ctor", "C:\\Users\\jane\\Shop\\Basket.cs", 42),
    Frame("Shop.Counter.<>c__DisplayClass1_0", "<Run>b__0"),
    Frame("System.Threading.Tasks.Task", "Execute", "/_/src/Task.cs", 7, in_app=False),
)
OUTER = "   --- End of inner exception stack trace ---\n   at Shop.Program.Main(String[] args)\n"


read = partial(read_report, "dotnet_trace")


@pytest.mark.parametrize(
    "text",
    [
        f"Shop.BasketException: no eggs\n{STACK}",
        f"Unhandled exception. Shop.BasketException: no eggs\nand more\n{STACK}",
        f"\nUnhandled Exception: Shop.BasketException: no eggs\n{STACK}\nafter: it\n",
        f"12:00 error: it failed\nShop.BasketException (0x80004005): no eggs\n{STACK}",
        f"Unhandled exception. System.AggregateException: One or more. (no eggs)\n"
        f" ---> Shop.BasketException: no eggs\n{STACK}{OUTER}",
        f"System.TypeInitializationException: t ---> Shop.BasketException: no eggs\n{STACK}{OUTER}",
        f"Shop.BasketException: no eggs\n{STACK}".replace("\n", "\r\n"),
    ],
)
def test_the_root_cause_is_read_innermost_first(text):
    report = read(text)
    assert report.exception_type == report.reason == "Shop.BasketException"
    assert report.message == "no eggs"
    assert report.frames == FRAMES


def test_a_trace_of_mono_is_read():
    report = read(
        "[ERROR] FATAL UNHANDLED EXCEPTION: System.NullReferenceException: null\n"
        "  at Shop.Basket.Count (System.Int32 n) [0x00011] in /src/Basket.cs:42 \n"
        "  at Shop.Program.Main () [0x00000] in <2f1c0de>:0 \n"
    )
    assert report.frames == (
        Frame("Shop.Basket", "Count", "/src/Basket.cs", 42),
        Frame("Shop.Program", "Main"),
    )


def test_a_deep_stack_is_cut_and_marked():
    text = "A.BException\n" + "   at A.B.C(String s)\n" * 500
    report = read(text, max_frames=7)
    assert (len(report.frames), report.truncated, report.message) == (7, True, None)


def test_a_frame_cut_in_its_file_is_read_without():
    text = f"Shop.BasketException: no eggs\n{STACK}   at A.B.C(String s) in C:\\Us"
    assert read(text).frames == (*FRAMES, Frame("A.B", "C"))


@pytest.mark.parametrize(
    "text",
    [
        "java.lang.Exception: x\n\tat a.B.c(B.java:1)\n\tat a.B.d(Native Method)\n",
        "RangeException: x\n    at a.b (http://example.org/a.js:1:2)\n",
    ],
)
def test_traces_of_other_languages_are_not_taken_for_dotnet(text):
    assert recognized_format(text.encode()) != "dotnet_trace"


def test_an_exception_without_frames_is_not_recognized():
    found = read_one(b"System.Exception: x\n")
    assert isinstance(found, Failure)
    assert found.kind.value == "unknown_format"


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ("bei", "in C:\\shop\\a.cs:Zeile 7."),
        ("à", "dans C:\\shop\\a.cs:ligne 7"),
        ("en", "en C:\\shop\\a.cs:línea 7"),
        ("in", "in C:\\shop\\a.cs:riga 7"),
        ("в", "в C:\\shop\\a.cs:строка 7"),
        ("w", "w C:\\shop\\a.cs:wiersz 7"),
        ("場所", "場所 C:\\shop\\a.cs:行 7"),
        ("위치:", "파일 C:\\shop\\a.cs:줄 7"),
        ("在", "位置 C:\\shop\\a.cs:行号 7"),
    ],
)
def test_traces_are_read_in_the_language_of_windows(at, place):
    report = read(
        f"Shop.BasketException: keine Eier\r\n   {at} Shop.Basket.Count(Int32 n) {place}\r\n"
    )
    assert report.exception_type == "Shop.BasketException"
    assert report.frames == (Frame("Shop.Basket", "Count", "C:\\shop\\a.cs", 7),)


@pytest.mark.parametrize(
    "said", ["Unbehandelte Ausnahme: ", "Exception non gérée : ", "未经处理的异常:  "]
)
def test_exceptions_that_nobody_handled_are_read_in_the_language_of_windows(said):
    report = read(f"{said}Shop.BasketException: no eggs\n{STACK.replace(' at ', ' bei ')}")
    assert (report.exception_type, report.message) == ("Shop.BasketException", "no eggs")
    assert len(report.frames) == 3


def test_unitys_own_frames_are_read():
    report = read(
        "NullReferenceException: no eggs\n"
        "Basket.Count (System.Int32 n) (at Assets/My Scripts/Basket.cs:42)\n"
        "UnityEngine.Debug:Log(Object) (at /build/Debug.cs:7)\n"
    )
    assert report.exception_type == "NullReferenceException"
    assert report.frames == (
        Frame("Basket", "Count", "Assets/My Scripts/Basket.cs", 42),
        Frame("UnityEngine.Debug", "Log", "/build/Debug.cs", 7, in_app=False),
    )
