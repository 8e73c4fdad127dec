"""The scrubber: Presidio's findings and the report's own identities, replaced by their types.

The only place where `Clean` text is made of raw text. Whatever it cannot finish it refuses.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from sys import getsizeof

from schemas.policy import NO_MODEL, Limits
from schemas.records import Clean, CleanFrame, CrashReport, Frame, Identity, ScrubbedCrash
from transforms.scrub.analyzer import Finding, ScrubError, find_entities, load_analyzer
from transforms.scrub.cache import BoundedCache, CacheUse
from transforms.scrub.folding import SEQUENCE, fold, is_plain
from transforms.scrub.identities import NOBODY, HiddenIdentities

_CACHE_BYTES = Limits().max_scrub_cache_bytes

_RECORD_BYTES = 80
"""A small record with slots, such as a finding."""

_CERTAIN = 1.0
WITHHELD = Clean("<withheld>")
"""Stands for a text that could not be scrubbed to its end."""
_LONGEST = 1_000_000
"""Characters of a text that is scrubbed at all; what parsers keep is far shorter."""
_PLACEHOLDER = re.compile(r"<[A-Z][A-Z_]*>")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_VERSION = re.compile(
    r"[vV]?\d{1,8}(?:\.\d{1,8}){0,5}"
    r"(?:[-+. _]?(?:a|b|rc|alpha|beta|dev|esr|pre|nightly)\.?\d{0,4})?"
)
"""What a version field holds, though a recognizer might take it for an address or a number."""
_NO_VERSION = re.compile(
    r"v?(?:192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254|127\.0|10\.[1-9]\d{0,2})\.\d{1,3}\.\d{1,3}"
    r"|\d{3}[-. ]\d{3}[-. ]\d{4}|\d{3}[-. ]\d{2}[-. ]\d{4}|\d{9,}"
)
"""Private addresses (RFC 1918, without 10.0 for Windows' sake), phone and security numbers."""


@dataclass(frozen=True, slots=True)
class ScrubbedText:
    """A text with every finding replaced by `<TYPE>`, and the findings, sorted and apart.

    `start` and `end` of a finding are offsets into the text that was given.
    """

    text: Clean
    findings: tuple[Finding, ...] = field(default=(), repr=False)


_Find = Callable[[str], Sequence[Finding]]
_Texts = tuple[str | None, ...]
_CutFrame = tuple[tuple[str | None, str | None, str | None], int | None, int | None, bool | None]
"""A frame's module, function and file; line, offset, and whether it is the application's."""

_FACTS = (
    "product", "version", "channel", "os_name", "os_version", "os_build", "arch", "process_type",
    "exception_type",
)  # fmt: skip
"""What repeats from report to report, so that it is kept together."""
_VERSIONS = frozenset({"version", "os_version", "os_build"})


class Scrubber:
    """Scrubs texts and reports with one analyzer; safe to share within a process.

    `find` returns what is personal in a text, sorted and without overlaps, and raises `ScrubError`
    when it cannot tell: then that text is withheld, and told as a finding. Results are kept in
    `cache_bytes` of memory, half of it for texts and half for frames and facts: names of functions
    and modules repeat enormously.

    `find_in_prose` does the same for what people write, names in it too: it reads single texts,
    and a report's message and reason. None: `find` reads them.
    """

    def __init__(
        self,
        find: _Find,
        cache_bytes: int = _CACHE_BYTES,
        find_in_prose: _Find | None = None,
    ) -> None:
        self._find, self._find_in_prose = find, find_in_prose
        text_bytes = cache_bytes // (2 if find_in_prose is None else 4)
        self._scrub_without_identities = BoundedCache(self._scrub, _text_bytes, text_bytes)
        self._scrub_prose_without_identities = BoundedCache(
            self._scrub_prose, _text_bytes, text_bytes
        )
        self._frame_without_identities = BoundedCache(
            self._scrub_frame, _frame_bytes, cache_bytes * 3 // 8
        )
        self._facts_without_identities = BoundedCache(
            self._scrub_facts, _facts_bytes, cache_bytes // 8
        )

    @property
    def cache_use(self) -> CacheUse:
        """Return how often a text, a frame or a report's facts were scrubbed before, and how not.

        What was not is followed by its texts, which may have been.
        """
        uses = (
            self._scrub_without_identities.use,
            self._scrub_prose_without_identities.use,
            self._frame_without_identities.use,
            self._facts_without_identities.use,
        )
        return CacheUse(*map(sum, zip(*uses, strict=True)))

    def scrub_text(self, text: str, identities: Iterable[Identity] = ()) -> ScrubbedText:
        """Return a text scrubbed of what is personal in it and of a report's identities.

        A terminal's colours are left out; control characters and broken Unicode become a space. A
        text that cannot be scrubbed to its end is `WITHHELD`.
        """
        if not identities:
            return self._scrubbed_prose(text, NOBODY)
        return self._scrubbed_prose(text, HiddenIdentities.of(identities, as_seen([text])))

    def is_clean(self, text: str) -> bool:
        """Tell whether scrubbing would find nothing in a text, placeholders apart.

        Raises:
            ScrubError: it could not be finished; carries nothing of the text.
        """
        return not self._scrub_without_identities(text).findings or _is_version(text)

    def scrub_report(self, report: CrashReport) -> ScrubbedCrash:
        """Return the report's facts with all text clean, and how much was hidden, by type.

        Modules and source files are cut to their last part: what stands before it tells how
        somebody's disk is laid out, not what crashed. A text that cannot be scrubbed to its end is
        `WITHHELD`.

        Raises:
            ScrubError: something else failed; carries nothing of the report.
        """
        try:
            return self._scrub_report(report)
        except ScrubError:
            raise
        except Exception:  # noqa: BLE001 - whatever it says may hold values of the report
            raise ScrubError from None

    def _scrub_report(self, report: CrashReport) -> ScrubbedCrash:
        facts = _facts_of(report)
        frames = [_cut(frame) for frame in report.frames]
        prose = (report.reason, report.message)
        in_facts = in_frames = in_prose = NOBODY
        if report.identities:
            named = [text for frame in frames for text in frame[0]]
            in_facts, in_frames, in_prose = _hidden(report.identities, facts, named, prose)
        told, types = (
            self._facts_without_identities(facts)
            if in_facts is NOBODY
            else self._scrub_facts(facts, in_facts)
        )
        stack = [
            self._frame_without_identities(frame)
            if in_frames is NOBODY
            else self._scrub_frame(frame, in_frames)
            for frame in frames
        ]
        said = [
            self._scrubbed_prose(text, in_prose) if text and text.strip() else None
            for text in prose
        ]
        types += tuple(each for _, found in stack for each in found)
        types += tuple(each.type for text in said if text for each in text.findings)
        reason, message = (text.text if text else None for text in said)
        return ScrubbedCrash(
            format=report.format,
            **told,
            reason=reason,
            message=message,
            frames=tuple(frame for frame, _ in stack),
            uptime_s=report.uptime_s,
            truncated=report.truncated,
            redactions=dict(sorted(Counter(types).items())) if types else {},
        )

    def _scrub_facts(
        self, facts: _Texts, identities: HiddenIdentities = NOBODY
    ) -> tuple[dict[str, Clean | None], tuple[str, ...]]:
        """Return the scrubbed facts by their fields, and the type of each finding in them.

        What a version's field holds is kept where it is nothing but a version.
        """
        clean, types = self._scrub_all(
            [
                None if text and field in _VERSIONS and _is_version(text) else text
                for field, text in zip(_FACTS, facts, strict=True)
            ],
            identities,
        )
        versions = {
            field: Clean(text)
            for field, text in zip(_FACTS, facts, strict=True)
            if text and field in _VERSIONS and _is_version(text)
        }
        return dict(zip(_FACTS, clean, strict=True)) | versions, types

    def _scrub_frame(
        self, frame: _CutFrame, identities: HiddenIdentities = NOBODY
    ) -> tuple[CleanFrame, tuple[str, ...]]:
        """Return the scrubbed frame, and the type of each finding in it."""
        texts, line, offset, in_app = frame
        (module, function, file), types = self._scrub_all(texts, identities)
        return CleanFrame(module, function, file, line, offset, in_app), types

    def _scrub_all(
        self, texts: Sequence[str | None], identities: HiddenIdentities
    ) -> tuple[list[Clean | None], tuple[str, ...]]:
        scrubbed = [
            self._scrubbed(text, identities) if text and text.strip() else None for text in texts
        ]
        types = tuple(finding.type for each in scrubbed if each for finding in each.findings)
        return [each.text if each else None for each in scrubbed], types

    def _scrubbed(self, text: str, identities: HiddenIdentities) -> ScrubbedText:
        """Return a text scrubbed, or withheld where that does not come to an end."""
        return self._finished(text, identities, self._scrub_without_identities, None)

    def _scrubbed_prose(self, text: str, identities: HiddenIdentities) -> ScrubbedText:
        """Do the same by all means, a language model among them."""
        if self._find_in_prose is None:
            return self._scrubbed(text, identities)
        cached = self._scrub_prose_without_identities
        return self._finished(text, identities, cached, self._find_in_prose)

    def _finished(
        self,
        text: str,
        identities: HiddenIdentities,
        cached: Callable[[str], ScrubbedText],
        find: _Find | None,
    ) -> ScrubbedText:
        try:
            if identities is NOBODY or not (certain := certain_findings(text, identities)):
                return cached(text)
            return self._scrub(text, certain, find)
        except Exception:  # noqa: BLE001 - whatever it says may hold the text
            return _withheld(text)

    def _scrub_prose(self, text: str) -> ScrubbedText:
        return self._scrub(text, find=self._find_in_prose)

    def _scrub(
        self, text: str, certain: tuple[Finding, ...] = (), find: _Find | None = None
    ) -> ScrubbedText:
        if len(text) > _LONGEST:
            raise ScrubError
        folded = find_folded(find or self._find, text)
        found = [each for each in folded if says_something(text, each)]
        if not found and not certain:
            return ScrubbedText(_printable(text))
        findings = _joined([*certain, *found])
        parts, position = [], 0
        for finding in findings:
            parts += [text[position : finding.start], f"<{finding.type}>"]
            position = finding.end
        scrubbed = "".join([*parts, text[position:]])
        return ScrubbedText(_printable(scrubbed), tuple(findings))


def _withheld(text: str) -> ScrubbedText:
    return ScrubbedText(WITHHELD, (Finding("WITHHELD", 0, len(text), _CERTAIN),))


def find_folded(find: _Find, text: str) -> Sequence[Finding]:
    """Return what is found in the text as it is, and as a reader sees it."""
    found = find(text)
    if is_plain(text) or (folded := fold(text)).text == text:
        return found
    seen = [
        Finding(each.type, *folded.span(each.start, each.end), each.score)
        for each in find(folded.text)
    ]
    return [*found, *seen]


@cache
def load_scrubber(cache_bytes: int = _CACHE_BYTES, model: str = NO_MODEL) -> Scrubber:
    """Return this process's scrubber, with the recognizers of `schemas/recognizers.yaml`.

    `cache_bytes` is the policy's `max_scrub_cache_bytes`, `model` its `nlp`. The first call takes
    about a second, and what the model takes.

    Raises:
        ModelError: the language model is not here, or cannot be loaded.
    """
    analyzer = load_analyzer()
    find = partial(find_entities, analyzer)
    if model == NO_MODEL:
        return Scrubber(find, cache_bytes)
    return Scrubber(find, cache_bytes, partial(find_entities, load_analyzer(model)))


def certain_findings(text: str, identities: HiddenIdentities) -> tuple[Finding, ...]:
    """Return where a report's identities occur in a text, as it is or as a reader sees it."""
    found = {(span.type, span.start, span.end) for span in identities.spans(text)}
    if not is_plain(text) and (folded := fold(text)).text != text:
        found |= {
            (span.type, *folded.span(span.start, span.end))
            for span in identities.spans(folded.text)
        }
    return tuple(Finding(*each, _CERTAIN) for each in sorted(found))


def _printable(scrubbed: str) -> Clean:
    return Clean(
        (
            scrubbed
            if scrubbed.isascii() and scrubbed.isprintable()
            else _UNPRINTABLE.sub(" ", SEQUENCE.sub("", scrubbed))
        ).strip()
    )


def _text_bytes(text: str, scrubbed: ScrubbedText) -> int:
    changed = getsizeof(scrubbed.text) if scrubbed.findings else 0
    return getsizeof(text) + changed + _RECORD_BYTES * (1 + len(scrubbed.findings))


def _frame_bytes(frame: _CutFrame, scrubbed: tuple[CleanFrame, tuple[str, ...]]) -> int:
    clean = scrubbed[0]
    texts = [*frame[0], clean.module, clean.function, clean.file]
    return sum(getsizeof(text) for text in texts if text) + 4 * _RECORD_BYTES


def _facts_bytes(facts: _Texts, scrubbed: tuple[dict[str, Clean | None], tuple[str, ...]]) -> int:
    texts = [*facts, *scrubbed[0].values()]
    return sum(getsizeof(text) for text in texts if text) + getsizeof(scrubbed[0]) + _RECORD_BYTES


def _facts_of(report: CrashReport) -> _Texts:
    return (
        report.product, report.version, report.channel, report.os_name, report.os_version,
        report.os_build, report.arch, report.process_type, report.exception_type,
    )  # fmt: skip


def _cut(frame: Frame) -> _CutFrame:
    """Return what is kept of a frame: of module and file the last part."""
    module, file = _last_part(frame.module), _last_part(frame.file)
    return (module, frame.function, file), frame.line, frame.offset, frame.in_app


def as_seen(texts: Iterable[str | None]) -> list[str]:
    """Return the texts that are there, and of those that are not plain also what a reader sees."""
    known = [text for text in texts if text]
    return known + [fold(text).text for text in known if not is_plain(text)]


def _hidden(
    identities: Iterable[Identity], *groups: Iterable[str | None]
) -> tuple[HiddenIdentities, ...]:
    """Return for each group of texts the identities that occur in it: most often none."""
    seen = [as_seen(group) for group in groups]
    everywhere = HiddenIdentities.of(identities, [text for group in seen for text in group])
    return tuple(map(everywhere.within, seen))


def _last_part(path: str | None) -> str | None:
    """Return the last part of a POSIX or Windows path, or of a URL without query and fragment."""
    if path is None or ("/" not in path and "\\" not in path):
        return path
    if "://" in path:
        path = path.split("?", 1)[0].split("#", 1)[0]
    path = path.rstrip("/\\")
    return path[max(path.rfind("/"), path.rfind("\\")) + 1 :]


def _is_version(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None and not _NO_VERSION.fullmatch(text)


def says_something(text: str, finding: Finding) -> bool:
    """Tell whether a finding covers more than placeholders of earlier findings."""
    covered = text[finding.start : finding.end]
    if "<" in covered:
        covered = _PLACEHOLDER.sub("", covered)
    return any(map(str.isalnum, covered))


def _joined(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings sorted and apart: those that overlap become one, of the longest's type."""
    joined: list[Finding] = []
    if len(findings) < 2:  # noqa: PLR2004 - one overlaps with none
        return list(findings)
    for finding in sorted(findings, key=lambda each: (each.start, -each.end, each.type)):
        if joined and finding.start < joined[-1].end:
            last = joined.pop()
            longest = max(last, finding, key=lambda each: each.end - each.start)
            end = max(last.end, finding.end)
            finding = Finding(longest.type, last.start, end, max(last.score, finding.score))  # noqa: PLW2901
        joined.append(finding)
    return joined
