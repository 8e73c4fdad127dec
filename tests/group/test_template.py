"""Message templates."""

import pytest

from schemas.records import Clean
from transforms.group import message_template


@pytest.mark.parametrize(
    ("message", "template"),
    [
        ("index 12 out of range for length 7", "index <number> out of range for length <number>"),
        ("read at 0x7ffd12 failed", "read at <address> failed"),
        ("cannot open '/srv/data/a b.txt'", "cannot open <string>"),
        ('key "abc" is missing', "key <string> is missing"),
        ("can't load it, won't retry", "can't load it, won't retry"),
        ("open /var/lib/app/state.db", "open <path>"),
        (r"open C:\app\state.db now", "open <path> now"),
        ("open /home/<USER_NAME>/x/y.db", "open <path>"),
        ("mail to <EMAIL_ADDRESS> bounced", "mail to <EMAIL_ADDRESS> bounced"),
        ("GET https://a.example/b?c=1 gave 404", "GET <url> gave <number>"),
        ("job 550e8400-e29b-41d4-a716-446655440000", "job <uuid>"),
        ("at 2026-01-05T10:00:00.123Z", "at <date>"),
        ("blob 9f86d081884c7d65 lost", "blob <hex> lost"),
        ("timed out after 3.5 ms", "timed out after <duration>"),
        ("utf8 libfoo2 SIGSEGV11 vec3", "utf8 libfoo2 SIGSEGV11 vec3"),
        ("read 404.", "read <number>."),
        ("-3 degrees, 1.5e", "<number> degrees, 1.5e"),
        ("took 1h2m3s, 2m9.5s", "took <duration>, <duration>"),
        ("1.5 GB of 512MB, 1,024 bytes", "<size> of <size>, <size>"),
        ("x=12,y=3 of 1,234,567 or 1_000", "x=<number>,y=<number> of <number> or <number>"),
        ("1.5e-10 and v1.20.3", "<number> and <number>"),
        ("com.example.Bar@1234567 is gone", "com.example.Bar@<hex> is gone"),
        ("Foo{1a2b3c4 V} and Foo{deadbee V}", "Foo{<hex> V} and Foo{<hex> V}"),
        ("key \u201cabc\u201d or \xabd\xbb", "key <string> or <string>"),
        (r'got \"a\" for "b \"c\" d"', "got <string> for <string>"),
        ("open c/d/e.txt or ./a/b/c", "open <path> or <path>"),
        ("open /core and/or I/O </b>", "open <path> and/or I/O </b>"),
        ("Mon Jan  5 10:00:00 2026: no", "<date>: no"),
        ("length <PHONE_NUMBER> of <CREDIT_CARD>", "length <number> of <number>"),
        ("x=-<US_SSN>, (<PHONE_NUMBER><CREDIT_CARD>)", "x=<number>, (<number>)"),
        ("read <PHONE_NUMBER> bytes in <CREDIT_CARD>s", "read <size> in <CREDIT_CARD>s"),
        ("to <EMAIL_ADDRESS>, v<PHONE_NUMBER>", "to <EMAIL_ADDRESS>, v<PHONE_NUMBER>"),
        ("since Mon, 05 Jan 2026 10:00:00 GMT", "since <date>"),
    ],
)
def test_variable_parts_become_placeholders(message: str, template: str) -> None:
    assert message_template(Clean(message)) == template


@pytest.mark.parametrize(
    "message",
    [
        "/a" * 50_000 + "'" * 5000 + "1." * 20_000 + "1," * 20_000,
        "<US_SSN>" * 50_000 + "x",
    ],
)
def test_a_hostile_message_takes_linear_time(message: str) -> None:
    assert message_template(Clean(message))
