"""Hiding what the report itself names: its users, hosts and devices, wherever they recur.

A report that holds `/Users/jane.doe/` tells that `jane.doe` must go, also where no pattern would
find it (apport hides the real user's and host's names in the same way, after /etc/passwd).
"""

import html
import json
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from schemas.records import Identity, IdentityKind

_SHORTEST = 3
_SHORTEST_PART = 4
_FIRST_BEYOND_ASCII = 0x80
_GERMAN = str.maketrans(
    {"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00df": "ss", "\u00c4": "Ae", "\u00d6": "Oe",
     "\u00dc": "Ue", "\u00f8": "oe", "\u00e5": "aa", "\u00e6": "ae"}
)  # fmt: skip
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
    def of(cls, identities: Iterable[Identity], texts: Sequence[str]) -> "HiddenIdentities":
        """Return the searches for those of a report's identities that occur in the texts."""
        together = "\n".join(texts).lower()
        forms = {
            (form, str(identity.kind))
            for identity in identities
            if any(trace in together for trace in traces(identity))
            for form in forms_of(identity)
            if form.lower() in together
        }
        if not forms:
            return NOBODY
        return cls(tuple(sorted(forms, key=lambda form: (-len(form[0]), form))))

    def within(self, texts: Sequence[str]) -> "HiddenIdentities":
        """Return only those that occur anywhere in the texts."""
        if not self._forms:
            return self
        together = "\n".join(texts).lower()
        occurring = tuple(each for each in self._forms if each[0].lower() in together)
        return HiddenIdentities(occurring) if occurring else NOBODY

    def spans(self, text: str) -> list[IdentitySpan]:
        """Return where the identities occur in a text; the spans may overlap."""
        folded = text.lower()
        return [
            IdentitySpan(kind, start, end)
            for form, kind in self._forms
            if form.lower() in folded
            for start, end in _occurrences(form, text, folded)
            if _stands_for_a_name(form, text, start, end)
        ]


NOBODY = HiddenIdentities()
"""No identities: what most reports have that occur in their texts."""

_SAME_WHEN_ESCAPED = re.compile(r"[A-Za-z0-9_.~-]+")
_LOCAL_ZONE = re.compile(r"\.(?:local|localdomain)$", re.IGNORECASE)
_ROW = re.compile(r"[0-9a-z]+")
_SEPARATORS = frozenset("/\\")
_CODE_BEFORE = re.compile(r"[\w./$@-]$|::$")
_CODE_AFTER = re.compile(r"[\w/($-]|:(?![\s\"']|$)|\.\w")
_BETWEEN_PARTS = (" ", ".", "_", "-", "+", "%20", "")
_BETWEEN_NAMES = re.compile(r"[\s._+-]+")


def forms_of(identity: Identity) -> set[str]:
    """Return the forms in which an identity's value recurs.

    Plain, without the ending that a local network gives, JSON-escaped, in a URL, composed and
    decomposed (Unicode's NFC and NFD), read or written in another encoding, without its accents; of
    a user's name also its parts, and all of them apart.
    """
    plain = identity.value.strip().encode("utf-8", "replace").decode("utf-8")
    forms = {plain, _LOCAL_ZONE.sub("", plain)}
    if identity.kind is IdentityKind.USER_NAME and "@" not in plain:
        forms |= _parts(plain)
    for form in list(forms):
        if not _SAME_WHEN_ESCAPED.fullmatch(form):
            forms |= _escaped(form)
    return {form for form in forms if len(form) >= _shortest(form)}


def traces(identity: Identity) -> tuple[str, ...]:
    """Return strings in lower case of which every form of an identity holds at least one.

    They are rows of letters and digits, which no encoding changes: where none of them occurs, the
    forms need not even be made. A value beyond ASCII has no such row for sure.
    """
    if not identity.value.isascii():
        return ("",)
    plain = identity.value.strip()
    if plain.isalnum():
        return (plain.lower(),)
    wholes = [_LOCAL_ZONE.sub("", plain)]
    if identity.kind is IdentityKind.USER_NAME:
        wholes += (part for part in _BETWEEN_NAMES.split(plain) if len(part) >= _SHORTEST_PART)
    return tuple(max(_ROW.findall(each.lower()), key=len, default="") for each in wholes)


def _escaped(plain: str) -> set[str]:
    forms = {unicodedata.normalize(form, plain) for form in ("NFC", "NFD")}
    forms |= {change(form) for form in forms for change in (str.lower, str.upper, str.title)}
    as_json = {json.dumps(form)[1:-1] for form in forms}
    in_urls = {urllib.parse.quote(form, safe="") for form in forms}
    in_queries = {urllib.parse.quote_plus(form) for form in forms}
    in_html = {
        each.encode("ascii", "xmlcharrefreplace").decode()
        for form in forms
        for each in (form, html.escape(form), form.replace("'", "&#39;"))
    }
    quoted = {form.replace("'", sign) for form in forms for sign in ("\\'", "\\u0027", "\u2019")}
    if not plain.isascii():
        forms |= {other for form in forms for other in _in_other_encodings(form)}
    return forms | as_json | in_urls | in_queries | in_html | quoted


def _in_other_encodings(form: str) -> Iterator[str]:
    """Yield how programs that read or write another encoding show a form, and its plain letters."""
    yield form.encode("unicode_escape").decode()
    yield repr(form.encode())[2:-1]
    yield "".join(
        chr(byte) if byte < _FIRST_BEYOND_ASCII else f"\\{byte:03o}" for byte in form.encode()
    )
    for encoding in ("latin-1", "cp1252"):
        yield form.encode().decode(encoding, "replace")
        if _can_encode(form, encoding):
            yield urllib.parse.quote(form, safe="", encoding=encoding)
    yield form.translate(_GERMAN)
    decomposed = unicodedata.normalize("NFKD", form)
    letters = "".join(each for each in decomposed if not unicodedata.combining(each))
    if letters.isascii():
        yield letters


def _can_encode(form: str, encoding: str) -> bool:
    try:
        form.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _parts(name: str) -> set[str]:
    """Return what a name of several parts recurs as.

    `jane.q.smith` as `Jane Q Smith`, `Jane Smith`, `Smith, Jane`, `jane` and `smith`.
    """
    parts = [part for part in _BETWEEN_NAMES.split(name) if part]
    if len(parts) < 2:  # noqa: PLR2004 - parts
        return set()
    telling = {
        part for part in parts if len(part) >= _SHORTEST_PART and part.lower() not in COMMON_NAMES
    }
    wholes = {tuple(parts), (parts[0], parts[-1])}
    reverse = {f"{parts[-1]}{comma}{parts[0]}" for comma in (", ", ",", " ")}
    return telling | reverse | {sign.join(each) for each in wholes for sign in _BETWEEN_PARTS}


def _shortest(form: str) -> int:
    """Return the length under which a form says too little: two for a name in Chinese."""
    return _SHORTEST if form.isascii() or max(form) < _FIRST_IDEOGRAPH else 2


def _occurrences(form: str, text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Yield where a form occurs in a text in any case, also where it overlaps itself."""
    if text.isascii():
        sought = form.lower()
        start = folded.find(sought)
        while start >= 0:
            yield start, start + len(sought)
            start = folded.find(sought, start + 1)
        return
    # In lower case a text may be longer.
    for match in re.finditer(f"(?=({re.escape(form)}))", text, re.IGNORECASE):
        yield match.span(1)


def _stands_for_a_name(form: str, text: str, start: int, end: int) -> bool:
    """Tell whether a form that stands in a text there is meant, or is part of a code name."""
    before, after = text[start - 1 : start], text[end : end + 1]
    is_in_a_path = before in _SEPARATORS and after in _SEPARATORS
    if form.lower() in COMMON_NAMES:
        return is_in_a_path
    if len(form) == _SHORTEST and form.isascii():
        # Alone between words, not as a part of code: `for Tom`, not `net::Read`.
        begins = _CODE_BEFORE.search(text[max(start - 2, 0) : start])
        return is_in_a_path or not (begins or _CODE_AFTER.match(text, end))
    if len(form) < _SHORTEST_INSIDE_WORDS and form.isalpha() and form < _FIRST_IDEOGRAPH:
        # Nobody's name has a part of a C++ or Rust name beside it: `Mark::sweep`.
        is_code = text.startswith("::", end) or text.endswith("::", 0, start)
        return not (before.isalnum() or after.isalnum() or is_code)
    return True
