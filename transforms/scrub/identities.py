"""Hiding what the report itself names: its users, hosts and devices, wherever they recur.

A report that holds `/Users/jane.doe/` tells that `jane.doe` must go, also where no pattern would
find it (apport hides the real user's and host's names in the same way, after /etc/passwd).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.records import Identity
from transforms.scrub.analyzer import ScrubError
from transforms.scrub.folding import fold, is_plain
from transforms.scrub.identity_forms import (
    COMMON_NAMES,
    FIRST_IDEOGRAPH,
    SHORTEST,
    forms_of,
    traces,
)

_SHORTEST_INSIDE_WORDS = 8
"""A shorter value made of letters alone may be part of a code name by chance."""
_MOST_SPANS = 2_000
BETWEEN_TEXTS = "|"
"""Printable, so that one question about all texts tells whether they are."""
_SIGNS_OF_ENCODING = "\\%+&"
"""Where none of these stands, nothing is written as JSON, a URL or HTML encodes it."""
_SEPARATORS = frozenset("/\\")
_CODE_BEFORE = re.compile(r"[\w./$@-]$|::$")
_CODE_AFTER = re.compile(r"[\w/($-]|:(?![\s\"']|$)|\.\w")
_BREAKS = str.maketrans("\t\n\v\f\r", " " * 5)


class OccursTooOftenError(ScrubError):
    """A text that repeats identities thousands of times; carries nothing of it."""


@dataclass(frozen=True, slots=True)
class IdentitySpan:
    """Where in a text an identity occurs, and the entity type that replaces it."""

    type: str
    start: int
    end: int


class _Form(NamedTuple):
    """What is searched for: as it is written, in lower case, and the type that replaces it."""

    text: str
    lower: str
    type: str


@dataclass(frozen=True, slots=True)
class HiddenIdentities:
    """A report's identities, made ready for searching its texts."""

    _forms: tuple[_Form, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, identities: Iterable[Identity], seen: str) -> "HiddenIdentities":
        """Return the searches for those of a report's identities that occur in texts.

        `seen` is what `as_seen` tells of the texts. Most often nobody occurs, and then no more is
        made of an identity than its traces.
        """
        forms: set[_Form] = set()
        for identity in identities:
            for trace in traces(identity):
                if trace in seen:
                    forms |= _occurring(identity, seen)
                    break
        if not forms:
            return NOBODY
        return cls(tuple(sorted(forms, key=lambda form: (-len(form.text), form))))

    def within(self, seen: str) -> "HiddenIdentities":
        """Return only those that occur anywhere in the texts of which `as_seen` tells."""
        occurring = tuple(form for form in self._forms if form.lower in seen)
        return HiddenIdentities(occurring) if occurring else NOBODY

    def spans(self, text: str) -> list[IdentitySpan]:
        """Return where the identities occur in a text; the spans may overlap.

        Raises:
            OccursTooOftenError: no honest text is like that, and to go on could take hours.
        """
        text = _in_one_line(text)
        folded = text.lower()
        spans: list[IdentitySpan] = []
        for form in self._forms:
            if form.lower in folded:
                for start, end in _occurrences(form, text, folded):
                    if len(spans) == _MOST_SPANS:
                        raise OccursTooOftenError
                    if _stands_for_a_name(form.text, text, start, end):
                        spans.append(IdentitySpan(form.type, start, end))
        return spans


NOBODY = HiddenIdentities()
"""No identities: what most reports have that occur in their texts."""


def as_seen(texts: Iterable[str | None]) -> str:
    """Return what identities are searched in: the texts that are there, in lower case, together.

    Of those that are not plain there is also what a reader sees.
    """
    known = [text for text in texts if text]
    together = BETWEEN_TEXTS.join(known)
    if not (together.isascii() and together.isprintable()):
        known += [fold(text).text for text in known if not is_plain(text)]
        together = _in_one_line(BETWEEN_TEXTS.join(known))
    return together.lower()


def _in_one_line(text: str) -> str:
    """Return a text with spaces for its tabs and line breaks, as it is shown in the end."""
    return text if text.isprintable() else text.translate(_BREAKS)


def _occurring(identity: Identity, seen: str) -> set[_Form]:
    """Return the forms of an identity that occur in the texts of which `as_seen` tells."""
    encoded = any(sign in seen for sign in _SIGNS_OF_ENCODING)
    forms = [(form, form.lower()) for form in forms_of(identity, encoded=encoded)]
    return {_Form(form, lower, identity.kind.value) for form, lower in forms if lower in seen}


def _occurrences(form: _Form, text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Yield where a form occurs in a text in any case, also where it overlaps itself."""
    if text.isascii():
        start = folded.find(form.lower)
        while start >= 0:
            yield start, start + len(form.lower)
            start = folded.find(form.lower, start + 1)
        return
    # In lower case a text may be longer.
    for match in re.finditer(f"(?=({re.escape(form.text)}))", text, re.IGNORECASE):
        yield match.span(1)


def _stands_for_a_name(form: str, text: str, start: int, end: int) -> bool:
    """Tell whether a form that stands in a text there is meant, or is part of a code name."""
    before, after = text[start - 1 : start], text[end : end + 1]
    is_in_a_path = before in _SEPARATORS and after in _SEPARATORS
    if form.lower() in COMMON_NAMES:
        return is_in_a_path
    if len(form) == SHORTEST and form.isascii():
        # Alone between words, not as a part of code: `for Tom`, not `net::Read`.
        begins = _CODE_BEFORE.search(text[max(start - 2, 0) : start])
        return is_in_a_path or not (begins or _CODE_AFTER.match(text, end))
    if len(form) < _SHORTEST_INSIDE_WORDS and form.isalpha() and form < FIRST_IDEOGRAPH:
        # Nobody's name has a part of a C++ or Rust name beside it: `Mark::sweep`.
        is_code = text.startswith("::", end) or text.endswith("::", 0, start)
        return not (before.isalnum() or after.isalnum() or is_code)
    return True
