"""Names of people and what is written of them in documents, after what tells so."""

from typing import Final

from transforms.scrub.recognizers.placeholders import NO_VALUE, is_placeholder
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_NO_COMMON_NAME: Final = (
    r"ca|root|authority|issuing|intermediate|signing|certificates?|services?|servers?|trust"
    r"|global|class|rsa|ecc|tls|ssl|inc|llc"
    r"|corp|corporation|ltd|gmbh|microsoft|windows|apple|google|amazon|android|mozilla|users"
    r"|computers|builtin|admins?|administrators?"
    r"|administrative|domain|schema|config|configuration|groups?|policies|system|sites|localhost"
    r"|test|unknown|monitor|guest|krbtgt|partitions"
    r"|deleted\x20objects|foreignsecurityprincipals|program\x20data|ntds|quotas|managed"
    r"|infrastructure|keys|lostandfound"
    r"|kube\w{0,16}|etcd|globalsign|quovadis|verisign|geotrust|addtrust|thawte|starfield|digicert"
    r"|entrust|sectigo|comodo|usertrust"
    r"|godaddy|isrg|baltimore|certum|(?-i:(?:R|E|W[RE])\d{1,2})"
)
"""Words of issuers of certificates, of services, and of the containers that directories have."""
_WORD_OF_NAME: Final = r"(?:\\,|\\2C)?\x20[^\W_][\w.'-]{0,40}"
_COMMON_NAME: Final = (
    rf"(?-i:CN|cn)\s?=\s?(?!\"?(?:[\w.'\\,-]{{1,40}}\x20){{0,6}}(?:{_NO_COMMON_NAME})\b)"
    r"(?:\"(?P<value>[^\W_][^\"=\r\n]{1,80})\""
    rf"|(?P<value>[^\W_](?:[\w.'-]{{1,40}}(?:{_WORD_OF_NAME}){{0,5}}|(?:{_WORD_OF_NAME}){{1,5}})))"
)
"""A person's name in a directory (RFC 4514): no container in it, and no issuer of certificates."""
_OF_A_NAME: Final = r"(?:cn|ou|o|dc|l|st|c|e|uid|emailaddress|serialnumber)\s?=\s?"
"""What else a name in a directory is made of."""


_CAPITAL: Final = r"(?-i:[A-Z]|[^\W\d_a-z])"
"""A-Z of their own: at the start of one of several alternatives `regex` takes them to be excluded,
because the pattern ignores case."""
_WORD_IN_CAPITALS: Final = rf"{_CAPITAL}(?:[\w\u2019.'-]{{0,39}}[\w.-])?"
_PERSON: Final = rf"{_WORD_IN_CAPITALS}(?:\x20{_WORD_IN_CAPITALS}(?![\w.=:-]|['\u2019]\w)){{1,3}}"
"""Two to four words that begin with a capital."""
_LETTERS_OF_NAME: Final = rf"{_CAPITAL}(?:[^\W\d_]|[\u2019'-](?=[^\W\d_])){{1,30}}"
_FULL_NAME: Final = (
    rf"{_LETTERS_OF_NAME}(?:\x20(?-i:[A-Z])\.?)?(?:\x20{_LETTERS_OF_NAME}(?!\w|[(:=-]|\.\w)){{1,3}}"
)
"""Two to four words of letters alone, the end of a sentence not among them."""
_BESIDE_A_NAME: Final = (
    r"(?:e-?mail|phone(?:_?number)?|mobile|iban|ssn|dob|birth_?(?:day|date)|date_?of_?birth"
    r"|password|passport(?:_?no|_?number)?)"
)
"""Keys of what else is told of a person, beside a name."""
_NOT_SAID_OF_A_NAME: Final = (
    r"(?!(?:not|too|required|invalid|already|missing|empty|null|none|unknown|reserved|taken"
    r"|undefined|optional|mandatory|unique"
    r"|duplicate|valid|available|unavailable|in|an?|the|blank|long|short|longer|default|case|only"
    r"|now|set|access|permission|out|being|used|wrong|incorrect)(?!\w))"
)
"""What is said of a name, and is none."""
_NO_GREETING: Final = (
    r"(?!(?:hello\x20(?:world|there|again)|welcome\x20(?:to|back|home)"
    r"|good\x20(?:morning|afternoon|evening|night|bye)"
    r"|thank\x20you|hong\x20kong|mainland\x20china|(?:simplified|traditional)\x20chinese"
    r"|chinese\x20(?:simplified|traditional))(?!\w))"
)
"""What stands behind `cn` where it is a country or a language."""
_NO_COMPANY: Final = (
    r"(?!(?-i:(?:[\w.,&-]{1,40}\x20){0,3}(?:Inc|LLC|Ltd|GmbH|Corp|Corporation|Company|Co"
    r"|Foundation|Team|Authors|Contributors|Project"
    r"|Software|Studio|Technologies|Systems|Group|Microsoft|Apple|Google|Mozilla|Intel|Adobe"
    r"|Oracle|User|Users|Owner|Unknown)\b))"
)

_NO_PART: Final = (
    r"(?!(?-i:(?:[A-Z](?:[\w'-]{0,40}|\.)\x20){0,3}"
    r"(?:Thread|Queue|Handler|Worker|Manager|Loop|Server|Process|Explorer|Found|Save|Service"
    r"|Controller)s?\b))"
)
"""Parts of programs in words that begin with a capital."""


class PersonRecognizer(ValuePatternRecognizer):
    """Finds names of people, numbers of their documents and dates of birth after their cue."""

    ENTITY = "ACCOUNT"
    SCORED_PATTERNS = (
        (
            "name before a mail address",
            rf"(?<![\w.-])(?P<value>{_PERSON})\"?\x20<[^\s<>@]{{1,64}}@[\w.:\[\]-]{{1,255}}"
            r"(?:;[^\s<>]{0,128})?>|\b(?:from|to|cc|by|author"
            r"|committer):\x20\"?(?P<value>[^\W\d_][^<>\"\r\n]{0,63})\"?\x20<[^\s<>@]{1,64}@"
            r"[\w.:\[\]-]{1,255}(?:;[^\s<>]{0,128})?>",
            0.7,
        ),
        (
            "name of two words by its key",
            r"(?:GIT_(?:AUTHOR|COMMITTER)_|(?:full|real|holder|patient|customer|employee|contact"
            rf"|owner|recipient|sender)[\x20_-]?)name[\"']?\s?[:=]\s?[\"']?{_NO_PART}"
            rf"(?P<value>{_PERSON})"
            r"|(?<![a-z])(?:card[\x20_-]?holder|employee|patient|assignee|approver"
            r"|(?-i:author|contact"
            rf"|owner))[\"']?\s?[:=]\s?[\"']?{_NO_COMPANY}{_NO_PART}(?P<value>{_PERSON})"
            rf"|\bgit\x20config(?:\x20--\w{{1,16}})?\x20user\.name\x20[\"']?(?P<value>{_PERSON})"
            r"|(?-i:\b(?:Contact|User|Customer|Person|Patient|Employee|Member|Profile|Student"
            r"|Recipient)(?:\(|\x20?\{\x20?))[^(){}\r\n]{0,80}?"
            rf"\bname(?:=|:\x20|\x20=\x20)[\"']?{_NO_PART}(?P<value>{_PERSON})",
            0.7,
        ),
        (
            "name that is said, or beside what else is personal",
            r"(?:(?:^|[.!?]\x20{1,2}|\b(?:my|his|her|full|real|legal|customer|patient|client"
            r"|contact|employee|guest)(?:['\u2019]s)?\x20)name\x20is)\x20"
            rf"{_NOT_SAID_OF_A_NAME}{_NO_COMPANY}{_NO_PART}(?P<value>{_FULL_NAME})"
            rf"|\\?[\"']name\\?[\"']\s?:\s?\\?[\"']{_NO_COMPANY}{_NO_PART}"
            rf"(?P<value>{_FULL_NAME})\\?[\"'][^{{}}\[\]]{{0,200}}?[\"']{_BESIDE_A_NAME}\\?[\"']"
            r"\s?:"
            rf"|[\"']{_BESIDE_A_NAME}\\?[\"']\s?:[^{{}}\[\]]{{0,200}}?[\"']name\\?[\"']\s?:\s?\\?"
            rf"[\"']{_NO_COMPANY}{_NO_PART}(?P<value>{_FULL_NAME})\\?[\"']"
            r"|[\"'](?:user|customer|contact|patient|employee|student|guest|person|passenger"
            r"|buyer|seller|card_?holder)\\?[\"']\s?:\s?\{[^{}\[\]]{0,200}?[\"']name\\?[\"']\s?:"
            r"\s?\\?[\"'](?!(?:default|guest|system|unknown|anonymous|test|none|null|admin|root"
            r"|undefined)\\?[\"'])(?P<value>[^\W\d_][^\"'\\\r\n]{1,64})"
            rf"|(?<![\w.-])name=[\"']?{_NO_PART}(?P<value>{_FULL_NAME})[\"']?[\x20,;&]{{1,2}}"
            rf"{_BESIDE_A_NAME}\s?="
            r"|(?:user|customer|client"
            rf"|patient)_?id=[^\s,;&]{{1,64}}[\x20,;&]{{1,2}}name=[\"']?{_NO_PART}"
            rf"(?P<value>{_FULL_NAME})",
            0.6,
        ),
        (
            "person by what was done",
            r"\b(?:(?:registered|licensed)\x20to"
            r"|(?:last\x20)?(?:saved|modified|edited|opened|printed)\x20by"
            r"|locked\x20for\x20editing\x20by|open\x20by)"
            rf":?\x20[\"']?{_NO_COMPANY}{_NO_PART}(?P<value>{_PERSON})"
            r"|\bRegistered(?:Owner|\x20Owner)\s{1,8}(?:REG_SZ\s{1,8}"
            rf"|:\x20)(?P<value>{_PERSON})",
            0.6,
        ),
        (
            "name in a card or a record of a clinic",
            rf"(?-i:(?:^|(?<=\s))FN(?:;[\w=-]{{1,32}})?:)(?P<value>{_PERSON})"
            r"|(?-i:(?:^|(?<=\s))N:)(?P<value>[^\W\d_][\w'\x20-]{0,40};[^\W\d_][\w'\x20-]{0,40});"
            r"|\|\d{0,24}(?P<value>(?-i:[^\W\d_a-z][^\W\d_]{1,31}\^[^\W\d_a-z][^\W\d_]{1,31}))"
            r"|\bpatient_?name[\"']?\s?[:=]\s?[\"']?(?P<value>[^\W\d_]{2,32}\^[^\W\d_]{2,32})",
            0.7,
        ),
        (
            "number of a person by its form and its sum",
            r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-]|\.\d)"
            r"|(?-i:(?<![\w-])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\x20\d{2}\x20\d{2}\x20\d{2}\x20"
            r"[A-D](?![\w-]))",
            0.7,
        ),
        (
            "number of a person by its name",
            r"(?<![a-z])(?:cpf|pesel|bsn|dni|nif|nino|aadha?ar|personnummer|steuer(?:nummer|-?id)"
            r"|personalausweis(?:nummer)?|reisepass(?:nummer)?|sozialversicherungsnummer"
            r"|codice[\x20_]fiscale|curp|national[\x20_]insurance|medicare|tfn|utr|cpr|rrn|cnpj"
            r"|mrn|passport[_-]?no)(?:[\x20_-](?:number|no\.?"
            r"|nr\.?))?[\"']?(?:\x20is)?[\x20:=#]{1,3}[\"']?"
            r"(?!0x[0-9a-f])(?P<value>(?=(?:[a-z./\x20-]{0,6}\d){6})[a-z\d][a-z\d./-]{4,22}"
            r"[a-z\d](?:\x20\d{2,4}){0,3}|\d{2,4}(?:\x20\d{2,4}){2,4}[a-z]?"
            r"|\d{5}\x20\d{5})(?![\w])",
            0.7,
        ),
        (
            "common name in a directory",
            rf"(?<![\w.-]){_COMMON_NAME}(?=\s?[,+;/]\s?{_OF_A_NAME})"
            rf"|(?<![\w.-]){_OF_A_NAME}[^,+;/=]{{1,64}}[,+;/]\s?{_COMMON_NAME}(?=\s?(?:[,+;/\"')]"
            r"|$))"
            rf"|\bsubject(?:\x20dn|\x20name)?\s?[:=]\s?/?{_COMMON_NAME}(?=\s?(?:[,+;/\"')]|$))"
            rf"|\({_COMMON_NAME}\)|;{_COMMON_NAME}(?=[:;])"
            # an entry of LDIF (RFC 2849)
            r"|(?<![\w.-])(?-i:cn):\x20{1,2}(?!(?:[\w.'\\,-]{1,40}\x20){0,6}"
            rf"(?:{_NO_COMMON_NAME})\b){_NO_GREETING}{_NO_COMPANY}{_NO_PART}(?P<value>{_PERSON})",
            0.7,
        ),
        (
            "number of a document after its name",
            r"\b(?:passport|driver'?s?[\x20_-]licen[cs]e|driving[\x20_-]licen[cs]e"
            r"|national[\x20_-]id|identity[\x20_-]card"
            r"|nhs|bank[\x20_-]account|account|tax[\x20_-]id"
            r"|itin)(?:[\x20_-](?:number|no\.?|id))?[\"']?(?:\x20is)?[\x20:=#]{1,3}[\"']?"
            r"(?P<value>(?:[A-Z]{1,3}\d|\d{2})[A-Z0-9]{2,14}\d"
            r"|\d{3}[\x20-]\d{3}[\x20-]\d{4})(?!\w|\.\d)"
            # by the form of a British one
            r"|\blicen[cs]e(?:[\x20_-](?:number|no\.?))?[\"']?(?:\x20is)?[\x20:=#]{1,3}[\"']?"
            r"(?P<value>(?-i:(?=[A-Z]{1,5}9{0,4}\x20?\d)[A-Z9]{5}\x20?\d[0156]\d[0-3]\d{2}\x20?"
            r"[A-Z9]{2}\d[A-Z]{2}))(?!\w)",
            0.6,
        ),
        (
            "date of birth",
            r"\b(?:dob|date[\x20_-]of[\x20_-]birth|birth[\x20_-]?(?:date|day)|born(?:\x20on)?"
            r"|geboren\x20am|geburtsdatum|n\we?\x20le"
            r"|date[\x20_]de[\x20_]naissance|fecha[\x20_](?:de[\x20_])?nacimiento)"
            r"[\"']?[\x20:=]{1,3}[\"']?(?P<value>\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
            r"|\d{1,2}\.?\x20\w{3,9}\.?\x20\d{4}"
            r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov"
            r"|dec)\w{0,6}\x20\d{1,2},?\x20\d{4})(?!\w)",
            0.7,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse words and placeholders that stand for no value."""
        return value.lower() not in NO_VALUE and not is_placeholder(value)
