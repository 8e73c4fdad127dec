"""Expressions that match wherever a given one does, and that Hyperscan scans and compiles better.

They may match elsewhere too, and the spans of their matches are others: that a pattern could match
in a text is all that a scan is asked.
"""

import re

_CLASS = r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\[wds]"
_NOT_BEHIND = re.compile(rf"(?P<group>\(\?-i:)?\(\?<!(?P<class>{_CLASS})(?:\|[^()]*)?\)")
_TOKEN = re.compile(rf"{_CLASS}|\\.|\(\?<?!|\(|\)|\{{\d+,\d+\}}|.", re.DOTALL)
_LARGE = 8
"""Hyperscan needs a state for each repetition that is counted."""


def loosened(expression: str) -> str:
    """Return an expression that matches somewhere in each text in which the given one does."""
    return _with_what_stands_before(_uncounted(expression))


def _uncounted(expression: str) -> str:
    """Return an expression with `{2,}` for `{2,64}`, but for what must not be there."""
    parts: list[str] = []
    refusals: list[bool] = []
    for part in _TOKEN.findall(expression):
        if part.startswith("("):
            refusals.append(part in {"(?!", "(?<!"})
        elif part == ")":
            refusals.pop()
        elif len(part) > 1 and part[0] == "{" and not any(refusals):
            least, most = part[1:-1].split(",")
            part = f"{{{least},}}" if int(most) > _LARGE else part  # noqa: PLW2901
        parts.append(part)
    return "".join(parts)


def _with_what_stands_before(expression: str) -> str:
    """Return an expression that matches where one does, together with the character before it.

    Hyperscan's prefilter drops `(?<!X)` and then names patterns in vain; that there is the text's
    start or a character which is not X it can tell. Where more than one character X is excluded,
    the others no longer are, so that more is matched, never less. The expression is left as it is
    where it does not begin with this, or may begin again within a match.
    """
    start = _NOT_BEHIND.match(expression)
    if not start or (start["group"] and _first_group_repeats(expression)):
        return expression
    excluded = start["class"]
    if excluded.startswith("\\"):
        others = excluded.upper()
    else:
        others = f"[{excluded[2:]}" if excluded.startswith("[^") else f"[^{excluded[1:]}"
    return f"{start['group'] or ''}(?:\\A|{others}){expression[start.end() :]}"


def _first_group_repeats(expression: str) -> bool:
    """Tell whether the group with which an expression begins may match more than once, or not."""
    depth = 0
    for token in _TOKEN.finditer(expression):
        depth += token[0].startswith("(") - (token[0] == ")")
        if depth == 0:
            return expression[token.end() : token.end() + 1] in {"*", "+", "?", "{"}
    return True
