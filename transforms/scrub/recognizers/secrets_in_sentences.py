"""Secrets in sentences, and those that tell themselves by their shape."""

from transforms.scrub.recognizers.secret_values import (
    NAMED,
    QUOTED,
    SAID_OF_ONE,
    SAYS,
    SecretRecognizer,
)

_OF_WHAT = (
    r"(?:(?:for|of)\x20[^\r\n]{1,48}?\x20"
    rf"(?={SAYS}.{{1,2}}[\"'\u201c\u201e]{SAID_OF_ONE}))?"
)
"""Whose password it is, if a value follows and not what is said of it."""


class SecretInSentenceRecognizer(SecretRecognizer):
    """Finds passwords that are said, and keys that are made to be read out or typed."""

    SCORED_PATTERNS = (
        (
            "password in a sentence",
            rf"(?:{NAMED}\x20{_OF_WHAT}{SAYS}[:\x20]{{1,2}}"
            rf"|\bidentified\x20by\x20(?:password\x20)?){QUOTED}",
            0.8,
        ),
        (
            "password in a sentence, with digits or signs",
            rf"(?:{NAMED}\x20{SAYS}|\bmy\x20{NAMED}:?)[:\x20]{{1,2}}"
            r"(?P<value>(?=[^\s\d]{0,64}(?:\d|[!#$%&*+?@^~][^\s\"']))[^\s\"',;()]{4,64})",
            0.7,
        ),
        (
            "password in a sentence, a word",
            rf"{NAMED}\s{SAYS}(?::\s?|\s){SAID_OF_ONE}"
            r"(?P<value>[^\W\d_]{4,64}(?![\w(\[<>]|[.:/\\'-]\w))",
            0.6,
        ),
        (
            "password in a message",
            rf"\b(?:wrong|bad|invalid|incorrect|with|using)\x20password:?\x20{QUOTED}"
            # as Cisco writes them: with a digit that tells how they are kept
            r"|\b(?:password|passwd|secret|key|key-string"
            r"|md5)\s{1,16}7\s{1,16}(?P<value>[01]\d(?:[\dA-F]{2}){3,64})(?!\w)"
            r"|\b(?:password|passwd|secret)\s{1,16}[0456]\s{1,16}(?P<value>"
            r"(?-i:(?=[a-z.:-]{0,64}[A-Z\d!#$%&*+?@^~])\S{4,64}))(?=\s|$)"
            r"|\busername\x20(?!(?:and|or|with|without|no"
            r"|nor)\x20)\S{1,64}\x20(?:privilege\x20\d{1,2}\x20)?(?:password"
            rf"|secret)\x20(?:[04-9]\x20)?{SAID_OF_ONE}(?P<value>[^\s\"',;()]{{4,64}})(?=\s|$)"
            r"|\b(?:pre-shared-key|key-string|authentication-key|snmp-server\x20community"
            r"|shared-secret)\x20(?:(?:local|md5|sha\d{0,3}|\d{1,10})\x20){0,3}"
            rf"{SAID_OF_ONE}(?P<value>[^\s\"',;()]{{4,64}})(?=\s|$|[\"'])"
            r"|\blogon\x20denied:\x20(?P<value>[^\s/@]{1,64}/[^\s@]{1,64})",
            0.8,
        ),
        (
            "code that is said",
            r"\b(?:verification|security|login|one-time|activation|mfa|2fa|sms|totp|otp"
            r"|authentication(?=\x20\w{3,4}(?:\x20is)?[:\x20]{1,2}\d{6}))"
            r"[\x20_-]?(?:code|pin)[\"']?(?:\x20is)?[:=\x20]{1,3}[\"']?(?P<value>\d{4,8})(?!\w)"
            r"|\b(?:totp|otp|2fa)(?:\x20is)?[:=\x20]{1,2}[\"'(\[]?(?P<value>\d{6,8})(?![\w-]|\.\d)"
            r"|(?:\b(?:entered|wrong|bad|invalid|incorrect|your|user|card|sim)\x20pin"
            r"|(?-i:\bPIN)|\bpin\x20code)(?:\x20is)?[:\x20]{1,2}[\"'(\[]?"
            r"(?P<value>\d{4,8})(?![\w-]|\.\d)"
            r"|(?<![\w.-])(?P<value>\d{4,8})\x20(?:is|as)\x20your\x20(?:[\w-]{1,24}\x20){0,3}code"
            r"(?!\w)",
            0.7,
        ),
        (
            "phrase that restores a wallet",
            r"\b(?:(?:seed|recovery|mnemonic|backup)[\x20_-]?(?:phrase"
            r"|words)[\"']?(?:\x20is)?\s{0,2}[:=\x20]"
            r"|(?:seed|mnemonic)[\"']?\s{0,2}[:=])\s{0,2}[\"']?"
            r"(?P<value>(?-i:[a-z]{3,8}(?:\x20[a-z]{3,8}){11,24}))(?![\w,.])",
            0.8,
        ),
        (
            "key to restore or to activate Windows",
            r"(?<![\w-])(?:\d{6}(?:-\d{6}){7}"
            r"|(?-i:(?=[A-Z-]{0,24}\d)(?=[\d-]{0,24}[A-Z])[A-Z\d]{5}(?:-[A-Z\d]{5}){4}))"
            r"(?![\w-])",
            0.7,
        ),
        (
            "key to activate a program after its name",
            r"\b(?:licen[cs]e|product"
            r"|activation)(?:[\x20_-]?key)?[\"']?(?:\x20is)?[\x20:=]{1,3}[\"']?"
            r"(?P<value>(?-i:[A-Z\d]{4,5}(?:-[A-Z\d]{4,5}){3,5}))(?![\w-])",
            0.7,
        ),
        (
            "key to a call",
            r"(?<![\w-])[bcdfghkmnpqrstxz]{4}(?:-[bcdfghkmnpqrstxz]{4}){7}(?![\w-])",
            0.8,
        ),
        (
            "wireless network in a code to scan",
            r"(?-i:\bWIFI:(?P<value>(?:[A-Z]{1,3}:(?:\\.|[^;\\\r\n]){0,64};){2,6}))",
            0.8,
        ),
    )
