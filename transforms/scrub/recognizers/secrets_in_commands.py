"""Secrets in commands: of shells, of databases, of programs' settings."""

from transforms.scrub.recognizers.placeholders import SAID_OF_AN_OPTION
from transforms.scrub.recognizers.secret_values import (
    NAMES,
    NOT_IN_BRACKETS,
    SecretRecognizer,
)


class SecretInCommandRecognizer(SecretRecognizer):
    """Finds what a program is given to be let in, as an option or in its environment."""

    SCORED_PATTERNS = (
        (
            "option of a command line",
            r"(?<![\w-])--?(?!no-)(?:(?:[a-z]{1,16}[_-]){0,2}(?:password|passwd|passphrase|pwd"
            r"|token|secret|psk|credentials?|(?:api|secret|access|auth|account|signing"
            r"|encryption)[_-]?key"
            r"|(?:private|licen[cs]e|master)[_-]?key(?!\s{1,4}(?:(?:key_?)?(?:file"
            r"|path)(?:_?name)?|value|key|string|str|text|pem)(?!\w)))"
            r"|(?:store|key|src"
            rf"|dest)pass)(?:\s{{1,4}}{NOT_IN_BRACKETS}{SAID_OF_AN_OPTION}"
            r"(?P<value>[^\s-]\S{0,255})"
            rf"|\\?[\"'],\s{{0,4}}\\?[\"'](?!{NAMES}\b)(?P<value>[^\s\"'-][^\s\"'\\]{{0,255}})"
            r"(?=\\?[\"']))"
            # a property of Java's that goes on behind the name
            r"|(?<![\w-])-D[\w.-]{1,80}?(?:password|passwd|passphrase|secret"
            r"|token)(?:\.(?!(?:files?|path|dir|length|size|type|names?|provider|encoder|policy"
            r"|ttl|timeout|enabled|algorithm"
            r"|validity|expir\w{1,8}|level|rotation|lifetime|format|store|source|class|mode|scope"
            r"|ur[il]|endpoint|header|issuer|audience|prefix|cache|refresh|retry|retries|max|min"
            r"|required|check|hash|iterations|cost|strength|rules|charset|encoding|version"
            r"|interval|age|duration|days|hours|minutes|seconds|count|limit"
            r"|bits)\b)\w{1,32}){1,2}=(?!(?:\d{1,7}|true"
            r"|false|yes|no|on|off)(?![\w.-]))(?P<value>[^\s,;\"']{1,256})",
            0.8,
        ),
        (
            "credentials of a command line",
            r"(?<=\x20)(?:-u|--user)[\x20=]{1,4}(?!\d+:\d)(?![\"']?\$[^\s:]{1,64}[\"']?:[\"']?\$)"
            r"(?P<value>[^\s:/]+:[^\s/]+)"
            r"|\b(?:sshpass|login(?:\x20-u\x20\S+)?)\x20-p\x20?(?P<value>\S+)"
            r"|\blogin\x20(?P<value>\S+\x20password\x20\S+)"
            r"|\bmysql(?:dump|admin)?\x20[^\r\n]{0,80}?\x20-p(?P<value>\S{3,64})",
            0.8,
        ),
        (
            "session of a manager of passwords",
            r"(?-i:\b(?:OP_SESSION_\w{1,48}|OP_CONNECT_TOKEN"
            r"|BW_SESSION)=[\"']?)(?P<value>[^\s\"']{8,256})",
            0.9,
        ),
        (
            "secret for where none is set",
            r"\b(?:getenv|environ\.get|env|env\.(?:get|fetch)|getProperty|getOrDefault"
            rf"|get_?config|config\.get)\(\s{{0,2}}[\"'][\w.-]{{0,48}}{NAMES}[\"']\s{{0,2}},"
            r"\s{0,2}"
            r"[\"'](?P<value>(?=[^\"'\s]{0,64}[\d!#$%&*+=^~])[^\"'\s]{4,256})[\"']"
            rf"|\benv(?:\.|\[[\"'])[\w.-]{{0,48}}{NAMES}(?:[\"']\])?\s{{0,2}}(?:\|\||\?\?"
            r"|\?:)\s{0,2}"
            r"[\"'](?P<value>(?=[^\"'\s]{0,64}[\d!#$%&*+=^~])[^\"'\s]{4,256})[\"']",
            0.7,
        ),
        (
            "key of an encrypted database",
            r"\bPRAGMA\s{1,4}(?:\w{1,32}\.)?(?:hex)?(?:re)?key\s{0,4}[=(]\s{0,4}"
            r"(?:\"(?P<value>[^\"\r\n]{1,256})\"|'(?P<value>[^'\r\n]{1,256})'"
            r"|(?P<value>[^\s\"'();]{1,256}))"
            r"|(?<![\w-])(?:hex)?rekey\s{0,2}=\s{0,2}[\"'](?!\d{1,6}[a-z]?[\"']"
            r"|(?:after|every|in|each|once)\x20)(?P<value>[^\"'\r\n]{3,256})[\"']"
            r"|\bATTACH\s{1,4}(?:DATABASE\s{1,4})?[^\s;]{1,256}\s{1,4}AS\s{1,4}\w{1,64}\s{1,4}KEY"
            r"\s{1,4}[\"'](?P<value>[^\"'\r\n]{1,256})[\"']"
            r"|\bsqlite3_(?:re)?key(?:_v2)?\([^)\"\r\n]{0,64}\"(?P<value>[^\"\r\n]{1,256})\"",
            0.8,
        ),
        (
            "credentials of Oracle's thin driver",
            r"\bjdbc:oracle:\w{1,16}:(?P<value>[^\s/@:]{1,64}/[^\s@]{1,64})@",
            0.9,
        ),
    )
