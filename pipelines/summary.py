"""The short summary that ends a run, and why nothing was released when nothing was."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.policy import Policy
from schemas.records import TallyName
from schemas.tables import CELL_TABLES
from transforms.storage import is_remote


@dataclass(frozen=True, slots=True)
class Tallies:
    """What a run counted: by name and label (a kind, an entity type, a table)."""

    counts: Mapping[tuple[TallyName, str], int]

    def of(self, name: TallyName) -> dict[str, int]:
        """Return the counts of one name by label, sorted by label."""
        return {
            label: count
            for (tally_name, label), count in sorted(self.counts.items())
            if tally_name is name and count
        }

    def total(self, name: TallyName) -> int:
        """Return the sum of one name's counts."""
        return sum(self.of(name).values())

    def document(self) -> dict[str, int | dict[str, int]]:
        """Return the counts as JSON has them: a number by name, or numbers by name and label."""
        by_label = {name: self.of(name) for name in TallyName}
        return {
            str(name): counts[""] if counts.keys() == {""} else counts
            for name, counts in by_label.items()
            if counts
        }

    def together_with(self, other: "Tallies") -> "Tallies":
        """Return the sums of these counts and another run's."""
        return Tallies(Counter(self.counts) + Counter(other.counts))

    @property
    def nothing_readable(self) -> bool:
        """Tell whether every report was rejected."""
        return self.total(TallyName.READ) == self.total(TallyName.REJECTED)


def render_summary(tallies: Tallies, policy: Policy, output: str) -> str:
    """Return the summary's lines: read, rejected, left out, redacted, released, where to look."""
    released = tallies.of(TallyName.RELEASED)
    suppressed = tallies.of(TallyName.SUPPRESSED)
    lines = [
        f"read        {tallies.total(TallyName.READ):,} reports",
        _labelled("rejected", tallies, TallyName.REJECTED),
        _labelled("excluded", tallies, TallyName.EXCLUDED),
        _labelled("held back", tallies, TallyName.HELD_BACK),
        _labelled("late", tallies, TallyName.LATE),
        _labelled("duplicates", tallies, TallyName.DUPLICATE),
        _labelled("redacted", tallies, TallyName.REDACTED),
        _labelled("cache", tallies, TallyName.SCRUB_CACHE),
        _seconds(tallies),
    ]
    lines += [
        f"released    {released.get(table.name, 0):,} rows of {table.name}, "
        f"{suppressed.get(table.name, 0):,} suppressed (fewer than {policy.k} installations)"
        for table in CELL_TABLES
    ]
    lines.append(_labelled("withheld", tallies, TallyName.WITHHELD))
    kept = tallies.of(TallyName.PERIODS).get("kept", 0)
    if kept:
        lines.append(
            f"kept        {kept:,} periods as they were released before, without what is late"
        )
    if released:
        copied = f"take a local copy of {output}, then: " if is_remote(output) else ""
        place = "COPY" if copied else output
        lines.append(f'look        {copied}crashveil query {place} "from crashes_by_version_os"')
    else:
        lines.append(f"NOTHING WAS RELEASED: {_why_nothing(tallies, policy)}")
    if not policy.anonymous:
        lines.append(f"NOT ANONYMOUS: policy {policy.name} is for trying out; do not share this.")
    return "\n".join(line for line in lines if line)


def _labelled(title: str, tallies: Tallies, name: TallyName) -> str:
    by_label = Counter(tallies.of(name))
    if not by_label:
        return ""
    parts = ", ".join(
        f"{label} {count:,}" if label else f"{count:,}" for label, count in sorted(by_label.items())
    )
    return f"{title:<12}{parts}"


def _seconds(tallies: Tallies) -> str:
    by_step = tallies.of(TallyName.MILLISECONDS)
    parts = ", ".join(f"{step} {spent / 1000:,.1f}" for step, spent in by_step.items())
    return f"{'seconds':<12}{parts}" if parts else ""


def _why_nothing(tallies: Tallies, policy: Policy) -> str:
    read, rejected = tallies.total(TallyName.READ), tallies.total(TallyName.REJECTED)
    if not read:
        return "there is nothing new"
    if read == rejected:
        return "no report could be read"
    if policy.noise and tallies.total(TallyName.PERIODS):
        return (
            "rule P3: a row needs some hundred installations before noise lets it through; or the "
            "period is released already, and noise is drawn once. Wait for more reports, or take a "
            "policy without noise"
        )
    left = read - rejected - tallies.total(TallyName.EXCLUDED)
    if not left:
        return "rule P14: every report that was read is excluded"
    left -= tallies.total(TallyName.LATE)
    if not left or tallies.of(TallyName.PERIODS).get("kept"):
        return "rule P5: a period is released once, and the reports are of such that are released"
    if left <= tallies.total(TallyName.HELD_BACK):
        return "rule P6: only closed periods are released, and every other report is of an open one"
    return (
        f"rule P1: no row was shared by {policy.k} distinct installations in one period of "
        f"{policy.period_days} day(s). Reports without an installation id count as "
        f"{'one each' if policy.reports_without_install_are_distinct else 'one all together'}"
        " (P4). Wait for more reports, take a longer period_days, or, only to try it out, "
        "--policy development"
    )
