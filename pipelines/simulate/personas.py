"""Personas: the personal data of one report's user. No value occurs in two reports.

Mail domains are those of RFC 2606, IPv6 addresses those of RFC 3849, card numbers begin as the
card companies' test numbers do; names are common ones that are put together at random.
"""

import base64
from dataclasses import dataclass, fields
from random import Random

_FIRST = (
    "Mara",
    "Jonas",
    "Aylin",
    "Pierre",
    "Oluwaseun",
    "Ingrid",
    "Tomás",
    "Priya",
    "Yuki",
    "Fatima",
    "Callum",
    "Zofia",
)
_LAST = (
    "Kowalczyk",
    "Brandt",
    "Demir",
    "Moreau",
    "Adeyemi",
    "Solberg",
    "Herrera",
    "Raman",
    "Tanaka",
    "Haddad",
    "Reid",
)
_HOSTS = ("laptop", "desktop", "macbook", "workstation", "thinkpad")
_STREETS = ("Linden Lane", "Harbour Row", "Rue des Tilleuls", "Mill Street", "Am Anger")
_SYLLABLES = (
    "ba",
    "be",
    "bi",
    "bo",
    "bu",
    "da",
    "de",
    "di",
    "do",
    "du",
    "ka",
    "ke",
    "ki",
    "ko",
    "ku",
    "ma",
    "me",
    "mi",
    "mo",
    "mu",
)
_KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TOKEN_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"  # noqa: S105 - an alphabet
_SPREAD = 2_654_435_761
"""Knuth's multiplicative constant, a prime: it spreads consecutive numbers without collision."""


@dataclass(frozen=True, slots=True)
class Persona:
    """One user's personal values. The name of a field is the value's kind."""

    user_name: str
    person_name: str
    mail_address: str
    host_name: str
    street_address: str
    phone_number: str
    ip_address: str
    ipv6_address: str
    mac_address: str
    credit_card: str
    access_key: str
    api_key: str
    json_web_token: str
    url_password: str
    windows_sid: str
    device_id: str
    session_secret: str
    document_name: str
    comment: str

    def values(self) -> list[tuple[str, str]]:
        """Return every value with its kind, as (kind, value)."""
        return [(kind, getattr(self, kind)) for kind in _KINDS]


_KINDS = tuple(field.name for field in fields(Persona))


def make_persona(serial: int, random: Random) -> Persona:
    """Return the persona with a serial number; two serials below 100 million share no value.

    Args:
        serial: a number that is given to one persona only.
        random: chooses what need not be unique.
    """
    spread = serial * _SPREAD
    mark = f"{spread % 2**32:08x}"
    machine = "-".join(str(random.getrandbits(32)) for _ in range(2))
    first, last = random.choice(_FIRST), random.choice(_LAST)
    plain = first.replace("á", "a")
    surname = last + "-" + _spoken(serial).capitalize()
    street = f"{random.randrange(1, 99)} {random.choice(_STREETS)}, {_spoken(serial)}ville"
    return Persona(
        user_name=_user_name(plain, last, mark, random),
        person_name=f"{first} {surname}",
        mail_address=f"{plain}.{last}{mark}@{random.choice(('mail', 'post'))}.example.org".lower(),
        host_name=f"{plain.lower()}s-{random.choice(_HOSTS)}-{mark}",
        street_address=street,
        phone_number=f"+49 151 {spread % 10**8:08d}",
        ip_address=_ipv4(spread),
        ipv6_address=f"2001:db8:{mark[:4]}:{mark[4:]}:{_words(random, 4)}",
        mac_address=f"02:{random.getrandbits(8):02x}:" + _with_colons(mark),
        credit_card=_with_check_digit(f"411111{spread % 10**9:09d}"),
        access_key="AKIA" + _letters(random, _KEY_LETTERS, 16),
        api_key="ghp_" + _letters(random, _TOKEN_LETTERS, 36),
        json_web_token=_json_web_token(mark, random),
        url_password=f"Pw-{mark}-{random.getrandbits(32):08x}",
        windows_sid=f"S-1-5-21-{int(mark, 16)}-{machine}-1001",
        device_id=f"{mark}{random.getrandbits(96):024x}",
        session_secret=f"sess-{mark}-{random.getrandbits(64):016x}",
        document_name=f"letter-to-{last.lower()}-{mark}.odt",
        comment=f"It closed while I wrote to {first} {surname}, {street}. Please call! {mark}",
    )


def _user_name(first: str, last: str, mark: str, random: Random) -> str:
    return random.choice(
        (
            f"{first}.{last}{mark}".lower(),
            f"{first[0]}{last}{mark}".lower(),
            f"{first}{mark}".lower(),
            f"{first}_{last[0]}{mark}",
        )
    )


def _spoken(number: int) -> str:
    """Return a number as a word of syllables."""
    word = ""
    number += len(_SYLLABLES) ** 4  # five syllables at least, so that no such word exists
    while number:
        number, digit = divmod(number, len(_SYLLABLES))
        word += _SYLLABLES[digit]
    return word


def _ipv4(number: int) -> str:
    """Return an address all of whose parts have three digits, so that none is part of another."""
    parts = []
    number, part = divmod(number % (123 * 156**3), 123)
    parts.append(100 + part)
    for _ in range(3):
        number, part = divmod(number, 156)
        parts.append(100 + part)
    return ".".join(map(str, parts))


def _words(random: Random, count: int) -> str:
    return ":".join(f"{random.randrange(0x1000, 0x10000):x}" for _ in range(count))


def _with_colons(digits: str) -> str:
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))


def _letters(random: Random, alphabet: str, count: int) -> str:
    return "".join(random.choices(alphabet, k=count))


def _with_check_digit(digits: str) -> str:
    """Return a number of 15 digits with its check digit behind it (Luhn, ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled // 10 + doubled % 10
    return digits + str(-total % 10)


def _json_web_token(mark: str, random: Random) -> str:
    payload = f'{{"sub": "{mark}", "iat": 1767571200}}'
    return ".".join((_TOKEN_HEADER, _base64(payload.encode()), _base64(random.randbytes(32))))


def _base64(content: bytes) -> str:
    """Return bytes as RFC 7515 writes them: base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


_TOKEN_HEADER = _base64(b'{"alg": "HS256", "typ": "JWT"}')
