"""Message templates: the variable parts of a message replaced, so that equal faults are equal."""

import re

from schemas.records import Clean

_TEMPLATE = re.compile(
    r"""
    (?P<kept><[A-Za-z_]+>)                                # a placeholder, of the scrubber or ours
  | (?P<url>\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s"'<>]+)
  | (?P<string>"[^"\n]{0,500}" | (?<!\w)'[^'\n]{0,500}'(?!\w) | `[^`\n]{0,500}`)
  | (?P<uuid>\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b)
  | (?P<date>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?)
  | (?P<time>\b\d\d:\d\d:\d\d(?:\.\d{1,9})?\b)
  | (?P<path>(?:\b[A-Za-z]:|~)?(?:[\\/](?:<[A-Z_]+>|[^\s\\/:*?"<>|,;()'])+){2,}[\\/]?)
  | (?P<address>\b0[xX][0-9A-Fa-f]+\b)
  | (?P<hex>\b(?=[0-9A-Fa-f]*\d)(?=\d*[A-Fa-f])[0-9A-Fa-f]{6,}\b)
  | (?P<duration>(?<![\w.])\d+(?:\.\d+)?\s?(?:[nuµm]?s|secs?|seconds?|min|minutes?|hours?)\b)
  | (?P<number>(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?!\w|[.,]\w))
    """,
    re.VERBOSE,
)
"""In order of precedence, after Sentry's message parameterisation; each alternative is linear."""


def message_template(message: Clean) -> Clean:
    """Return a message with its variable parts as `<path>`, `<number>`, ...

    Placeholders that stand in it already stay as they are.
    """
    return Clean(_TEMPLATE.sub(_placeholder, message))


def _placeholder(match: re.Match[str]) -> str:
    return match[0] if match.lastgroup == "kept" else f"<{match.lastgroup}>"
