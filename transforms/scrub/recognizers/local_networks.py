"""What is near a device: hardware addresses, wireless networks, the cells of mobile ones."""

import re
from typing import Final

from transforms.scrub.recognizers.network import decoded
from transforms.scrub.recognizers.placeholders import NO_VALUE, is_placeholder
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_NO_HARDWARE: Final = re.compile(r"[0\W_]+|[f\W_]+|02[\W_]?00(?:[\W_]?0){8}", re.IGNORECASE)
"""All bits alike, and what Android shows in place of any."""


class HardwareAddressRecognizer(ValuePatternRecognizer):
    """Finds MAC addresses (IEEE EUI-48), but not those of nobody and of everybody."""

    ENTITY = "MAC_ADDRESS"
    SCORED_PATTERNS = (
        (
            "EUI-48",
            r"(?<![\w-]|\b[0-9a-f]{2}:)(?:dev_)?"
            r"(?P<value>[0-9a-f]{2}([:_-])(?:[0-9a-f]{2}\2){4}[0-9a-f]{2})"
            r"(?![\w-]|:[0-9a-f]{2}\b)",
            0.8,
        ),
        (
            "EUI-48 in a frame's header",
            r"(?-i:\bMAC=)(?P<value>[0-9a-f]{2}(?::[0-9a-f]{2}){6,13})(?![\w:])",
            0.8,
        ),
        (
            "EUI-48 after its name",
            r"(?<![a-z])(?:mac|hw|bssid"
            r"|eui-?48)(?:[_\x20-]?addr(?:ess)?)?[\"']?[\x20:=]{1,3}[\"']?"
            r"(?P<value>[0-9a-f]{12})(?!\w)",
            0.7,
        ),
        (
            "EUI-48 in what is encoded for a URL",
            r"(?<![\w%])(?P<value>[0-9a-f]{2}(?:%(?:25)?3A[0-9a-f]{2}){5})(?!\w|%(?:25)?3A)"
            r"|%(?:25)?(?:20|22|3A|3D|2[56CF])(?P<value>[0-9a-f]{2}(?:(?::[0-9a-f]{2}){5}"
            r"|(?:-[0-9a-f]{2}){5}|(?:%(?:25)?3A[0-9a-f]{2}){5}))(?![\w:-])",
            0.7,
        ),
        ("EUI-48 in a name of systemd", r"(?-i:\b(?:enx|wlx)(?P<value>[0-9a-f]{12})\b)", 0.8),
        (
            "EUI-64",
            r"(?<![\w:.-])(?:[0-9a-f]{4}:[0-9a-f]{2}ff:fe[0-9a-f]{2}:[0-9a-f]{4}"
            r"|[0-9a-f]{2}([:-])[0-9a-f]{2}\1[0-9a-f]{2}\1ff\1fe(?:\1[0-9a-f]{2}){3})(?![\w:-]"
            r"|\.\w)",
            0.7,
        ),
        ("EUI-48 in threes", r"(?<![\w.])[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}(?![\w.])", 0.6),
    )

    def accepts(self, value: str) -> bool:
        """Refuse addresses that are nobody's, or everybody's."""
        return _NO_HARDWARE.fullmatch(decoded(value)) is None


class WirelessNetworkRecognizer(ValuePatternRecognizer):
    """Finds names of wireless networks and the cells of mobile ones: they tell a place."""

    ENTITY = "NETWORK_NAME"
    SCORED_PATTERNS = (
        (
            "SSID in quotes or brackets",
            r"(?:(?<![a-z]|\bscan_)e?ssid|\b(?:wi-?fi|wlan|wireless)\)?\s(?:network|access\spoint"
            r"|connection)(?!\s{0,2}[\"'](?-i:(?:lost|established|failed|failure|dropped|closed"
            r"|timeout|timed\x20out|error|state|status|is|was|required|unavailable|available"
            r"|connected|disconnected|disabled|enabled"
            r"|restored))[\"']))(?:\\?[\"'](?=\s{0,2}(?:[=:]|value\b|is\b)))?"
            r"\s{0,2}(?:=>?|:|(?:value|is)(?=\s))?\s{0,2}(?:(?:\\"
            r"|b)?[\"'](?P<value>(?![=:,]|\s{1,2}(?:value|is)\b)[^\"'\\]{1,64})"
            r"|(?<=\[ssid=)(?P<value>[^\]]{1,64}))",
            0.9,
        ),
        (
            "SSID to the end",
            r"(?<![a-z])e?ssid\s{0,2}[=:]\s{0,2}(?P<value>[^\s\"'\\\[\]][^\"'\\\]\r\n,;]{0,31})",
            0.8,
        ),
        (
            "SSID at the end of a longer key",
            r"(?-i:(?<=[a-z])(?<!scan|has|is|hide|hidden|get|set|show|use|num|no)(?:Ssid|SSID"
            r"|Bssid|BSSID))\\?[\"']?\s{0,2}[=:](?![=:])\s{0,2}"
            r"(?:\\?[\"'](?P<value>[^\"'\\\r\n]{1,64})"
            r"|(?!(?:(?:NS)?String|CharSequence|Data|Any|WifiSsid)\b|[A-Za-z]{1,64}:"
            r"|\d(?![\w-]))(?P<value>[^\s\"'\\\[\](){}<>,;&*]{2,64})(?![(:]))",
            0.7,
        ),
        (
            "SSID after its name",
            r"(?-i:\bSSID\x20(?!(?:Match|match|pattern|is|was|not|unavailable|unknown|hidden|list"
            r"|scan|changed|missing)\b)(?P<value>[\w.-]{2,32})(?!\w)"
            r"|<SSID>(?P<value>[^<]{1,32})</SSID>)",
            0.7,
        ),
        (
            "network in Android's configuration",
            r"(?-i:\bconfigKey=)\"(?P<value>[^\"\r\n]{1,32})\"",
            0.8,
        ),
        (
            "connection of NetworkManager",
            r"\b(?:starting|activating)\x20connection\x20'(?P<value>[^'\r\n]{1,32})'"
            r"|\bconnection\x20activation\x20failed:\x20'(?P<value>[^'\r\n]{1,32})'",
            0.7,
        ),
        (
            "network that is joined or looked for",
            r"\bSSID\x20-\x20hexdump\(len=\d{1,2}\):\s"
            r"(?P<value>[0-9a-f]{2}(?:\x20[0-9a-f]{2}){0,31})"
            r"|\bSSID\x20Match\x20pattern=PatternMatcher\{\w{1,16}:\x20?"
            r"(?P<value>[^{}\r\n]{1,32})\}"
            r"|\bjoin(?:ed|ing)\x20network\x20(?P<value>[^\r\n]{1,32}?)\x20on\x20en\d"
            r"|\bno\x20profile\x20\"(?P<value>[^\"\r\n]{1,32})\"\x20assigned\x20to"
            r"|\bconnect(?:ed|ing)\x20to\x20(?:network:\x20(?P<value>[^\s\"',;]{1,32})"
            r"|\"(?P<value>[^\"\r\n]{1,32})\"(?=WPA|WEP|OPEN|RSN))"
            r"|\bhotspot[_\x20]?name\s?[:=]\s?[\"']?(?P<value>[^\"',;\r\n]{1,32})",
            0.7,
        ),
        (
            "cell of a mobile network",
            r"\b(?:cell\s?id|location\s?area\s?code|(?-i:LAC|CID)"
            r"|bssid)\s{0,2}[=:]\s{0,2}[\"']?(?P<value>[0-9a-f:-]{2,17})(?!\w)",
            0.8,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse what is shown in a name's place: `<unknown ssid>`."""
        return value.lower() not in NO_VALUE and not is_placeholder(value)
