"""From released rows to published files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import apache_beam as beam
from apache_beam.pvalue import PCollection

from schemas.policy import Policy
from schemas.records import Tally, TallyName
from schemas.tables import CELL_TABLES, RELEASES, TABLES
from transforms.ptransforms.joining import FramedRow
from transforms.ptransforms.metrics import tell, timed
from transforms.publish import (
    CellTally,
    PeriodRelease,
    PublishError,
    ReportTally,
    footer_of,
    is_open_claim,
    parameters_of,
    publish,
    release_rows,
    row_count,
    table_bytes,
)
from transforms.release import Row
from transforms.storage import output_filesystem

Counts = Mapping[tuple[str, str], int]
"""The tallies of one period, by name and label."""


class _WriteTablesStep(beam.DoFn):
    def __init__(self, output: str, policy: Policy) -> None:
        self._output, self._policy = output, policy

    @timed("publish")
    def process(
        self,
        element: tuple[str, dict[str, Iterable[Any]]],
        pane: Any = beam.DoFn.PaneInfoParam,
    ) -> Iterator[PeriodRelease]:
        """Yield what is to be published of a period that has a row.

        A period in which nothing is released is not published: that would tell that somebody
        crashed in it, and claim it before enough reports are there. But if noise was drawn for it,
        it is released even empty: to draw again until something shows would cost δ each time. A
        window's later firings bring no rows, and say nothing of what the first one brought.
        """
        period, joined = element
        counts: Counter[tuple[str, str]] = Counter()
        for key, count in joined["counts"]:  # one, and a 0 if an engine fires a window once more
            counts[key] += count
        tables: dict[str, list[Row]] = {}
        for table_name, row in joined["rows"]:
            tables.setdefault(table_name, []).append(row)
        self._refuse_what_was_held(counts)
        if not tables:
            output = output_filesystem(self._output)
            if not (self._policy.noise and pane.is_first and is_open_claim(period, output)):
                return
        tables[RELEASES.name] = release_rows(
            self._policy, _cell_tallies(tables, counts), _report_tally(counts)
        )
        yield self._release(period, tables)

    def _refuse_what_was_held(self, counts: Counts) -> None:
        held = sum(count for (name, _), count in counts.items() if name == TallyName.WITHHELD)
        if held and self._policy.withheld_rows_end_the_run:
            raise PublishError(
                f"the last scan held {held} rows back, and policy {self._policy.name} says that "
                "nothing is published then (withheld_rows_end_the_run)"
            )

    def _release(self, period: str, tables: dict[str, list[Row]]) -> PeriodRelease:
        contents = {
            table.name: table_bytes(
                table, tables.get(table.name, []), footer_of(table, self._policy)
            )
            for table in TABLES
        }
        return PeriodRelease(period, contents)


class _PublishStep(beam.DoFn):
    def __init__(self, output: str, staging: str | None, policy: Policy, fingerprint: str) -> None:
        self._output, self._staging = output, staging
        self._policy, self._fingerprint = policy, fingerprint

    @timed("publish")
    def process(self, element: tuple[int, Iterable[PeriodRelease]]) -> Iterator[str]:
        """Publish periods, and tell what became of them and of their rows. Yields the new ones.

        If a period comes twice, since its window was fired again before it was published, the
        larger of the two has the rows.
        """
        by_period = {release.period: release for release in sorted(element[1], key=_byte_count)}
        published = publish(
            by_period.values(),
            parameters_of(self._policy),
            self._fingerprint,
            output_filesystem(self._output, self._staging),
            self._policy.noise,
        )
        for field in fields(published):
            if periods := getattr(published, field.name):
                tell(Tally(TallyName.PERIODS, field.name, len(periods)))
        for period in (*published.new, *published.same):
            for table in CELL_TABLES:
                if rows := row_count(by_period[period].contents[table.name]):
                    tell(Tally(TallyName.RELEASED, table.name, rows))
        yield from published.new


def _byte_count(release: PeriodRelease) -> int:
    return sum(map(len, release.contents.values()))


def _cell_tallies(tables: Mapping[str, list[Row]], counts: Counts) -> dict[str, CellTally]:
    return {
        table.name: CellTally(
            len(tables.get(table.name, [])),
            counts.get((TallyName.SUPPRESSED, table.name), 0),
            counts.get((TallyName.WITHHELD, table.name), 0),
        )
        for table in CELL_TABLES
    }


def _report_tally(counts: Counts) -> ReportTally:
    def by_label(wanted: TallyName) -> dict[str, int]:
        return {label: count for (name, label), count in counts.items() if name == wanted}

    return ReportTally(
        counts.get((TallyName.ACCEPTED, ""), 0),
        by_label(TallyName.REJECTED),
        by_label(TallyName.REDACTED),
    )


@dataclass
class Publish(beam.PTransform[PCollection[FramedRow], PCollection[str]]):
    """Write the tables of each period, atomically, once; yields the periods that are new.

    What gets here is small: it is what analysts will read. A batch run publishes nothing until all
    of its periods are there, and then in their order, whichever was ready first; a stream publishes
    each by itself. `staging` is where files wait until they are released, the output's own staging
    folder if None; `fingerprint` tells policy and key for the claims.
    """

    output: str
    staging: str | None
    policy: Policy
    fingerprint: str
    tallies: tuple[PCollection[Tally], ...]

    def expand(self, rows: PCollection[FramedRow]) -> PCollection[str]:
        """Bring a period's rows and tallies together, then all periods, and publish them."""
        counts = (
            self.tallies
            | beam.Flatten()
            | "Period" >> beam.Filter(lambda tally: tally.period)
            | beam.Map(
                lambda tally: ((str(tally.name), tally.label, tally.period), tally.count)
            ).with_output_types(tuple[tuple[str, str, str], int])
            | beam.CombinePerKey(sum)
            | "ByPeriod"
            >> beam.MapTuple(
                lambda key, count: (key[2], ((key[0], key[1]), count))
            ).with_output_types(tuple[str, Any])
        )
        by_period = rows | beam.MapTuple(
            lambda cell, row: (cell.period, (cell.table, row))
        ).with_output_types(tuple[str, Any])
        tables = beam.ParDo(_WriteTablesStep(self.output, self.policy))
        step = _PublishStep(self.output, self.staging, self.policy, self.fingerprint)
        new_periods: PCollection[str] = (
            {"rows": by_period, "counts": counts}
            | beam.CoGroupByKey()
            | "WriteTables" >> tables
            | beam.Map(lambda release: (0, release)).with_output_types(tuple[int, Any])
            | "AllPeriods" >> beam.GroupByKey()
            | beam.ParDo(step)
        )
        return new_periods
