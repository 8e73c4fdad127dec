from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report

NODE = """\
file:///srv/shop/basket.mjs:42
    throw new BasketError("no eggs");
          ^

BasketError [ERR_EGGS]: no eggs
    at Basket.count [as size] (file:///srv/shop/basket.mjs:42:11)
    at async /srv/my shop/main.js:3:5
    at new Set (/srv/node_modules/set/index.js:7:1)
    at Array.map (<anonymous>)
    at Module._compile (node:internal/modules/cjs/loader:1105:14)

Node.js v20.1.0
"""
FRAMES = (
    Frame(function="Basket.count", file="file:///srv/shop/basket.mjs", line=42),
    Frame(file="/srv/my shop/main.js", line=3),
    Frame(function="new Set", file="/srv/node_modules/set/index.js", line=7, in_app=False),
    Frame(function="Array.map"),
    Frame(
        function="Module._compile",
        file="node:internal/modules/cjs/loader",
        line=1105,
        in_app=False,
    ),
)


read = partial(read_report, "javascript_trace")


def test_an_uncaught_error_of_node_is_read():
    report = read(NODE)
    assert report.exception_type == report.reason == "BasketError"
    assert report.message == "no eggs"
    assert report.frames == FRAMES


def test_the_cause_of_an_error_is_the_one_that_is_kept():
    report = read(
        "Error: outer\n    at a (/srv/a.js:1:2)\n    ... 3 lines matching cause stack trace ...\n"
        "    at b (/srv/b.js:1:2) {\n  [cause]: TypeError: inner\n      at c (/srv/c.js:9:2)\n  }\n"
    )
    assert (report.exception_type, report.message) == ("TypeError", "inner")
    assert report.frames == (Frame(function="c", file="/srv/c.js", line=9),)


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        (
            "count@https://example.org/a.js?user=jane#x:42:7",
            Frame(function="count", file="https://example.org/a.js", line=42),
        ),
        (
            'o["@of"]@https://example.org/@s/a.js:42:7',
            Frame(function='o["@of"]', file="https://example.org/@s/a.js", line=42),
        ),
        ("@file:///C:/shop/a.js:42", Frame(file="file:///C:/shop/a.js", line=42)),
        ("https://example.org/a.js:42:7", Frame(file="https://example.org/a.js", line=42)),
        ("count@[native code]", Frame(function="count")),
        (
            "count@https://example.org/a.js line 42 > eval line 2 > eval:1:30",
            Frame(function="count", file="https://example.org/a.js", line=42),
        ),
        (
            "    at count (eval at f (https://example.org/a.js:42:7), <anonymous>:1:3)",
            Frame(function="count", file="https://example.org/a.js", line=42),
        ),
        (
            "count([arguments not available])@https://example.org/a.js:42",
            Frame(function="count", file="https://example.org/a.js", line=42),
        ),
        (
            "  Line 42 of linked script https://example.org/a.js: In function count",
            Frame(function="count", file="https://example.org/a.js", line=42),
        ),
    ],
)
def test_a_frame_of_each_engine_is_read(line, frame):
    last = "main@https://example.org/main.js:1:2"
    assert read(f"{line}\n{last}\n").frames == (
        frame,
        Frame(function="main", file="https://example.org/main.js", line=1),
    )


def test_an_error_of_a_browser_console_is_read():
    report = read("Uncaught (in promise) TypeError: x is null\n    at https://example.org/a.js:4:5")
    assert (report.exception_type, report.message) == ("TypeError", "x is null")


def test_a_deep_stack_is_cut_and_marked():
    report = read("Error\n" + "    at f (/srv/a.js:1:2)\n" * 500, max_frames=7)
    assert (len(report.frames), report.truncated, report.message) == (7, True, None)


@pytest.mark.parametrize(
    "text", ["Error: no eggs\n    at count (/srv/a.j", "jane@example.org:22\n"]
)
def test_text_without_a_frame_is_not_recognized(text):
    found = read_one(text)
    assert isinstance(found, Failure)
    assert found.kind.value == "unknown_format"


def test_a_place_in_the_bytecode_of_hermes_is_a_file():
    report = read(
        "TypeError: undefined is not a function\n    at apply (native)\n"
        "    at onPress (address at index.android.bundle:1:2345)\n"
    )
    assert report.frames == (
        Frame(function="apply"),
        Frame(function="onPress", file="index.android.bundle", line=1),
    )


def test_the_marks_of_awaited_calls_are_no_part_of_a_name_in_firefox():
    report = read("count@https://shop.example/a.js:1:2\nasync*fill@https://shop.example/a.js:7:8\n")
    assert [frame.function for frame in report.frames] == ["count", "fill"]


def test_the_places_of_opera_11_are_frames_and_its_quotes_are_not():
    report = read(
        "Error thrown at line 42, column 12 in <anonymous function: make>(a) in http://a.example/b.js:\n"
        "    this.undef();\n"
        "called from line 27, column 8 in fill(one, two) in http://a.example/b.js:\n"
        "    make(a);\n"
        "called from line 9, column 1 in <anonymous function>() in http://a.example/c.js:\n"
        "    fill();\n"
        "called from line 3, column 1 in http://a.example/c.js:\n"
        "    start();\n"
    )
    assert report.frames == (
        Frame(function="make", file="http://a.example/b.js", line=42),
        Frame(function="fill", file="http://a.example/b.js", line=27),
        Frame(file="http://a.example/c.js", line=9),
        Frame(file="http://a.example/c.js", line=3),
    )
