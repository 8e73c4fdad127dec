"""Message templates: the variable parts of a message replaced, so that equal faults are equal."""

import re

from schemas.records import Clean

_TEMPLATE = re.compile(
    r"""
    (?P<kept><[A-Za-z_]+>)                                # a placeholder, of the scrubber or ours
  | (?P<url>\b[A-Za-z][A-Za-z0-9+.-]{1,15}://[^\s"'<>]+)
  | (?P<string>\\"[^"\\\n]{0,500}\\" | "(?:\\.|[^"\\\n]){0,500}" | (?<!\w)'[^'\n]{0,500}'(?!\w)
      | `[^`\n]{0,500}` | \u201c[^\u201d\n]{0,500}\u201d | \u2018[^\u2019\n]{0,500}\u2019
      | \u201e[^\u201c\n]{0,500}\u201c | \xab[^\xbb\n]{0,500}\xbb)
  | (?P<uuid>\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b)
  | (?P<date>\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?
      | \b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?[ ])?
        (?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ ]{1,2}\d\d?
        |\d\d?[ ](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec))
        (?:[ ]\d{4}\b(?!:))?
        (?:[ ]\d\d:\d\d:\d\d(?:\.\d{1,9})?)?(?:[ ]\d{4}\b)?(?:[ ](?:GMT|UTC)\b)?)
  | (?P<time>\b\d\d:\d\d:\d\d(?:\.\d{1,9})?\b)
  | (?P<path>(?:(?<![\w.-])(?:[A-Za-z]:|~|[\w.-]{1,100}))?
        (?:[\\/](?:<[A-Z_]+>|[^\s\\/:*?"<>|,;()'])+){2,}[\\/]?
      | (?<![^\s"'(=:,])/[A-Za-z_][\w.-]{0,255}(?![\w/\\]))
  | (?P<address>\b0[xX][0-9A-Fa-f]+\b)
  | (?P<hex>(?<=[@{])[0-9a-f]{5,8}\b(?!\.\d) | \b(?=[0-9A-Fa-f]*\d)(?=\d*[A-Fa-f])[0-9A-Fa-f]{6,}\b)
  | (?P<size>(?<![\w.])\d{1,18}(?:,\d{3}){0,6}(?:\.\d{1,18})?\s?(?:[kKMGT]i?B|bytes?)\b)
  | (?P<duration>(?<![\w.])(?:\d{1,9}h(?:\d{1,9}m)?(?:\d{1,9}(?:\.\d{1,9})?s)?
        |\d{1,9}m\d{1,9}(?:\.\d{1,9})?s)\b
      | (?<![\w.])\d+(?:\.\d+)?\s?(?:[nuµm]?s|secs?|seconds?|min|minutes?|hours?)\b)
  | (?P<number>(?<![\w.])(?:v(?=\d+\.\d)|[-+])?
      (?:\d{1,3}(?:(?P<sign>[,_])\d{3})(?:(?P=sign)\d{3})*(?:\.\d+)?|\d+(?:\.\d+)*(?:[eE][-+]?\d+)?)(?!\w|\.\w))
    """,
    re.VERBOSE,
)
"""In order of precedence, after Sentry's message parameterisation; each alternative is linear."""


_DIGITS = re.compile(r"(?<![\w.>])(?:<(?:PHONE_NUMBER|CREDIT_CARD|US_SSN)>)+(?!\w|\.\w)")
"""Placeholders of the scrubber for what is digits and signs alone. Whether a length of ten digits
looks like a phone number hangs on its digits, and equal faults differ in them."""


def message_template(message: Clean) -> Clean:
    """Return a message with its variable parts as `<path>`, `<number>`, ...

    Placeholders that stand in it already stay as they are, those for digits alone become numbers.
    """
    return Clean(_TEMPLATE.sub(_placeholder, _DIGITS.sub("0", message)))


def _placeholder(match: re.Match[str]) -> str:
    return match[0] if match.lastgroup == "kept" else f"<{match.lastgroup}>"
