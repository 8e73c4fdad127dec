"""Ids of people, devices and places: alone where their shape tells, else after their key."""

import re
from typing import Final

from transforms.scrub.recognizers.key_values import ASSIGNED
from transforms.scrub.recognizers.payment import passes_luhn
from transforms.scrub.recognizers.value_pattern import ValuePatternRecognizer

_HEXADECIMAL: Final = r"[0-9a-f]"
_OF_AN_IMAGE: Final = (
    r"(?:\b(?:debug|build|module)|\b(?<!\w[\x20-])(?:code|image)"
    r"|\b(?:binary|main|loaded|kernel|debug|pe|exe)[\x20-](?:code|image))"
)
"""What has an id that all have who run it, but not e.g. a profile's image, or a referral's code."""
_IN_A_LIST_OF_IMAGES: Final = (
    r"(?:\([\d*?][\w.~+*?-]{0,40}(?:\x20-\x20[\w.~+*?-]{1,40})?\)"
    r"|\b0x[0-9a-f]{6,16}\b[^\r\n<]{0,200}\))\s{1,2}<"
)
"""A version in brackets, or an address earlier in the line, and then the id of what is loaded."""


class UniqueIdRecognizer(ValuePatternRecognizer):
    """Finds UUIDs (RFC 9562), but neither interfaces of the system nor files named by one."""

    ENTITY = "UUID"
    SCORED_PATTERNS = (
        (
            "UUID",
            r"(?<![0-9a-z]|[0-9a-f]{4}-|\b(?:clsid|iid|riid|interface|progid)[\s:={(\\]{1,3}"
            rf"|{_IN_A_LIST_OF_IMAGES}"
            rf"|{_OF_AN_IMAGE}[_\s-]?(?:id|uuid|identifier)[\s:=\"'{{<]{{1,6}})"
            rf"{_HEXADECIMAL}{{8}}(?:-{_HEXADECIMAL}{{4}}){{3}}-{_HEXADECIMAL}{{12}}"
            r"(?![0-9a-z]|-[0-9a-f]{4}|\}?\.(?:dll|exe|sys|so|dylib|node|mui)\b)",
            0.7,
        ),
        (
            "UUID without dashes after its key",
            r"(?<![a-z])(?:user|session|device|install(?:ation)?|client|account|profile|customer"
            r"|machine|uuid|guid"
            r"|(?<!build[_-])id)[_:=/\x20-]{1,2}(?P<value>(?=[0-9a-f]{0,31}\d)[0-9a-f]{32})"
            r"(?![0-9a-z]|\.(?:[cm]?js|css|map|wasm|dll|exe|sys|so|dylib)\b)",
            0.6,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse the nil UUID, which is nobody's."""
        return len(set(value) - {"-"}) > 1


class HashRecognizer(ValuePatternRecognizer):
    """Finds digests of 128, 160, 192 bits and more that stand alone: most often they are an id.

    What is longer is a key or a piece of memory. Files named by a digest (`main.0f3a….js`), symbols
    and commits of git are code and stay.
    """

    ENTITY = "HASH"
    SCORED_PATTERNS = (
        (
            "digest in hexadecimal",
            r"(?<![\w.+-])(?<!rustc/|\b(?:build|debug|code|image"
            r"|module)[\s_-]?id(?:entifier)?[\s:=\"']{1,5}|@sha256:"
            r"|\b(?:arm64e?|x86_64|armv7s?|i386)\s{1,4}<|\bcode(?:\x20bytes)?:\x20)"
            r"\b(?=[0-9a-f]{0,31}\d)(?:(?=\d{0,47}[a-f])[0-9a-f]{48,}"
            r"|(?<!(?<![a-z])commit(?:[_\x20-]?(?:id|sha1?|hash))?[\s:=\"']{1,5})[0-9a-f]{40}"
            r"|[0-9a-f]{32})(?:-[0-9a-f]{32,64})?\b(?![\w+-]|\.\w)",
            0.6,
        ),
        (
            "fingerprint of a key",
            r"(?-i:\bSHA256:)(?P<value>[a-z0-9+/]{43})(?![\w+/])"
            r"|(?-i:\bMD5:)(?P<value>[0-9a-f]{2}(?::[0-9a-f]{2}){15})(?![\w:])"
            # of 160, 256 or 512 bits, which no other address in networks has
            r"|(?<![\w:.-])(?P<value>[0-9a-f]{2}(?::[0-9a-f]{2}){19}(?:(?::[0-9a-f]{2}){12})?"
            r"(?:(?::[0-9a-f]{2}){32})?)(?![\w:-])"
            r"|\b(?:finger|thumb)print[\"']?(?:\x20is)?[\x20:=(\[]{1,3}(?:(?:md5"
            r"|sha-?\d{1,3})[\x20:]{1,2})?[\"']?"
            r"(?P<value>[0-9a-f]{2}(?:[:\x20-][0-9a-f]{2}){15,63})(?![\w:-])",
            0.8,
        ),
        (
            # no register is so wide without a row of zeros
            "192 bits in hexadecimal, or more",
            r"(?<!\w)0x(?P<value>(?![0-9a-f]{0,58}0{6})[0-9a-f]{48,})(?!\w)",
            0.6,
        ),
        (
            "bytes as Foundation shows them",
            r"(?<!trace:\s{1,2})<(?P<value>(?:[0-9a-f]{8}\x20){3,63}[0-9a-f]{2,8})>"
            r"|\{length\x20=\x20\d{1,8},\x20bytes\x20=\x200x"
            r"(?P<value>(?=[0-9a-f\x20.]{28,255}\})[0-9a-f][0-9a-f\x20.]{27,254}[0-9a-f])",
            0.6,
        ),
        ("128 bits in base 64", r"(?<![\w+/=-])(?=[a-z/+]{0,21}\d)[a-z\d+/]{22}==(?![\w=])", 0.6),
        ("256 bits in base 64", r"(?<![\w+/=-])[\w+/-]{43}=(?![\w=])", 0.6),
    )

    def accepts(self, value: str) -> bool:
        """Refuse fillers such as a row of zeros."""
        fewest = 3 if ":" in value else 4  # 128 random bits show far more digits
        return len(set(value.lower())) > fewest


_LETTERS: Final = re.compile(
    r"(?!UN|NOT|INVALID|DEFAULT|MISSING|REQUIRED)[A-Z]{10,16}(?<!ED)(?<!ABLE)"
)
"""Letters that are no word: none that tells of what is not so, or of what was done."""
_NO_ID: Final = re.compile(r"0|0x[0-9a-fA-F]{1,4}")
"""No number at all, or the kind of a device on a bus: all of that kind have it."""


class DeviceIdRecognizer(ValuePatternRecognizer):
    """Finds serial numbers and device, advertising and installation ids after their key."""

    ENTITY = "DEVICE_ID"
    SCORED_PATTERNS = (
        (
            "device id by its key's name",
            r"(?<![a-z])(?:(?:attested[_-]?)?device[_-]?(?:id|uuid|token)|android[_-]?id|idf[av]"
            r"|gaid|adid|aaid"
            r"|(?:google[_-]?)?advertising[_-]?id|machine[_-]?(?:id|guid)|hardware[_-]?id"
            r"|install(?:ation)?[_-]?id"
            r"|client[_-]?id|udid|imei|imsi|meid|iccid|anonymous[_-]?id|distinct[_-]?id"
            r"|crashreporter[_\s-]?key"
            r"|hw[_-]?serial|subscriber[_-]?id|ecid|vin|mac[_-]?addr(?:ess)?)" + ASSIGNED,
            0.8,
        ),
        (
            "serial number",
            r"(?:(?:(?<![a-z_])|(?:usb|device|hw|hardware|disk|drive|board|system|product|supply"
            r"|id)_?)serial[\s_-]{0,4}(?:number(?:\x20is(?=\x20[\dA-F]{4}-))?|no\.?|num|nr\.?"
            r"|short)?|\bro\.(?:boot\.)?serialno)[\"'\]]?\s{0,30}(?:[:=|]"
            r"|(?<=\x20is)\x20)\s{0,4}[\"'\[]?(?P<value>[0-9a-z][0-9a-z._:-]{2,63})",
            0.8,
        ),
        (
            "serial number by words",
            r"(?-i:\bSerial\x20Number\x20)(?P<value>[0-9A-Za-z-]{3,32})\b",
            0.7,
        ),
        (
            "id of a telephone by its name",
            r"\b(?:imei|meid|imsi|iccid|esn|eid)[\s:#=]{1,3}(?P<value>[0-9a-f]{8,32})(?!\w)"
            r"|(?-i:\bVIN\x20)(?P<value>(?=[A-Z]{0,16}\d)[A-HJ-NPR-Z\d]{17})(?!\w)",
            0.7,
        ),
        (
            "serial number, in short",
            r"(?<![\w/.])(?:s/n|sn)\s?[:=#]\s?(?P<value>(?=[a-z]{0,15}\d)[0-9a-z-]{8,32})(?!\w)",
            0.7,
        ),
        (
            "token of a push service",
            r"\bdevice\s?token\W{1,4}(?P<value>(?:[0-9a-f]{8}\x20){3,7}[0-9a-f]{8})(?!\w)",
            0.8,
        ),
        (
            "device id after its name",
            r"\b(?:android[_\x20]id|udid|machine[_-]id|machineguid(?:\sREG_SZ)?|adid|gaid"
            r"|device\x20id)\s{1,4}(?P<value>(?=[a-f]{0,8}\d)[0-9a-f-]{12,64})(?![\w-])",
            0.7,
        ),
        (
            "printer's id",
            r"\bpsm(?:\x20id)?:\s?(?P<value>[0-9a-z]{4}[0-9a-z]{0,4}/[\w.-]{1,32})"
            r"|\bpsm\x20determination\x20successful\.\x20identifier\x20"
            r"(?P<value>[0-9a-z]{4,8}/[\w.-]{1,32})",
            0.7,
        ),
        (
            "serial number in a name of a device",
            r"\bUSB(?:STOR)?\\{1,2}(?:VID_|DISK&)[^\\\s]{3,128}\\{1,2}(?P<value>[\w&.#]{6,64})"
            r"|/by-id/(?:usb|ata|nvme|scsi|wwn"
            r"|mmc)-[^\s/]{1,96}?_(?P<value>(?=[a-z]{0,24}\d)[a-z\d]{8,32})(?![a-z\d])"
            r"|\biSerial\s{1,12}\d\s(?P<value>[\w-]{6,64})"
            r"|\badb:\x20device\x20'(?P<value>[\w.:-]{6,64})'"
            r"|\b(?:ANDROID_SERIAL|X-Device-Serial)[=:\x20]{1,2}(?P<value>[\w-]{6,64})"
            r"|\bExponentPushToken\[(?P<value>[\w-]{8,64})\]"
            r"|\b(?:TeamViewer|AnyDesk)(?:[\x20-]ID)?[:=\x20]{1,2}"
            r"(?P<value>\d{1,3}(?:\x20?\d{3}){2,3})(?!\d)"
            r"|\bDUID[:=\x20]{1,2}(?P<value>[0-9a-f]{2}(?::[0-9a-f]{2}){9,19})",
            0.7,
        ),
        (
            "tag of a service or an asset",
            r"\b(?:service|asset)[\x20_-]?tag[\"']?\s{0,2}[:=]\s{0,2}[\"']?"
            r"(?P<value>(?-i:[A-Z\d]{5,16}))(?!\w)",
            0.7,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse words and signs: an id has a digit, or letters in capitals alone."""
        told = any(map(str.isdigit, value)) or _LETTERS.fullmatch(value)
        return value[:1].isalnum() and bool(told) and not _NO_ID.fullmatch(value)


class EquipmentIdRecognizer(ValuePatternRecognizer):
    """Finds IMEIs (3GPP TS 23.003 section 6.2.1): 15 digits, the last a Luhn checksum."""

    ENTITY = "DEVICE_ID"
    SCORED_PATTERNS = (("IMEI", r"(?<![\w.+-])\b\d{2}-?\d{6}-?\d{6}-?\d\b(?![\w-]|\.\d)", 0.7),)

    def accepts(self, value: str) -> bool:
        """Refuse numbers whose checksum is wrong."""
        return value[0] != "1" and passes_luhn(value)


class SecurityIdRecognizer(ValuePatternRecognizer):
    """Finds Windows security identifiers of accounts ([MS-DTYP] section 2.4.2)."""

    ENTITY = "WINDOWS_SID"
    SCORED_PATTERNS = (("account SID", r"\bS-1-(?:5-21|12-1)(?:-\d{1,10}){3,5}\b", 0.95),)


_NUMBER: Final = re.compile(r"\d+\.\d+")
_PAIR: Final = 2


class PlaceRecognizer(ValuePatternRecognizer):
    """Finds geographic coordinates: after their key, or as a pair of precise degrees."""

    ENTITY = "LOCATION"
    SCORED_PATTERNS = (
        (
            "degrees by their key's name",
            r"(?<![a-z])(?:m|gps)?(?:lat|lon|lng|latitude"
            r"|longitude)(?:\\?[\"'])?\s{0,2}[:=]\s{0,2}[\"']?"
            r"(?P<value>[+-]?\d{1,3}\.\d{2,15})",
            0.8,
        ),
        (
            "place of Android",
            r"(?-i:\bLocation\[\w{1,16}\x20)(?P<value>-?\d{1,3}[.,]\d{3,9},-?\d{1,3}[.,]\d{3,9})",
            0.8,
        ),
        (
            "precise degrees after their name",
            r"\b(?:lat|lon|lng|latitude|longitude)\x20(?P<value>[+-]?\d{1,3}\.\d{4,15})",
            0.7,
        ),
        (
            "degrees, minutes, seconds",
            r"(?<![\w.])\d{1,3}\x20?°\x20?\d{1,2}(?:\.\d{1,6})?\x20?['\u2032\u2019]\x20?"
            r"(?:\d{1,2}(?:\.\d{1,6})?\x20?[\"\u2033\u201d]\x20?)?[NSEWO](?!\w)",
            0.8,
        ),
        (
            "pair of degrees",
            r"(?<![\w.-])(?<!\b(?:vector\d?|expected|got|loss|scale|frame|size|took|taking"
            r"|stddev|eigenvalues)[\x20(:=]{1,2})[+-]?[1-8]?\d\.\d{4,15}°?\s?[NS]?(?:,"
            r"|%2C)\s{0,2}[+-]?1?\d{1,2}\.\d{4,15}(?!\w|\.\w)",
            0.6,
        ),
        (
            "house in a street",
            r"(?-i:(?<![\w.#-])\d{1,5}[A-Z]?\x20(?:[NSEW]{1,2}\.?\x20)?"
            r"(?!(?:[A-Z]\w{1,12}\x20)?(?:Data|Physical|Logical|Main|Clock|Vector|Mem|Memory|Cache"
            r"|Dram|Load|Min|Sec|Read|Total)\x20(?:Lane|Rd|Ave)(?!\w))"
            r"(?:[A-Z][a-z]{2,20}\x20){1,2}(?:St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane"
            r"|Terrace))(?!\w)",
            0.6,
        ),
        (
            "point in well-known text",
            r"\b(?:MULTI)?(?:POINT|LINESTRING"
            r"|POLYGON)(?:\x20Z?M?)?\x20?\({1,3}"
            r"(?P<value>[+-]?\d{1,3}\.\d{2,15}\x20[+-]?\d{1,3}\.[\d\x20.,()+-]{2,2000})",
            0.6,
        ),
        (
            "sentence of a receiver, degrees and minutes",
            r"(?-i:\$G[PNLAB](?:GGA|RMC|GLL),)(?P<value>[\dNSEWAV.,-]{8,80})"
            r"|(?-i:\b(?P<value>[NS]\x20?\d{1,2}[\x20\u00b0]{1,2}\d{1,2}\.\d{2,4}'?[\x20,]{1,2}"
            r"[EW]\x20?\d{1,3}[\x20\u00b0]{1,2}\d{1,2}\.\d{2,4}))(?!\d)",
            0.8,
        ),
        (
            "address of a house by its key's name",
            r"\b(?:(?:billing|shipping|street|home|postal|mailing|delivery"
            r"|residential)[_\x20-]?address|street)[\"']?\s?[:=]\s?[\"']?"
            r"(?!(?:expected|invalid|must|should|cannot|missing|required|not|is|too|array|object"
            r"|string)\b)"
            r"(?P<value>(?=[^\"'\r\n;|{}]{0,80}\d)"
            r"(?=[\d\x20.,-]{0,16}[^\W\d_]{3})[^\s\"'\r\n;|{}=][^\"'\r\n;|{}=]{4,120})"
            r"|\b(?:zip|postal|post(?!\x20code:\x20[1-5]\d\d\b))"
            r"(?:[_\x20-]?code)[\"']?\s?[:=]\s?[\"']?"
            r"(?P<value>(?=[a-z]{0,2}\d)[a-z\d]{2,5}(?:[\x20-][a-z\d]{3,4})?)(?![\w.])",
            0.6,
        ),
    )

    def accepts(self, value: str) -> bool:
        """Refuse pairs of numbers that are both in the middle of the Atlantic: scales, losses."""
        numbers = [abs(float(each)) for each in _NUMBER.findall(value)]
        return len(numbers) != _PAIR or "°" in value or max(numbers) > 1
