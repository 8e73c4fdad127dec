"""Addresses in networks: URLs and IP addresses."""

import ipaddress
import re
from typing import Final

from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_IPV4_BYTES: Final = 4
_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d|0\d{1,2})"
_IPV4 = rf"(?:{_OCTET}\.){{3}}{_OCTET}"
_GROUP = r"[0-9a-f]{1,4}"
_VERSION_BEFORE = (
    r"(?<!(?:(?<!con|in|di)version[\s:=_\"'-]{0,5}"
    r"|\b(?:revision|release|build|ver|rev|v)[\s:=_-]{0,3}))"
    # `ver. 2.3.4.5`, but not of a host, nor what is in no version
    r"(?!(?<=(?<!\b(?:host(?:name)?|peer|connect\w{0,4}|server|client|addr(?:ess)?|ip|from|to|at"
    r"|remote|local|gateway|dns|router|node|proxy|via|listen\w{0,3}|bind|ping)[\x20:]{1,2})"
    r"\b(?:vers?|rev|v)\.[\s:=_-]{0,2})[12]?\d\.\d{1,2}\.)"
    r"(?<!\b(?:Chrome|Chromium|CriOS|Firefox|FxiOS|Electron|Edge?|OPR|Opera|Safari|SamsungBrowser"
    r"|YaBrowser)/)"
)


_STAGE: Final = r"(?:signed|release|snapshot|alpha|beta|rc|debug|dev|preview|lts|ca|sa)(?![a-z])"
"""What follows a version after a dash."""
_NOT_AFTER_AN_ADDRESS_IS_TOLD: Final = (
    r"(?<!(?:ip|addr|address|from|to|tcp|udp|peer|client|host|server|for)[\s:=\"'\[(_]{1,5})"
)
_ANY_ADDRESS: Final = r"0(?:\.0){3}(?::[\d*]|/0(?!\d))"
"""What a server listens on, or a route is for: `0.0.0.0:22`, `0.0.0.0/0`."""
_LABEL = r"[a-z\d][a-z\d-]{0,62}"
"""Of a domain, between its dots."""
_COUNTRIES = (
    r"de|fr|nl|es|eu|ru|cn|jp|ch|cz|hu|fi|hr|gr|dk|se|si|sk|ro|br|mx|kr|nz|au|za|ua|tw|vn|lv|bg|uk"
    r"|ca|pl(?=/)|ae|ar|az|ba|bd|bo|cy|ee|eg|gt|hk|hn|ie|ke|kg|kz|lb|lk|mn|mt|mz|ng|np|ph|qa|sg"
    r"|th|tn|ug|uy|uz|ve|zw|kiwi|\u0443\u043a\u0440|\u0440\u0444"
)
_HAVE_INFO = (
    r"log|logger|logging|console|debug|system|sys|file|info|build|package|wheel|distro|interfaces"
)
"""Objects in code that are asked for their `info`."""
_WORDS_TOO = r"am|at|be|by|cl|co|ec|ge|id|il|int|io|ir|is|it|lt|lu|ma|me|no|pe|pk|pt|to|tr|us"
"""Top levels that members, modules and words in code are named like."""
_NEW = r"tech|shop|cloud|online|xyz|blog|club|agency"
_NAMESPACES = (
    r"(?!(?:[\w-]{1,63}\.){0,4}(?:flutter|istio|k8s|kubernetes|docker|gcr|quay|grpc|etcd)\.io/)"
)
"""Domains that name code: `plugins.flutter.io/camera`, `rbac.authorization.k8s.io/v1`."""
_SECOND_LEVEL = r"com|co|org|net|edu|gov|gob|gouv|ac|or|go|ne|sch|web|mil|info|school"
_FILES = r"(?:js|ts|cs|go|py|rb|rs|so|sh|md|cc|hs|ml|kt|vb|gz|xz|db)(?![a-z])"
"""Top and second levels that are seldom the end of a file's or a member's name.

Not among them: `.at`, `.in`, `.is`, `.it`, `.me`, `.no`, `.to`, and `.cc`, `.md`, `.pl`, `.py`,
`.rs`, `.sh`, `.so`.
"""
_LANGUAGES = (
    r"(?:lang|langs|languages?|locales?|i18n|l10n|translations?|messages)\.[a-z]{2}(?![\w.-])"
)
_HOSTING = (
    r"(?:git(?:hub|lab)\.io|(?:vercel|netlify|web|firebaseapp|fly)\.(?:app|dev)"
    r"|(?:pages|workers)\.dev|ngrok(?:-free)?\.(?:io|app))"
)
"""Where everybody may have a subdomain (the Public Suffix List's private part)."""
_OF_GO = (
    r"(?!(?<=git(?:hub|lab)\.com|bitbucket\.org|golang\.org|uber\.org|(?:k8s|etcd|gorm|istio)\.io"
    r"|gopkg\.in)"
    r"/[\w~%+/.-]{1,255}?[a-z\d_]\.[a-z]\w{0,99}(?:\.func\d|\(|$|\s)"
    r"(?<!\.(?:git|html|json|txt|zip|tgz|tar|jpg|png|pdf|xml|php)[\s(]?))"
    r"(?!/[\w~%+/.-]{1,255}?[a-z\d_]\.(?:\(\*?\w|[A-Z]\w|func\d|init\.\d))"
    # of hosts of many projects, with what a trace of a stack has behind it
    r"(?!(?<=(?:kubesphere|opentelemetry|containerd|cilium)\.io|(?:knative|grpc)\.dev|helm\.sh)"
    r"/[\w~%+/.-]{1,255}?[a-z\d_]\.[a-z]\w{0,99}\((?:0x[\da-f]|\.\.\.\)|\{0x))"
)
"""A name of a function in Go starts with its package's path: `example.com/a/b.(*T).Run`."""


class WebAddressRecognizer(ValuePatternRecognizer):
    """Finds URLs whole: their hosts, paths and queries may all name somebody.

    A browser's own script files (`chrome://resources/a.js`) are the same for everybody and stay.
    """

    ENTITY = "URL"
    SCORED_PATTERNS = (
        (
            "URL with a scheme",
            r"(?<![\w+.-])(?!(?:chrome|chrome-extension|edge|moz-extension|resource"
            r"|webpack(?:-internal)?)"
            r"://[\w./@~-]{0,255}\.[cm]?jsm?(?![\w?#./]))(?!tcp://docker(?::237\d)?(?![\w.:/-]))"
            r"(?!chrome://resources/[\w./-]{1,255}(?![\w?#./]))"
            r"[a-z][a-z0-9+.-]{1,30}://[^\s\"'<>`{}|\\^]{1,8192}"
            # joined to a word
            r"|(?<=[\w+.-])(?:https?|ftp)://[^\s\"'<>`{}|\\^]{1,8192}",
            0.9,
        ),
        ("host in www", r"(?<![\w.@-])www\.[\w-]{1,63}\.[^\s\"'<>`{}|\\^]{2,2048}", 0.7),
        (
            "domain",
            r"(?-i:(?<![\w@./:\\$-])(?!(?:java|javax|sun|asp|system|vb|ado|ml|xamarin)\.net)"
            rf"(?!(?:[\w-]{{1,63}}\.){{0,3}}{_LANGUAGES})"
            rf"(?!(?:{_HAVE_INFO})\.info)"
            # a server's own name may be in capitals
            r"(?:[A-Z\d][A-Z\d-]{0,62}\.(?=[a-z\d-]{1,63}\.[a-z\d-]{1,63}\.))?"
            r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
            rf"(?:com|org|net|edu|gov|mil|(?<!\.(?:{_HAVE_INFO})\.)info|biz|{_COUNTRIES}"
            rf"|(?:{_SECOND_LEVEL})\.(?!{_FILES})[a-z]{{2}}|{_HOSTING})"
            # the scan knows a word's end, and not what may not follow
            rf"\b{_OF_GO})(?![\w(\\$<\[-]|\.\w|:(?!\d{{2,5}}(?![\w:])|\x20"
            r"|$))(?:/[^\s\"'<>`{}|\\^]{1,2048})?",
            0.5,
        ),
        (
            # no name in code has a dash, and no member a slash after it
            "domain with a dash or a path",
            rf"(?-i:(?<![\w@./:\\$-])(?<!\bapiVersion:\x20){_NAMESPACES}(?:{_LABEL}\.){{0,3}}"
            rf"(?:[a-z\d]{{1,32}}-[a-z\d-]{{1,30}}\.(?:{_WORDS_TOO}|{_NEW})(?![\w(\\$<\[-]|\.\w"
            r"|:(?!\x20|$))"
            rf"|[a-z\d]{{1,32}}-[a-z\d-]{{1,30}}\.(?:{_LABEL}\.){{2,4}}(?!(?:id|is|it|to|by|at|me"
            rf"|am|be|no|int)\b)(?:{_WORDS_TOO})(?![\w(\\$<\[-]|\.\w"
            r"|:(?!\d{2,5}(?![\w:])|\x20|$))"
            rf"|{_LABEL}\.(?:{_WORDS_TOO}){_OF_GO}/\w[^\s\"'<>`{{}}|\\^]{{0,2048}}))",
            0.5,
        ),
        (
            "domain after a word",
            r"\b(?:web\x20?site|home\x20?page|domain(?:\x20name)?|blog"
            r"|site)(?:\x20(?:is|was|at))?[\x20:=]{1,2}[\"'\u201c]?"
            r"(?!(?:com|org|net|io"
            rf"|edu)\.)(?P<value>(?:{_LABEL}\.){{1,20}}[a-z]{{2,24}})(?![\w(\\$<\[-]|\.\w|::)",
            0.6,
        ),
        (
            "domain that is visited or connected to",
            r"\b(?:visit|(?:connect(?:ion|ed|ing)?|request|redirect(?:ed|ing)?|download)\x20(?:to"
            r"|from))\x20[\"']?"
            r"(?-i:(?!(?:self|this|java|javax|android|kotlin|system|com|org|net"
            rf"|io)\.)(?P<value>(?:{_LABEL}\.){{1,4}}(?:{_WORDS_TOO})))(?![\w(\\$<\[-]|\.\w|::)",
            0.6,
        ),
        (
            "URL encoded within another",
            r"(?:https?|ftp)%3A%2F%2F[^\s\"'<>&]{1,4096}",
            0.8,
        ),
    )


_VERSION: Final = re.compile(r"(?!0|2[2-5]\d)\d{1,3}(?:\.0){3}|0(?:\.\d{1,2}){3}(?<!0\.0\.0\.0)")
"""A version as four numbers that is no computer's address."""
_OF_A_VERSION: Final = (
    rf"(?:[1-9](?:\.\d{{1,2}}){{2}}\.0(?!\d|:\d{{2}}|/\d|\x20port)|{_IPV4}-{_STAGE}"
    r"|(?<=(?-i:[A-Z]_))\d\.)"
)
"""What is a version more often than an address: `4.2.1.0`, `4.2.1.7-beta`, `ZLIB_1.2.7.1`."""


class InternetAddressRecognizer(ValuePatternRecognizer):
    """Finds IPv4 and IPv6 addresses, and leaves versions and C++ names alone.

    Public resolvers, what clouds and emulators have for themselves, and the multicast addresses of
    all nodes (RFC 4291 section 2.7.1) are the same for everybody and stay.
    """

    ENTITY = "IP_ADDRESS"
    SCORED_PATTERNS = (
        (
            "IPv4",
            r"(?<![\d.]|\d~|~~|\d-|\d_"
            rf"|func){_VERSION_BEFORE}(?!(?<=[a-z])0)(?!{_ANY_ADDRESS})"
            rf"(?!{_NOT_AFTER_AN_ADDRESS_IS_TOLD}{_OF_A_VERSION})"
            rf"{_IPV4}(?:(?!\d|\.\w|-\d|_\w|\)\x20<[0-9a-f]{{8}}[0-9a-f-]{{8}})"
            # at the start of a name
            rf"|(?<=(?<![\w.-]){_IPV4})(?=\.[a-z]))",
            0.7,
        ),
        (
            "IPv4 in what is encoded for a URL",
            r"(?<!(?:(?<!ser|dri|recei|o|ri)ver|version|release"
            r"|build)(?:%(?:25)?(?:20|22|3A|3D)){0,3})%(?:25)?(?:0[9AD]|2[0-9A-F]|3[A-F]|40"
            rf"|5B)(?<=[0-9])(?P<value>{_IPV4})(?![\d.]|-\d|_\w)",
            0.7,
        ),
        (
            "IPv6",
            r"(?:^|[^\w:.>)])(?P<value>(?!(?<=\bThread\x20)\d{1,4}::)(?=[0-9a-f:]{0,60}(?:\d"
            r"|[0-9a-f]:[0-9a-f]))"
            rf"(?:(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUP}:){{6}}{_IPV4}"
            rf"|(?:{_GROUP}(?::{_GROUP}){{0,6}})?::(?:{_GROUP}:){{0,6}}(?:{_IPV4}|{_GROUP})?)"
            r"(?<![0-9a-f]:)(?:%\w{1,16})?)(?!\w|:(?!\d{1,5}(?![\w:])|[^\w:]|$))",
            0.7,
        ),
        (
            "IPv6 after a key or an arrow",
            # only what the Internet or a local link uses
            r"(?:\w:|->)(?P<value>(?:(?:[23][0-9a-f]{3}|f[cde][0-9a-f]{2}|64):[0-9a-f:]{1,33}"
            r"|::ffff:(?=\d)[0-9a-f:.]{1,15})[0-9a-f](?:%\w{1,16})?)"
            r"(?!\w|:(?!\d{1,5}(?![\w:])|[^\w:]|$))",
            0.7,
        ),
        (
            "IPv6 in what is encoded for a URL",
            r"(?:(?<![\w%])|%(?:25)?(?:20|22|3D|2[56CF]|5B))(?P<value>(?=[a-f]{0,4}\d"
            r"|[a-f]{0,4}(?:%(?:25)?3A){1,2}[a-f]{0,4}\d)"
            r"(?:[0-9a-f]{0,4}%(?:25)?3A){3,7}[0-9a-f]{0,4})(?!\w|%(?:25)?3A)",
            0.7,
        ),
        ("IPv6 in brackets", r"\[(?P<value>(?:[0-9a-f]{0,4}:){2,8}[0-9a-f]{0,4})[\]%/]", 0.7),
    )
    _EVERYBODYS: Final = frozenset(
        ipaddress.ip_address(each).packed
        for each in (
            "1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "169.254.169.254", "10.0.2.2",
            "100.115.92.92", "::", "ff01::1", "ff01::2", "ff02::1", "ff02::2",
        )
    )  # fmt: skip

    def accepts(self, value: str) -> bool:
        """Refuse what is no address, or everybody's: a mask, or `119.0.0.0`, a version."""
        if _VERSION.fullmatch(value):
            return False
        try:
            address = _packed(decoded(value))
        except ValueError:
            return False
        return address not in self._EVERYBODYS and not _is_mask(address)


def _packed(value: str) -> bytes:
    """Return the 4 or 16 bytes of an address, without its zone, or zeros before its numbers.

    Raises:
        ValueError: it is none.
    """
    if ":" in value:
        return ipaddress.IPv6Address(value.split("%", 1)[0]).packed
    return bytes(map(int, value.split(".")))


_COLON: Final = re.compile(r"%(?:25)?3A", re.IGNORECASE)


def decoded(value: str) -> str:
    """Return an address with colons where they were encoded for a URL, once or twice."""
    return _COLON.sub(":", value) if "%" in value else value


def _is_mask(address: bytes) -> bool:
    """Tell whether an address is a network's mask: ones, eight or more, before zeros."""
    zeros = int.from_bytes(address, "big") ^ 0xFFFFFFFF
    return len(address) == _IPV4_BYTES and zeros < 1 << 24 and zeros & (zeros + 1) == 0
