"""Hiding what the report itself names: its users, hosts and devices, wherever they recur.

A report that holds `/Users/jane.doe/` tells that `jane.doe` must go, also where no pattern would
find it (apport hides the real user's and host's names in the same way, after /etc/passwd).
"""

import html
import json
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import NamedTuple

from schemas.records import Identity, IdentityKind
from transforms.scrub.analyzer import ScrubError
from transforms.scrub.folding import fold, is_plain

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


_MOST_SPANS = 2_000
BETWEEN_TEXTS = "|"
"""Printable, so that one question about all texts tells whether they are."""
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

_SAME_WHEN_ENCODED = re.compile(r"[A-Za-z0-9_.~-]+")
_SIGNS_OF_ENCODING = "\\%+&"
"""Where none of these stands, nothing is written as JSON, a URL or HTML encodes it."""
_KELVIN_SIGN = "\u212a"
"""The only character that becomes a letter of ASCII when composed."""
_LOCAL_ZONES = (".localdomain", ".local")
_ROW = re.compile(r"[0-9A-Za-z]+")
_TELLING = 6
"""So many letters or digits stand in few texts by chance."""
_TELLING_ROW = re.compile(rf"[0-9A-Za-z]{{{_TELLING},}}")
_SEPARATORS = frozenset("/\\")
_USER_NAME = IdentityKind.USER_NAME
_CODE_BEFORE = re.compile(r"[\w./$@-]$|::$")
_CODE_AFTER = re.compile(r"[\w/($-]|:(?![\s\"']|$)|\.\w")
_BETWEEN_PARTS = (" ", ".", "_", "-", "+", "%20", "")
_BETWEEN_NAMES = re.compile(r"[\s._+-]+")


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


def forms_of(identity: Identity, *, encoded: bool = True) -> set[str]:
    """Return the forms in which an identity's value recurs, in one case or another.

    Plain, without the ending that a local network gives, composed and decomposed (Unicode's NFC
    and NFD), read or written in another encoding, without its accents; of a user's name also its
    parts, and all of them apart; each of these also as JSON, URLs and HTML write it, if `encoded`.
    """
    plain = identity.value.strip().encode("utf-8", "replace").decode("utf-8")
    if plain.isascii() and plain.isalnum():
        return {plain} if len(plain) >= _SHORTEST else set()
    forms = {plain, _without_zone(plain)}
    if _has_parts(identity):
        forms |= _parts(plain)
    if "'" in plain:
        forms |= {form.replace("'", "\u2019") for form in forms}
    misread: set[str] = set()
    if not plain.isascii():
        forms |= {each for form in forms for each in _composed(form)}
        misread = {each for form in forms for each in _in_other_encodings(form)}
    if encoded:
        forms |= {each for form in forms for each in _encoded(form)}
    forms |= misread
    return {form for form in forms if len(form) >= _shortest(form)}


def traces(identity: Identity) -> tuple[str, ...]:
    """Return strings in lower case of which every form of an identity holds at least one.

    They are rows of letters and digits, which no encoding changes: where none of them occurs, the
    forms need not even be made.
    """
    value = identity.value.strip()
    if value.isascii():
        if value.isalnum():
            return (value.lower(),)
    elif _recombines(value):
        return ("",)
    if not _has_parts(identity):
        return (_row_of(_without_zone(value)),)
    names = [part for part in _BETWEEN_NAMES.split(value) if part]
    long = [part for part in names if len(part) >= _SHORTEST_PART]
    whole = _without_zone(value)
    if whole != value or not names:
        long.append(whole)
    elif names[0] not in long and names[-1] not in long:
        # All forms but single parts hold both.
        long.append(max(names[0], names[-1], key=len))
    return tuple([_row_of(part) for part in long])


def _occurring(identity: Identity, seen: str) -> set[_Form]:
    """Return the forms of an identity that occur in the texts of which `as_seen` tells."""
    encoded = any(sign in seen for sign in _SIGNS_OF_ENCODING)
    forms = [(form, form.lower()) for form in forms_of(identity, encoded=encoded)]
    return {_Form(form, lower, identity.kind.value) for form, lower in forms if lower in seen}


def _recombines(value: str) -> bool:
    """Tell whether a letter of ASCII may come or go when a value's parts are composed."""
    composed = unicodedata.normalize("NFC", value)
    return _KELVIN_SIGN in value or any(map(unicodedata.combining, composed))


def _row_of(plain: str) -> str:
    """Return a row of letters and digits in a text, in lower case: the first that tells much."""
    if plain.isascii():
        if plain.isalnum():
            return plain.lower()
    else:
        plain = unicodedata.normalize("NFC", plain)  # no letter stands before its accent there
    telling = _TELLING_ROW.search(plain)
    row = telling[0] if telling else max(_ROW.findall(plain), key=len, default="")
    return row.lower()


def _without_zone(name: str) -> str:
    """Return a host's name without the ending that a local network gives."""
    if name.lower().endswith(_LOCAL_ZONES):
        return name[: name.rindex(".")]
    return name


def _has_parts(identity: Identity) -> bool:
    return identity.kind is _USER_NAME and "@" not in identity.value


def _composed(plain: str) -> set[str]:
    """Return a form beyond ASCII composed and decomposed, in all cases: `ß` and `SS` are two."""
    forms = {unicodedata.normalize(form, plain) for form in ("NFC", "NFD")}
    return forms | {change(form) for form in forms for change in (str.lower, str.upper, str.title)}


def _encoded(form: str) -> set[str]:
    """Return what JSON, a URL's path, its query, HTML and quotation make of a form."""
    if _SAME_WHEN_ENCODED.fullmatch(form):
        return set()
    in_html = (form, html.escape(form), form.replace("'", "&#39;"))
    return {
        json.dumps(form)[1:-1],
        urllib.parse.quote(form, safe=""),
        urllib.parse.quote_plus(form),
        *(each.encode("ascii", "xmlcharrefreplace").decode() for each in in_html),
        form.replace("'", "\\'"),
        form.replace("'", "\\u0027"),
    }


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
    if len(form) == _SHORTEST and form.isascii():
        # Alone between words, not as a part of code: `for Tom`, not `net::Read`.
        begins = _CODE_BEFORE.search(text[max(start - 2, 0) : start])
        return is_in_a_path or not (begins or _CODE_AFTER.match(text, end))
    if len(form) < _SHORTEST_INSIDE_WORDS and form.isalpha() and form < _FIRST_IDEOGRAPH:
        # Nobody's name has a part of a C++ or Rust name beside it: `Mark::sweep`.
        is_code = text.startswith("::", end) or text.endswith("::", 0, start)
        return not (before.isalnum() or after.isalnum() or is_code)
    return True
