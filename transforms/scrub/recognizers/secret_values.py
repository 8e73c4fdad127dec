"""What passwords, keys and tokens are called, what is said of them, and what is none."""

import re
from typing import ClassVar, Final

from transforms.scrub.recognizers.placeholders import IN_BRACKETS, NO_VALUE, is_no_value
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

NAMED = r"\b(?:password|passwort|kennwort|passwd|pwd|passphrase|passcode)"
"""What a password is called in a sentence."""
SAYS = r"(?:is|was|are|ist|war|lautet|set\x20to|changed\x20to)"
SAID_OF_ONE = (
    r"(?!(?:mismatch|authentication|verification|prompt|field|pair|string|rollover|times|bytes"
    r"|an?|the|not|no|now|still|also|being|been|to|too|in|on|at|of|for|from|by|as|so|very|only"
    r"|more|less|longer|shorter|same|wrong|right|correct|incorrect|valid|invalid|empty|blank|null"
    r"|nil|none|undefined|unknown|missing|mandatory|optional|necessary|weak|strong|short|long"
    r"|simple|safe|secure|insecure|unsafe|plain|secret|hidden|visible|unique|different|identical"
    r"|equal|new|old|bad|good|okay|fine|case|here|there|it|this|that|what|when|where|if|and|or|but"
    r"|true|false|set|unset|sent|kept|known|given|taken|written|read|stored|about|after|before"
    r"|above|below|expire|reset|already|always|never|probably|likely|currently|either|just|must"
    r"|should|could|can|will|would|default|ready|available|unavailable|acceptable|unacceptable"
    r"|compromised|required|expired"
    r"|falsch|richtig|ung\wltig|g\wltig|leer|abgelaufen|erforderlich|nicht|kein|zu|ein|eine"
    r"|der|die|das|noch|schon|unbekannt|sicher|unsicher|korrekt|gesperrt|ge\wndert"
    r"|gespeichert|vergessen|being|going|expiring|needed|used|reused|changed|updated|entered|saved"
    r"|provided|specified|supplied|accepted|rejected|allowed|denied|refused|disabled|enabled|locked"
    r"|blocked|revoked|verified|validated|generated|included|omitted|ignored|supported|unsupported"
    r"|deleted|removed|replaced|created|expected|requested|transmitted|logged|masked|redacted"
    r"|cached|hashed|salted|encrypted|decrypted|protected|limited|mismatched|corrupted|exposed"
    r"|leaked|received|loaded|processed|checked|matching|cleared|initialized|lost|forgotten)(?!\w))"
)
"""What is said of a password, and is none: states, and the words that sentences go on with."""
NAMES = r"(?:password|passwd|pwd|secret|token|api[_-]?key)"
"""What the keys of secrets end in."""
QUOTED = r"[\"'\u201c\u201e](?P<value>[^\"'\u201c\u201d\r\n]{1,64})[\"'\u201c\u201d]"
NOT_IN_BRACKETS: Final = rf"(?!{IN_BRACKETS})"

_VERSION: Final = re.compile(r"[v^~]?(?!\d{1,2}\.\d{1,2}\.\d\d$)\d{1,2}(?:\.\d{1,3}){2,3}")
"""A version, and no day: `24.12.90`."""
_NO_SECRET: Final = NO_VALUE | {
    "0", "1",
    "no", "was", "has", "should", "cannot", "expired", "failed", "denied", "rejected", "revoked",
    "blocked", "for", "enabled", "disabled", "strict", "lax", "same-origin", "include", "omit",
}  # fmt: skip


class SecretRecognizer(ValuePatternRecognizer):
    """The base of those that find secrets by what stands around them."""

    ENTITY: ClassVar[str] = "PASSWORD"

    def accepts(self, value: str) -> bool:
        """Refuse words and placeholders that stand for no value, versions, and signs alone."""
        if value.strip().lower() in _NO_SECRET or _VERSION.fullmatch(value) or is_no_value(value):
            return False
        return any(map(str.isalnum, value))
