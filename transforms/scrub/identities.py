"""Hiding what the report itself names: its users, hosts and devices, wherever they recur.

A report that holds `/Users/jane.doe/` tells that `jane.doe` must go, also where no pattern would
find it (apport hides the real user's and host's names in the same way, after /etc/passwd).
"""

import json
import re
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from schemas.records import Identity

_SHORTEST = 3
_SHORTEST_INSIDE_WORDS = 8
"""A shorter value made of letters alone may be part of a code name by chance."""

_COMMON_NAMES = frozenset(
    files("schemas").joinpath("common_names.txt").read_text("utf-8").splitlines()
)
"""Names that accounts and machines have and that are no one's: hidden as parts of paths only."""


@dataclass(frozen=True, slots=True)
class IdentitySpan:
    """Where in a text an identity occurs, and the entity type that replaces it."""

    type: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class HiddenIdentities:
    """A report's identities, made ready for searching its texts."""

    _forms: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, identities: Iterable[Identity]) -> "HiddenIdentities":
        """Return the searches for a report's identities and the forms in which they recur."""
        forms = {
            (form, str(identity.kind)) for identity in identities for form in _forms(identity.value)
        }
        return cls(tuple(sorted(forms, key=lambda form: (-len(form[0]), form))))

    def within(self, texts: Sequence[str]) -> "HiddenIdentities":
        """Return only those that occur anywhere in the texts: most often none is left."""
        together = "\n".join(texts).lower()
        occurring = tuple(each for each in self._forms if each[0] in together)
        return HiddenIdentities(occurring) if occurring else NOBODY

    def spans(self, text: str) -> list[IdentitySpan]:
        """Return where the identities occur in a text; the spans may overlap."""
        folded = text.lower()
        return [
            IdentitySpan(kind, match.start(), match.end())
            for form, kind in self._forms
            if form in folded
            for match in _pattern(form).finditer(text)
        ]


NOBODY = HiddenIdentities()
"""No identities: what `within` leaves of most reports."""

_SAME_WHEN_ESCAPED = re.compile(r"[a-z0-9_.~-]+")


def _forms(value: str) -> set[str]:
    """Return the lower-case forms in which a value recurs: plain, JSON-escaped, in a URL."""
    plain = value.strip().lower()
    forms = {plain, plain.removesuffix(".local"), plain.removesuffix(".localdomain")}
    if not _SAME_WHEN_ESCAPED.fullmatch(plain):
        forms |= {json.dumps(form)[1:-1] for form in forms}
        forms |= {urllib.parse.quote(form, safe="") for form in forms}
    return {form.lower() for form in forms if len(form) >= _SHORTEST}


def _pattern(form: str) -> re.Pattern[str]:
    literal = re.escape(form)
    if form in _COMMON_NAMES or len(form) == _SHORTEST:
        before, after = r"(?<=[/\\])", r"(?=[/\\])"
    elif len(form) < _SHORTEST_INSIDE_WORDS and form.isalpha():
        before, after = r"(?<![^\W_])", r"(?![^\W_])"
    else:
        before, after = "", ""
    return re.compile(before + literal + after, re.IGNORECASE)
