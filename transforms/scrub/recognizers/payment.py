"""Cards, bank accounts and wallets, told from other numbers by their checksums."""

import re
from hashlib import sha256
from typing import Final

from presidio_analyzer.predefined_recognizers import CryptoRecognizer

from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""For each digit the sum of the digits of its double."""
_ISSUED: Final = re.compile(
    r"4\d{12}(?:\d{3,6})?|(?:[56]\d{3}|0604)\d{8,15}|2[2-7]\d{14}|220[0-4]\d{13,15}"
    r"|(?:2131|2014|2149|1\d{3})\d{11}"
    r"|3(?:0[0-59]|[689]\d)\d{11,16}|3[47]\d{13}|35\d{14,17}"
)
"""The first digits of issuers, and how many their cards have (ISO/IEC 7812)."""
_SEPARATOR: Final = re.compile(r"[\x20.-]")
_MIXED = 2
"""Groups of different lengths, between the first and the last, are columns of a table."""
_WORD: Final = r"(?:0000[0-9a-f]{12}|(?=\d{0,15}[a-f])[0-9a-f]{16})"
_ZEROS: Final = r"0000[0-9a-f]{12}"
_REGISTER: Final = r"(?:^|\s{2}|\b[0-9a-f]{8,16}\x20)(?-i:[xr]\d{1,2}|[lp][rc]|sp|fp)"
_NOT_OF_MEMORY: Final = (
    rf"(?!\d{{16}}\b(?<=(?:\b{_ZEROS}\x20{{1,2}}|\b{_WORD}\x20{{1,2}}{_WORD}\x20{{1,2}}"
    rf"|{_REGISTER}\x20{{1,4}})\d{{16}}))"
    rf"(?!\d{{16}}\x20{{1,2}}(?:{_ZEROS}\b|{_WORD}\x20{{1,2}}{_WORD}\b))"
    rf"(?!\d{{16}}\x20{{1,2}}{_WORD}\b(?<=\b{_WORD}\x20{{1,2}}\d{{16}}\x20{{1,2}}{_WORD}))"
)
"""Words of memory have 16 digits in one too: two others beside them, one that begins with zeros as
addresses do, or a register's name where a dump has it. One other alone may be a number of a trace.
"""
_IBANS: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 "
    "DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 "
    "GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 "
    "LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 "
    "PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 "
    "SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 "
    "AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 "
    "ML28 MZ25 NE28 SN28 TD27 TG28 "
)
"""The countries in the SWIFT registry of IBANs, release 99, each with its IBANs' length.

Behind them are those whose banks have such codes, with the same checksum, outside of the registry.
"""
_IBAN_LENGTHS: Final = {each[:2]: int(each[2:]) for each in _IBANS.split()}
_COUNTRY: Final = f"(?:{'|'.join(_IBAN_LENGTHS)})"


def _codes(length: int) -> str:
    """Return what matches the IBANs of this length, with a separator between any two."""
    countries = [country for country, its in _IBAN_LENGTHS.items() if its == length]
    return rf"(?:{'|'.join(countries)})\d{{2}}(?:[\x20\t.-]?[A-Z0-9]){{{length - 4}}}"


_LENGTHS: Final = sorted(set(_IBAN_LENGTHS.values()))
_IBAN: Final = (
    rf"(?-i:(?=(?P<value>{'|'.join(map(_codes, _LENGTHS))})(?![\w+/=]|-\w))"
    rf"{_COUNTRY}\d{{2}}(?:[\x20\t.-]?[A-Z0-9]){{11,30}})"
)
"""An IBAN as long as its country has them: the words that may follow, in capitals, are none of it.

The lengths are looked at in advance, which a scan leaves out: it would need a state for each digit.
"""


def passes_luhn(number: str) -> bool:
    """Tell whether the digits of a number end in a right checksum (ISO/IEC 7812-1 annex B)."""
    digits = list(map(int, filter(str.isdigit, number)))
    doubled = map(_DOUBLED.__getitem__, digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and any(digits)


class PaymentCardRecognizer(ValuePatternRecognizer):
    """Finds numbers of payment cards: 13 to 19 digits, an issuer's first digit, a checksum."""

    ENTITY = "CREDIT_CARD"
    SCORED_PATTERNS = (
        (
            "card number",
            rf"(?<![\w.+-])(?<!\d\x20){_NOT_OF_MEMORY}\b[2-6](?:[\x20-]?\d){{12,18}}\b(?![\w-]"
            r"|\.\d|\x20\d|\x20?ms\b|\x20?[kmg]?b\b)",
            0.8,
        ),
        (
            "card number before its expiry",
            r"(?<![\w.+-])(?<!\d\x20)(?P<value>[2-6]\d{3}(?:[\x20-]?\d{4}){3}"
            r"|3[47]\d{2}[\x20-]?\d{6}[\x20-]?\d{5})"
            r"[\x20,|]{1,2}(?:(?:0[1-9]|1[0-2])[\x20/-]?(?:20)?[2-4]\d|20[2-4]\d-(?:0[1-9]|1[0-2]))"
            r"(?:[\x20,|]\d{3,4})?(?![\w/-]|[.:]\d|\x20\d)",
            0.8,
        ),
        (
            "card number of twelve or fifteen digits",
            r"(?<![\w.+-])(?<!\d\x20)\b(?:(?:0604|50(?:18|20|38)|5[678]\d{2}|6304|6390"
            r"|67\d{2})\d{8}|(?:2131|1800)\d{11})\b"
            r"(?![\w-]|\.\d|\x20\d|\x20?ms\b|\x20?[kmg]?b\b|\x20?bytes)",
            0.7,
        ),
        (
            "card number with dots",
            r"(?<![\w.+-])(?:[2-6]\d{3}(?:\.\d{4}){3}|3[47]\d{2}\.\d{6}\.\d{5})(?![\w-]|\.\w)",
            0.8,
        ),
        (
            "card number of an airline after its name",
            r"\b(?:card|pan|uatp|airplus)(?:[\x20_-]?(?:number"
            r"|no\.?))?[\"']?(?:\x20is)?[\x20:=#]{1,3}[\"']?"
            r"(?P<value>1\d{14})(?![\w-]|\.\d)",
            0.7,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse a wrong checksum, and digits that no issuer has so many of: an IMEI, an id."""
        digits = "".join(filter(str.isdigit, value))
        among = set(map(len, _SEPARATOR.split(value)[1:-1]))
        return _ISSUED.fullmatch(digits) is not None and len(among) < _MIXED and passes_luhn(digits)


class MistypedCardRecognizer(ValuePatternRecognizer):
    """Finds 16 digits of the large issuers even where the checksum is wrong.

    A card number with one digit wrong still tells the card; after `=` it is a number like another.
    """

    ENTITY = "CREDIT_CARD"
    SCORED_PATTERNS = (
        (
            "card number without a checksum",
            rf"(?<![^\s(\"']){_NOT_OF_MEMORY}\b(?:4\d{{3}}|5[1-5]\d{{2}}|6011"
            r"|65\d{2})([\x20-]?)\d{4}\1\d{4}\1\d{4}\b"
            r"(?![\w-]|\.\d|\x20\d|\x20?ms\b|\x20?[kmg]?b\b|\x20?bytes)",
            0.5,
        ),
        (
            "card number in other groups, after its name",
            r"\b(?:card|pan)(?:[\x20_-]?(?:number|no\.?))?[\"']?(?:\x20is)?[\x20:=#]{1,3}[\"']?"
            r"(?P<value>(?=(?:\d[\x20-]?){15,16}(?![\x20-]?\d))[3-6]\d{3}(?:[\x20-]\d{2,6}){2,4})"
            r"(?![\w-]|\.\d)"
            # of any issuer, or of none
            r"|\b(?:cc|ccn|(?:(?:credit|debit|bank)[\x20_-]?)?card)(?:[\x20_-]?(?:num(?:ber)?"
            r"|no\.?))?[\"']?(?:\x20is)?[\x20:=#]{1,3}[\"']?"
            r"(?P<value>\d{4}(?:(?:-\d{4}){3}|(?:\x20\d{4}){3}))(?![\w-]|\.\d|\x20\d)",
            0.6,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse a wrong checksum where the groups are not those of most cards."""
        return len(set(map(len, _SEPARATOR.split(value)))) < _MIXED or passes_luhn(value)


class BankAccountRecognizer(ValuePatternRecognizer):
    """Finds IBANs (ISO 13616): a country that has them, and the checksum modulo 97."""

    ENTITY = "IBAN_CODE"
    SCORED_PATTERNS = (
        (
            "IBAN",
            rf"(?<![\w+/-]|==|data=)\b{_IBAN}",
            0.8,
        ),
        (
            "IBAN in small letters",
            rf"(?<![\w+/-]|==|data=)\b{_COUNTRY}\d{{2}}(?:[a-z0-9]{{11,30}}|\x20[a-z0-9]{{4}}"
            r"(?:\x20(?=[a-z]{0,3}\d)[a-z0-9]{4}){1,6}(?:\x20\d{1,3})?)\b(?![\w+/=]|-\w)",
            0.7,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse a wrong country, length or checksum."""
        code = "".join(filter(str.isalnum, value.upper()))
        if len(code) != _IBAN_LENGTHS[code[:2]]:
            return False
        return int("".join(str(int(character, 36)) for character in code[4:] + code[:4])) % 97 == 1


class NamedBankAccountRecognizer(ValuePatternRecognizer):
    """Finds IBANs that are called so, whatever their checksum: a mistyped one tells much too."""

    ENTITY = "IBAN_CODE"
    SCORED_PATTERNS = (
        (
            "IBAN after its name",
            r"iban(?:[\x20_-]?(?:code|number|no\.?))?[\"']?(?:\x20is)?\s{0,2}[:=#]?\s{0,2}[\"']?"
            rf"(?<![a-z]){_IBAN}",
            0.7,
        ),
    )


_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_LONGEST: Final = 34
_BASE58_BYTES: Final = 25
"""A version, a hash of 20 bytes, and four bytes of checksum."""


class WalletRecognizer(ValuePatternRecognizer):
    """Finds addresses in which crypto-currencies are kept, by their checksums where they have one.

    Bitcoin's Base58Check (also Litecoin's, Dogecoin's, Dash's, Tron's), Bech32 (BIP 173, 350; also
    Cardano's and others'), Ethereum's 20 bytes in hexadecimal (EIP-55), Monero's 95 characters, and
    Stellar's and Algorand's in base 32.
    """

    ENTITY = "CRYPTO"
    SCORED_PATTERNS = (
        ("Ethereum account", r"(?<!\w)0x[0-9a-f]{40}(?!\w)", 0.7),
        ("Base58Check", rf"(?-i:\b[13LMDXT][{_BASE58}]{{25,33}}\b)", 1),
        ("Bech32", r"\bbc1[02-9ac-hj-np-z]{11,71}\b", 1),
        (
            "Bech32 of others, Bitcoin Cash",
            r"\b(?:(?:addr|stake|ltc|cosmos|osmo|tb)1[02-9ac-hj-np-z]{38,103}"
            r"|bitcoincash:[qp][02-9ac-hj-np-z]{41})\b",
            0.9,
        ),
        (
            "Stellar account, Algorand account",
            r"(?-i:\b(?=[A-Z]{0,57}[2-7])(?:[GS][A-Z2-7]{55}|[A-Z2-7]{58})\b)",
            0.9,
        ),
        ("Monero account", rf"(?-i:\b[48][0-9AB][{_BASE58}]{{93}}\b)", 0.9),
    )
    _presidios: Final = CryptoRecognizer()

    def accepts(self, value: str) -> bool:
        """Refuse a wrong checksum."""
        start = value[:3].lower()
        if start == "bc1":
            return self._presidios.validate_result(value.lower())
        if start[:2] == "0x" or len(value) > _BASE58_LONGEST:
            return True
        return _passes_base58check(value)


def _passes_base58check(address: str) -> bool:
    number = 0
    for character in address:
        number = number * 58 + _BASE58.index(character)
    if number.bit_length() > 8 * _BASE58_BYTES:
        return False
    decoded = number.to_bytes(_BASE58_BYTES, "big")
    return sha256(sha256(decoded[:-4]).digest()).digest()[:4] == decoded[-4:]
