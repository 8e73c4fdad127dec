"""Passwords, keys and tokens, told by the name in front of them."""

import re
from typing import Final

from transforms.scrub.recognizers.placeholders import (
    IN_BRACKETS,
    NO_VALUE,
    NOT_AN_EXPRESSION,
    SAID_OF_AN_OPTION,
    is_no_value,
)
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_TYPES = (
    r"String|Substring|Character|U?Int(?:8|16|32|64)?|Double|Float(?:32|64)?|Bool|Data|Date|URL"
    r"|UUID|Any(?:Object)?|Optional|Array"
    r"|Dictionary|Set|Error|Result|Void|Self|Element|Object|Token|Secret|Password|Key|Host"
    r"|Hostname|Credentials?|Cookie|Session"
    r"|User|Account|Device|Owner|Sender|Author|Name|Value|str|int|bool|float|bytes"
)
"""What parameters are declared as in one word: another word before a comma is a value."""
NOT_A_TYPE = (
    r"(?!\s{0,4}(?-i:(?:(?:inout|__owned|__shared|@\w{1,20})\s)?"
    r"(?:(?:(?:[A-Z]\w{0,60}|kotlin|__C)\.){1,4}[A-Z][A-Za-z\d]{0,60}(?:<[^<>]{0,200}>)?"
    r"|[A-Z][A-Za-z\d]{0,60}<[^<>]{0,200}>"
    rf"|{_TYPES}|[A-Z]|(?:NS|UI|CG|CF|AV|WK)[A-Z][A-Za-z]{{1,40}}|(?:[A-Z][a-z]{{2,20}}){{2,6}})"
    r"[?!]?\s{0,4}(?:[,)\[]|->|(?<=\s)=)|[A-Z]\w{0,60}\s{0,4}\{))"
)
_NOT_A_SELECTOR = r"(?![A-Za-z_]{1,64}[:\]])"
"""A parameter's type in a Swift or Kotlin signature, the next part of an Objective-C selector."""
_WRAPPED = (
    r"(?:(?:(?-i:[A-Z]\w{0,40}\(){1,3}|br?|u|r|@)(?=\\?[\"'])|(?-i:Some|Optional|Just)[(\[]"
    r"|(?:bearer|basic)\s{1,4}(?=[^\s\"'])|[|>][+-]?\x20{0,4}\r?\n\s{1,16})?"
)
"""What a value may stand in where it is shown, or behind.

`Some("a")` in Rust, `Some(a)` in Scala, `b'a'`, `@"a"` in Objective-C; `Bearer a`; YAML's `|`.
"""

_SIGN = (
    r"(?:\[\])?(?:\\?[\"'])?\]?\s{0,9}(?::=(?=\s{0,4}[\"'])|=>|=(?!\s{1,4}\w+=)"
    rf"|:(?!:){NOT_A_TYPE}{_NOT_A_SELECTOR})\s{{0,4}}(?:\[\s?(?=\\?[\"']))?"
)
_BESIDE = (
    r"(?:\\?[\"']|\r?\n)\s{0,16}(?:,\s{0,16})?(?:\\?[\"'])?value(?:\\?[\"'])?\s{0,9}[=:]\s{0,9}"
    r"|\\?[\"']\s{1,9}(?:value|is(?=\s{1,9}\\?[\"'][^\"'\\]{0,64}\d))\s{1,9}(?=\\?[\"'])"
)
_VALUE = (
    r"(?:\\[\"'](?P<value>[^\"'\\]+)|\"(?P<value>(?:[^\"\\]|\\.)+)|'(?P<value>(?:[^'\\]|\\.)+)"
    rf"|{NOT_AN_EXPRESSION}(?P<value>[^\s\"'\\,;&<>(){{}}\[\]|]+))"
)
ASSIGNED = _SIGN + _WRAPPED + _VALUE
"""What follows a key's name: `=value`, `: value`, `": "value"`, also JSON within JSON."""
BESIDE_OR_ASSIGNED = rf"(?:{_BESIDE}|{_SIGN}){_WRAPPED}{_VALUE}"
"""The same where both may be items of their own: `"name": "key", "value": "value"`."""

_ABOUT_IT = (
    r"(?:[_-]|(?-i:(?<=[a-z])(?=[A-Z])))(?:length|len|policy|policies|algorithm|algo|type|ttl"
    r"|methods?|bits|size|count|strength|rules"
    r"|(?<=secret[_-]?)(?:names?|alias(?:es)?)|paths?|files?|dir(?:ectory)?|folder|expiry"
    r"|expires(?:[_-]?(?:in|at))?|(?:changed|created|updated|issued)[_-]?at|lifetime|complexity"
    r"|rotation|timeout|endpoint|same[_-]?site|used|limit|store|failures|attempts|helper"
    r"|scanning)|tokenizers?|tokenization"
)
"""What a key is about that begins with a secret's name, and does not hold one."""
_IS_A_COUNT = (
    r"[\"']?\s{0,2}(?:[:=]|,?\s{0,2}[\"']?value[\"']?\s?[:=])\s{0,2}[\"']?\d{1,7}(?![\w.-])"
)
_IS_CODE = (
    r"\s{0,4}[:=]\s{0,4}(?:(?:(?:NS|CF)?(?:String|Data)|CharSequence|ByteArray|bytes"
    r"|str)(?:Ref)?[?!]?\s{0,4}(?:$|[,;)=\r\n])"
    r"|(?-i:[a-z]\w{0,40}(?:\.[a-z][a-z_]{1,40}){1,3}(?:$|[\s,;)])|[A-Za-z_]\w{0,63}\())"
)
"""Behind a key's name without quotes: what it is declared as, a member, a call."""
_IS_A_STATE = r"\s{0,4}[:=]\s{0,4}[a-z]{1,32}(?:$|[\s,;)])"
_VERSION: Final = re.compile(r"[v^~]?(?!\d{1,2}\.\d{1,2}\.\d\d$)\d{1,2}(?:\.\d{1,3}){2,3}")
"""A version, and no day: `24.12.90`."""
_NO_SECRET: Final = NO_VALUE | {
    "0", "1",
    "no", "was", "has", "should", "cannot", "expired", "failed", "denied", "rejected", "revoked",
    "blocked", "for", "enabled", "disabled", "strict", "lax", "same-origin", "include", "omit",
}  # fmt: skip


SOURCE_FILE: Final = r"[\w.-]{1,64}\.(?:c|cc|cpp|cs|erl|ex|go|h|java|js|kt|mm?|py|rb|rs|swift|ts)"
"""A file of code."""
_NOT_OF_A_LIBRARY: Final = (
    r"(?!\w{0,32}:[a-z][a-z\d.-]{1,60}[:-]\d{1,3}\.\d"
    r"(?<=(?<![\w.])(?:[a-z]{2,3}|info)\.[\w.-]{2,80}:[a-z\d.-]{2,61}[:-]\d{1,3}\.\d))"
)
"""A library's coordinates end a package's name in a colon: `io.jsonwebtoken:jjwt-api:0.11.2`."""
_NOT_IN_BRACKETS: Final = rf"(?!{IN_BRACKETS})"
_NAMED = r"\b(?:password|passwort|kennwort|passwd|pwd|passphrase|passcode)"
_SAYS = r"(?:is|was|are|ist|war|lautet|set\x20to|changed\x20to)"
_SAID_OF_ONE = (
    r"(?!(?:mismatch|authentication|verification|prompt|field|pair|string|rollover|times|bytes"
    r"|an?|the|not|no|now|still|also|being|been|to|too|in|on|at|of|for|from|by|as|so|very|only"
    r"|more|less|longer|shorter|same|wrong|right|correct|incorrect|valid|invalid|empty|blank|null"
    r"|nil"
    r"|none|undefined|unknown|missing|mandatory|optional|necessary|weak|strong|short|long|simple"
    r"|safe|secure|insecure|unsafe|plain|secret|hidden|visible|unique|different|identical|equal|new"
    r"|old|bad|good|okay|fine|case|here|there|it|this|that|what|when|where|if|and|or|but|true|false"
    r"|set|unset|sent|kept|known|given|taken|written|read|stored|about|after|before|above|below"
    r"|expire|reset|already|always|never|probably|likely|currently|either|just|must|should|could"
    r"|can|will|would|default|ready|available|unavailable|acceptable|unacceptable|compromised"
    r"|required|expired"
    r"|falsch|richtig|ung\wltig|g\wltig|leer|abgelaufen|erforderlich|nicht|kein|zu|ein|eine"
    r"|der|die|das|noch|schon|unbekannt|sicher|unsicher|korrekt|gesperrt|ge\wndert"
    r"|gespeichert|vergessen|being|going|expiring|needed|used|reused|changed|updated|entered|saved"
    r"|provided|specified|supplied|accepted|rejected|allowed|denied|refused|disabled|enabled|locked"
    r"|blocked|revoked|verified|validated|generated|included|omitted|ignored|supported|unsupported"
    r"|deleted|removed|replaced|created|expected|requested|transmitted|logged|masked|redacted"
    r"|cached"
    r"|hashed|salted|encrypted|decrypted|protected|limited|mismatched|corrupted|exposed|leaked"
    r"|received|loaded|processed|checked|matching|cleared|initialized|lost|forgotten)(?!\w))"
)
"""What is said of a password, and is none: states, and the words that sentences go on with."""
_NAMES = r"(?:password|passwd|pwd|secret|token|api[_-]?key)"
_QUOTED = r"[\"'\u201c\u201e](?P<value>[^\"'\u201c\u201d\r\n]{1,64})[\"'\u201c\u201d]"


_ENCODED: Final = r"(?:%(?!(?:25)?(?:0[AD]|2[026C]|5[CD]|7D))[^\s\"'&<>%]{1,64}){0,8}"
"""What a value goes on with where signs are encoded for a URL: not a quote, a space, `&`."""


class SecretByNameRecognizer(ValuePatternRecognizer):
    """Finds values of keys that are named like a password, in any of the usual notations."""

    ENTITY = "PASSWORD"
    SCORED_PATTERNS = (
        (
            "secret by its key's name",
            r"(?:passwor[dt]|passwd|passphrase|passcode|kennwort|mot\x20de\x20passe|contrase\wa"
            r"|(?<![a-z])senha|has\wo|wachtwoord"
            r"|l\wsenord|adgangskode|salasana|(?<![a-z])heslo|jelsz\w|(?<![a-z])pw"
            r"|(?-i:(?<=old)Pwd(?![\w-]|[\"']?\s{0,2}[:=]\s{0,2}[\"']?(?:~|\.{0,2})/))"
            r"|(?<=[a-z])(?<!old)pwd\d{0,2}(?![\w-])"
            r"|(?<=bind|root|user|admin|db|ldap|ftp|mail)pw(?![\w-])|secret"
            r"|(?<!unexpected\s)(?<!expected\s)(?<!invalid\s)(?<!publickey)(?<!dedup_)token"
            rf"(?!(?:s|_ids?){_IS_A_COUNT})"
            r"|(?:api|(?:secret\s)?access|account|private|secret)\skey|saml(?:response|request)"
            r"|(?:(?:api|access|account|private|shared|secret|signing|encryption|licen[cs]e"
            r"|activation|consumer|master|storage|database|recovery"
            r"|subscription)[_-]?key|(?:(?<![a-z])app(?:lication)?|auth(?:entication)?"
            r"|(?<![a-z])priv(?:acy)?|sender|identity)[_-]?key(?!\w)"
            r"|(?:enc(?:r|rypt)?|decrypt(?:ion)?|crypt|cipher|aes(?:\d{3})?|hmac|webhook"
            rf"|(?<![a-z])sign(?:ature)?)[_-]?key(?!\w|{_IS_CODE}))"
            rf"|(?<![a-z])auth[_-]?str(?:ing)?(?![a-z]|{_IS_CODE}|{_IS_A_STATE})"
            r"|(?:shared|pre-?shared)[\x20_-]key|shared[_-]?access[_-]?signature"
            r"|client[_-]?assertion"
            r"|oauth[_-](?:verifier|nonce|signature)|snmp[\w.-]{0,16}community"
            r"|community[_-]?string|(?<![a-z])_auth(?![a-z])|(?<![a-z])psk(?![a-z])"
            r"|(?<=[a-z])psk(?![\w-])|credentials?|session[_-]?id|session[_-]?key"
            rf"|cookie(?!s{_IS_A_COUNT})|csrf|xsrf|connect\.sid|jsessionid|phpsessid"
            r"|(?<![a-z])otp(?![a-z])|(?<![a-z])pin[_-]?code)"
            rf"{_NOT_OF_A_LIBRARY}[\w-]{{0,32}}(?<!exception|error|provider|manager|handler)"
            rf"(?<!{_ABOUT_IT})(?:{BESIDE_OR_ASSIGNED}"
            r"|</key>\s{0,16}<string>(?P<value>[^<>]{1,512})</string>"
            rf"|%(?:25)?3D(?P<value>[^\s\"'&<>%]{{1,256}}{_ENCODED})"
            r"|(?:(?:%(?:25)?5C)?%(?:25)?22(?:%(?:25)?20|\+)?%(?:25)?3A(?:%(?:25)?20"
            r"|\+)?(?:(?:%(?:25)?5C)?%(?:25)?22|(?!\d{1,7}(?!\w)))"
            # in HTML, in JSON for HTML
            r"|(?:&quot;|&\#3[49];|\\{1,2}u0022)\s?:\s?(?:&quot;|&\#3[49];|\\{1,2}u0022))"
            rf"(?P<value>[^\s\"'&<>%\\]{{1,256}}{_ENCODED}))",
            0.9,
        ),
        (
            "password in a sentence",
            rf"(?:{_NAMED}\x20(?:(?:for|of)\x20[^\r\n.]{{1,48}}?\x20)?{_SAYS}[:\x20]{{1,2}}"
            rf"|\bidentified\x20by\x20(?:password\x20)?){_QUOTED}",
            0.8,
        ),
        (
            "password in a sentence, with digits or signs",
            rf"(?:{_NAMED}\x20{_SAYS}|\bmy\x20{_NAMED}:?)[:\x20]{{1,2}}"
            r"(?P<value>(?=[^\s\d]{0,64}(?:\d|[!#$%&*+?@^~][^\s\"']))[^\s\"',;()]{4,64})",
            0.7,
        ),
        (
            "password in a sentence, a word",
            rf"{_NAMED}\s{_SAYS}(?::\s?|\s){_SAID_OF_ONE}"
            r"(?P<value>[^\W\d_]{4,64}(?![\w(\[<>]|[.:/\\'-]\w))",
            0.6,
        ),
        (
            "password by its key's name, with signs",
            rf"{_NAMED}[\"']?(?:\x20?=\x20?|:\x20|\x20{_SAYS}:?\x20|\x20)(?P<value>"
            r"(?=[^\s\"']{0,64}[!#$%&*+?@^~])(?=[^\s\"']{0,64}\d)"
            r"(?=[^\s\"']{0,64}[a-z])[^\s\"'\\<>\[\]{},;]{6,64})",
            0.7,
        ),
        (
            "secret by its name in other scripts",
            r"(?:\u043f\u0430\u0440\u043e\u043b\u044c|\u5bc6\u7801|\u5bc6\u78bc"
            r"|\u30d1\u30b9\u30ef\u30fc\u30c9|\ube44\ubc00\ubc88\ud638)\s{0,4}[:=\uff1a]\s{0,4}"
            r"(?P<value>[^\s\"',;]{1,128})",
            0.9,
        ),
        (
            "secret in an element",
            r"(?-i:<(?P<name>(?:\w{1,16}:)?\w{0,32}(?:[Pp]assword|[Pp]asswd|[Pp]wd"
            r"|(?:admin|user|root|db|mail|smtp|ftp|ldap|proxy)_?[Pp]ass|[Ss]ecret|[Tt]oken"
            r"|[Aa]pi_?[Kk]ey))>"
            r"(?P<value>[^<>]{1,512})</)",
            0.8,
        ),
        (
            # settings of Android and of .NET; what a program shows of itself is a word or some
            "secret in an element that its name is told of",
            r"<(?:string|entry|property|item|param|parameter|setting|variable"
            r"|attribute)\s[^<>]{0,64}?\b(?:name|key"
            rf"|id)=[\"'][\w.-]{{0,48}}{_NAMES}[\"'][^<>]{{0,64}}>"
            r"(?P<value>(?!@\w{1,16}/)(?=[^<>\s]{0,64}(?:\d|(?-i:[a-z][A-Z])"
            r"|[!#$%*+=^~]))[^<>\s]{4,512})</",
            0.8,
        ),
        (
            "secret for where none is set",
            r"\b(?:getenv|environ\.get|env|env\.(?:get|fetch)|getProperty|getOrDefault"
            rf"|get_?config|config\.get)\(\s{{0,2}}[\"'][\w.-]{{0,48}}{_NAMES}[\"']\s{{0,2}},"
            r"\s{0,2}"
            r"[\"'](?P<value>(?=[^\"'\s]{0,64}[\d!#$%&*+=^~])[^\"'\s]{4,256})[\"']"
            rf"|\benv(?:\.|\[[\"'])[\w.-]{{0,48}}{_NAMES}(?:[\"']\])?\s{{0,2}}(?:\|\||\?\?"
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
            "secret beside its key's name",
            r"[\"']value\\?[\"']\s?:\s?\\?[\"'](?P<value>[^\"'\\]{1,512})\\?[\"']\s?,\s?\\?[\"']"
            r"(?:key|name)\\?[\"']\s?:\s?"
            rf"\\?[\"'][\w.-]{{0,64}}{_NAMES}\\?[\"']",
            0.8,
        ),
        (
            "password in a message",
            rf"\b(?:wrong|bad|invalid|incorrect|with|using)\x20password:?\x20{_QUOTED}"
            # as Cisco writes them: with a digit that tells how they are kept
            r"|\b(?:password|passwd|secret|key|key-string"
            r"|md5)\s{1,16}7\s{1,16}(?P<value>[01]\d(?:[\dA-F]{2}){3,64})(?!\w)"
            r"|\b(?:password|passwd"
            r"|secret)\s{1,16}[0456]\s{1,16}(?P<value>"
            r"(?-i:(?=[a-z.:-]{0,64}[A-Z\d!#$%&*+?@^~])\S{4,64}))(?=\s|$)"
            r"|\busername\x20(?!(?:and|or|with|without|no"
            r"|nor)\x20)\S{1,64}\x20(?:privilege\x20\d{1,2}\x20)?(?:password"
            rf"|secret)\x20(?:[04-9]\x20)?{_SAID_OF_ONE}(?P<value>[^\s\"',;()]{{4,64}})(?=\s|$)"
            r"|\b(?:pre-shared-key|key-string|authentication-key|snmp-server\x20community"
            r"|shared-secret)\x20(?:(?:local|md5|sha\d{0,3}|\d{1,10})\x20){0,3}"
            rf"{_SAID_OF_ONE}(?P<value>[^\s\"',;()]{{4,64}})(?=\s|$|[\"'])"
            r"|\blogon\x20denied:\x20(?P<value>[^\s/@]{1,64}/[^\s@]{1,64})",
            0.8,
        ),
        (
            "wireless network in a code to scan",
            r"(?-i:\bWIFI:(?P<value>(?:[A-Z]{1,3}:(?:\\.|[^;\\\r\n]){0,64};){2,6}))",
            0.8,
        ),
        (
            "cookie of a session",
            r"(?:[a-z]_session|\.ASPXAUTH|remember_me|(?<![a-z])_g(?:a|id)|(?<![a-z])_fbp"
            r"|(?<![\w.-])sid(?==(?!0x)(?-i:(?![A-Z\d]{1,15}(?![\w%.+/=-])))))"
            r"=(?=(?-i:[a-z_.-]{0,64}[A-Z\d%]))(?P<value>[\w%.+/=-]{8,4096})",
            0.7,
        ),
        (
            "authorization header",
            r"(?<![a-z])(?:proxy-)?authorization(?:\\?[\"'])?\s{0,4}[:=]\s{0,4}(?:\\?[\"'])?"
            r"(?:(?:basic|bearer|(?:api-?)?token|negotiate|api-?key"
            rf"|ntlm)\s{{1,16}}{_NOT_IN_BRACKETS}(?P<value>[^\s\"'\\,;]{{1,4096}})"
            r"|(?:digest|oauth|hawk|mac|hmac|signature|aws4-hmac-sha256"
            r"|shared(?:key|access\w{0,16}))\s{1,4}(?P<value>[^\r\n]{4,4096})"
            r"|(?!(?:basic|bearer|digest|negotiate|ntlm"
            rf"|token)(?![^\s\"'\\,;])){_NOT_IN_BRACKETS}(?P<value>[^\s\"'\\,;]{{4,2048}}))"
            # with its value as an item of its own: `"name": "Authorization", "value": "a"`
            r"|[\"'](?:proxy-)?authorization\\?[\"']\s{0,4},\s{0,16}"
            r"(?:\\?[\"']value\\?[\"']\s{0,4}:\s{0,4}\\?[\"'](?:(?:basic|bearer"
            rf"|(?:api-?)?token)\s{{1,4}})?{_NOT_IN_BRACKETS}"
            rf"|b?\\?[\"'](?:(?:basic|bearer|(?:api-?)?token)\s{{1,4}}{_NOT_IN_BRACKETS}"
            r"|(?!(?-i:(?:[a-z]{1,16}-){1,5}[a-z\d]{1,12})\\?[\"'])(?=[^\s\"']{0,64}\d)"
            r"(?=[^\s\"']{8})))(?P<value>[^\"'\\]{1,4096})",
            0.9,
        ),
        (
            "authorization as a member",
            r"[\"']auth\\?[\"']\s{0,2}:\s{0,2}\\?[\"'](?P<value>[^\"'\\]{1,512})",
            0.7,
        ),
        (
            "secret in quotes after its name",
            r"(?:(?:passwor[dt]|passwd|passphrase"
            r"|(?:api|private|secret|access)_?key)\w{0,16}\x20?"
            r"|\bsecret\x20(?=[\"'](?-i:[^\"'\s]{0,64}[A-Z$#%&*^~])))"
            r"(?:\"(?P<value>(?=[^\"\s]{0,64}[\d$#%&*^~])[^\"\s]{8,256})\""
            r"|'(?P<value>(?=[^'\s]{0,64}[\d$#%&*^~])[^'\s]{8,256})')",
            0.6,
        ),
        (
            "credentials before a host and its port",
            rf"(?<![\w.:/@%+-])(?!{SOURCE_FILE}:)[\w.%+-]{{1,64}}:"
            r"(?P<value>[^\s:@/\"'<>(){}\[\],;|]{3,64})@"
            r"(?:(?:tcp|unix|udp)\("
            rf"|(?!{SOURCE_FILE}:)[a-z][\w-]{{0,62}}(?:\.[\w-]{{1,63}}){{0,8}}:"
            r"(?:\d{3,5}(?![\w:])|port\b))",
            0.8,
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
            "session of a manager of passwords",
            r"(?-i:\b(?:OP_SESSION_\w{1,48}|OP_CONNECT_TOKEN"
            r"|BW_SESSION)=[\"']?)(?P<value>[^\s\"']{8,256})",
            0.9,
        ),
        (
            "credentials in a dialogue with a mail server",
            r"(?-i:\bAUTH\x20(?:PLAIN|LOGIN"
            r"|XOAUTH2)\x20)(?P<value>(?=(?-i:[a-z]{0,64}[A-Z\d+/=]))[a-z\d+/=]{8,4096})(?!\w)"
            r"|\blogin\x20incorrect(?:\x20\([^()\r\n]{1,64}\))?:\x20\["
            r"(?P<value>[^\[\]\r\n]{2,128})\]",
            0.8,
        ),
        (
            "code, ticket or state in a query",
            r"(?<!\.(?:[cm]?js|css|wasm|map|woff2?))[?&](?:code|state|ticket|key|auth|sid"
            r"|assertion|id_token_hint|hash|nonce)="
            r"(?P<value>(?=[^\s&\"'<>]{0,64}\d)[^\s&\"'<>#]{16,4096})",
            0.7,
        ),
        (
            "cookies of a header",
            r"(?<![a-z])(?:set-)?cookie2?:\x20?(?P<value>[\w.%-]{1,64}=[^\r\n\"']{1,4096})",
            0.9,
        ),
        (
            "pass in quotes, code that is said",
            r"(?<!by|com|sur|tres"
            r"|under)pass\\?[\"']?\s{0,2}[:=]\s{0,2}\\?[\"'](?P<value>[^\"'\\]{3,64})"
            r"|_pass\s?[:=]\s?(?P<value>[^\s\"',;&<>()]{3,64})"
            r"|\b(?:user|db|admin|root|mail|smtp|ftp|ldap"
            rf"|proxy)pass\s?[:=]\s?{NOT_AN_EXPRESSION}(?P<value>[^\s\"',;&<>()]{{3,128}})"
            r"(?=[\s\"',;&<>)]|$)"
            r"|\b(?:verification|security|login|one-time|activation|mfa|2fa|sms"
            r"|authentication(?=\x20\w{3,4}(?:\x20is)?[:\x20]{1,2}\d{6}))\x20(?:code"
            r"|pin)(?:\x20is)?[:\x20]{1,2}(?P<value>\d{4,8})(?!\w)"
            r"|\b(?:(?:otp|totp|2fa|mfa)(?:\x20(?:code|pin))?"
            r"|pin(?:\x20code)?)(?:\x20is)?[:\x20]{1,2}(?P<value>\d{4,8})(?![\w.-])",
            0.7,
        ),
        (
            "pass, PIN or card's code by its name",
            r"(?<![a-z\d.-])(?:(?:pass|pw)=(?P<value>(?!\d{1,3}\b)[^\s\"'&,;<>()]{3,64})"
            r"|(?<!_)pin[\"']?\s{0,2}[:=]\s{0,2}[\"']?(?P<value>\d{4,8})"
            r"|(?<!_)cv[vc]2?[\"']?\s{0,2}[:=]?\s{0,2}[\"']?(?P<value>\d{3,4}))"
            r"(?!\w)",
            0.7,
        ),
        (
            "credentials of Oracle's thin driver",
            r"\bjdbc:oracle:\w{1,16}:(?P<value>[^\s/@:]{1,64}/[^\s@]{1,64})@",
            0.9,
        ),
        (
            "option of a command line",
            r"(?<![\w-])--?(?!no-)(?:(?:[a-z]{1,16}[_-]){0,2}(?:password|passwd|passphrase|pwd"
            r"|token|secret|psk|credentials?|(?:api|secret|access|auth|account|signing"
            r"|encryption)[_-]?key"
            r"|(?:private|licen[cs]e|master)[_-]?key(?!\s{1,4}(?:(?:key_?)?(?:file"
            r"|path)(?:_?name)?|value|key|string|str|text|pem)(?!\w)))"
            r"|(?:store|key|src"
            rf"|dest)pass)(?:\s{{1,4}}{_NOT_IN_BRACKETS}{SAID_OF_AN_OPTION}"
            r"(?P<value>[^\s-]\S{0,255})"
            rf"|\\?[\"'],\s{{0,4}}\\?[\"'](?!{_NAMES}\b)(?P<value>[^\s\"'-][^\s\"'\\]{{0,255}})"
            r"(?=\\?[\"']))"
            # a property of Java's that goes on behind the name
            r"|(?<![\w-])-D[\w.-]{1,80}?(?:password|passwd|passphrase|secret"
            r"|token)(?:\.(?!(?:files?|path|dir|length|size|type|names?|provider|encoder|policy"
            r"|ttl|timeout|enabled|algorithm"
            r"|validity|expir\w{1,8}|level|rotation|lifetime|format|store|source|class|mode|scope"
            r"|ur[il]|endpoint|header|issuer|audience|prefix|cache|refresh|retry|retries|max|min"
            r"|required|check|hash"
            r"|iterations|cost|strength|rules|charset|encoding|version|interval|age|duration"
            r"|days|hours|minutes|seconds|count|limit|bits)\b)\w{1,32}){1,2}=(?!(?:\d{1,7}|true"
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
    )

    def accepts(self, value: str) -> bool:
        """Refuse words and placeholders that stand for no value, and reversed names of packages."""
        if value.strip().lower() in _NO_SECRET or _VERSION.fullmatch(value) or is_no_value(value):
            return False
        return any(map(str.isalnum, value))
