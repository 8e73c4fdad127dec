"""Accounts after, in or beside the name of their key."""

from typing import Final

from transforms.scrub.recognizers.account_values import AccountRecognizer
from transforms.scrub.recognizers.key_values import ASSIGNED, BESIDE_OR_ASSIGNED

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
    r"|usuario|utente|pr\wnom|nombre(?=\\?[\"'])|apellidos?"
    r"|cognome)(?!\\?[\"']?\s{0,4}[:=]\s{0,4}[\"']?\d{1,6}(?![\w.@-]))"
)
"""Keys in German, French, Spanish and Italian, where no mere number follows."""


class AccountByNameRecognizer(AccountRecognizer):
    """Finds values of keys that are named like an account or a person."""

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
            "user before a password",
            rf"(?<![\w.-])(?:user(?:name)?|account|acct|login)[:=]\x20?(?!{_A_KIND}"
            rf"|{_A_COUNT})(?P<value>[\w.@\\-]{{2,64}})[\x20,;&|]{{1,2}}(?:pwd|pass(?:word|wd)?"
            rf"|pw)[:=](?!\x20?{_A_KIND})\x20?[^\s,;)]",
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
            "user's name of parts",
            r"\b(?:by|as|for|from|of)\x20user\x20(?P<value>[a-z][a-z0-9-]{0,30}(?:[._][a-z]"
            r"|\d)[\w-]{0,30})"
            r"(?![\w(:]|\.\w)",
            0.6,
        ),
        ("id before a mail address", r"\{id:\s?(?P<value>\d{6,24}),\s?email:", 0.7),
    )
