"""Packs of crashes: what goes in comes out, and an installation's crashes meet in one shard."""

import hashlib
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from schemas.records import AnonymousCrash, Clean, Facts
from transforms.aggregate import CrashPacker, by_install, crashes_of, without_refused

DAYS = ("2026-11-22", "2026-11-23")


def crash(
    number: int, install: int = 0, day: str = DAYS[0], refused: bool = False
) -> AnonymousCrash:
    facts = Facts(*map(Clean, ("Paint", "1.0", "stable", "Linux", "6.1", "x86_64", "main", "draw")))
    hashes = (hashlib.sha256(f"{kind}".encode()).digest()[:16] for kind in (install, -1 - number))
    return AnonymousCrash(day, *hashes, None if refused else facts)


CRASHES = st.lists(
    st.builds(
        crash, st.integers(0, 20), st.integers(0, 5), st.sampled_from(DAYS), refused=st.booleans()
    )
)


@given(CRASHES, st.data())
def test_what_is_packed_comes_out_once_in_packs_of_one_period_shard_and_group(
    crashes: list[AnonymousCrash], data: st.DataObject
) -> None:
    packer: CrashPacker[int] = CrashPacker()
    came = Counter[tuple[int, AnonymousCrash]]()
    for each in crashes:
        group = data.draw(st.integers(0, 1))
        packer.add(each, group)
        came[group, each] += 1
    went = Counter[tuple[int, AnonymousCrash]]()
    for group, packed in packer.packs():
        inside = list(crashes_of([packed]))
        went.update((group, each) for each in inside)
        assert {(each.period, each.install[0]) for each in inside} == {
            (packed.period, packed.shard)
        }
        assert packed.count == sum(each.facts is not None for each in inside)
    assert went == came
    assert not list(packer.packs())


@given(CRASHES)
def test_each_installation_comes_together_with_all_its_crashes(
    crashes: list[AnonymousCrash],
) -> None:
    packer: CrashPacker[None] = CrashPacker()
    for each in crashes:
        packer.add(each, None)
    groups = [group for _, packed in packer.packs() for group in by_install([packed])]
    owners = [{(each.period, each.install) for each in group} for group in groups]
    assert all(len(of_group) == 1 for of_group in owners)
    assert len(set().union(*owners)) == len(groups)
    assert Counter(each for group in groups for each in group) == Counter(crashes)


def test_a_packer_asks_to_be_emptied_before_it_holds_too_many() -> None:
    packer: CrashPacker[None] = CrashPacker()
    held = 0
    while not packer.is_full:
        packer.add(crash(held % 7), None)
        held += 1
    assert held <= 100_000
    list(packer.packs())
    assert not packer.is_full


def test_alike_crashes_take_little_more_than_their_hashes_in_a_pack() -> None:
    packer: CrashPacker[None] = CrashPacker()
    for number in range(1_000):
        packer.add(crash(number), None)
    ((_, packed),) = packer.packs()
    assert len(packed.packed) < 1_000 * 40


def test_a_report_that_is_refused_once_is_out_with_all_its_uploads() -> None:
    uploads = [crash(1), crash(2), crash(1, refused=True), crash(3, refused=True), crash(1)]
    assert without_refused(uploads) == ([crash(2)], 2)


def test_alike_crashes_of_several_packs_share_their_facts() -> None:
    packs = []
    for number in range(3):
        packer: CrashPacker[None] = CrashPacker()
        packer.add(crash(number), None)
        packs += [packed for _, packed in packer.packs()]
    assert len({id(each.facts) for each in crashes_of(packs)}) == 1
