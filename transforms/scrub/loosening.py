"""Expressions that match wherever a given one does, and that Hyperscan scans and compiles better.

They may match elsewhere too, and the spans of their matches are others: that a pattern could match
in a text is all that a scan is asked.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_CLASS = r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\[wds]"
_PART = re.compile(
    r"(?P<repetition>(?:[*+?]|\{(?P<least>\d+)(?:,(?P<most>\d*))?\})\??)"
    rf"|(?P<atom>{_CLASS}|\\x[0-9a-fA-F]{{2}}|\\.|\(\?[a-zA-Z-]+\)|[^()|])"
    r"|(?P<group>\((?:\?(?:[a-zA-Z-]*:|<?[=!]|P<\w+>))?)"
    r"|(?P<end>[)|])",
    re.DOTALL,
)
_IS_CLASS = re.compile(_CLASS)
BACK_REFERENCE = re.compile(r"\\[1-9]")
_OF_A_LINE = {r"\A": "^", r"\Z": "$"}
_AHEAD = frozenset({"(?=", "(?!"})
_REFUSALS = frozenset({"(?!", "(?<!"})
_LARGE = 8
"""Hyperscan needs a state for each repetition that is counted."""


class _Item(NamedTuple):
    """What must match next: an atom, or a group of alternatives, and how often."""

    atom: str
    """Of a group its opening, such as `(?:`."""
    alternatives: "_Alternatives" = ()
    repetition: str = ""
    least: int = 1
    most: int | None = 1

    def __str__(self) -> str:
        within = f"{_written(self.alternatives)})" if self.alternatives else ""
        return f"{self.atom}{within}{self.repetition}"


_Items = Sequence[_Item]
_Alternatives = Sequence[_Items]


def loosened(expression: str) -> str:
    """Return an expression that matches somewhere in each text in which the given one does.

    Its match ends where one of the given expression does, or before, but not before that begins.
    """
    read = _uncounted(_alternatives(_PART.finditer(expression)))
    if not BACK_REFERENCE.search(expression):
        read = _ending_early(read) or read
    return _written(_with_what_stands_before(read))


def between_breaks(expression: str) -> str:
    r"""Return an expression that takes the start or end of a line for a text's, `\A` and `\Z`.

    It is for texts that are joined by line breaks, and for `^` and `$` that match at each of them.
    """
    return _PART.sub(lambda part: _OF_A_LINE.get(part[0], part[0]), expression)


def _alternatives(parts: Iterator[re.Match[str]]) -> _Alternatives:
    """Read alternatives up to the end of their group, or of the expression."""
    alternatives: list[list[_Item]] = [[]]
    for part in parts:
        items, kind = alternatives[-1], part.lastgroup
        if kind == "atom":
            items.append(_Item(part[0]))
        elif kind == "repetition":
            items[-1] = _repeated(items[-1], part)
        elif kind == "group":
            items.append(_Item(part[0], _alternatives(parts)))
        elif part[0] == "|":
            alternatives.append([])
        else:
            break
    return alternatives


def _repeated(item: _Item, part: re.Match[str]) -> _Item:
    sign = part[0][0]
    if sign == "{":
        least = int(part["least"])
        most = int(part["most"]) if part["most"] else (least if part["most"] is None else None)
    else:
        least, most = int(sign == "+"), 1 if sign == "?" else None
    return item._replace(repetition=part[0], least=least, most=most)


def _written(alternatives: _Alternatives) -> str:
    return "|".join("".join(map(str, items)) for items in alternatives)


def _uncounted(alternatives: _Alternatives) -> _Alternatives:
    """Return them with `{2,}` for `{2,64}`, but for what must not be there."""
    return [list(map(_uncounted_item, items)) for items in alternatives]


def _uncounted_item(item: _Item) -> _Item:
    if item.atom in _REFUSALS:
        return item
    if item.alternatives:
        item = item._replace(alternatives=_uncounted(item.alternatives))
    if item.most is None or item.most <= _LARGE or item.most == item.least:
        return item
    return item._replace(repetition=f"{{{item.least},}}", most=None)


def _ending_early(alternatives: _Alternatives) -> _Alternatives | None:
    """Return them without what need not be there at their ends; None if nothing need be there.

    Hyperscan tells of each place where a match could end: of `a+` at the end of a pattern there are
    as many as there are letters.
    """
    shortened = list(map(_ending_early_items, alternatives))
    return shortened if all(shortened) else None


def _ending_early_items(items: _Items) -> _Items:
    for place in reversed(range(len(items))):
        last = items[place]
        if last.atom in _AHEAD or last.least == 0:
            continue
        if last.least > 1:
            return [*items[:place], last._replace(repetition=f"{{{last.least}}}")]
        within: _Alternatives | None = last.alternatives
        if within and last.atom not in {"(?<=", "(?<!"}:
            within = _ending_early(within)
        if within is not None:
            return [*items[:place], last._replace(alternatives=within, repetition="")]
    return ()


def _with_what_stands_before(alternatives: _Alternatives) -> _Alternatives:
    """Return them so that the first matches together with the character before it.

    Hyperscan's prefilter drops `(?<!X)` and then names patterns in vain; that there is the text's
    start or a character which is not X it can tell. Where more than one character X is excluded,
    the others no longer are, so that more is matched, never less. They are left as they are where
    they do not begin with this, or may begin again within a match.
    """
    if not alternatives[0]:
        return alternatives
    (first, *others), *rest = alternatives
    if first.repetition:
        return alternatives
    if first.atom == "(?-i:":
        changed = first._replace(alternatives=_with_what_stands_before(first.alternatives))
    elif first.atom == "(?<!" and (excluded := _one_character(first.alternatives[0])):
        changed = _Item("(?:", ([_Item(r"\A")], [_Item(_all_but(excluded))]))
    else:
        return alternatives
    return [[changed, *others], *rest]


def _one_character(items: _Items) -> str | None:
    """Return the class of characters that is all there is, None if there is something else."""
    alone = len(items) == 1 and not items[0].repetition
    return items[0].atom if alone and _IS_CLASS.fullmatch(items[0].atom) else None


def _all_but(excluded: str) -> str:
    if excluded.startswith("\\"):
        return excluded.upper()
    return f"[{excluded[2:]}" if excluded.startswith("[^") else f"[^{excluded[1:]}"
