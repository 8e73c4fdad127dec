"""What a raw report says about whom it belongs to, so that the scrubber can hide it everywhere.

The whole payload is searched, memory included, as text in ASCII, UTF-8 and UTF-16LE: names of
users from home folders, and the values of environment variables and keys that name a user, a
host or a device. Nothing found here is kept for any other use.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from schemas.records import FailureKind, Identity, IdentityKind
from transforms.parse.parser import ParseError
from transforms.parse.word_search import WordSearch

MOST_IDENTITIES = 1000
"""Of one report. Who is left out could not be hidden, so a report that names more is refused."""
_MOST_DISTINCT_HITS = 100_000
"""Of all words together: it bounds the time that a hostile file can cost."""
_BEFORE, _AFTER = 48, 192  # characters around a word that are looked at
_MAX_NAME_CHARS = 64

_SPACES = ("", "_", " ")
_AFTER_KEYS = ('"', "=", "\\")
"""What may follow a key: a backslash begins an escaped sign."""
_WORDS = (
    *(f"{folder}{sign}" for folder in ("users", "home") for sign in "/\\%"),
    "documents and settings",
    *(f"user{space}name" for space in _SPACES),
    *(f"user{sign}" for sign in _AFTER_KEYS),
    "userdomain",
    "logname",
    *(f"logonserver{sign}" for sign in "=\\"),
    *(f"computer{space}name" for space in _SPACES),
    *(f"host{space}name" for space in _SPACES),
    *(f"host{sign}" for sign in "=\\"),
    *(f"{owner}{space}name" for owner in ("server", "machine") for space in ("", "_")),
    *(f"device{space}{name}" for name in ("name", "id") for space in _SPACES),
    *(f"crashreporter{space}key" for space in _SPACES),
    "anonymous uuid",
    *(f"serial{sign}" for sign in ("n", "_", " ", "\t", "'", ":", *_AFTER_KEYS)),
)
"""In lower case; what is looked for begins with one of them, and little else does."""
_SEARCH = WordSearch(
    [word.encode(encoding) for encoding in ("utf-8", "utf-16-le") for word in _WORDS]
)

_SEPARATOR = r"(?:[\\/]|%2f|%5c){1,8}"
_NAME_CHARS = r"""[^\x00-\x20\x7f-\x9f\\/"'`<>|:*?;,%&=(){}\[\]$#^!\ufffd]"""
_NAME = rf"(?:{_NAME_CHARS}|%(?!2f|5c)[0-9a-f]{{2}}){{1,{_MAX_NAME_CHARS}}}"

_FILE_NAME_CHARS = r"""[^\x00-\x1f\x7f-\x9f\\/"<>|:*?\ufffd]"""

# Folders under which home folders are mounted, besides drives and volumes.
_MOUNTS = frozenset({"data", "export", "localhost", "net", "nfs", "private", "usr", "var"})
_IN_PATHS = frozenset("._-)]~%@+")
_HOME = re.compile(
    rf"(?:users|(?-i:home)|documents and settings){_SEPARATOR}(?P<name>{_NAME})", re.IGNORECASE
)
# Only Windows has names with spaces, so a separator must follow; backslashes tell it.
_HOME_WITH_SPACES = re.compile(
    rf"(?:users|documents and settings)(?P<separator>\\{{1,8}}|/)"
    rf"(?P<name>{_NAME_CHARS}{_FILE_NAME_CHARS}{{0,{_MAX_NAME_CHARS - 1}}})(?P=separator)",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"""(?:
        (?P<user>user[_\ ]?name|user(?==)|user(?=\\?"\s{0,4}:)|logname)
      | (?P<host>computer[_\ ]?name|host[_\ ]?name|host(?==)|server_?name|machine_?name
          |device[_\ ]?name|userdomain|logonserver(?==))
      | (?P<device>crashreporter[_\ ]?key|anonymous\ uuid|device[_\ ]?(?:id|identifier)
          |deviceidentifierforvendor|serial[_\ ]?(?:no|number)?)
    )
    (?:\\{0,3}["'])?[\ \t]{0,16}[=:][\ \t]{0,16}(?:\\{2,8}(?!["']))?
    (?:
        \\{0,3}"(?P<quoted>[^"\\\x00-\x1f\ufffd]{1,64})\\{0,3}"
      | '(?P<single>[^'\\\x00-\x1f\ufffd]{1,64})'
      | (?P<ended>[^"'\\/\x00-\x1f\ufffd{[(<$%*][^"\\/\x00-\x1f\ufffd]{0,63})(?=\x00|\r|\n|\Z)
      | (?P<word>[^"'\\/\s\x00-\x1f\ufffd{[(<$%*,;&][^"'\\/\s\x00-\x1f\ufffd,;&)}\]]{0,63})
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_FIRST_WORD = re.compile(r"[\s,;&]")
# What reporters write where they know nothing.
_PLACEHOLDERS = frozenset(
    {"false", "localhost", "n/a", "nil", "none", "null", "todo", "true", "undefined", "unknown"}
)
_ESCAPED_CHARACTER = re.compile(r"\\u([0-9a-fA-F]{4})")
_KINDS = {
    "user": IdentityKind.USER_NAME,
    "host": IdentityKind.HOST_NAME,
    "device": IdentityKind.DEVICE_ID,
}


def harvest(payload: bytes) -> tuple[Identity, ...]:
    """Return the names of users, hosts and devices that a raw report gives away.

    The result is sorted, without repetitions; names that no person has (`Shared`, `root`) are among
    them. Time is linear in the payload's length.

    Raises:
        ParseError: `OVERSIZED`, for it names more than 1,000, or may: nobody is left out unseen.
    """
    found: set[tuple[str, str]] = set()
    for hit, (before, after) in enumerate(_surroundings(payload)):
        found.update(named for named in _named_in(before, after) if _tells(named[1]))
        if len(found) > MOST_IDENTITIES or hit == _MOST_DISTINCT_HITS:
            raise ParseError(FailureKind.OVERSIZED)
    identities = (Identity(_KINDS[kind], value) for kind, value in found)
    return tuple(sorted(identities, key=lambda who: (who.kind, who.value)))


def _tells(value: str) -> bool:
    return any(map(str.isalnum, value)) and value.casefold() not in _PLACEHOLDERS


def _surroundings(payload: bytes) -> Iterator[tuple[str, str]]:
    """Yield the text before each word, and the text that begins with it."""
    for number, places in _SEARCH.places(payload).items():
        if number < len(_WORDS):
            for at in _distinct(places, payload):
                before, after = payload[max(0, at - _BEFORE) : at], payload[at : at + _AFTER]
                yield before.decode("utf-8", "replace"), after.decode("utf-8", "replace")
        else:
            for at in _distinct(places, payload):
                before = payload[max(at % 2, at - 2 * _BEFORE) : at]
                after = payload[at : at + 2 * _AFTER]
                yield before.decode("utf-16-le", "replace"), after.decode("utf-16-le", "replace")


def _distinct(places: Iterable[int], payload: bytes) -> Iterator[int]:
    """Yield places, passing over those whose surroundings have been seen."""
    seen: set[tuple[bytes, bytes]] = set()
    for at in places:
        surroundings = payload[max(0, at - _BEFORE) : at], payload[at : at + _AFTER]
        if surroundings not in seen:
            seen.add(surroundings)
            yield at


def _named_in(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield what is named there, each with its kind's name."""
    if "\\u" in after:
        after = _ESCAPED_CHARACTER.sub(lambda escape: chr(int(escape.group(1), 16)), after)
    key = _KEY.match(after)
    if key is not None and not before[-1:].isalnum():
        yield from _value_of_key(key)
        return
    home = _HOME.match(after)
    if home is None or not _ends_at_root(before):
        return
    for match in (home, _HOME_WITH_SPACES.match(after)):
        if match is not None:
            name = match.group("name").rstrip(".")
            yield "user", name
            if "%" in name:
                yield "user", unquote(name, errors="replace")


def _ends_at_root(before: str) -> bool:
    """Tell whether a home folder can follow: the root of a file system, a drive or a volume.

    `src/users/x.py` and `example.com/users/7` name nobody.
    """
    path = unquote(before).replace("\\", "/")
    folder = path.rstrip("/")
    if folder == path:
        return False
    if not folder or not (folder[-1].isalnum() or folder[-1] in _IN_PATHS):
        return True
    parent, _, last = folder.rpartition("/")
    last = last.casefold()
    return (
        last in _MOUNTS
        or (len(last) == 1 and last.isalpha())
        or last.startswith("harddiskvolume")
        or parent.casefold().endswith("/volumes")
        or f"\\\\{last}\\" in before.casefold()  # a share of a host
    )


def _value_of_key(key: re.Match[str]) -> Iterator[tuple[str, str]]:
    kind = next(kind for kind in _KINDS if key.group(kind) is not None)
    value = next(filter(None, map(key.group, ("quoted", "single", "ended", "word")))).strip()
    yield kind, value
    if key.group("ended"):  # an environment's entry may end there, or a sentence go on
        yield kind, _FIRST_WORD.split(value, maxsplit=1)[0]
