"""Cards and bank accounts, told from other numbers by their checksums."""

from typing import Final

from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_NINE = 9
_IMEI_DIGITS = 15
_SHORTEST_IBAN = 15
_IBAN_COUNTRIES: Final = (
    "AD AE AL AT AZ BA BE BG BH BI BR BY CH CR CY CZ DE DJ DK DO EE EG ES FI FK FO "
    "FR GB GE GI GL GR GT HN HR HU IE IL IQ IS IT JO KW KZ LB LC LI LT LU LV LY MC "
    "MD ME MK MN MR MT MU NI NL NO OM PK PL PS PT QA RO RS RU SA SC SD SE SI SK SM "
    "SO ST SV TL TN TR UA VA VG XK YE"
)
"""The countries of the SWIFT registry of IBANs, release 99."""


def passes_luhn(number: str) -> bool:
    """Tell whether the digits of a number end in a right checksum (ISO/IEC 7812-1 annex B)."""
    digits = [int(character) for character in number if character.isdigit()]
    doubled = [digit * 2 - _NINE * (digit * 2 > _NINE) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and any(digits)


class PaymentCardRecognizer(ValuePatternRecognizer):
    """Finds numbers of payment cards: 13 to 19 digits, an issuer's first digit, a checksum."""

    ENTITY = "CREDIT_CARD"
    SCORED_PATTERNS = (
        (
            "card number",
            r"(?<![\w.+-])(?<!\d\x20)[2-6](?:[\x20-]?\d){12,18}(?![\w-]|\.\d|\x20\d|\x20?ms\b|\x20?[kmg]?b\b)",
            0.8,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse a wrong checksum, and 15 digits that are not American Express: a device's IMEI."""
        digits = sum(map(str.isdigit, value))
        return passes_luhn(value) and (digits != _IMEI_DIGITS or value[0] == "3")


class MistypedCardRecognizer(ValuePatternRecognizer):
    """Finds 16 digits of the large issuers even where the checksum is wrong.

    A card number with one digit wrong still tells the card; after `=` it is a number like another.
    """

    ENTITY = "CREDIT_CARD"
    SCORED_PATTERNS = (
        (
            "card number without a checksum",
            r"(?<![^\s(\"'])(?:4\d{3}|5[1-5]\d{2}|6011|65\d{2})([\x20-]?)\d{4}\1\d{4}\1\d{4}"
            r"(?![\w-]|\.\d|\x20\d|\x20?ms\b|\x20?[kmg]?b\b|\x20?bytes)",
            0.5,
        ),
    )


class BankAccountRecognizer(ValuePatternRecognizer):
    """Finds IBANs (ISO 13616): a country that has them, and the checksum modulo 97."""

    ENTITY = "IBAN_CODE"
    SCORED_PATTERNS = (
        (
            "IBAN",
            r"(?<![\w+/=-])(?-i:[A-Z]{2}\d{2}(?:[\x20-]?[A-Z0-9]){11,30})(?![\w+/=]|-\w)",
            0.8,
        ),
    )
    _COUNTRIES: Final = frozenset(_IBAN_COUNTRIES.split())

    def accepts(self, value: str) -> bool:
        """Refuse a wrong country or checksum."""
        code = "".join(filter(str.isalnum, value))
        if code[:2] not in self._COUNTRIES or len(code) < _SHORTEST_IBAN:
            return False
        return int("".join(str(int(character, 36)) for character in code[4:] + code[:4])) % 97 == 1
