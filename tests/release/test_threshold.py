"""The release rule: k distinct installations for a row, and again for each value in it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.policy import Policy
from schemas.records import AnonymousCrash, Cell, Clean, Facts
from transforms.aggregate import CellCount, Pseudonyms, admitted, contributions
from transforms.release import ReleasedCell, release

K = 3
POLICY = Policy(name="test", k=K, max_cells_per_install=4, max_crashes_per_cell=2)
PSEUDONYMS = Pseudonyms(bytes(range(32)))
DAY = "2026-11-22"
KEY = (Clean("Paint"), Clean("draw"))

FACTS = Facts(
    product=Clean("Paint"),
    version=Clean("1.0"),
    channel=Clean("stable"),
    os_name=Clean("Linux"),
    os_version=Clean("6.1"),
    arch=Clean("x86_64"),
    process_type=Clean("main"),
    signature=Clean("draw | paint"),
)


def crash(
    install: str | None,
    report: int,
    signature: str = "draw",
    reason: str | None = None,
    message_template: str | None = None,
) -> AnonymousCrash:
    report_hash = PSEUDONYMS.report(DAY, str(report))
    facts = replace(
        FACTS,
        signature=Clean(signature),
        reason=None if reason is None else Clean(reason),
        message_template=None if message_template is None else Clean(message_template),
    )
    return AnonymousCrash(DAY, PSEUDONYMS.install(DAY, install, report_hash), report_hash, facts)


def released(crashes: Iterable[AnonymousCrash], policy: Policy = POLICY) -> list[ReleasedCell]:
    """Take crashes all the way from bounding to release, as the pipeline does."""
    of_install: dict[tuple[str, bytes], list[AnonymousCrash]] = defaultdict(list)
    for each in crashes:
        of_install[each.period, each.install].append(each)
    counts: dict[tuple[str, str, tuple[Clean, ...]], CellCount] = defaultdict(
        lambda: CellCount(policy.k)
    )
    for group in of_install.values():
        for one in contributions(admitted(group, policy, PSEUDONYMS.bounding_key)):
            counts[one.table, one.period, one.key].add(one)
    cells = (release(count.cell(*key), policy) for key, count in counts.items())
    return sorted((cell for cell in cells if cell), key=lambda cell: (cell.table, cell.key))


def from_installs(number: int, **texts: str) -> list[AnonymousCrash]:
    return [crash(f"install {n}", n, **texts) for n in range(number)]


def test_a_cell_of_k_minus_1_installs_is_absent_and_of_k_present() -> None:
    assert released(from_installs(K - 1)) == []
    assert [(cell.table, cell.installs, cell.crashes) for cell in released(from_installs(K))] == [
        ("crashes_by_signature", K, K),
        ("crashes_by_version_os", K, K),
        ("signatures", K, K),
    ]


def test_one_install_with_5000_crashes_is_absent() -> None:
    assert released(crash("one", n) for n in range(5_000)) == []


def test_a_flood_adds_at_most_linf_crashes_to_a_released_cell() -> None:
    flood = [crash("install 0", n) for n in range(100, 5_100)]
    assert {cell.crashes for cell in released([*from_installs(K), *flood])} == {K - 1 + 2}


def test_reports_without_an_install_count_as_one_unknown_install() -> None:
    unknown = [crash(None, n) for n in range(100, 200)]
    assert released(unknown) == []
    assert released([*unknown, *from_installs(K - 2)]) == []
    assert {cell.installs for cell in released([*unknown, *from_installs(K - 1)])} == {K}


def test_an_attributes_value_needs_k_installs_of_its_own() -> None:
    few = [crash(f"few {n}", 100 + n, reason="jane's own reason") for n in range(K - 1)]
    many = from_installs(K, reason="SIGSEGV")
    assert [c.attributes for c in released([*few, *from_installs(K)])] == [{}, {}, {}]
    with_reason = [c for c in released([*few, *many]) if c.table == "crashes_by_signature"]
    assert [(c.installs, c.attributes) for c in with_reason] == [(2 * K - 1, {"reason": "SIGSEGV"})]


def test_of_k_minus_1_installs_that_share_a_message_it_is_absent_though_its_row_is_there() -> None:
    crashes = [*from_installs(K - 1, message_template="no <n>"), *from_installs(K)[K - 1 :]]
    (row,) = [cell for cell in released(crashes) if cell.table == "signatures"]
    assert row.installs == K
    assert row.attributes == {}


def cell(installs: int = 10, **columns: dict[str, int]) -> Cell:
    attributes = {
        column: {Clean(value): count for value, count in values.items()}
        for column, values in columns.items()
    }
    return Cell("signatures", DAY, KEY, installs, installs, attributes)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"a": K, "b": K + 1}, "b"),
        ({"b": K, "a": K}, "a"),
        ({"a": K - 1, "b": K - 1}, None),
        ({}, None),
    ],
)
def test_the_most_shared_value_is_shown_and_of_several_the_first_in_order(
    values: dict[str, int], shown: str | None
) -> None:
    row = release(cell(message_template=values), POLICY)
    assert row is not None
    assert row.attributes.get("message_template") == shown


@pytest.mark.parametrize(
    ("stacks", "shown"),
    [
        (({b"short": 9}, {b"long": 5, b"other": 4}, {b"longest": K - 1}), b"long"),
        (({b"short": 9}, {b"long": K}, {b"longest": K}), b"longest"),
        (({b"short": 9}, {b"y": K, b"x": K}), b"x"),
        (({b"short": K - 1},), None),
        ((), None),
    ],
)
def test_the_deepest_stack_prefix_that_k_installs_share_is_shown(
    stacks: tuple[dict[bytes, int], ...], shown: bytes | None
) -> None:
    row = release(replace(cell(), stacks=stacks), POLICY)
    assert row is not None
    assert row.stack == shown


CRASHES = st.lists(
    st.builds(
        crash,
        st.sampled_from([None, *"abcdefgh"]),
        st.integers(0, 1_000_000),
        st.sampled_from(["s1", "s2", "s3"]),
        message_template=st.sampled_from(["m1", "m2"]),
    ),
    max_size=40,
)


def shares(crashes: Iterable[AnonymousCrash], cell: ReleasedCell) -> set[bytes]:
    """Return who really shares a released row and every value that it shows."""
    names = {
        "crashes_by_version_os": ("product version channel os_name os_version arch process_type"),
        "crashes_by_signature": "product version os_name signature",
        "signatures": "product signature",
    }[cell.table].split()
    return {
        each.install
        for each in crashes
        if tuple(getattr(each.facts, name) for name in names) == cell.key
        and all(getattr(each.facts, column) == value for column, value in cell.attributes.items())
    }


@settings(max_examples=80)
@given(CRASHES, st.data())
def test_never_is_a_row_or_a_value_released_that_fewer_than_k_installs_share(
    crashes: list[AnonymousCrash], data: st.DataObject
) -> None:
    rows = released(crashes)
    assert all(len(shares(crashes, row)) >= K and row.installs >= K for row in rows)
    assert released(data.draw(st.permutations(crashes))) == rows


def test_that_check_catches_a_rule_that_counts_reports_instead_of_installs() -> None:
    crashes = [crash("one", n) for n in range(K)]
    leaked = ReleasedCell("signatures", DAY, KEY, installs=len(crashes), crashes=len(crashes))
    assert len(shares(crashes, leaked)) < K
