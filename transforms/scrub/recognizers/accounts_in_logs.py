"""Accounts in what systems and servers log, list and are told in commands."""

from typing import Final

from transforms.scrub.recognizers.account_values import NO_SERVICE, AccountRecognizer
from transforms.scrub.recognizers.key_values import NOT_A_TYPE

_NO_PERSON: Final = (
    r"(?!(?:root|system|shell|daemon|nobody|bin|sys|wheel|radio|media_rw|everybody|www-data"
    r"|_\w{1,31}|systemd-\w{1,24}|u\d{1,3}_a\d{1,6})\x20)"
)
"""Accounts that systems have for themselves, and Android's for each application."""
_NOT_OF_A_USER: Final = (
    r"(?!(?:root|nobody|system|input|data|agent|interface|mode|space|code|id|names?|accounts?"
    r"|profiles?|settings?|content|error|action|level|group|defined|supplied|provided|specified"
    r"|facing|interactive|callback|requests?|namespace|process|context|service|session|tasks?"
    r"|threads?|jobs?|does|is|was|has"
    r"|cannot|with|without|in|on|and|or|not|but|to|from)(?![\w.-]))"
)
_NO_STATE: Final = (
    r"(?!(?:(?:un|not_?)?(?:logged|signed|locked|banned|blocked|disabled|enabled|suspended"
    r"|deleted|removed|expired|verified"
    r"|authenticated|authorized|registered|connected|disconnected|denied|allowed|permitted"
    r"|required|expected|changed|created|muted|kicked"
    r"|available|able|valid|active)|invalid|inactive|anonymous|background|foreground|online"
    r"|offline|idle|away|absent"
    r"|missing|empty|null|nil|guest|now|still|already|no|the|an?|set|gone|being|too|only"
    r"|standalone|daemon|child|main|worker)(?![\w.\\-]))"
)
"""What is said of a user or of a process in one word."""
_HOW: Final = (
    r"(?!(?:just|never|ever|currently|successfully|automatically|recently|previously|manually"
    r"|silently|anonymously|first|last|newly|who|that|which"
    r"|must|should|may|can|will|would|had|gets?|got|be|been|if|when|because|due|after|before"
    r"|since|while|as|at|via|using|login|logon|authentication|password|details|validation"
    r"|events?|errors?|actions?|sessions|cache|state|record|table|history|feedback|count|group"
    r"|role|client|server|activit(?:y|ies)|messages?|logs?|info|infos|stats|metrics"
    r"|failed|failure|command|returned|exited|exit)(?![\w.\\-]))"
)
"""What stands between a user and what one did, or what is said of when."""


class AccountInLogRecognizer(AccountRecognizer):
    """Finds who did something, owns something or runs something."""

    SCORED_PATTERNS = (
        (
            "user of sshd, sudo and PAM",
            r"\b(?:for|invalid)\x20(?:(?:invalid"
            r"|illegal)\x20)?user\x20(?P<value>[\w.@-]+)(?=\x20(?:from\b|by\b|\[|\d{1,3}\.))"
            r"|\b(?:failed|accepted)\x20[\w/-]+\x20for\x20(?P<value>[\w.@-]+)(?=\x20from)"
            r"|\bsession\x20(?:opened|closed)\x20for\x20user\x20(?P<value>[\w.@-]+)"
            r"|\bsession\x20\w+\x20of\x20user\x20(?P<value>[\w@-]+)"
            r"|\bnew\x20user:\x20name=(?P<value>[\w.-]+)"
            r"|\bauthentication\x20failures\x20for\x20(?P<value>[\w.-]+)"
            r"|\bsu(?:\[\d+\])?:\x20\(to\x20[\w.-]+\)\x20(?P<value>[\w.-]+)(?=\x20on\x20)"
            r"|(?-i:\bsudo:\s{1,8}(?P<value>[\w.-]+)\x20:\x20)"
            r"|(?-i:(?:^|:\x20)\(?(?!root\))(?P<value>[\w.-]+)\)\x20CMD\x20\()",
            0.7,
        ),
        (
            "account in an event of Windows",
            r"\b(?:account\x20name|(?:nt\x20)?user(?:\x20name)?"
            r"|logon\x20account):\s{1,8}(?P<value>(?!\s|n/a|system\b)[^\s:]+)$"
            r"|\b(?:user|account|owner|as|by"
            r"|security\x20id)[:=\x20]{1,3}(?P<value>(?-i:[A-Z][A-Z\d-]{1,14}\\)[\w.$-]+)"
            r"|^(?P<value>(?-i:[A-Z][A-Z\d-]{1,14}\\[a-z][\w.-]*))(?=\x20logged)"
            # and in lines of other programs, before a comma or another key
            rf"|\buser:{NOT_A_TYPE}\x20{{1,9}}{_NOT_OF_A_USER}{_NO_STATE}(?![iu]\d{{1,3}}\b"
            r"|u?int\d)(?=[a-z_-]{0,63}[\d.@\\])"
            r"(?P<value>[a-z_][\w.@\\-]{1,63}(?=[,;]\x20|\x20[a-z]{2,16}[:=]))",
            0.7,
        ),
        (
            "user and groups of a process",
            r"\b(?:[eu]?[ug]id|groups)=\d{1,10}\((?P<value>[^()\s]{1,64})\)",
            0.7,
        ),
        (
            "values in a database's message",
            r"\bduplicate\x20entry\x20'(?P<value>(?!\d{1,12}')[^'\r\n]{1,256})'\x20for\x20key"
            r"|\bduplicate\x20key\x20value\x20is\x20\((?P<value>(?!\d{1,12}\))[^()\r\n]{1,256})\)"
            r"|\bfailing\x20row\x20contains\x20\((?P<value>[^\r\n]{1,2048}?)\)(?=\.|\s|$)"
            r"|\bdup\x20key:\x20\{[^{}\"]{0,64}\"(?P<value>[^\"]{1,128})\""
            r"|\btruncated\x20value:\x20'(?P<value>[^'\r\n]{1,256})'"
            r"|\bconverting\x20the\x20n?(?:var)?char\x20value\x20'(?P<value>[^'\r\n]{1,256})'"
            r"|\[parameters:\x20(?P<value>[^\]\r\n]{1,2048})\]",
            0.7,
        ),
        (
            "user who is asked for a password",
            r"(?<![\w.-])(?P<value>[\w.-]{1,64}@[\w.-]{1,253})'s\x20password"
            r"|\b331\x20password\x20required\x20for\x20"
            r"(?P<value>[\w@-]{1,64}(?:\.[\w@-]{1,64}){0,4})",
            0.8,
        ),
        (
            "user of Android",
            r"(?-i:\bUserInfo\{\d{1,4}:(?P<value>[^:{}]{1,64}):"
            r"|\bAccount\x20?\{name=(?P<value>[^,{}]{1,128}),)",
            0.8,
        ),
        (
            "user in a log of requests, in a prompt",
            r"^\S{1,64}\x20\S{1,32}\x20(?P<value>[a-z_][\w.@-]{1,63})\x20\[\d\d/\w{3}/\d{4}:"
            r"|\[(?P<value>[a-z_][\w.-]{0,31}@[\w.-]{1,64})\x20[^\]\r\n]{1,64}\][$\#]",
            0.7,
        ),
        (
            "user of the moment",
            r"\b(?:(?:current|effective)\x20user(?:\x20is|:)|impersonating\x20user"
            r"|(?:running|started)\x20as:"
            rf"|whoami\s?(?:->|:))\x20{_NOT_OF_A_USER}{NO_SERVICE}{_NO_STATE}"
            r"(?P<value>[a-z_][\w.\\-]{1,63})(?=[.,;)]?(?:\s|$))",
            0.6,
        ),
        (
            "principal of Kerberos or of a broker",
            r"\bprincipal(?:\x20is|:|\x20=)?\x20(?:user:)?(?P<value>(?=[a-z\d.-]{2})[\w.-]{2,64}"
            r"(?:/[\w.-]{1,64})?@[\w.-]{2,128})"
            r"|(?-i:\bUser:)(?P<value>[\w.-]{2,64})(?=\x20is\x20(?:not\x20authorized|[Dd]enied"
            r"|[Aa]llowed))|\bclient\x20not\x20found:?\x20(?P<value>[\w.-]{2,64}"
            r"(?:/[\w.-]{1,64})?@[\w.-]{2,128})"
            r"|\binode=\"/user/(?P<value>[\w.-]{2,64})",
            0.7,
        ),
        (
            "owner of a file in Hadoop",
            r"\binode=\"[^\"\r\n]{1,256}\":(?P<value>[\w.-]{2,32}:[\w.-]{2,32}):",
            0.7,
        ),
        (
            "who could not be authenticated",
            r"\bauth(?:entication)?\x20(?:failed|failure"
            rf"|error)\x20for\x20{_NOT_OF_A_USER}(?!(?:client|connection|host|peer|server|token"
            r"|call|url|domain)\x20)(?P<value>[a-z_][\w.@-]{1,63})(?=\x20from\b)"
            r"|\b5\d\d\x205\.\d\.\d\x20<(?P<value>[^<>\s]{1,64})>",
            0.7,
        ),
        ("user's number", r"\buser\x20id\x20(?P<value>\d{3,20})(?!\w)", 0.7),
        (
            "who logged in",
            r"\b(?:logged|signed)[\x20-](?:in|on)\x20as\x20(?:user\x20)?(?P<value>[\w.@-]{2,64})"
            rf"|\buser\x20{_NOT_OF_A_USER}{_NO_STATE}{_HOW}(?P<value>[a-z][\w.@\\-]{{1,63}})\x20"
            r"(?:(?:has|was)\x20)?(?:(?:just|successfully)\x20)?(?:logged|signed)[\x20-](?:in|out"
            r"|on|off)"
            r"(?=\s{0,2}$|[.,;:!)]|\x20(?:from|at|via|with|using|successfully|again|through|\(|\[))"
            r"|\blog(?:in|on)\x20(?:failed|succeeded|successful)\x20(?:for"
            rf"|by)\x20user:?\x20{_NOT_OF_A_USER}{_NO_STATE}{_HOW}"
            r"(?P<value>[a-z][\w.@\\-]{1,63})(?=[.,;]?(?:\s|$))",
            0.7,
        ),
        (
            "user that something runs as",
            r"\b(?:run|runs|running|start(?:ed|ing)?|launch(?:ed|ing)?|execut(?:ed?|ing)"
            r"|connect(?:ed|ing)?|process|container|command)"
            rf"\x20as\x20user:?\x20{_NOT_OF_A_USER}(?P<value>[a-z_][\w.-]{{1,31}})"
            r"(?=[.,;:)]?(?:\s|$))",
            0.6,
        ),
        (
            "owner of a file in a listing",
            r"(?-i:(?<![\w-])[bcdlps-](?:[r-][w-][xsStT-]){3}[.+@]?)\x20{1,4}(?:\d{1,6}\x20{1,8})?"
            rf"{_NO_PERSON}(?P<value>[a-z_][\w.@\\-]{{1,63}}[\x20/]{{1,16}}[a-z_][\w.@\\-]{{1,63}})"
            r"(?=\x20{1,16}\d[\d,]{0,15}\x20{1,4}(?:(?-i:[A-Z][a-z]{2})\x20|\d{4}-\d\d|\d\d?\x20))",
            0.7,
        ),
        (
            "owner of a process or a terminal in a listing",
            rf"^{_NO_PERSON}(?P<value>[a-z_][\w.+-]{{0,31}})\x20{{1,24}}"
            r"(?:\d{1,7}(?:\x20{1,4}\d{1,3}\.\d){2}(?:\x20{1,8}\d{2,9}){2}\x20"
            r"|\d{1,7}\x20{1,8}\d{1,7}\x20{1,8}\d{1,3}\x20{1,4}(?:\d\d:\d\d"
            r"|(?-i:[A-Z][a-z]{2})\d\d)\x20"
            r"|(?:pts/\d{1,3}|tty\w{1,4}|console|:\d)\x20{1,24}(?:\d{4}-\d\d|\d{1,3}\.\d|:\d"
            r"|(?-i:[A-Z][a-z]{2})\x20|\())",
            0.7,
        ),
        (
            "user of a command line",
            r"(?<![\w-])--(?:user=|username[=\x20])(?P<value>[a-z_][\w.@\\-]{1,63})"
            r"|\b(?:psql|pg_[a-z]{2,12}|createdb|dropdb|smbclient|sqlcmd"
            r"|ipmitool)\x20[^\r\n]{0,80}?-U\x20?(?P<value>[a-z_][\w.@\\%-]{1,63})"
            # before a password, as clients of databases ask for both
            rf"|(?<![\w-])--?user(?:name)?[\x20=]{NO_SERVICE}"
            r"(?P<value>[a-z_][\w.@\\-]{1,63})\x20{1,2}--?(?:pass(?:word|wd)?|pwd)[\x20=]"
            r"|\b(?:mysql|mariadb|mongo)\w{0,8}\x20(?:[^\r\n]{0,80}?\x20)?-u(?:\x20"
            rf"|(?=\S{{1,64}}\x20-p)){NO_SERVICE}(?P<value>[a-z_][\w.@-]{{1,63}})(?=\x20|$)"
            # as items of their own
            r"|[\"']--(?:user-?name"
            r"|login)\\?[\"'],\s{0,16}\\?[\"'](?P<value>[a-z_][\w.@\\-]{1,63})(?=\\?[\"'])"
            # of a router, which goes on with how the password is kept
            r"|\busername\x20(?P<value>[\w.@-]{1,64})\x20(?:privilege\x20\d{1,2}\x20)?(?:password"
            r"|secret)\x20[04-9]\x20"
            # beside the options of a client of a database, for `pip install -U` has no user
            r"|(?-i:\x20-[hdp]\x20[^\s-]\S{0,63}\x20-U\x20(?P<value>[a-z_][\w.-]{1,63})"
            r"|(?:^|\x20)-U\x20(?P<value>[a-z_][\w.-]{1,63})\x20-[hdpW](?!\w))",
            0.7,
        ),
    )
