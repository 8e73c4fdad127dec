"""Mail addresses, phone numbers and social security numbers."""

import re
from typing import Final

from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_FILE_ENDINGS: Final = (
    ".png .jpg .jpeg .gif .webp .svg .ico .bmp .pdf .css .scss .js .mjs .cjs .ts .tsx .jsx .json "
    ".map .html .htm .xml .dll .exe .dylib .framework .bundle .jar .class .java .kt .swift .cpp "
    ".hpp .cxx .txt .log .tar .gz .zip .so .plist .nib .apk .apex .dex .odex .vdex .oat .xpi .crx"
)
_ENDS_A_FILE: Final = frozenset(_FILE_ENDINGS.split())
"""What ends a file's name and is no top-level domain, or one in which such files outnumber mail."""


_UNITS: Final = frozenset({"service", "socket", "scope", "mount", "slice", "timer"})
"""Units of systemd, which may have an @ in their names; no top-level domain is called so."""

_AT = r"(?:@|%(?:25)?40|\\u0040|&\#64;)"
"""As written, in a URL, in JSON, in HTML."""
_AT_IN_WORDS = r"(?:\\x40|&(?:\#x40|commat);|\x20?[\[(](?:at|@)[\])]\x20?)"
_DOT_IN_WORDS = r"(?:\.|\x20?[\[(](?:dot|\.)[\])]\x20?)"
"""As people write it against robots, and in rarer escapes."""
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"

_NO_DOMAIN = re.compile(r"\d+x(?:~\w+)?|lib[\w.+-]*|[\d.]+(?:-[\w.+-]+)?")
"""Before a file's ending: a scale, a library, a version."""
_PACKAGES: Final = frozenset({"apk", "apex", "dex", "odex", "vdex", "oat", "xpi", "crx"})
"""What ends packages of Android and of browsers, which have an @ in their names."""


class MailAddressRecognizer(ValuePatternRecognizer):
    """Finds mail addresses (RFC 5322), also with the @ encoded as in a URL, or as `[at]`."""

    ENTITY = "EMAIL_ADDRESS"
    SCORED_PATTERNS = (
        (
            "mail address",
            rf"(?<![\w.+%~-])[\w.+%~#$&*!^{{}}-]{{1,64}}(?:(?<=\w)'\w[\w.+-]{{0,63}})?{_AT}"
            rf"(?:{_LABEL}\.){{1,8}}(?P<ending>[^\W\d_]{{2,24}}|xn--[\w-]{{2,59}})",
            0.9,
        ),
        (
            "mail address with an at in words",
            rf"(?<![\w.+%~-])[\w.+-]{{1,64}}{_AT_IN_WORDS}"
            rf"(?:{_LABEL}{_DOT_IN_WORDS}){{1,8}}[^\W\d_]{{2,24}}",
            0.8,
        ),
        (
            "mail address in words alone",
            rf"(?<![\w.+%~-])[\w.+-]{{1,64}}\x20at\x20(?:{_LABEL}\x20dot\x20){{1,4}}"
            r"(?:com|org|net|edu|gov|info|biz|io|de|fr|uk|nl|es|eu|ru|cn|jp|ch|pl|br)(?!\w)",
            0.7,
        ),
        (
            "mail address with a part in quotes",
            rf"\"[^\"@\r\n]{{1,62}}\"@(?:{_LABEL}\.){{1,8}}[^\W\d_]{{2,24}}",
            0.9,
        ),
        (
            "account at a host without a zone",
            r"(?<![\w.+@%/:-])(?!git@)(?P<value>[a-z_][\w.-]{1,31}@[a-z][\w-]{1,62})"
            r"(?::(?:/(?!/)|~)|\s\(pid\x20\d)",
            0.6,
        ),
        ("mail address of a local host", r"(?<![\w.+%-])[\w.+-]{1,64}@localhost(?!\w)", 0.6),
        (
            "mail address at an IP address",
            r"(?<![\w.+%-])[\w.+-]{1,64}@\[?\d{1,3}(?:\.\d{1,3}){3}\]?(?!\w)",
            0.6,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse files such as `icon@2x.png` and `malloc@libc.so`: what looks like a domain is not.

        A file that is named by a whole address, `jane@example.org.json`, is one.
        """
        domain = re.split(_AT, value.lower())[-1]
        name, _, ending = domain.rpartition(".")
        if ending in _UNITS or ending in _PACKAGES:
            return False
        return f".{ending}" not in _ENDS_A_FILE or not _NO_DOMAIN.fullmatch(name)


_NOT_COUNTING = (
    r"(?<!\b(?:progress|step|stage|chunk|part|piece|page|item|file|record|row|line|block|sector"
    r"|packet|frame|batch|epoch|iteration|attempt|tests?|bytes?|offset|done)[\x20:=]{1,2})"
)
"""After these words a slash stands between how many there are and how many there will be."""


_EXTENSION = r"(?:\s?(?:x|ext\.?)\s?\d{1,6})?"
_DATE = r"(?!\d{4}[/-]\d\d?[/-]\d\d?|\d\d?/\d\d?/\d|\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))"
_NUMBER = (
    rf"{_DATE}(?P<value>\+?\(?\d[\d\x20()./-]{{5,18}}\d{_EXTENSION})(?!\w|\x20(?:times|bytes|ms)\b)"
)
_END = r"(?![\w-]|[.:]\w|\x20\d)"
"""What may follow a number: the end of a sentence, but no further digits, nor part of a name."""


_BYTE = r"[0-9a-f]{2}"
_MIXED_BYTE = r"(?:\d[a-f]|[a-f]\d)"
_BYTES = rf"(?:{_MIXED_BYTE}\x20{_BYTE}|{_BYTE}\x20{_MIXED_BYTE}|{_BYTE}(?:\x20{_BYTE}){{3}})"
_NOT_AFTER_BYTES = rf"(?<!\b{_BYTES}\x20)"
_NOT_BEFORE_BYTES = rf"(?!\x20{_BYTES}\b)"
"""Bytes in hexadecimal are pairs of digits too, of which some have letters; `de` is a word too."""
_OF_A_PHONE = (
    r"(?:(?<!micro|head|ear)phone|mobile|msisdn|caller|callee|whatsapp"
    r"|contact_?(?:no|number)(?![a-z])"
    r"|(?-i:(?:(?<![A-Za-z])(?:mob|tel|sms|fax)|Mob|Tel|Sms|Fax|MOB|TEL|SMS|FAX)(?![a-z])))"
    r"(?!\w{0,16}(?:bytes|size|time|count|usage|data|memory|offset|address))\w{0,16}"
)
"""The name of a key that has a phone number."""
_NOT_A_SIZE = (
    rf"(?:(?<!\"\s{{0,2}}:\s{{0,2}})|(?<={_OF_A_PHONE}\\?\"\s{{0,2}}:\s{{0,2}}))"
    r"(?<!(?:bytes|size|memory|usage|limit|total|free(?!lanc)|used|offset|time(?:stamp)?"
    r"|(?:fault|base|memory|load|start|virtual"
    r"|physical)[\x20_]?address(?!ee))\w{0,16}\s{0,40}[:=]\s{0,4})"
)
"""Not after a key of JSON, where numbers have no quotes, nor after the name of a size."""


_NOT_A_COUNT = (
    r"(?<!\b(?:uptime|frames?|ts|time(?:stamp)?|seq|count|offset|size|len(?:gth)?|[pt]id|id|nonce"
    r"|ticks?|elapsed|duration|packets?|total|cycles?|samples?)[\x20:=]{1,2})"
)
"""Not after a word of what is counted."""


class PhoneNumberRecognizer(ValuePatternRecognizer):
    """Finds phone numbers that are written as such: with a plus, separators, or after a word.

    A bare row of digits stays: in crash text it is a size, a time or a handle far more often.
    """

    ENTITY = "PHONE_NUMBER"
    SCORED_PATTERNS = (
        (
            "international",
            r"(?<![\w)\]>+])\+[1-9](?:[\x20.()/-]{0,2}\d){6,14}"
            rf"{_EXTENSION}(?!\w)",
            0.8,
        ),
        (
            "international by zeros",
            r"(?<![\w.-])00[1-9]\d{0,2}[\x20./-]\(?(?:0\)\x20?)?[1-9]\d{1,4}\)?"
            r"(?:[\x20./-]\d{2,8}){1,4}"
            r"(?!\w|\.\d)",
            0.6,
        ),
        (
            "European by zeros",
            r"(?<![\w.+-])00(?:3[0-469]|4[013-9])[1-9]\d{7,10}(?!\w|\.\d)",
            0.5,
        ),
        (
            "area before a slash",
            rf"(?<![\w.:/+-]){_NOT_COUNTING}(?!01\d/\d{{5}})"
            r"0[1-9]\d{1,4}/\x20?(?:\d{5,8}|\d{2,4}(?:[\x20-]\d{2,4}){1,3})(?![\w/-]|[.:]\w)",
            0.6,
        ),
        (
            "area in parentheses",
            r"(?<![\w.])(?<!\b(?:error|signal|code|status|errno"
            r"|SIG[A-Z]{2,6})\x20)(?:\+?\d{1,3}[\x20.-]?)?\(\d{2,5}\)[\x20.-]?\d{2,4}"
            rf"(?:[\x20.-]?\d{{2,4}}){{1,3}}{_EXTENSION}(?!\w)",
            0.7,
        ),
        (
            "North American",
            r"(?<![\w.+-])(?:(?:00)?1[\x20.-])?"
            r"(?:[2-9]\d{2}[\x20.-]|[01]\d{2}(?:-(?=\d{3}-)|\.(?=\d{3}\.\d{4}x)))\d{3}[\x20.-]\d{4}"
            rf"{_EXTENSION}(?![\w-]|\.\d)",
            0.7,
        ),
        ("Israeli", r"(?<![\w.:/+-])0(?:[2-489]|5\d|7\d)-\d{7}(?![\w/-]|[.:]\w)", 0.5),
        ("North American in two groups", r"(?<![\w.:/+-])[2-9]\d{2}-\d{7}(?![\w-]|[.:]\w)", 0.5),
        (
            "country, area, number",
            r"(?<![\w.+-])(?:00)?1-\d{3}-\d{3}-\d{4}(?:x\d{1,6})?(?![\w-])",
            0.7,
        ),
        (
            "groups with spaces",
            r"(?<![\w.:/-]|\d\x20)(?<!\b(?:rect|bounds|rgba?|size|viewport|crop|colou?r|region"
            r"|frame|box)\x20)"
            rf"{_NOT_AFTER_BYTES}(?:0\d{{1,4}}|[1-9]\d)(?:\x20\d{{2,4}}){{3,4}}"
            rf"{_END}(?!\x20[kmg]?b){_NOT_BEFORE_BYTES}",
            0.5,
        ),
        (
            "area by a zero, number in one",
            r"(?<![\w.:/-]|\d\x20)(?=(?:\d[\x20-]?){10,12}(?!\d))"
            rf"0[1-9]\d{{1,3}}[\x20-]\d{{6,8}}{_END}",
            0.5,
        ),
        (
            "area by a zero, two groups",
            r"(?<![\w.:/-]|\d\x20)0[1-9]\d{0,3}(?:(?:[\x20-]\d{3,4}){2}"
            r"|(?<=\d{3,4})(?:\.\d{3,4}){2})"
            rf"{_END}(?!\x20[kmg]?b)",
            0.5,
        ),
        ("area by a zero, pairs with dots", rf"(?<![\w.:/-])0[1-9](?:\.\d{{2}}){{4}}{_END}", 0.5),
        (
            "area by a zero, dash, groups",
            rf"(?<![\w.:/-])0\d{{1,3}}-\d{{2,3}}(?:\x20\d{{2,4}}){{1,3}}{_END}",
            0.5,
        ),
        (
            "area by a zero, all in one",
            rf"(?<![\w.,:/#=+-]|\d\x20)(?:0[1-9]\d{{8,9}}|{_NOT_A_COUNT}08[1-9]\d{{9,10}}){_END}",
            0.5,
        ),
        (
            "mobile in China, India or Indonesia, all in one",
            rf"(?<![\w.,/#=+-]|\d\x20)(?=[16-9]\d{{9}}){_NOT_A_SIZE}(?:(?:1[3-9]|[6-9])\d{{9}}"
            rf"|{_NOT_A_COUNT}628[1-9]\d{{8,10}})"
            rf"{_END}(?!\x20?(?:bytes|[kmgt]?i?b|[mnu]?s|pages|blocks)\b)",
            0.5,
        ),
        (
            "Brazilian, Japanese, Hungarian, Norwegian",
            r"(?<![\w.:/+-]|\d\x20)(?:[1-9]\d(?:\x20\d{4,5}|-\d{4})-\d{4}"
            r"|(?:\(06\)|06-)?\d{2}/\d{3}[\x20-]\d{4}"
            rf"|[4-9]\d{{2}}\x20\d{{2}}\x20\d{{3}}){_END}(?!/)",
            0.5,
        ),
        (
            "after a sentence's start",
            r"\b(?:my\x20(?:(?:new|old)\x20)?(?:no\.?|number)\x20?(?:is|:)|my\x20registered"
            r"|(?:messages?|texts?)\x20(?:to|from))\x20" + _NUMBER,
            0.7,
        ),
        (
            "by its key's name",
            r"(?:(?:incoming|outgoing|phone|line1|dialed|caller)_?number|msisdn"
            r"|(?:dest|orig)addr)[\"']?\s{0,2}[:=]\s{0,2}[\"']?"
            r"(?P<value>\+?\d{5,15})(?!\w)",
            0.8,
        ),
        (
            "after a word",
            r"\b(?:(?:tele)?phone|telefon(?:nummer)?|t\wl\wphone|tel|tlf|mobile|mobil|mob|handy"
            r"|cell(?:phone)?|fax|sms|whatsapp"
            r"|call(?:ed|ing)?|dial(?:ing)?|contact(?:ed|ing)?|reach)"
            r"[\x20_]?(?:number|no\.?)?(?:\x20(?:is|was))?[\"']?\s{0,2}[:=#]?\s{0,2}(?:(?:me"
            r"|us)\x20(?:at|on)\x20)?[\"']?"
            r"(?:(?<![a-z\d_])|(?=[+(]))" + _NUMBER,
            0.8,
        ),
    )


class SocialSecurityNumberRecognizer(ValuePatternRecognizer):
    """Finds US social security numbers as they are written, area and group not zero, and ITINs.

    An ITIN has a 9 in front and a group from 50 on.
    """

    ENTITY = "US_SSN"
    SCORED_PATTERNS = (
        (
            "SSN",
            r"(?<![\w.-])(?!000|666|9\d\d.[0-4])\d{3}([-\x20])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-]"
            r"|\.\d)",
            0.7,
        ),
        (
            "SSN with dots",
            r"(?<![\w.-])(?<!\b(?:version|revision|release|build|ver|rev|v)[\s:=_-])"
            r"(?!000|666|9\d\d)\d{3}\.(?!00)\d{2}\.(?!0000)\d{4}(?![\w-]|\.\w)",
            0.5,
        ),
        (
            "SSN by its name",
            r"\b(?:ssn|social[\x20_-]security(?:[\x20_-](?:number"
            r"|no\.?))?)[\"']?(?:\x20is)?\s{0,2}[:=#]?\s{0,2}[\"']?"
            r"(?P<value>(?!000|666|9\d\d)\d{9})(?!\w)",
            0.8,
        ),
    )
