from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report

TRACEBACK = """\
Traceback (most recent call last):
  File "/srv/shop/main.py", line 12, in <module>
    run()
  File "/usr/lib/python3.12/site-packages/pkg/runner.py", line 7, in run
    raise ValueError("no basket")
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
shop.errors.BasketError: no basket: 3
and its second line
"""
FRAMES = (
    Frame(None, "run", "/usr/lib/python3.12/site-packages/pkg/runner.py", 7, in_app=False),
    Frame(None, "<module>", "/srv/shop/main.py", 12),
)
OTHER = TRACEBACK.replace("BasketError", "OtherError").replace("runner.py", "other.py")
CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
DURING = "\nDuring handling of the above exception, another exception occurred:\n\n"


read = partial(read_report, "python_traceback")


@pytest.mark.parametrize(
    "text",
    [
        TRACEBACK,
        TRACEBACK.replace("\n", "\r\n"),
        "2024-05-06 ERROR shop: failed\n" + TRACEBACK,
        "2024-05-06 ERROR " + TRACEBACK,
        "".join(f"    {line}\n" for line in TRACEBACK.splitlines()),
        TRACEBACK + CAUSE + OTHER,
        OTHER + DURING + TRACEBACK,
        OTHER + "a line of a log\n" + TRACEBACK,
        OTHER + DURING + TRACEBACK + CAUSE + OTHER + CAUSE + OTHER,
    ],
)
def test_the_exception_that_ended_the_program_is_read_innermost_first(text):
    report = read(text)
    assert report.exception_type == report.reason == "shop.errors.BasketError"
    assert report.message == "no basket: 3"
    assert report.frames == FRAMES
    assert not report.truncated


def test_a_group_of_exceptions_is_read():
    report = read(
        "  + Exception Group Traceback (most recent call last):\n"
        '  |   File "/srv/a.py", line 3, in main\n'
        "  |     raise ExceptionGroup('e', found)\n"
        "  | ExceptionGroup: e (1 sub-exception)\n"
        "  +-+---------------- 1 ----------------\n"
        "    | ValueError: 1\n"
        "    +------------------------------------\n"
    )
    assert (report.exception_type, report.message) == ("ExceptionGroup", "e (1 sub-exception)")
    assert report.frames == (Frame(None, "main", "/srv/a.py", 3),)


GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/srv/a.py", line 9, in main
  |     raise ExceptionGroup('many', found)
  | ExceptionGroup: many (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "/srv/b.py", line 2, in load
    |     raise ExceptionGroup('inner', found)
    | ExceptionGroup: inner (2 sub-exceptions)
    +-+---------------- 1 ----------------
      | Traceback (most recent call last):
      |   File "/srv/b.py", line 3, in first
      | KeyError: 'first'
      +---------------- 2 ----------------
      | Traceback (most recent call last):
      |   File "/srv/b.py", line 4, in second
      | ValueError: second
      +------------------------------------
    +---------------- 2 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "/srv/c.py", line 5, in third
    | ExceptionGroup: third (1 sub-exception)
    +-+---------------- 1 ----------------
      | OSError: third
      +------------------------------------
    +---------------- ... ----------------
    | and 5 more exceptions
    +------------------------------------
"""


def test_the_first_member_of_a_group_counts():
    report = read(GROUP)
    assert (report.exception_type, report.message) == ("KeyError", "'first'")
    assert report.frames == (Frame(None, "first", "/srv/b.py", 3),)


def test_what_was_raised_while_a_group_was_handled_counts():
    assert read(GROUP + DURING + TRACEBACK).exception_type == "shop.errors.BasketError"


ENDS_IN_A_GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/srv/a.py", line 9, in main
  |     raise ExceptionGroup('many', found)
  | ExceptionGroup: many (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | ValueError: 1
    +---------------- 2 ----------------
    | ExceptionGroup: inner (2 sub-exceptions)
    +-+---------------- 1 ----------------
      | TypeError: 2
      +---------------- 2 ----------------
      | KeyError: 3
      +------------------------------------
"""


@pytest.mark.parametrize(
    "group", [ENDS_IN_A_GROUP, ENDS_IN_A_GROUP[: ENDS_IN_A_GROUP.index("KeyError")]]
)
def test_a_traceback_behind_a_group_counts_however_the_group_ends(group):
    assert read(group + DURING + TRACEBACK).exception_type == "shop.errors.BasketError"


def test_a_line_like_a_groups_member_hides_no_traceback():
    text = "INFO\n+---------------- 2 ----------------\n" + TRACEBACK
    assert read(text).exception_type == "shop.errors.BasketError"


def test_a_crash_that_faulthandler_reports_is_read():
    report = read(
        "Fatal Python error: Segmentation fault\n\n"
        "Current thread 0x00007f4f (most recent call first):\n"
        '  File "/srv/b.py", line 2 in inner\n  File "/srv/a.py", line 1 in <module>\n\n'
        'Thread 0x00007f50 (most recent call first):\n  File "/srv/c.py", line 3 in other\n'
    )
    assert (report.exception_type, report.message) == ("Fatal Python error", "Segmentation fault")
    assert report.frames == (
        Frame(None, "inner", "/srv/b.py", 2),
        Frame(None, "<module>", "/srv/a.py", 1),
    )


def test_an_error_of_syntax_has_the_place_as_its_frame():
    report = read(
        'Traceback (most recent call last):\n  File "a.py", line 3\n    x = =\n        ^\n'
        "SyntaxError: invalid syntax\n"
    )
    assert report.frames == (Frame(None, None, "a.py", 3),)


def test_the_innermost_frames_of_a_deep_stack_are_kept():
    calls = "".join(f'  File "a.py", line {n}, in f{n}\n' for n in range(1, 1000))
    report = read(
        f"Traceback (most recent call last):\n{calls}RecursionError: deep\n", max_frames=3
    )
    assert [frame.function for frame in report.frames] == ["f999", "f998", "f997"]
    assert report.truncated


def test_a_traceback_cut_before_its_exception_is_marked():
    report = read(TRACEBACK.partition("    raise")[0])
    assert (report.frames, report.exception_type, report.truncated) == (FRAMES, None, True)


def test_a_line_of_a_log_is_not_taken_for_the_exception():
    report = read(TRACEBACK.partition("shop.errors")[0] + "INFO: started\nKeyError: 1\n")
    assert (report.frames, report.exception_type) == (FRAMES, None)


def test_a_traceback_cut_before_its_frames_is_truncated():
    found = read_one(b"Traceback (most recent call last):\n")
    assert isinstance(found, Failure)
    assert (found.kind.value, found.format) == ("truncated", "python_traceback")


def test_atheris_names_the_exception_above_its_traceback():
    report = read(
        " === Uncaught Python exception: ===\nValueError: no eggs\n"
        "Traceback (most recent call last):\n"
        '  File "fuzz.py", line 4, in test_one\n  File "basket.py", line 9, in count\n'
        "INFO: Instrumenting basket\n"
    )
    assert (report.exception_type, report.message) == ("ValueError", "no eggs")
    assert [frame.function for frame in report.frames] == ["count", "test_one"]


def test_what_atheris_says_of_one_traceback_is_not_said_of_the_next():
    report = read(
        "=== Uncaught Python exception: ===\nValueError: no eggs\n"
        'Traceback (most recent call last):\n  File "fuzz.py", line 4, in test_one\n\n'
        'Traceback (most recent call last):\n  File "a.py", line 4, in a\nKeyError: 3\n'
    )
    assert (report.exception_type, report.message) == ("KeyError", "3")
