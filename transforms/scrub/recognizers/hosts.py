"""Names of machines: after a key that tells so, and in the forms that systems give."""

import re
from typing import Final

from transforms.scrub.recognizers.key_values import ASSIGNED
from transforms.scrub.recognizers.placeholders import (
    NO_VALUE,
    SOURCE_FILE,
    WORDS_ABOUT_AN_OPTION,
    is_placeholder,
)
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_NO_HOST: Final = NO_VALUE | {
    "no",
    "the",
    "unreachable",
    "down",
    "closed",
    "localhost",
    "intel",
    "amd",
}
"""Words that messages go on with, and processors: Java's reports say `Host: Intel(R)`."""
_NO_PORTS_NAME: Final = (
    r"(?!(?:the|a|an|this|that|its|remote|local|serial|parallel|debug|debugger|usb|tcp|udp|http"
    r"|https|ssh|proxy|server|peer"
    r"|client|destination|device|adb|com\d?|on|via|at)\x20)"
)
"""What a port has in front of it where no host does: `connected to debug port 9222`."""
_NO_SERVERS_NAME: Final = (
    r"(?!\x20(?:localhost|server|host|port|address|endpoint|socket|proxy|remote|peer|backend"
    r"|upstream|line)\b)"
)
"""What a message calls a server in place of its name."""
_NOT_OF_AN_OPTION: Final = (
    rf"(?!(?:{WORDS_ABOUT_AN_OPTION}"
    r"|to|in|on|of|as|from|the|an?|this|value|name|hostname|host|address|ip)(?![\w-]|\.\w))"
)
"""What is said of an option in place of its value, and what messages call a host's name."""
_CLASS_OF_A_VIEW: Final = re.compile(r"(?:UI|NS|WK)[A-Z][a-z]\w*")
_MAKER: Final = (
    r"(?:pc|unknown|none|apple|w64|redhat|suse|alpine|poky|buildroot"
    r"|oe|openwrt|cros|uwp|wrs|fslc|amazon|sun|ibm)"
)
_SYSTEM: Final = (
    r"(?:none|linux|windows|uefi|fuchsia|emscripten|wasi\w{0,4}|cygwin|msys|unknown|elf|eabi"
    r"|(?:darwin|mingw|freebsd|netbsd|openbsd|dragonfly|solaris|ios|tvos|watchos"
    r"|macosx?)(?:\d{1,3}(?:\.\d{1,3}){0,2})?)"
)
_BINARY: Final = (
    r"(?:elf|e?abi(?:hf)?|msvc|simulator|macabi"
    r"|(?:gnu|musl|uclibc|android)(?:e?abi(?:hf|64|n32)?|x32|sf|_ilp32)?\d{0,2})"
)
_NOBODYS: Final = re.compile(
    r"(?:x86_64|i[3-6]86|amd64|aarch64(?:_be)?|arm64(?:e|_32)?"
    r"|(?:arm|thumb)(?:eb|v[4-9][a-z]{0,3}(?:\.\w{1,8})?)?"
    r"|mips(?:isa\d{2}r[26])?(?:64)?(?:r6)?(?:el|eb)?"
    r"|(?:powerpc|ppc)(?:64)?(?:le)?|riscv(?:32|64)(?:gc|i[a-z]{1,4})?|s390x?|sparc(?:64|v9)?"
    r"|loongarch(?:32|64)|wasm(?:32|64))"
    rf"-(?:{_MAKER}-{_SYSTEM}(?:-{_BINARY})?|{_SYSTEM}-{_BINARY})"
    # where many builds have Docker
    r"|tcp://docker(?::237\d)?",
    re.IGNORECASE,
)
"""What a compiler works for, and a service by what it is."""


class HostNameRecognizer(ValuePatternRecognizer):
    """Finds names of machines: after a key that tells so, and in the forms that systems give."""

    ENTITY = "HOST_NAME"
    SCORED_PATTERNS = (
        (
            "host by its key's name",
            r"(?<![a-z])(?:r?host(?:[\x20_-]?name)?|fqdn|computer(?:[\x20_-]?name)?"
            r"|(?:machine|workstation|node)[\x20_-]?name|device[_-]?name"
            r"|server[_-]?name|workstation|netbios[_-]?name|userdomain(?:_\w{1,20})?"
            r"|(?-i:CLIENTNAME)"
            r"|rechner[_-]?name|nombre\x20del\x20equipo|nom\x20de\x20l['\u2019]ordinateur)"
            + ASSIGNED,
            0.8,
        ),
        (
            "host by a key in camel case",
            r"(?<=[a-z])(?-i:Host(?:[Nn]ame)?|(?:Server|Computer|Machine|Node)Name)" + ASSIGNED,
            0.7,
        ),
        (
            "host after a word",
            r"\b(?:(?:un)?known\x20host|resolv(?:e|ed|ing)(?:\x20host)?|lookup|host|hostname"
            r"|server:?|UnknownHostException:|ENOTFOUND)"
            r"\x20[\"'“]?(?!(?:com|org|net|io|de"
            r"|edu)\.)(?P<value>(?:[\w-]{1,63}\.){1,20}[a-z]{2,24})(?![\w.]{0,64}\()",
            0.6,
        ),
        (
            "host that cannot be reached",
            r"\bUnknownHostException:\x20(?!unable\b)(?P<value>[\w.-]+)(?=:|$)"
            r"|\b(?:ENOTFOUND|EAI_AGAIN)\x20(?P<value>[\w.-]{2,253}"
            r"(?:\x20[\w.-]{2,253}:\d{1,5})?)"
            r"|\blookup\x20(?P<value>[\w.-]{2,253})(?=:\x20no\x20such\x20host|\x20on\x20\d)"
            r"|(?<![\w./-])(?!(?:localhost|https?|tcp"
            r"|udp)/)(?P<value>(?=[\d-]{0,64}[a-z])[\w.-]{1,252}\w)/(?:\d{1,3}(?:\.\d{1,3}){3}:\d"
            r"|(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2}\])"
            r"|\bto\x20host\x20(?P<value>[\w.-]+)(?=\x20port\x20\d)",
            0.7,
        ),
        (
            "host that a message speaks of",
            r"\bhost(?:\x20?name)?\x20[\"'](?P<value>[\w.-]{2,253})[\"']"
            r"|(?<![\w-])--?(?:host(?:-?name)?"
            rf"|fqdn)\x20{{1,4}}{_NOT_OF_AN_OPTION}"
            r"(?P<value>(?=[\d.-]{0,64}[a-z])[a-z\d][\w.-]{1,252})(?![\w.-]|\()|\bconnect(?:ion|ed"
            rf"|ing)?\x20to\x20{_NO_PORTS_NAME}(?P<value>"
            r"(?=[\d.-]{0,64}[a-z])[\w.-]{2,253})\x20port\x20\d{2}"
            r"|\bto\x20host\x20(?P<value>[\w.-]{2,253}):\d{2,5}\x20"
            r"|\bping\d?:\x20(?P<value>[\w.-]{2,253}):\x20(?:name\x20or|temporary|no\x20address"
            r"|unknown\x20host)|\bresolve\x20hostname\x20(?P<value>[\w.-]{2,253}):\x20"
            r"|\bdial\x20\w{2,8}:\x20lookup\x20(?P<value>[\w.-]{2,253}):\x20"
            r"|(?-i:\bLOGONSERVER=\\{2,4})(?P<value>[\w.-]{2,64})"
            r"|(?-i:\b(?:rabbit|celery)@)(?P<value>[\w.-]{2,253})"
            r"|(?<=[\"']@)[\"'](?P<value>[\w.-]{2,253})[\"']"
            r"|\b(?:connect|connection)\x20(?:timed\x20out:|refused:"
            rf"|to){_NO_SERVERS_NAME}\x20(?!{SOURCE_FILE}:)"
            r"(?P<value>(?=[\d.-]{0,64}[a-z])[\w.-]{2,253}):\d{2,5}(?![\w:])"
            r"|\bauthenticating\x20to\x20(?P<value>[\w.-]{2,253}):\d"
            r"|\bNoRouteToHostException:\x20(?P<value>[\w.-]{2,253})(?=$|:\d)"
            r"|\b(?:ping|traceroute\x20to)\x20(?P<value>(?=[\d.-]{0,64}[a-z])[\w.-]{2,253})\x20\("
            r"(?:\d{1,3}\.\d|[0-9a-f]{1,4}:)"
            r"|\bcertificate\x20is\x20valid\x20for\x20"
            r"(?P<value>[\w.*-]{2,253}(?:,\x20[\w.*-]{2,253}){0,16})(?=,\x20not\x20)"
            r"|\b(?:E|H)(?:E|H)LO\x20(?!(?:host\x20?name|domain|[eh][he]lo|mail|or|and|is|was"
            r"|will|must|not|before|with|without|command|response|greeting|reply|failed"
            r"|first)\b)(?P<value>[a-z][\w.-]{1,252})(?=$|\s)",
            0.7,
        ),
        (
            "host in a variable of an environment",
            r"(?-i:\bDISPLAY=)(?!unix:)(?P<value>[\w.-]{2,253}):\d"
            r"|\b(?:https?|ftp|all|socks)_proxy=(?P<value>[\w.-]{2,253}):\d"
            r"|\bSESSION_MANAGER=local/(?P<value>[\w.-]{2,253}):@",
            0.7,
        ),
        (
            "server of a volume that is mounted",
            r"(?<![\w./-])(?P<value>[\w.-]{2,253}):/\S{1,255}\x20on\x20/\S{1,255}\x20type\x20nfs"
            r"|\bmount\.cifs\x20//(?P<value>[\w.-]{2,253})/"
            r"|(?<![\w:/])//(?P<value>[\w.-]{2,253})/\S{1,255}\x20on\x20/\S{1,255}\x20type\x20"
            r"(?:cifs|smb)"
            r"|\\{2,4}[?.]\\{1,2}UNC\\{1,2}(?P<value>[\w.$-]{2,255})\\",
            0.7,
        ),
        (
            "name of Windows in capitals",
            r"(?-i:\b(?:[Tt]he\x20(?:computer|machine)|NetBIOS\x20name|printer\x20on"
            r"|is\x20unavailable\x20on)\x20"
            r"(?P<value>(?!(?:X\d\d|ARM\d*|AMD\d*|LPT\d|USB\d*|COM\d|SSE\d*|AVX\d*|WIN\d\d|IPV\d"
            r"|HTTP\d?|UTF-\d+)\b)"
            r"(?=[A-Z]{1,14}[\d-]|[A-Z]{6})[A-Z][A-Z\d-]{2,14})(?![\w-]|\.\w))",
            0.6,
        ),
        (
            "domain in a name of a directory",
            r"\bDC=(?!(?:corp|internal|domain|intranet|ad"
            r"|ds),)(?P<value>[\w-]{1,63}(?:,\x20?DC=[\w-]{1,63}){1,6})(?![\w-])",
            0.7,
        ),
        (
            "server of a database",
            r"\bdata\x20source\s?=\s?(?:tcp:)?(?![\w.-]{1,128}\.(?:db\d?|sqlite\d?|mdf|sdf|mdb"
            r"|accdb|xlsx?|csv)\b)"
            r"(?P<value>[\w.-]{2,253})(?=[;,\\\"']|$)"
            r"|\bserver\s?=\s?(?:tcp:)?(?P<value>[\w.-]{2,253})"
            r"(?=[\\,;][^\r\n]{0,96}\b(?:database|initial\x20catalog|user\x20id|uid"
            r"|trusted_connection)\s?=)",
            0.7,
        ),
        (
            "host in a line of a system's log",
            r"(?-i:^(?:[A-Z][a-z]{2}\x20[\x20\d]\d\x20\d\d:\d\d:\d\d"
            r"|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d))"
            r"\x20(?P<value>(?!localhost\b|kernel:)[\w.-]+)\x20[\w./-]+(?:\(\w+\))?(?:\[\d+\])?:)"
            r"|^<\d{1,3}>1\x20\d{4}-\d\d-\d\d\S{1,24}\x20(?P<value>(?!localhost\b"
            r"|-)[\w.-]+)\x20[\w./-]+\x20(?:-|\d+)\x20",
            0.6,
        ),
        (
            "host in uname",
            r"(?-i:\bLinux\x20(?P<value>(?!version\b)[\w.-]+)\x20\d{1,2}\.\d{1,3}\.\d)",
            0.7,
        ),
        (
            "Windows' default name",
            r"(?-i:\b(?:(?:DESKTOP|LAPTOP|WIN|PC)-(?=[A-Z]{0,11}\d)[A-Z0-9]{6,12}"
            r"|(?:DESKTOP|LAPTOP)-[A-Z]{7}|WIN-[A-Z]{11})\b)",
            0.8,
        ),
        ("computer of an event", r"<Computer>(?P<value>[^<>]{1,255})</", 0.8),
        (
            "name with a kind of machine",
            r"(?-i:(?<![\w-])(?!(?:THE|MY|YOUR|NON|IBM|TABLET|GAMING|MINI|Next|Return|Caller"
            r"|Current|Start|End)-)[A-Z][A-Za-z\d]{2,14}-(?:PC|LAPTOP|DESKTOP"
            r"|NOTEBOOK)(?![\w-]))",
            0.7,
        ),
        (
            "Apple's default name",
            r"\b(?!(?:on|for|simulator|safari|test|non|mobile)-)[\w-]{1,40}-(?:MacBook(?:-Pro"
            r"|-Air)?|iMac(?:-Pro)?|Mac-(?:mini|Pro|Studio)|(?-i:Mac|MAC)|iPhone|iPad)"
            r"(?:-\d{1,3})?(?:\.(?:local|lan|home))?(?![\w-])",
            0.8,
        ),
        (
            "a person's device",
            r"\b(?!(?:it|that|this|there|here|what|let|he|she|who|where|user|users|today|caller"
            r"|callee|frame|function|thread|device|server)['\u2019])\w{1,40}(?:'"
            r"|\u2019)s[\x20-](?:iPhone|iPad|iMac|MacBook|Mac|Apple\x20Watch|AirPods|HomePod"
            r"|Beats|Galaxy|Pixel|Phone|(?-i:PC)"
            r"|Laptop|Desktop|Tablet|Computer)\b(?:[\x20-](?:Pro|Air|mini|Max|Plus|Ultra|Studio"
            r"|\d{1,3})\b){0,4}",
            0.8,
        ),
        (
            "a person's device in other languages",
            r"(?-i:\b(?:iPhone|iPad|iMac|MacBook(?:\x20(?:Pro|Air))?|Mac(?:\x20mini)?"
            r"|Apple\x20Watch)"
            r"\x20(?:von|van|de|di|da)\x20(?=[A-Z]|[^\x00-\x7f])[\w-]{2,40})",
            0.7,
        ),
        (
            "name in a local zone",
            r"(?<![\w./\\@-])(?!_?(?:thread|threading|greenlet|gevent|eventlet|asgiref|werkzeug"
            r"|this|self|time|datetime|datetimekind|kotlin|itab|config|settings"
            r"|app)\.)[a-z\d-]{2,63}"
            # the scan knows a word's end, and not what may not follow
            r"\.(?-i:[Ll]ocal|LOCAL|[Ll]an|LAN|[Ll]ocaldomain|LOCALDOMAIN|fritz\.box|[Ii]nternal"
            r"|INTERNAL|[Cc]orp|CORP)\b(?![\w(:-]|\.\w)",
            0.6,
        ),
        (
            "name made of an address",
            r"\b(?:ip|ec2)-\d{1,3}(?:-\d{1,3}){3}(?:\.[\w-]{1,63}){0,8}"
            # in a network of one's own (RFC 1918)
            r"|(?<=\b(?:for|from|to|host|node|at|ip|peer|client|server|address)\x20)"
            r"(?:10-\d{1,3}|172-(?:1[6-9]|2\d|3[01])|192-168)-\d{1,3}-\d{1,3}(?![\w-])"
            r"|(?<![\w.-])\d{1,3}(?:-\d{1,3}){3}\.(?:[\w-]{1,63}\.){0,4}(?:dyn|dsl|cable|pool"
            r"|static|cpe|client|broadband|dialup|customer)\w{0,16}(?:\.[a-z][\w-]{1,62}){1,4}",
            0.7,
        ),
        (
            "name of a device that speaks Bluetooth",
            r"\b(?:bluetooth|bt)[_\x20]?(?:device[_\x20]?)?name\s?[:=]\s?[\"']?"
            r"(?P<value>[^,;\"'{}<>\r\n]{2,48})"
            r"|\b(?:CBPeripheral|BluetoothAdapter|BluetoothDevice|UIDevice"
            r"|AVAudioSessionPortDescription)\b[^\r\n]{0,120}?"
            r"\bname\s?=\s?[\"']?(?P<value>(?!\(null\))[^,;\"'<>\r\n]{2,48})",
            0.7,
        ),
        ("UNC path", r"(?<![\w\\:])\\\\(?:\\\\)?(?P<value>(?![?.]\\)[\w.$-]{2,255})\\", 0.7),
    )

    def accepts(self, value: str) -> bool:
        """Refuse the words that messages go on with: `No route to host: no further information`."""
        if is_placeholder(value) or _CLASS_OF_A_VIEW.fullmatch(value) or _NOBODYS.fullmatch(value):
            return False
        return value.lower().split(":", 1)[0] not in _NO_HOST and any(map(str.isalnum, value))
