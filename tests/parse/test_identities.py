import time
from contextlib import suppress

import pytest

from schemas.records import FailureKind, IdentityKind
from transforms.parse.identities import harvest
from transforms.parse.parser import ParseError

USER, HOST, DEVICE = IdentityKind.USER_NAME, IdentityKind.HOST_NAME, IdentityKind.DEVICE_ID


def found(payload: bytes) -> set[tuple[IdentityKind, str]]:
    return {(identity.kind, identity.value) for identity in harvest(payload)}


USERS = [
    ("/Users/ywzqk/Library/x", "ywzqk"),
    ("/home/ywzqk", "ywzqk"),
    ("/home/ywzqk/ is full", "ywzqk"),
    ("(/home/ywzqk)", "ywzqk"),
    ("file:///Users/ywzqk/x", "ywzqk"),
    ("file://localhost/Users/ywzqk/x", "ywzqk"),
    ("C:\\Users\\ywzqk\\AppData", "ywzqk"),
    ("C:\\Users\\Ywz Qk\\AppData", "Ywz Qk"),
    ("C:/Users/Ywz Qk/AppData", "Ywz Qk"),
    ('"C:\\\\Users\\\\ywzqk\\\\AppData"', "ywzqk"),
    ('"\\/Users\\/ywzqk\\/x"', "ywzqk"),
    ('"/Users/ywz\\u00e9/x"', "ywzé"),
    ("/Users/ywzé/x", "ywzé"),
    ("file:///Users/ywz%C3%A9/x", "ywzé"),
    ("%2FUsers%2Fywzqk%2Fx", "ywzqk"),
    ("C%3A%5CUsers%5Cywzqk%5Cx", "ywzqk"),
    ("C:\\Documents and Settings\\ywzqk\\x", "ywzqk"),
    ("\\Device\\HarddiskVolume3\\Users\\ywzqk\\x", "ywzqk"),
    ("\\\\server7\\Users\\ywzqk\\x", "ywzqk"),
    ("/mnt/c/Users/ywzqk/x", "ywzqk"),
    ("/var/home/ywzqk/x", "ywzqk"),
    ("/System/Volumes/Data/Users/ywzqk/x", "ywzqk"),
    ("/Volumes/Disk/Users/ywzqk/x", "ywzqk"),
    ("USER=ywzqk\0SHELL=/bin/sh\0", "ywzqk"),
    ("USERNAME=Ywz Qk\0", "Ywz Qk"),
    ("USERNAME=ywzqk and so on\n", "ywzqk"),
    ("LOGNAME=ywzqk\n", "ywzqk"),
    ("SUDO_USER=ywzqk\n", "ywzqk"),
    ('{"username":"ywzqk"}', "ywzqk"),
    ('{"user_name": "ywzqk"}', "ywzqk"),
    ("{'username': 'ywzqk'}", "ywzqk"),
    ('"{\\"username\\":\\"ywzqk\\"}"', "ywzqk"),
]


@pytest.mark.parametrize(("text", "name"), USERS)
def test_user_names_are_found_in_home_paths_and_keys(text, name):
    assert (USER, name) in found(text.encode())


@pytest.mark.parametrize(("text", "name"), [pair for pair in USERS if "LOGNAME" not in pair[0]])
@pytest.mark.parametrize("pad", [b"", b"\x01"])
def test_user_names_are_found_in_utf16_memory_at_any_alignment(text, name, pad):
    assert (USER, name) in found(pad + text.encode("utf-16-le"))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("COMPUTERNAME=DESKTOP-QZ7\0", HOST, "DESKTOP-QZ7"),
        ("HOSTNAME=qz7.example.org\n", HOST, "qz7.example.org"),
        ('{"server_name": "qz7.local"}', HOST, "qz7.local"),
        ('{"device_name":"Qz\'s phone"}', HOST, "Qz's phone"),
        ('{"hostname" : "qz7"}', HOST, "qz7"),
        ("CrashReporter Key:   0123abcd-qz\n", DEVICE, "0123abcd-qz"),
        ('"crashReporterKey" : "0123abcdqz"', DEVICE, "0123abcdqz"),
        ('"deviceIdentifierForVendor":"0123-QZ"', DEVICE, "0123-QZ"),
        ("Anonymous UUID:       0123-QZ\n", DEVICE, "0123-QZ"),
    ],
)
def test_hosts_and_devices_are_found(text, kind, value):
    assert (kind, value) in found(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "src/users/models.py",
        "https://example.com/users/12345/edit",
        "/Home/Index",
        "app.home/start",
        '"crashReporterKey" : ""',
        "CrashReporter Key:   TODO\n",
        "username: null",
        "userspace/users",
        "",
    ],
)
def test_paths_that_name_nobody_give_nothing(text):
    assert found(text.encode()) == set()


def test_a_value_ends_where_its_path_or_entry_ends():
    text = "at /home/ann and /home/bob\0USER=cid;HOME=/home/dan\0HOST=eve SHELL=sh\0"
    names = {value for kind, value in found(text.encode()) if kind is USER}
    assert {"ann", "bob", "cid", "dan"} <= names
    assert (HOST, "eve") in found(text.encode())


def homes(people: int) -> bytes:
    return b" ".join(b"/home/user%05d/x" % number for number in [*range(people), *range(people)])


def test_the_result_is_sorted_and_distinct():
    identities = harvest(homes(1000))
    assert len(identities) == len(set(identities)) == 1000
    assert list(identities) == sorted(identities, key=lambda who: (who.kind, who.value))


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(homes(1001), id="more people than are hidden"),
        pytest.param(b"".join(b"host=a %06d " % each for each in range(100_001)), id="more hits"),
        pytest.param(b"logname" * 200_001, id="more places"),
    ],
)
def test_who_cannot_be_counted_to_the_end_makes_the_report_unreadable(payload):
    with pytest.raises(ParseError) as refused:
        harvest(payload)
    assert refused.value.kind is FailureKind.OVERSIZED


@pytest.mark.parametrize(
    "unit", [b"\0", b"/home/", b"user", b"C:\\Users\\", b"u\0s\0e\0r\0", b'"username":"', b"%2F"]
)
def test_hostile_repetition_costs_little_time(unit):
    payload = unit * (4 * 1024 * 1024 // len(unit))
    started = time.process_time()
    with suppress(ParseError):
        harvest(payload)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        (r"C:\Users\Sean O'Malley\a", USER, "Sean O'Malley"),
        (r"C:\Users\Smithers, Jane (IT)\a", USER, "Smithers, Jane (IT)"),
        ("LOGONSERVER=\\\\JANES-BOX\r\n", HOST, "JANES-BOX"),
        ("LOGNAME=mara7\0", USER, "mara7"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_names_with_signs_are_found_whole_in_both_encodings(text, kind, name, encoding):
    assert (kind, name) in found(text.encode(encoding))
