"""A second look at what is about to be published, by other means than the first.

Presidio's recognizers weigh context and checksums. These few broad patterns do not: on the way out
a wrong alarm costs one row, a miss costs a person. The report's names are looked for among all
names of the run, since a name may have come in by another report than its owner's.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from schemas.records import Identity
from transforms.scrub.identity_forms import COMMON_NAMES
from transforms.scrub.version_text import is_version

_PERSONAL = re.compile(
    r"""
    [^\s@<>/:](?:@|%40)(?:[\w-]+\.)+[a-z]{2,}(?![\w-])       # a mail address, any suffix
    | (?:[/\\]|%2f|%5c)(?:home|users|user|documents[ ]and[ ]settings)(?:[/\\]|%2f|%5c)+[^\s<>/\\%.]
    | ://[^\s/<>:]*:[^\s/<>]*@                                  # credentials in a URL
    | (?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])                # IPv4, checksum of nothing
    | (?<![0-9a-f])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![0-9a-f])
    | (?<![0-9a-f])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![0-9a-f])
    | [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}
    | (?<![0-9a-f])(?=[0-9a-f]*\d)[0-9a-f]{24,}(?![0-9a-f])     # an id or a key in hexadecimal
    | (?<![\d.])(?:\d[ .-]?){12,18}\d(?!\d)                      # a card, whatever its checksum
    | (?<!\w)\+\d[\d ()./-]{7,}\d                               # a phone number
    | (?<![\w.])\d{9,}(?!\w)                                   # any other long number
    | s-1-5-21-\d | -----begin | [\w-]{8}\.eyj | akia[0-9a-z]{16} | gh[pousr]_\w{20,}
    | (?:password|passwd|pwd|secret|token|api[_-]?key|authorization)
      ["']?[ ]?[:=][ ]?["']?[^\s<"':=&|,)]
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""No alternative begins with a repetition that could begin anywhere: time grows with the length."""

_FOUR_PARTS = re.compile(r"v?(?!(?:\D*\d){13})\d{1,5}(?:\.\d{1,5}){3}")
"""What may be a version though it looks like an address: without a card's 13 digits (ISO/IEC 7812).
"""

_SHORTEST_TELLING, _TELLING_BY_LENGTH = 6, 12
_TOKEN = re.compile(r"[^\s/\\\"'`<>()\[\]{},;:=|&*?!#$%^~]+")
_PARTS = re.compile(r"([._+@-]+)")
_MOST_PARTS = 6


def looks_personal(text: str) -> bool:
    """Tell whether a text holds anything of the shape of personal data.

    It is looked at as it is, and with compatible characters (such as full-width letters) and
    percent signs resolved, behind which the first scan may have missed something.
    """
    resolved = unicodedata.normalize("NFKC", unquote(text))
    return any(map(_has_personal_shape, {text, resolved}))


def _has_personal_shape(text: str) -> bool:
    if _PERSONAL.search(text) is None:
        return False
    return not (_FOUR_PARTS.fullmatch(text) and is_version(text))


def telling_names(identities: Iterable[Identity]) -> Iterator[str]:
    """Yield those names of people and devices that no code is called by chance, in lower case.

    A name of letters alone (`mark`, `update`) is also a word; it is hidden in its own report, but
    no reason to withhold what many others share.
    """
    for identity in identities:
        name = identity.value.strip().lower()
        apart = any(not character.isalpha() for character in name[1:-1])
        long = len(name) >= (_SHORTEST_TELLING if apart else _TELLING_BY_LENGTH)
        if long and name not in COMMON_NAMES:
            yield name


def names_within(text: str) -> Iterator[str]:
    """Yield everything in a text that could be a name, in lower case: words, and parts of them."""
    for token in _TOKEN.findall(text.lower()):
        yield token
        pieces = _PARTS.split(token)
        for start in range(0, len(pieces), 2):
            for end in range(start + 1, min(start + 2 * _MOST_PARTS, len(pieces) + 1), 2):
                yield "".join(pieces[start:end])
