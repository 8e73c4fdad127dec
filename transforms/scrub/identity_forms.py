"""How a name that a report tells recurs in its texts: spelled, cut and encoded in other ways.

Most often nobody recurs: each name also has traces, of which every form holds at least one.
"""

import html
import json
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator
from importlib.resources import files

from schemas.records import Identity, IdentityKind

COMMON_NAMES = frozenset(
    files("schemas").joinpath("common_names.txt").read_text("utf-8").splitlines()
)
"""Names that accounts and machines have and that are no one's: hidden as parts of paths only."""

SHORTEST = 3
"""A value of fewer letters says too little, but for ideographs."""
FIRST_IDEOGRAPH = "\u3040"

_SHORTEST_PART = 4
_FIRST_BEYOND_ASCII = 0x80
_GERMAN = str.maketrans(
    {"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00df": "ss", "\u00c4": "Ae", "\u00d6": "Oe",
     "\u00dc": "Ue", "\u00f8": "oe", "\u00e5": "aa", "\u00e6": "ae"}
)  # fmt: skip
_SAME_WHEN_ENCODED = re.compile(r"[A-Za-z0-9_.~-]+")
_KELVIN_SIGN = "\u212a"
"""The only character that becomes a letter of ASCII when composed."""
_LOCAL_ZONES = (".localdomain", ".local")
_ROW = re.compile(r"[0-9A-Za-z]+")
_TELLING = 6
"""So many letters or digits stand in few texts by chance."""
_TELLING_ROW = re.compile(rf"[0-9A-Za-z]{{{_TELLING},}}")
_BETWEEN_PARTS = (" ", ".", "_", "-", "+", "%20", "")
_BETWEEN_NAMES = re.compile(r"[\s._+-]+")


def forms_of(identity: Identity, *, encoded: bool = True) -> set[str]:
    """Return the forms in which an identity's value recurs, in one case or another.

    Plain, without the ending that a local network gives, composed and decomposed (Unicode's NFC
    and NFD), read or written in another encoding, without its accents; of a user's name also its
    parts, and all of them apart; each of these also as JSON, URLs and HTML write it, if `encoded`.
    """
    plain = identity.value.strip().encode("utf-8", "replace").decode("utf-8")
    if plain.isascii() and plain.isalnum():
        return {plain} if len(plain) >= SHORTEST else set()
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
    return identity.kind is IdentityKind.USER_NAME and "@" not in identity.value


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
    return SHORTEST if form.isascii() or max(form) < FIRST_IDEOGRAPH else 2
