"""Keyed hashes: as the design writes them down, apart in every way they must be, never shown."""

import hashlib
import hmac

import pytest

from transforms.aggregate import Pseudonyms, derive_run_key

KEY = bytes(range(32))
DAY, NEXT_DAY = "2026-11-22", "2026-11-23"
PSEUDONYMS = Pseudonyms(KEY)
DISTINCT = Pseudonyms(KEY, reports_without_install_are_distinct=True)


def test_an_install_hash_is_hmac_sha256_of_length_prefixed_domain_period_and_id() -> None:
    message = b"".join(
        len(part).to_bytes(8, "big") + part for part in (b"install", DAY.encode(), b"jane")
    )
    expected = hmac.new(KEY, message, hashlib.sha256).digest()[:16]
    assert PSEUDONYMS.install(DAY, "jane", b"r") == expected


def test_hashes_differ_by_period_domain_id_and_key() -> None:
    hashes = [
        PSEUDONYMS.install(DAY, "a", b"r"),
        PSEUDONYMS.install(NEXT_DAY, "a", b"r"),
        PSEUDONYMS.install(DAY, "b", b"r"),
        PSEUDONYMS.report(DAY, "a"),
        Pseudonyms(KEY[::-1]).install(DAY, "a", b"r"),
        PSEUDONYMS.install(DAY, None, b"r"),
        DISTINCT.install(DAY, None, b"r"),
    ]
    assert len(set(hashes)) == len(hashes)


def test_where_one_part_ends_and_the_next_begins_matters() -> None:
    assert PSEUDONYMS.report("2026", "-11") != PSEUDONYMS.report("2026-", "11")


@pytest.mark.parametrize("no_id", [None, ""])
def test_reports_without_an_install_are_one_unless_the_policy_says_distinct(
    no_id: str | None,
) -> None:
    assert PSEUDONYMS.install(DAY, no_id, b"r1") == PSEUDONYMS.install(DAY, no_id, b"r2")
    assert DISTINCT.install(DAY, no_id, b"r1") != DISTINCT.install(DAY, no_id, b"r2")


def test_an_install_with_an_id_stays_one_when_unknown_ones_are_distinct() -> None:
    assert DISTINCT.install(DAY, "a", b"r1") == DISTINCT.install(DAY, "a", b"r2")


def test_an_id_that_is_no_valid_unicode_is_hashed_all_the_same() -> None:
    assert len(PSEUDONYMS.install(DAY, "\ud800", b"r")) == 16


def test_an_objection_is_the_same_in_every_period_and_equals_no_other_hash() -> None:
    objection = PSEUDONYMS.objection("jane")
    assert len(objection) == 32
    assert int(objection, 16)
    assert bytes.fromhex(objection) != PSEUDONYMS.install(DAY, "jane", b"r")
    assert objection != Pseudonyms(KEY[::-1]).objection("jane")


def test_the_key_is_not_in_the_repr() -> None:
    assert "key" not in repr(PSEUDONYMS)


def test_the_key_for_bounding_is_another_one() -> None:
    assert len(PSEUDONYMS.bounding_key) == 32
    assert PSEUDONYMS.bounding_key not in (KEY, Pseudonyms(KEY[::-1]).bounding_key)


def test_a_runs_key_depends_on_names_and_sizes_but_not_on_their_order() -> None:
    listing = [("b.dmp", 2), ("a.dmp", 1)]
    key = derive_run_key(listing)
    assert Pseudonyms(key)
    assert derive_run_key(reversed(listing)) == key
    others = [
        [("a.dmp", 1)],
        [("a.dmp", 1), ("b.dmp", 3)],
        [("a.dmp", 1), ("c.dmp", 2)],
        [("a.dmp", 1), ("b.dmp", 2), ("b.dmp", 2)],
    ]
    assert len({key, *map(derive_run_key, others)}) == 5


def test_a_runs_key_keeps_a_name_that_ends_in_digits_apart_from_its_size() -> None:
    assert derive_run_key([("a1", 2)]) != derive_run_key([("a", 12)])


def test_an_empty_input_has_a_key_too() -> None:
    assert Pseudonyms(derive_run_key([]))
