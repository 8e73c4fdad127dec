"""Secrets after, in or beside the name of their key."""

from typing import Final

from transforms.scrub.recognizers.key_values import BESIDE_OR_ASSIGNED
from transforms.scrub.recognizers.placeholders import NOT_AN_EXPRESSION
from transforms.scrub.recognizers.secret_values import (
    NAMED,
    NAMES,
    SAYS,
    SecretRecognizer,
)

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
_NOT_OF_A_LIBRARY: Final = (
    r"(?!\w{0,32}:[a-z][a-z\d.-]{1,60}[:-]\d{1,3}\.\d"
    r"(?<=(?<![\w.])(?:[a-z]{2,3}|info)\.[\w.-]{2,80}:[a-z\d.-]{2,61}[:-]\d{1,3}\.\d))"
)
"""A library's coordinates end a package's name in a colon: `io.jsonwebtoken:jjwt-api:0.11.2`."""
_ENCODED: Final = r"(?:%(?!(?:25)?(?:0[AD]|2[026C]|5[CD]|7D))[^\s\"'&<>%]{1,64}){0,8}"
"""What a value goes on with where signs are encoded for a URL: not a quote, a space, `&`."""

_WORDS = (
    r"passwor[dt]|passwd|passphrase|passcode|kennwort|mot\x20de\x20passe|contrase\wa"
    r"|(?<![a-z])senha|has\wo|wachtwoord"
    r"|l\wsenord|adgangskode|salasana|(?<![a-z])heslo|jelsz\w|(?<![a-z])pw"
    r"|(?-i:(?<=old)Pwd(?![\w-]|[\"']?\s{0,2}[:=]\s{0,2}[\"']?(?:~|\.{0,2})/))"
    r"|(?<=[a-z])(?<!old)pwd\d{0,2}(?![\w-])"
    r"|(?<=bind|root|user|admin|db|ldap|ftp|mail)pw(?![\w-])|secret"
    r"|(?<!unexpected\s)(?<!expected\s)(?<!invalid\s)(?<!publickey)(?<!dedup_)token"
    rf"(?!(?:s|_ids?){_IS_A_COUNT})"
    r"|api\skey|saml(?:response|request)"
)
"""Passwords and secrets, in several languages; a shell's `OLDPWD` is a folder."""
_KEYS = (
    r"(?:(?:api|access|account|private|shared|secret|signing|encryption|licen[cs]e"
    r"|activation|consumer|master|storage|recovery"
    r"|subscription)[_-]?key|(?:(?<![a-z])app(?:lication)?|auth(?:entication)?"
    r"|(?<![a-z])priv(?:acy)?|sender|identity)[_-]?key(?!\w)"
    r"|(?:enc(?:r|rypt)?|decrypt(?:ion)?|crypt|cipher|aes(?:\d{3})?|hmac|webhook"
    rf"|(?<![a-z])sign(?:ature)?)[_-]?key(?!\w|{_IS_CODE}))"
)
"""Keys that open something; others find something."""
_OF_PROTOCOLS = (
    rf"(?<![a-z])auth[_-]?str(?:ing)?(?![a-z]|{_IS_CODE}|{_IS_A_STATE})"
    r"|(?:shared|pre-?shared)[\x20_-]key|shared[_-]?access[_-]?signature|client[_-]?assertion"
    r"|oauth[_-](?:verifier|nonce|signature)|snmp[\w.-]{0,16}community"
    r"|community[_-]?string|(?<![a-z])_auth(?![a-z])|(?<![a-z])psk(?![a-z])"
    r"|(?<=[a-z])psk(?![\w-])|credentials?|session[_-]?id|session[_-]?key"
    rf"|cookie(?!s{_IS_A_COUNT})|csrf|xsrf|connect\.sid|jsessionid|phpsessid"
    r"|(?<![a-z])otp(?![a-z])|(?<![a-z])pin[_-]?code"
)
"""What protocols and servers call theirs."""
_NAME = (
    rf"(?:{_WORDS}|{_KEYS}|{_OF_PROTOCOLS})"
    rf"{_NOT_OF_A_LIBRARY}[\w-]{{0,32}}(?<!exception|error|provider|manager|handler)"
    rf"(?<!{_ABOUT_IT})"
)
_FOR_A_URL = rf"%(?:25)?3D(?P<value>[^\s\"'&<>%]{{1,256}}{_ENCODED})"
_OPENED_FOR_A_URL = (
    r"(?:%(?:25)?5C)?%(?:25)?22(?:%(?:25)?20|\+)?%(?:25)?3A(?:%(?:25)?20"
    r"|\+)?(?:(?:%(?:25)?5C)?%(?:25)?22|(?!\d{1,7}(?!\w)))"
)
_OPENED_FOR_HTML = r"(?:&quot;|&\#3[49];|\\{1,2}u0022)\s?:\s?(?:&quot;|&\#3[49];|\\{1,2}u0022)"
"""A quote, a colon and a quote: in HTML, and in JSON for HTML."""
_ENCODED_IN_QUOTES = (
    rf"(?:{_OPENED_FOR_A_URL}|{_OPENED_FOR_HTML})"
    rf"(?P<value>[^\s\"'&<>%\\]{{1,256}}{_ENCODED})"
)
_IN_A_PROPERTY_LIST = r"</key>\s{0,16}<string>(?P<value>[^<>]{1,512})</string>"


class SecretByNameRecognizer(SecretRecognizer):
    """Finds values of keys that are named like a password, in any of the usual notations."""

    SCORED_PATTERNS = (
        (
            "secret by its key's name",
            rf"{_NAME}(?:{BESIDE_OR_ASSIGNED}|{_IN_A_PROPERTY_LIST}|{_FOR_A_URL}"
            rf"|{_ENCODED_IN_QUOTES})",
            0.9,
        ),
        (
            "password by its key's name, with signs",
            rf"{NAMED}[\"']?(?:\x20?=\x20?|:\x20|\x20{SAYS}:?\x20|\x20)(?P<value>"
            r"(?=[^\s\"']{0,64}[!#$%&*+?@^~])(?=[^\s\"']{0,64}\d)"
            r"(?=[^\s\"']{0,64}[a-z])[^\s\"'\\<>\[\]{},;]{6,64})",
            0.7,
        ),
        (
            "key by a name of two words",
            r"\b(?:(?:secret\s)?access|account|secret|encryption|signing|master"
            r"|subscription)\skey\s?"
            r"(?:\[[^\[\]\r\n]{0,16}\])?\s?[:=]\s?[\"']?"
            r"(?P<value>(?=[^\s\"'\d]{0,64}\d)(?=[^\s\"'a-z]{0,64}[a-z])[\w+/=.-]{8,128})(?!\w)",
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
            r"|(?:admin|user|root|db|mail|smtp|ftp|ldap)_?[Pp]ass|[Ss]ecret|[Tt]oken"
            r"|[Aa]pi_?[Kk]ey))>"
            r"(?P<value>[^<>]{1,512})</)",
            0.8,
        ),
        (
            # settings of Android and of .NET; what a program shows of itself is a word or some
            "secret in an element that its name is told of",
            r"<(?:string|entry|property|item|param|parameter|setting|variable"
            r"|attribute)\s[^<>]{0,64}?\b(?:name|key"
            rf"|id)=[\"'][\w.-]{{0,48}}{NAMES}[\"'][^<>]{{0,64}}>"
            r"(?P<value>(?!@\w{1,16}/)(?=[^<>\s]{0,64}(?:\d|(?-i:[a-z][A-Z])"
            r"|[!#$%*+=^~]))[^<>\s]{4,512})</",
            0.8,
        ),
        (
            "secret beside its key's name",
            r"[\"']value\\?[\"']\s?:\s?\\?[\"'](?P<value>[^\"'\\]{1,512})\\?[\"']\s?,\s?\\?[\"']"
            r"(?:key|name)\\?[\"']\s?:\s?"
            rf"\\?[\"'][\w.-]{{0,64}}{NAMES}\\?[\"']",
            0.8,
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
            "pass in quotes",
            r"(?<!by|com|sur|tres"
            r"|under)pass\\?[\"']?\s{0,2}[:=]\s{0,2}\\?[\"'](?P<value>[^\"'\\]{3,64})"
            r"|_pass\s?[:=]\s?(?P<value>[^\s\"',;&<>()]{3,64})"
            r"|\b(?:user|db|admin|root|mail|smtp|ftp|ldap"
            rf"|proxy)pass\s?[:=]\s?{NOT_AN_EXPRESSION}(?P<value>[^\s\"',;&<>()]{{3,128}})"
            r"(?=[\s\"',;&<>)]|$)",
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
    )
