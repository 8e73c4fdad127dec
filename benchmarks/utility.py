"""What is left to act on: how much of a fleet's crashes each policy releases, and how exactly.

Takes simulated installations and faults from `pipelines/simulate/`, makes the anonymous crashes of
one period of them without writing dumps, and takes these all the way from bounding to release by
the steps' own functions. The truth is counted apart, from the same crashes before any bound.

    .venv/bin/python -m benchmarks.utility [INSTALLS...]
"""

import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from random import Random

from pipelines.simulate.faults import Fault, Faults
from pipelines.simulate.fleet import Fleet
from schemas.policy import Policy, load_policy
from schemas.records import AnonymousCrash, Cell, Clean, Facts
from schemas.tables import CRASHES_BY_SIGNATURE, SIGNATURES
from transforms.aggregate import CellCount, Contribution, admitted, contributions
from transforms.release import (
    ReleasedCell,
    group_of,
    is_compared,
    release,
    release_with_noise,
    without_differences,
)

SIZES = (1_000, 100_000, 1_000_000)
POLICIES = ("default", "small-fleet", "dp")
CRASHES_PER_INSTALL = 3
SEED = 1
PERIOD = "2026-01-05"
TOP = 10

Key = tuple[Clean, ...]


def crashes_of_a_period(installs: int) -> dict[bytes, list[AnonymousCrash]]:
    """The crashes of a simulated fleet by installation: few crash often, most once."""
    random = Random(SEED)  # noqa: S311 - not for secrets
    fleet, faults = Fleet(installs * CRASHES_PER_INSTALL, random), Faults(random)
    crashes: dict[bytes, list[AnonymousCrash]] = defaultdict(list)
    for number in range(installs * CRASHES_PER_INSTALL):
        install = fleet.next_to_crash(random)
        platform = install.platform
        fault = faults.next_fault(platform.language, random)
        pseudonym = install.install_id.encode()
        crashes[pseudonym].append(
            AnonymousCrash(
                period=PERIOD,
                install=pseudonym,
                report=number.to_bytes(8, "big"),
                facts=Facts(
                    product=Clean(platform.product),
                    version=Clean(install.version),
                    channel=Clean(install.channel),
                    os_name=Clean(install.system.name),
                    os_version=Clean(install.system.version),
                    arch=Clean(install.architecture),
                    process_type=Clean(platform.process_types.choose(random)),
                    signature=signature_of(fault),
                ),
            )
        )
    return crashes


def signature_of(fault: Fault) -> Clean:
    """A fault's first frames of its own, which is what distinguishes faults here."""
    own = [frame.function for frame in fault.frames if frame.own]
    return Clean(" | ".join(own[:3]))


def counted(groups: Iterable[Sequence[AnonymousCrash]], policy: Policy) -> dict[str, list[Cell]]:
    """The cells of each table, after bounding."""
    counts: dict[tuple[str, Key], CellCount] = defaultdict(lambda: CellCount(policy.k))
    parts: dict[tuple[str, Key], list[Contribution]] = defaultdict(list)
    for crashes in groups:
        for each in contributions(admitted(crashes, policy, b"bench" * 8)):
            if each.parts and policy.noise is None:
                parts[each.table, each.key].append(each)
            else:
                counts[each.table, each.key].add(each)
    tables: dict[str, list[Cell]] = defaultdict(list)
    for (table, key), count in counts.items():
        tables[table].append(count.cell(table, PERIOD, key))
    if policy.noise is None:
        released = {cell.key for cell in exactly_released(tables, policy)}
        for (table, key), of_cell in parts.items():
            count = CellCount(policy.k)
            for each in of_cell:
                if not released.isdisjoint(each.parts):
                    count.add(each)
            tables[table].append(count.cell(table, PERIOD, key))
    return tables


def exactly_released(tables: dict[str, list[Cell]], policy: Policy) -> Iterator[ReleasedCell]:
    """The cells of the compared tables that stay after the threshold and P7."""
    kept: dict[Key, list[ReleasedCell]] = defaultdict(list)
    lacking: dict[Key, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    for table, cells in tables.items():
        for cell in cells if is_compared(table) else ():
            group, released = group_of(table, cell.key), release(cell, policy)
            if released is None:
                lacking[group][table] |= cell.few_installs
            else:
                kept[group].append(released)
    for group, of_group in kept.items():
        few = {table: len(installs) for table, installs in lacking[group].items()}
        yield from without_differences(of_group, few, policy.k)


def released_by(policy: Policy, tables: dict[str, list[Cell]]) -> list[ReleasedCell]:
    """All rows that a policy releases."""
    if policy.noise is not None:
        return [cell for cells in tables.values() for cell in release_with_noise(cells, policy)]
    sums = (release(cell, policy) for cell in tables[SIGNATURES.name])
    return [*exactly_released(tables, policy), *(cell for cell in sums if cell is not None)]


def figures(name: str, crashes: dict[bytes, list[AnonymousCrash]]) -> list[str]:
    """One line of the table for one policy."""
    policy = load_policy(name)
    rows = released_by(policy, counted(crashes.values(), policy))
    true_crashes: Counter[Key] = Counter()
    true_installs: dict[Key, set[bytes]] = defaultdict(set)
    for install, of_install in crashes.items():
        for facts in filter(None, (crash.facts for crash in of_install)):
            true_crashes[facts.product, facts.version, facts.os_name, facts.signature] += 1
            true_installs[facts.product, facts.signature].add(install)
    details = [row for row in rows if row.table == CRASHES_BY_SIGNATURE.name]
    summed = [row for row in rows if row.table == SIGNATURES.name]
    sizes = Counter({key: len(installs) for key, installs in true_installs.items()})
    top = {key for key, _ in sizes.most_common(TOP)}
    shown = {row.key for row in sorted(summed, key=lambda row: -row.installs)[:TOP]}
    covered = sum(true_crashes[row.key] for row in details) / true_crashes.total()
    return [
        name,
        f"{covered:.0%}",
        f"{len(summed)} of {len(sizes)}",
        median_error((row.installs, sizes[row.key]) for row in summed),
        median_error((row.crashes, true_crashes[row.key]) for row in details),
        f"{len(top & shown)} of {TOP}",
    ]


def median_error(pairs: Iterable[tuple[int, int]]) -> str:
    """The median of how far released counts are from true ones, relative to these."""
    errors = [abs(released - true) / true for released, true in pairs]
    return f"{statistics.median(errors):.0%}" if errors else "-"


COLUMNS = (
    "installations",
    "policy",
    "crashes in released rows",
    "signatures released",
    "error of install_count",
    "error of crash_count",
    "top 10 found",
)


def main() -> None:
    """Print the table that docs/privacy-contract.md shows."""
    print("|", " | ".join(COLUMNS), "|")
    print("|---" * len(COLUMNS) + "|")
    for installs in [int(argument) for argument in sys.argv[1:]] or SIZES:
        crashes = crashes_of_a_period(installs)
        for policy in POLICIES:
            print("|", " | ".join([f"{installs:,}", *figures(policy, crashes)]), "|", flush=True)


if __name__ == "__main__":
    main()
