"""The second scan: broad shapes, and the names of a run, but no code that looks like them."""

import pytest

from schemas.records import Identity, IdentityKind
from transforms.scrub import looks_personal, names_within, telling_names


@pytest.mark.parametrize(
    "text",
    [
        "mail jane@corp.internal failed",
        "jane%40example.org",
        "open /home/jane.doe/x",
        r"C:\Users\Jane\AppData",
        "file:%2Fhome%2Fjane%2Fx",
        "https://jane:pw@host/x",
        "https://jane:p:w@host/x",
        "head eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x tail",
        "connect 84.115.2.9",
        "fe80:0:0:0:1ff:fe23:4567:890a",
        "de:ad:be:ef:00:01",
        "5f0c2e1a-9d3b-4c7e-8a6f-1b2c3d4e5f60",
        "key 9f2c51e07ab3d46815fd8e37",
        "card 4111 1111 1111 1112",
        "call +49 151 2345678",
        "imei 490154203237518",
        "S-1-5-21-3623811015",
        "-----BEGIN RSA PRIVATE KEY",
        'password="hunter2',
        "Authorization: Bearer",
        "192.168.1.14",
        "10.1.2.3",
        "100.64.1.9",
        "jane%2Edoe%40example%2Eorg",
        "%2f%68%6f%6d%65%2fjane%2fx",
        "%2B49%20151%20234%205678",
        "jane\uff20example.org",
        "4111.1111.1111.1111",
    ],
)
def test_what_has_the_shape_of_personal_data_is_seen(text: str) -> None:
    assert looks_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "std::vector<int, std::allocator<int>>::push_back",
        "120.0.6099.130",
        "v10.0.19045.3803",
        "10.0.26100.4202",
        "100%25 done",
        "libfoo.so.1.2.3.4",
        "KERNELBASE.dll+0x12345",
        "-[NSObject(Foo) doesNotRecognizeSelector:]",
        "?draw@Painter@@QAEXXZ",
        "android.hardware.bluetooth@1.0-service-qti",
        "core::panicking::panic::h0123456789abcdef",
        "ExecuteEPN_6ThreadERK.llvm.11452150525172173309",
        "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS",
        "<EMAIL_ADDRESS> not found in <path>",
        "password: <SECRET>",
        "token == null",
        "0x00007ff8a1b2c3d4",
        "users/list/view",
        "deadbeef",
    ],
)
def test_code_versions_and_placeholders_pass(text: str) -> None:
    assert not looks_personal(text)


def names(*values: str) -> list[str]:
    return list(telling_names(Identity(IdentityKind.USER_NAME, value) for value in values))


def test_a_name_that_could_be_a_word_of_code_withholds_nothing() -> None:
    assert names("mark", "update", "render", "admin", "jd") == []


def test_names_that_no_code_has_by_chance_are_looked_for() -> None:
    assert names("Jane.Doe", "DESKTOP-4F7Q2LX", "jdoe42", "bartholomewcubbins") == [
        "jane.doe",
        "desktop-4f7q2lx",
        "jdoe42",
        "bartholomewcubbins",
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("open /srv/jane.doe/x failed", "jane.doe"),
        ("on Jane.Doe's Mac", "jane.doe"),
        ("libjane.doe.so", "libjane.doe.so"),
        ("build-jane.doe-release", "jane.doe"),
        ("host=DESKTOP-4F7Q2LX;", "desktop-4f7q2lx"),
        ("'jdoe42'", "jdoe42"),
    ],
)
def test_a_name_is_found_as_a_word_and_as_a_part_of_one(text: str, name: str) -> None:
    assert name in set(names_within(text))


@pytest.mark.parametrize("part", ["a.", "%25", "eyj", "://:", "a@", "a%40", "1 ", "0f", "+1"])
def test_a_long_text_is_scanned_in_time(part: str) -> None:
    """Time in proportion to the square of the length would take hours here."""
    looks_personal("://" + part * 200_000)


def test_a_long_text_of_many_parts_takes_time_in_proportion() -> None:
    assert len(list(names_within("a." * 5_000))) < 6 * 5_001 + 2
