from functools import partial

import pytest

from schemas.records import Failure, Frame
from tests.parse.reading import read_one, read_report
from transforms.parse import recognized_format

FRAMES = (
    Frame(function="count", file="/srv/shop/basket.rb", line=42),
    Frame(function="block in run", file="/usr/lib/ruby/3.2.0/set.rb", line=7, in_app=False),
    Frame(function="<main>", file="/srv/shop/main.rb", line=3),
)
PLAIN = """\
/srv/shop/basket.rb:42:in `count': no eggs (Shop::BasketError)
\tfrom /usr/lib/ruby/3.2.0/set.rb:7:in `block in run'
\tfrom /srv/shop/main.rb:3:in `<main>'
"""
TERMINAL = """\
Traceback (most recent call last):
\t2: from /srv/shop/main.rb:3:in `<main>'
\t1: from /usr/lib/ruby/3.2.0/set.rb:7:in `block in run'
/srv/shop/basket.rb:42:in `count': no eggs (Shop::BasketError)
"""
RAILS = """\
Completed 500 Internal Server Error in 3ms

Shop::BasketError (no eggs):

/srv/shop/basket.rb:42:in `count'
/usr/lib/ruby/3.2.0/set.rb:7:in `block in run'
/srv/shop/main.rb:3:in `<main>'
"""


read = partial(read_report, "ruby_trace")


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.replace("`", "'"),
        PLAIN.replace("\n", "\r\n"),
        "a line of a log\n/srv/shop/other.rb:5: warning: unused\n" + PLAIN,
        PLAIN + "/srv/shop/other.rb:1:in `other': cause (IOError)\n\tfrom /srv/x.rb:1:in `x'\n",
        TERMINAL,
        RAILS,
    ],
)
def test_the_exception_is_read_innermost_first(text):
    report = read(text)
    assert report.exception_type == report.reason == "Shop::BasketError"
    assert report.message == "no eggs"
    assert report.frames == FRAMES


def test_a_crash_of_the_virtual_machine_is_read():
    report = read(
        "/srv/shop/basket.rb:42: [BUG] Segmentation fault at 0x0000000000000010\n"
        "ruby 3.2.2 (2023-03-30 revision e51014f9c0) [x86_64-linux]\n\n"
        "-- Control frame information ---\nc:0003 p:---- s:0012 e:000011 CFUNC  :count\n\n"
        "-- Ruby level backtrace information ----\n/srv/shop/main.rb:3:in `<main>'\n"
        "/usr/lib/ruby/3.2.0/set.rb:7:in `block in run'\n/srv/shop/basket.rb:42:in `count'\n\n"
        "-- Machine register context ------------\n RIP: 0x00007f\n"
    )
    assert (report.reason, report.message) == ("[BUG]", "Segmentation fault")
    assert report.frames == FRAMES


def test_a_deep_stack_is_cut_and_marked():
    report = read(PLAIN + "\tfrom /srv/a.rb:1:in `a'\n" * 500, max_frames=3)
    assert (report.frames, report.truncated) == (FRAMES, True)


def test_a_crash_cut_before_its_facts_is_truncated():
    found = read_one(b"[BUG] \nruby 3.2.2 (2023-03-30)\n")
    assert isinstance(found, Failure)
    assert (found.kind.value, found.format) == ("truncated", "ruby_trace")


def test_python_is_not_taken_for_ruby():
    text = b'Traceback (most recent call last):\n  File "a.py", line 3, in f\nE: 1\n'
    assert recognized_format(text) == "python_traceback"


def test_the_line_at_fault_that_ruby_quotes_stands_between_a_frame_and_its_callers():
    report = read(
        "/srv/shop/basket.rb:3:in `count': undefined method `eggs' for nil:NilClass "
        "(NoMethodError)\n\n    basket.eggs\n          ^^^^^\n"
        "\tfrom /srv/shop/main.rb:7:in `fill'\n\tfrom /srv/shop/main.rb:9:in `<main>'\n"
        "/srv/shop/basket.rb:1:in `open': closed (IOError)\n"
    )
    assert report.exception_type == "NoMethodError"
    assert [frame.function for frame in report.frames] == ["count", "fill", "<main>"]


def test_the_callers_of_a_cause_are_not_those_of_a_lone_frame():
    report = read(
        "a.rb:3:in `f': outer (IOError)\nb.rb:1:in `g': inner (KeyError)\n\tfrom b.rb:9:in `h'\n"
    )
    assert (report.exception_type, report.frames) == (
        "IOError",
        (Frame(function="f", file="a.rb", line=3),),
    )
