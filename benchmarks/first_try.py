"""The pipeline as one would write it at first, to compare with: Beam's reads, Presidio as it comes.

    .venv/bin/python benchmarks/first_try.py INPUT OUTPUT

Reads with ReadMatches, parses with crashveil's parsers, anonymizes the kept strings with Presidio's
own analyzer and its default recognizers (English, no language model), counts without any privacy
rule, and writes with WriteToParquet. It makes no promise; it is here for its speed alone.
"""

import sys
from collections.abc import Iterator

import apache_beam as beam
import pyarrow as pa
import tldextract
from apache_beam.io import fileio
from apache_beam.io.parquetio import WriteToParquet
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.transforms.combiners import Count
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from schemas.policy import Limits
from schemas.records import CrashReport, RawReport
from transforms.parse import parse_payload

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("product", "version", "os_name", "top")]
    + [("crashes", pa.int64())]
)


class Anonymize(beam.DoFn):
    """Presidio on every kept string of a report."""

    def __init__(self) -> None:
        """Hold nothing before the worker sets it up."""

    def setup(self) -> None:
        """Load Presidio once a worker."""
        extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
        tldextract.tldextract.TLD_EXTRACTOR = extract  # or it would ask the network
        self._analyzer = AnalyzerEngine(
            nlp_engine=NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}]),
            supported_languages=["en"],
        )

    def process(self, report: CrashReport) -> Iterator[tuple[str, ...]]:
        """Yield what is counted of a report, anonymized."""
        names = [frame.function or frame.module or "" for frame in report.frames]
        texts = [report.product, report.version, report.os_name, *names, report.message]
        clean = [self._clean(text or "") for text in texts]
        yield clean[0], clean[1], clean[2], clean[3] if names else ""

    def _clean(self, text: str) -> str:
        found = self._analyzer.analyze(text, "en")
        for each in sorted(found, key=lambda each: each.start, reverse=True):
            text = f"{text[: each.start]}<{each.entity_type}>{text[each.end :]}"
        return text


def parsed(file: fileio.ReadableFile) -> Iterator[CrashReport]:
    """The reports of a file, as crashveil parses them; what is none is passed over."""
    raw = RawReport(file.metadata.path, file.read())
    yield from (each for each in parse_payload(raw, Limits()) if isinstance(each, CrashReport))


def main() -> None:
    source, output = sys.argv[1:]
    with beam.Pipeline(options=PipelineOptions(["--runner=FnApiRunner"])) as pipeline:
        _ = (
            pipeline
            | fileio.MatchFiles(f"{source}/**")
            | fileio.ReadMatches()
            | beam.FlatMap(parsed)
            | beam.ParDo(Anonymize())
            | Count.PerElement()
            | beam.MapTuple(lambda key, count: dict(zip(SCHEMA.names, (*key, count), strict=True)))
            | WriteToParquet(output, SCHEMA)
        )


if __name__ == "__main__":
    main()
