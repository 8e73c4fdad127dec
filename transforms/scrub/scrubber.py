"""The scrubber: Presidio's findings and the report's own identities, replaced by their types.

Of a report's texts it makes `Clean` ones by `text_scrubber`; what cannot be finished it
refuses.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from operator import attrgetter
from sys import getsizeof
from typing import NamedTuple

from schemas.policy import NO_MODEL, Limits
from schemas.records import Clean, CleanFrame, CrashReport, Frame, Identity, ScrubbedCrash
from transforms.scrub.analyzer import EntityFinder, ScrubError, load_analyzer
from transforms.scrub.cache import NOT_KEPT, RECORD_BYTES, BoundedCache, CacheUse
from transforms.scrub.finding import Finding
from transforms.scrub.frame_path import last_part, may_be_a_home
from transforms.scrub.identities import BETWEEN_TEXTS, NOBODY, HiddenIdentities, as_seen
from transforms.scrub.text_scrubber import (
    NOTHING,
    WITHHELD_TYPE,
    Find,
    ScrubbedText,
    TextScrubber,
)
from transforms.scrub.version_text import is_version

_CACHE_BYTES = Limits().max_scrub_cache_bytes

_Texts = tuple[str | None, ...]
_Fields = tuple[str | None, str | None, str | None, int | None, int | None, bool | None]
"""A raw frame's module, function and file, line, offset, and whether it is the application's."""
_fields_of: Callable[[Frame], _Fields] = attrgetter(
    "module", "function", "file", "line", "offset", "in_app"
)
_ScrubbedTexts = Mapping[str | None, ScrubbedText]
_CutNames = tuple[str | None, str | None, str | None]
"""A frame's module, function and file, of module and file the last part."""


class _CleanFacts(NamedTuple):
    """Facts of a report without identities: by their fields, and the type of each finding."""

    texts: dict[str, Clean | None]
    types: tuple[str, ...]
    seen: str
    """Where identities would be searched."""


class _CleanNames(NamedTuple):
    """The names of a frame, and the type of each finding in them."""

    names: tuple[Clean | None, Clean | None, Clean | None]
    types: tuple[str, ...]


class _CleanStack(NamedTuple):
    """A report's frames without identities, and the type of each finding in them."""

    frames: tuple[CleanFrame, ...]
    types: tuple[str, ...]
    seen: str
    """Where identities would be searched."""


_FACTS = (
    "product", "version", "channel", "os_name", "os_version", "os_build", "arch", "process_type",
    "exception_type",
)  # fmt: skip
"""What repeats from report to report, so that it is kept together."""
_VERSIONS = frozenset({"version", "os_version", "os_build"})
_facts_of: Callable[[CrashReport], _Texts] = attrgetter(*_FACTS)


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
        self, find: Find, cache_bytes: int = _CACHE_BYTES, find_in_prose: Find | None = None
    ) -> None:
        text_bytes = cache_bytes // (2 if find_in_prose is None else 4)
        self._code = self._prose = TextScrubber(find, text_bytes)
        if find_in_prose is not None:
            self._prose = TextScrubber(find_in_prose, text_bytes)
        self._names = BoundedCache(self._clean_names, _names_bytes, cache_bytes // 8)
        self._stacks = BoundedCache(self._clean_stack, _stack_bytes, cache_bytes // 4)
        self._facts = BoundedCache(self._clean_facts, _facts_bytes, cache_bytes // 8)

    @property
    def cache_use(self) -> CacheUse:
        """Return how often a text, a frame or a report's facts were scrubbed before, and how not.

        What was not is followed by its texts, which may have been.
        """
        uses = [each.use for each in (self._names, self._stacks, self._facts)]
        uses += [each.cache_use for each in {self._code, self._prose}]
        return CacheUse(sum(each.hits for each in uses), sum(each.misses for each in uses))

    def scrub_text(self, text: str, identities: Iterable[Identity] = ()) -> ScrubbedText:
        """Return a text scrubbed of what is personal in it and of a report's identities.

        A terminal's colours are left out; control characters and broken Unicode become a space. A
        text that cannot be scrubbed to its end is `WITHHELD`.
        """
        hidden = HiddenIdentities.of(identities, as_seen([text])) if identities else NOBODY
        return self._prose.scrub(text, hidden)

    def scrub_texts(self, texts: Sequence[str]) -> list[ScrubbedText]:
        """Return for each text what `scrub_text` returns, sooner than one after the other."""
        return self._prose.scrub_each(texts)

    def is_clean(self, text: str) -> bool:
        """Tell whether scrubbing would find nothing in a text, placeholders apart.

        Raises:
            ScrubError: it could not be finished; carries nothing of the text.
        """
        return not self._code.finish(text).findings or is_version(text)

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
        raw_facts, raw_frames = _facts_of(report), tuple(map(_fields_of, report.frames))
        facts, stack = self._facts.get(raw_facts), self._stacks.get(raw_frames)
        prose, told = (report.reason, report.message), NOBODY
        if report.identities:
            said = as_seen(prose)
            seen = BETWEEN_TEXTS.join((facts.seen, stack.seen, said))
            hidden = HiddenIdentities.of(report.identities, seen)
            if hidden is not NOBODY:
                told = hidden.within(said)
                if (in_facts := hidden.within(facts.seen)) is not NOBODY:
                    facts = self._clean_facts(raw_facts, in_facts)
                if (in_stack := hidden.within(stack.seen)) is not NOBODY:
                    stack = self._clean_stack(raw_frames, in_stack)
        reason, message = [
            self._prose.scrub(text, told) if text and text.strip() else NOTHING for text in prose
        ]
        types = facts.types + stack.types
        types += tuple(found.type for found in (*reason.findings, *message.findings))
        return ScrubbedCrash(
            format=report.format,
            **facts.texts,
            reason=_text_of(reason),
            message=_text_of(message),
            frames=stack.frames,
            uptime_s=report.uptime_s,
            truncated=report.truncated,
            redactions=_counted(types),
        )

    def _clean_facts(self, facts: _Texts, identities: HiddenIdentities = NOBODY) -> _CleanFacts:
        """Return the scrubbed facts; what a version's field holds stays if it is but a version."""
        named = dict(zip(_FACTS, facts, strict=True))
        versions = {
            field: Clean(text)
            for field, text in named.items()
            if text and field in _VERSIONS and is_version(text)
        }
        others = {field: text for field, text in named.items() if field not in versions}
        scrubbed = self._scrubbed(others.values(), identities)
        texts = {field: _text_of(scrubbed.get(text, NOTHING)) for field, text in others.items()}
        texts.update(versions)
        return _CleanFacts(texts, _types_of(others.values(), scrubbed), as_seen(facts))

    def _clean_stack(
        self, frames: tuple[_Fields, ...], identities: HiddenIdentities = NOBODY
    ) -> _CleanStack:
        """Return the scrubbed frames, of module and file the last part."""
        cut = [(self._cut(module), name, self._cut(file)) for module, name, file, *_ in frames]
        if identities is NOBODY:
            clean = self._names.get_each(cut, self._clean_names_of_each)
        else:
            clean = [self._clean_names(names, identities.within(as_seen(names))) for names in cut]
        return _CleanStack(
            tuple(
                CleanFrame(*each.names, line, offset, in_app)
                for each, (_, _, _, line, offset, in_app) in zip(clean, frames, strict=True)
            ),
            tuple(found for each in clean for found in each.types),
            as_seen(text for names in cut for text in names),
        )

    def _cut(self, path: str | None) -> str | None:
        """Return a path's last part, or all of it where only the rest tells whose the last is.

        So it is with a home folder: `/home/jane`.
        """
        last = last_part(path)
        if not path or not last or last == path or not may_be_a_home(path):
            return last
        if self._found_in(last):
            return last
        begins = len(path.rstrip("/\\")) - len(last)
        return path if any(finding.end > begins for finding in self._found_in(path)) else last

    def _found_in(self, text: str) -> tuple[Finding, ...]:
        return self._code.scrub(text).findings

    def _clean_names(self, names: _CutNames, identities: HiddenIdentities = NOBODY) -> _CleanNames:
        return _names_of(names, self._scrubbed(names, identities))

    def _clean_names_of_each(self, frames: Sequence[_CutNames]) -> list[_CleanNames]:
        scrubbed = self._scrubbed(chain.from_iterable(frames))
        return [_names_of(names, scrubbed) for names in frames]

    def _scrubbed(
        self, texts: Iterable[str | None], identities: HiddenIdentities = NOBODY
    ) -> _ScrubbedTexts:
        """Return what becomes of each text of code; of one that is not there nothing."""
        there = [text for text in texts if text and text.strip()]
        if identities is NOBODY:
            return dict(zip(there, self._code.scrub_each(there), strict=True))
        return {text: self._code.scrub(text, identities) for text in there}


@cache
def load_scrubber(cache_bytes: int = _CACHE_BYTES, model: str = NO_MODEL) -> Scrubber:
    """Return this process's scrubber, with the recognizers of `schemas/recognizers.yaml`.

    `cache_bytes` is the policy's `max_scrub_cache_bytes`, `model` its `nlp`. The first call takes
    about a second, and what the model takes.

    Raises:
        ModelError: the language model is not here, or cannot be loaded.
    """
    find = EntityFinder(_analyzer(NO_MODEL))
    if model == NO_MODEL:
        return Scrubber(find, cache_bytes)
    return Scrubber(find, cache_bytes, EntityFinder(_analyzer(model)))


_analyzer = cache(load_analyzer)
"""One a process for each model: scrubbers with other caches share it."""


def _counted(types: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in sorted(types):
        counts[each] = counts.get(each, 0) + 1
    return counts


def _names_of(names: _CutNames, scrubbed: _ScrubbedTexts) -> _CleanNames:
    module, function, file = [_text_of(scrubbed.get(text, NOTHING)) for text in names]
    return _CleanNames((module, function, file), _types_of(names, scrubbed))


def _text_of(clean: ScrubbedText) -> Clean | None:
    return None if clean is NOTHING else clean.text


def _types_of(texts: Iterable[str | None], scrubbed: _ScrubbedTexts) -> tuple[str, ...]:
    return tuple(found.type for text in texts for found in scrubbed.get(text, NOTHING).findings)


def _names_bytes(names: _CutNames, clean: _CleanNames) -> int:
    return (
        _unless_withheld(clean.types)
        or _bytes_of(names) + _bytes_of(clean.names) + 3 * RECORD_BYTES
    )


def _stack_bytes(frames: tuple[_Fields, ...], clean: _CleanStack) -> int:
    # What the frames hold is in `seen` again.
    raw = sum(map(_bytes_of, frames))
    return (
        _unless_withheld(clean.types)
        or raw + 2 * getsizeof(clean.seen) + (4 * len(frames) + 2) * RECORD_BYTES
    )


def _facts_bytes(facts: _Texts, clean: _CleanFacts) -> int:
    texts = _bytes_of(facts) + _bytes_of(clean.texts.values()) + getsizeof(clean.seen)
    return _unless_withheld(clean.types) or texts + getsizeof(clean.texts) + 2 * RECORD_BYTES


def _unless_withheld(types: tuple[str, ...]) -> int:
    """Return more than a cache holds, where a text could not be scrubbed: next time it may be."""
    return NOT_KEPT if WITHHELD_TYPE in types else 0


def _bytes_of(values: Iterable[object]) -> int:
    return sum(map(getsizeof, values))
