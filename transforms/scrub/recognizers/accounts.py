"""Names and ids of accounts and of the people who have them, after what tells so."""

import re
from typing import Final

from transforms.scrub.recognizers.key_values import ASSIGNED, BESIDE_OR_ASSIGNED, NOT_A_TYPE
from transforms.scrub.recognizers.placeholders import (
    NO_VALUE,
    OF_A_MESSAGE,
    PACKAGE,
    is_placeholder,
)
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_NO_ACCOUNT: Final = NO_VALUE | {
    "string", "4294967295", "0", "-1", "self", "this", "super", "password",
}  # fmt: skip
_OF_CODE: Final = re.compile(
    r"0x(?=[a-fA-F]*\d)[0-9a-fA-F]{5,16}|(?:System|Microsoft)\.\w+\.\w.*"
    r"|(?=.*(?:[a-z]|\.)[A-Z])(?:[A-Za-z_]\w*\.){3,}[A-Za-z_]\w*"
)
"""A pointer, or the full name of a method: names of people have no capital within a word."""


_NO_SERVICE: Final = (
    r"(?!(?:root|system|nobody|daemon|administrator|service|local|network|unknown|null|none"
    r"|command)"
    r"(?![\w.-]))"
)
"""What runs without anybody's name."""
_NO_PERSON: Final = (
    r"(?!(?:root|system|shell|daemon|nobody|bin|sys|wheel|radio|media_rw|everybody|www-data"
    r"|_\w{1,31}|systemd-\w{1,24}|u\d{1,3}_a\d{1,6})\x20)"
)
"""Accounts that systems have for themselves, and Android's for each application."""
_NOT_OF_A_USER: Final = (
    r"(?!(?:root|nobody|system|input|data|agent|interface|mode|space|code|id|names?|accounts?"
    r"|profiles?|settings?|content|error|action|level|group|defined|supplied|provided|specified"
    r"|facing"
    r"|interactive|callback|requests?|namespace|process|context|service|session|tasks?|threads?"
    r"|jobs?|does|is|was|has"
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
_A_KIND: Final = (
    r"(?:(?:Swift\.|kotlin\.)?(?:string|str|char|text|varchar|any|unknown|u?int\d{0,2}"
    r"|[iuf]\d{1,3}|type|name|value|bool|bytes?|object|required|optional|null|nil|none|undefined"
    r"|user(?:name)?|pass(?:word)?|\$\w{1,32}|%s)(?![\w.@-]))"
)
"""What a parameter is declared as, or a word that stands for what is to be put."""
_A_COUNT: Final = r"(?:\d{1,6}[\x20,;&|]{1,2}\w{1,8}[:=]\x20?\d{1,5}(?![\w.@-]))"
"""A number before another: `user:12 pass:30`."""
_FOREIGN: Final = (
    r"(?:benutzer(?:name)?|anmeldename|vorname|nachname|nom\x20d['\u2019]utilisateur|utilisateur"
    r"|usuario|utente"
    r"|pr\wnom|nombre(?=\\?[\"'])|apellidos?"
    r"|cognome)(?!\\?[\"']?\s{0,4}[:=]\s{0,4}[\"']?\d{1,6}(?![\w.@-]))"
)
"""Keys in German, French, Spanish and Italian, where no mere number follows."""
_TOP_LEVEL: Final = (
    r"(?:com|org|net|edu|gov|info|biz|io|dev|app|cloud|chat|me|im|eu|de|fr|uk|us|ca|au|nz|at|ch"
    r"|li|lu|nl|be|it|es|pt|ie|se|no|dk|fi|ee|lv|lt"
    r"|cz|sk|si|hr|hu|ro|bg|gr|tr|ua|ru|jp|kr|cn|tw|hk|sg|in|il|za|br|mx|ar|co|xyz|social|tech"
    r"|online|systems|network|space|gg|tv"
    r"|local|localdomain|lan|internal|intranet|test|example)"
)
"""Where servers are, most of them: endings of files are no top-level domains here."""


class AccountRecognizer(ValuePatternRecognizer):
    """Finds names and ids of accounts after their key."""

    ENTITY = "ACCOUNT"
    SCORED_PATTERNS = (
        (
            "account by its key's name",
            r"(?<![a-z])(?:samaccountname|(?:subject|target|sam|caller|sudo_"
            r"|remote_)?user(?:[_-]?(?:name|id|uuid)"
            r"|\x20(?:name|id)(?!\s{0,4}[:=]\s{0,4}\d{1,6}\b))|(?:sudo|remote)_user|lname|logname"
            r"|login[_-]?(?:name|id)?|log(?:on|ged\x20in)[_-]?(?:name|as|user)?"
            r"|account[_-]?(?:name|id|number)|customer[_-]?(?:name|id)|member[_-]?id"
            r"|person[_-]?id|gaia[_-]?id"
            r"|(?:student|pupil|teacher|patient|employee|guest|passenger|person|contact|recipient"
            r"|beneficiary|payee)[_-]?name"
            r"|(?:first|last|full|given|sur|display|real|nick|middle"
            r"|card[_-]?holder)[\x20_-]?name|family_?name|screen[_-]?name"
            r"|owner[_-]?(?:name|id)?(?!\s?[:=]\s?(?-i:[A-Z]\w{1,40}\x20(?:Thread|Queue|Loop"
            r"|Process|Worker|Service)\b))"
            rf"|{_FOREIGN}|gamer[_-]?tag|psn[\x20_-]?id|assignee|approver|(?<!-)reviewer"
            r"|(?:created|updated|modified|submitted)[_-]?by"
            r"|author|e-?mail|recipient|sender|phone[_-]?(?:number)?|date[_-]?of[_-]?birth"
            r"|birth[_-]?(?:day|date))" + BESIDE_OR_ASSIGNED,
            0.8,
        ),
        (
            "user equals",
            r"(?<![\w-])(?:r?user|(?:login|a)?uid(?!\s?=\s?\d{1,5}(?![\w@/-]|\.\w))|acct"
            r"|-Duser\.name|user\.name)\s?=(?!\s\w+=)\s?[\"']?"
            r"(?P<value>[^\s\"'&,;<>()\[\]]{2,128})",
            0.7,
        ),
        (
            "user equals, at the end of a longer key",
            r"(?-i:(?<=[a-z])User|_(?:user|USER)"
            r"|(?:PG|P4|DB|FTP|SMTP|SVN|CVS)USER)\s?=(?!\s\w+=)\s?[\"']?(?!\d{1,4}\b"
            r"|[\w.]{1,64}\()(?P<value>[^\s\"'&,;<>()\[\]]{2,128})",
            0.7,
        ),
        (
            "user of a command line",
            r"(?<![\w-])--(?:user=|username[=\x20])(?P<value>[a-z_][\w.@\\-]{1,63})"
            r"|\b(?:psql|pg_[a-z]{2,12}|createdb|dropdb|smbclient|sqlcmd"
            r"|ipmitool)\x20[^\r\n]{0,80}?-U\x20?(?P<value>[a-z_][\w.@\\%-]{1,63})"
            # before a password, as clients of databases ask for both
            rf"|(?<![\w-])--?user(?:name)?[\x20=]{_NO_SERVICE}"
            r"(?P<value>[a-z_][\w.@\\-]{1,63})\x20{1,2}--?(?:pass(?:word|wd)?|pwd)[\x20=]"
            r"|\b(?:mysql|mariadb|mongo)\w{0,8}\x20(?:[^\r\n]{0,80}?\x20)?-u(?:\x20"
            rf"|(?=\S{{1,64}}\x20-p)){_NO_SERVICE}(?P<value>[a-z_][\w.@-]{{1,63}})(?=\x20|$)"
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
        (
            "first or last name at the end of a longer key",
            r"(?-i:(?<=[a-z])(?:(?:First|Last|Middle|Sur|Nick)Name|Nombre|Apellidos?|Vorname"
            r"|Nachname|Prenom|Cognome)(?=\\?[\"']"
            r"|[:=])(?!:\s{0,2}(?:(?:NS)?String|CharSequence|Any|Text)\b))" + BESIDE_OR_ASSIGNED,
            0.7,
        ),
        (
            "id of an account at a service",
            r"(?<![a-z])(?:(?:discord|facebook|google|twitter|steam|apple|player|gamer|chat"
            r"|patient|student|employee|firebase[\x20_-]?u)"
            r"[\x20_-]?id(?!\\?[\"']?\s{0,4}[:=]\s{0,4}[\"']?-?\d{1,4}\b)|fbid|player[_-]?name)"
            + ASSIGNED,
            0.7,
        ),
        (
            "account or room of Matrix",
            r"(?<![\w/:@.$\#!-])[@!\#](?!(?:file|param|get|set|field|property|receiver|delegate"
            r"|setparam):)"
            r"(?!\d+:|0x)(?P<value>[a-z\d][\w.=+/-]{0,254}:"
            rf"(?:[a-z\d](?:[a-z\d-]{{0,61}}[a-z\d])?\.){{1,6}}{_TOP_LEVEL})(?![\w(-]|\.\w)",
            0.7,
        ),
        (
            "number of an account by its form",
            r"(?-i:\b(?:cus|pm|acct)_(?=[A-Za-z]{0,24}\d)[A-Za-z\d]{14,32}\b)"
            r"|(?<![\w.+-])1[01]\d{19}(?![\w-]|\.\d)",
            0.7,
        ),
        (
            "account at Steam",
            r"\b(?P<value>7656119\d{10}|STEAM_[0-5]:[01]:\d{3,12})\b|\[U:1:(?P<value>\d{3,12})\]",
            0.8,
        ),
        (
            "user in quotes",
            r"\b(?:(?:user|login|owner|for\x20role)\s[\"'\u201c\u2018`]"
            r"|account\s[\"'\u201c\u2018])(?P<value>[^\"'\u201d\u2019`\s]{2,64})"
            r"[\"'\u201d\u2019`]"
            r"|\binvalid\x20user:\s[\"'\u2018](?P<value>[^\"'\u2019\s]{2,64})[\"'\u2019]"
            r"|[\"'\u2018](?P<value>[\w.-]{2,64})[\"'\u2019]:\x20no\x20such\x20user"
            r"|\buser:\x20(?:unknown\x20user|lookup\x20username)\x20(?P<value>[\w.-]{2,64})"
            r"|\brole\x20\"(?P<value>[^\"\s]{2,64})\"\x20does\x20not",
            0.7,
        ),
        (
            "user as a member",
            r"[\"'](?:user|login|owner)\\?[\"']\s{0,2}:\s{0,2}\\?[\"'](?P<value>[^\"'\\]{2,128})",
            0.7,
        ),
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
            "user before a password",
            rf"(?<![\w.-])(?:user(?:name)?|account|acct|login)[:=]\x20?(?!{_A_KIND}"
            rf"|{_A_COUNT})(?P<value>[\w.@\\-]{{2,64}})[\x20,;&|]{{1,2}}(?:pwd|pass(?:word|wd)?"
            rf"|pw)[:=](?!\x20?{_A_KIND})\x20?[^\s,;)]",
            0.7,
        ),
        (
            "user and groups of a process",
            r"\b(?:[eu]?[ug]id|groups)=\d{1,10}\((?P<value>[^()\s]{1,64})\)",
            0.7,
        ),
        (
            "account in an element or a key of a database",
            r"\bName=\"(?:\w{0,16}User|Account|Workstation)Name\">(?P<value>[^<]{1,64})<"
            r"|<(?:User|UserName|Account|Owner|Author)>(?P<value>[^<>\s]{2,64})</"
            r"|\bKey\x20\([\w\x20,\"]{0,64}(?:name|user|mail|phone|login"
            r"|account)[\w\x20,\"]{0,64}\)=\((?P<value>[^()]{1,128})\)",
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
            "user in a name of Amazon's",
            r"\barn:aws[a-z-]{0,8}:(?:iam|sts)::\d{12}:(?:user"
            r"|assumed-role/[\w+=,.@-]{1,64})/(?P<value>[\w+=,.@/-]{1,128})",
            0.8,
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
            rf"|whoami\s?(?:->|:))\x20{_NOT_OF_A_USER}{_NO_SERVICE}{_NO_STATE}"
            r"(?P<value>[a-z_][\w.\\-]{1,63})(?=[.,;)]?(?:\s|$))",
            0.6,
        ),
        (
            "principal of Kerberos or of a broker",
            r"\bprincipal(?:\x20is|:"
            r"|\x20=)?\x20(?:user:)?(?P<value>(?=[a-z\d.-]{2})[\w.-]{2,64}"
            r"(?:/[\w.-]{1,64})?@[\w.-]{2,128})"
            r"|(?-i:\bUser:)(?P<value>[\w.-]{2,64})(?=\x20is\x20(?:not\x20authorized|[Dd]enied"
            r"|[Aa]llowed))"
            r"|\bclient\x20not\x20found:?\x20(?P<value>[\w.-]{2,64}"
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
            "account in a name of Amazon's",
            r"\barn:aws[a-z-]{0,8}:[a-z\d-]{1,32}:[a-z\d-]{0,24}:(?P<value>\d{12}):",
            0.8,
        ),
        (
            "user of a shell, owner of a repository",
            r"\bauthenticating\x20to\x20[\w.:-]{2,253}\x20as\x20'(?P<value>[^'\s]{1,64})'"
            r"|\bgit@[\w.-]{2,253}:(?P<value>[\w.-]{1,64})/",
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
            "user's name of parts",
            r"\b(?:by|as|for|from|of)\x20user\x20(?P<value>[a-z][a-z0-9-]{0,30}(?:[._][a-z]"
            r"|\d)[\w-]{0,30})"
            r"(?![\w(:]|\.\w)",
            0.6,
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
            "comment of an SSH key",
            r"(?-i:\b(?:ssh|ecdsa)-[\w-]{3,40}\x20AAAA[A-Za-z0-9+/=]{16,2048}\x20)"
            r"(?P<value>[^\s\"']{2,128})",
            0.8,
        ),
        (
            "account for payments in India",
            r"(?<![\w.@+%-])[\w.-]{4,64}@(?:ybl|ibl|axl|apl|yapl|ok(?:axis|sbi|icici|hdfcbank)"
            r"|paytm|pt(?:yes|sbi|hdfc|axis)|wa(?:icici|hdfcbank|axis|sbi)|upi"
            r"|jupiteraxis|axisb|hdfcbank|icici|sbi|kotak|barodampay|idfcbank|freecharge"
            r"|ikwik)(?![\w@/-]|\.\w)",
            0.7,
        ),
        ("id before a mail address", r"\{id:\s?(?P<value>\d{6,24}),\s?email:", 0.7),
    )

    def accepts(self, value: str) -> bool:
        """Refuse words and placeholders that stand for no value, and reversed names of packages."""
        is_code = any(each.fullmatch(value) for each in (_OF_CODE, PACKAGE, OF_A_MESSAGE))
        if is_code or is_placeholder(value):
            return False
        return value.lower() not in _NO_ACCOUNT
