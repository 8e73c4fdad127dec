"""Accounts that tell themselves: by the form that a service gives them."""

from typing import Final

from transforms.scrub.recognizers.account_values import AccountRecognizer

_TOP_LEVEL: Final = (
    r"(?:com|org|net|edu|gov|info|biz|io|dev|app|cloud|chat|me|im|eu|de|fr|uk|us|ca|au|nz|at|ch"
    r"|li|lu|nl|be|it|es|pt|ie|se|no|dk|fi|ee|lv|lt"
    r"|cz|sk|si|hr|hu|ro|bg|gr|tr|ua|ru|jp|kr|cn|tw|hk|sg|in|il|za|br|mx|ar|co|xyz|social|tech"
    r"|online|systems|network|space|gg|tv"
    r"|local|localdomain|lan|internal|intranet|test|example)"
)
"""Where servers are, most of them: endings of files are no top-level domains here."""


class AccountByFormRecognizer(AccountRecognizer):
    """Finds accounts of services that give them a form of their own."""

    SCORED_PATTERNS = (
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
            "user in a name of Amazon's",
            r"\barn:aws[a-z-]{0,8}:(?:iam|sts)::\d{12}:(?:user"
            r"|assumed-role/[\w+=,.@-]{1,64})/(?P<value>[\w+=,.@/-]{1,128})",
            0.8,
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
    )
