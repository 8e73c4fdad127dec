"""Hiding what the report itself names: its users, hosts and devices, wherever they recur.

A report that holds `/Users/jane.doe/` tells that `jane.doe` must go, also where no pattern would
find it (apport hides the real user's and host's names in the same way, after /etc/passwd).
"""

import json
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from schemas.records import Identity, IdentityKind

_SHORTEST = 3
_SHORTEST_PART = 4
_FIRST_IDEOGRAPH = "\u3040"
_SHORTEST_INSIDE_WORDS = 8
"""A shorter value made of letters alone may be part of a code name by chance."""

COMMON_NAMES = frozenset(
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
    """What is searched for, as it is written, and the entity type that replaces it."""

    @classmethod
    def of(cls, identities: Iterable[Identity]) -> "HiddenIdentities":
        """Return the searches for a report's identities and the forms in which they recur."""
        forms = {
            (form, str(identity.kind))
            for identity in identities
            for form in _forms(identity.value, identity.kind)
        }
        return cls(tuple(sorted(forms, key=lambda form: (-len(form[0]), form))))

    def within(self, texts: Sequence[str]) -> "HiddenIdentities":
        """Return only those that occur anywhere in the texts: most often none is left."""
        together = "\n".join(texts).lower()
        occurring = tuple(each for each in self._forms if each[0].lower() in together)
        return HiddenIdentities(occurring) if occurring else NOBODY

    def spans(self, text: str) -> list[IdentitySpan]:
        """Return where the identities occur in a text; the spans may overlap."""
        folded = text.lower()
        return [
            IdentitySpan(kind, match.start(), match.end())
            for form, kind in self._forms
            if form.lower() in folded
            for match in _pattern(form).finditer(text)
        ]


NOBODY = HiddenIdentities()
"""No identities: what `within` leaves of most reports."""

_SAME_WHEN_ESCAPED = re.compile(r"[A-Za-z0-9_.~-]+")
_BETWEEN_NAMES = re.compile(r"[\s._+-]+")


def _forms(value: str, kind: IdentityKind) -> set[str]:
    """Return the forms in which a value recurs.

    Plain, without the ending that a local network gives, JSON-escaped, in a URL, composed and
    decomposed (Unicode's NFC and NFD); of a user's name also its parts, and all of them apart.
    """
    plain = value.strip().encode("utf-8", "replace").decode("utf-8")
    forms = {plain, re.sub(r"\.(?:local|localdomain)$", "", plain, flags=re.IGNORECASE)}
    if kind is IdentityKind.USER_NAME and "@" not in plain:
        forms |= _parts(plain)
    for form in list(forms):
        if not _SAME_WHEN_ESCAPED.fullmatch(form):
            forms |= _escaped(form)
    return {form for form in forms if len(form) >= _shortest(form)}


def _escaped(plain: str) -> set[str]:
    forms = {unicodedata.normalize(form, plain) for form in ("NFC", "NFD")}
    forms |= {change(form) for form in forms for change in (str.lower, str.upper, str.title)}
    as_json = {json.dumps(form)[1:-1] for form in forms}
    in_urls = {urllib.parse.quote(form, safe="") for form in forms}
    in_queries = {urllib.parse.quote_plus(form) for form in forms}
    in_html = {each.encode("ascii", "xmlcharrefreplace").decode() for each in forms}
    return forms | as_json | in_urls | in_queries | in_html


def _parts(name: str) -> set[str]:
    """Return what a name of several parts recurs as: `jane.doe` as `Jane Doe`, `jane` and `doe`."""
    parts = [part for part in _BETWEEN_NAMES.split(name) if part]
    if len(parts) < 2:  # noqa: PLR2004 - parts
        return set()
    telling = {
        part for part in parts if len(part) >= _SHORTEST_PART and part.lower() not in COMMON_NAMES
    }
    return telling | {separator.join(parts) for separator in (" ", ".", "_", "-", "+", "%20", "")}


def _shortest(form: str) -> int:
    """Return the length under which a form says too little: two for a name in Chinese."""
    return _SHORTEST if form.isascii() or max(form) < _FIRST_IDEOGRAPH else 2


def _pattern(form: str) -> re.Pattern[str]:
    literal = re.escape(form)
    in_a_path = rf"(?<=[/\\]){literal}(?=[/\\])"
    if form.lower() in COMMON_NAMES:
        pattern = in_a_path
    elif len(form) == _SHORTEST and form.isascii():
        # Alone between words, not as a part of code: `for Tom`, not `net::Read`.
        pattern = rf"{in_a_path}|(?<![\w.:/$@-]){literal}(?![\w:/($-]|\.\w)"
    elif len(form) < _SHORTEST_INSIDE_WORDS and form.isalpha() and form < _FIRST_IDEOGRAPH:
        pattern = rf"(?<![^\W_]){literal}(?![^\W_])"
    else:
        pattern = literal
    return re.compile(pattern, re.IGNORECASE)
