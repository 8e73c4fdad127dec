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
from transforms.scrub.folding import fold
from transforms.scrub.identities import NOBODY, HiddenIdentities

_CACHE_BYTES = Limits().max_scrub_cache_bytes

_RECORD_BYTES = 80
"""A small record with slots, such as a finding."""

_CERTAIN = 1.0
WITHHELD = Clean("<withheld>")
"""Stands for prose that could not be scrubbed to its end."""
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
_Scrub = Callable[[str, HiddenIdentities], ScrubbedText]


class Scrubber:
    """Scrubs texts and reports with one analyzer; safe to share within a process.

    `find` returns what is personal in a text, sorted and without overlaps, and raises `ScrubError`
    when it cannot tell. Results are kept in `cache_bytes` of memory, half of it for texts and
    half for frames: function and module names repeat enormously.

    `find_in_prose` does the same for what people write, names in it too: it reads single texts,
    and a report's message and reason. What it cannot tell of is withheld. None: `find` reads them.
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
            self._scrub_frame, _frame_bytes, cache_bytes // 2
        )

    @property
    def cache_use(self) -> CacheUse:
        """Return how often a text or a frame was scrubbed before, and how often not.

        A frame that was not is followed by its texts, which may have been.
        """
        uses = (
            self._scrub_without_identities.use,
            self._scrub_prose_without_identities.use,
            self._frame_without_identities.use,
        )
        return CacheUse(*map(sum, zip(*uses, strict=True)))

    def scrub_text(self, text: str, identities: Iterable[Identity] = ()) -> ScrubbedText:
        """Return a text scrubbed of what is personal in it and of a report's identities.

        Control characters and broken Unicode become a space.

        Raises:
            ScrubError: it could not be finished; carries nothing of the text.
        """
        hidden = HiddenIdentities.of(identities) if identities else NOBODY
        return self._scrubbed_prose(text, hidden)

    def is_clean(self, text: str) -> bool:
        """Tell whether scrubbing would find nothing in a text, placeholders apart."""
        return not self._scrub_without_identities(text).findings or _is_version(text)

    def scrub_report(self, report: CrashReport) -> ScrubbedCrash:
        """Return the report's facts with all text clean, and how much was hidden, by type.

        Modules and source files are cut to their last part: what stands before it tells how
        somebody's disk is laid out, not what crashed.

        Raises:
            ScrubError: it could not be finished; carries nothing of the report.
        """
        try:
            return self._scrub_report(report)
        except ScrubError:
            raise
        except Exception:  # noqa: BLE001 - whatever it says may hold values of the report
            raise ScrubError from None

    def _scrub_report(self, report: CrashReport) -> ScrubbedCrash:
        texts = [
            report.product, report.version, report.channel, report.os_name, report.os_version,
            report.os_build, report.arch, report.process_type, report.reason,
            report.exception_type, report.message,
        ]  # fmt: skip
        texts += [text for frame in report.frames for text in _frame_texts(frame)]
        known = [text for text in texts if text]
        shown = [fold(text).text for text in known if not text.isascii()]
        identities = HiddenIdentities.of(report.identities).within(known + shown)
        redactions: Counter[str] = Counter()

        def clean(text: str | None, scrub: _Scrub = self._scrubbed) -> Clean | None:
            if text is None or not text.strip():
                return None
            scrubbed = scrub(text, identities)
            for finding in scrubbed.findings:
                redactions[finding.type] += 1
            return scrubbed.text

        def clean_frame(frame: Frame) -> CleanFrame:
            if identities is NOBODY:
                scrubbed, types = self._frame_without_identities(frame)
            else:
                scrubbed, types = self._scrub_frame(frame, identities)
            for entity in types:
                redactions[entity] += 1
            return scrubbed

        def clean_version(text: str | None) -> Clean | None:
            return Clean(text) if text is not None and _is_version(text) else clean(text)

        return ScrubbedCrash(
            format=report.format,
            product=clean(report.product),
            version=clean_version(report.version),
            channel=clean(report.channel),
            os_name=clean(report.os_name),
            os_version=clean_version(report.os_version),
            os_build=clean_version(report.os_build),
            arch=clean(report.arch),
            process_type=clean(report.process_type),
            reason=clean(report.reason, self._scrubbed_prose),
            exception_type=clean(report.exception_type),
            message=clean(report.message, self._scrubbed_prose),
            frames=tuple(map(clean_frame, report.frames)),
            uptime_s=report.uptime_s,
            truncated=report.truncated,
            redactions=dict(sorted(redactions.items())),
        )

    def _scrub_frame(
        self, frame: Frame, identities: HiddenIdentities = NOBODY
    ) -> tuple[CleanFrame, tuple[str, ...]]:
        """Return the scrubbed frame, and the type of each finding in it."""
        texts = (_last_part(frame.module), frame.function, _last_part(frame.file))
        scrubbed = [
            self._scrubbed(text, identities) if text and text.strip() else None for text in texts
        ]
        module, function, file = (each.text if each else None for each in scrubbed)
        types = tuple(finding.type for each in scrubbed if each for finding in each.findings)
        clean = CleanFrame(module, function, file, frame.line, frame.offset, frame.in_app)
        return clean, types

    def _scrubbed(self, text: str, identities: HiddenIdentities) -> ScrubbedText:
        certain = certain_findings(text, identities) if identities is not NOBODY else ()
        return self._scrub(text, certain) if certain else self._scrub_without_identities(text)

    def _scrubbed_prose(self, text: str, identities: HiddenIdentities) -> ScrubbedText:
        """Return a text scrubbed by all means, or withheld where they do not come to an end."""
        if self._find_in_prose is None:
            return self._scrubbed(text, identities)
        certain = certain_findings(text, identities) if identities is not NOBODY else ()
        try:
            if certain:
                return self._scrub_prose(text, certain)
            return self._scrub_prose_without_identities(text)
        except ScrubError:
            return ScrubbedText(WITHHELD, (Finding("WITHHELD", 0, len(text), _CERTAIN),))

    def _scrub_prose(self, text: str, certain: tuple[Finding, ...] = ()) -> ScrubbedText:
        return self._scrub(text, certain, self._find_in_prose)

    def _scrub(
        self, text: str, certain: tuple[Finding, ...] = (), find: _Find | None = None
    ) -> ScrubbedText:
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


def find_folded(find: _Find, text: str) -> Sequence[Finding]:
    """Return what is found in the text as it is, and as a reader sees it."""
    found = find(text)
    if text.isascii() or (folded := fold(text)).text == text:
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
    if not text.isascii() and (folded := fold(text)).text != text:
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
            else _UNPRINTABLE.sub(" ", scrubbed)
        ).strip()
    )


def _text_bytes(text: str, scrubbed: ScrubbedText) -> int:
    changed = getsizeof(scrubbed.text) if scrubbed.findings else 0
    return getsizeof(text) + changed + _RECORD_BYTES * (1 + len(scrubbed.findings))


def _frame_bytes(frame: Frame, scrubbed: tuple[CleanFrame, tuple[str, ...]]) -> int:
    texts = [*_frame_texts(frame), *_frame_texts(scrubbed[0])]
    return sum(getsizeof(text) for text in texts if text) + 4 * _RECORD_BYTES


def _frame_texts(frame: Frame | CleanFrame) -> tuple[str | None, ...]:
    return frame.module, frame.function, frame.file


def _last_part(path: str | None) -> str | None:
    """Return the last part of a POSIX or Windows path, or of a URL without query and fragment."""
    if path is None or ("/" not in path and "\\" not in path):
        return path
    if "://" in path:
        path = path.split("?", 1)[0].split("#", 1)[0]
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _is_version(text: str) -> bool:
    return _VERSION.fullmatch(text) is not None and not _NO_VERSION.fullmatch(text)


def says_something(text: str, finding: Finding) -> bool:
    """Tell whether a finding covers more than placeholders of earlier findings."""
    rest = _PLACEHOLDER.sub("", text[finding.start : finding.end])
    return any(character.isalnum() for character in rest)


def _joined(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings sorted and apart: those that overlap become one, of the longest's type."""
    joined: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (each.start, -each.end, each.type)):
        if joined and finding.start < joined[-1].end:
            last = joined.pop()
            longest = max(last, finding, key=lambda each: each.end - each.start)
            end = max(last.end, finding.end)
            finding = Finding(longest.type, last.start, end, max(last.score, finding.score))  # noqa: PLW2901
        joined.append(finding)
    return joined
