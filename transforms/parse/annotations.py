"""What the annotations of a crash say, by whatever name a reporter gives them.

Annotations are the key-value pairs that an application sets on its crashes: Crashpad's simple
annotations, the fields of a Breakpad upload, Socorro's raw crash, or a sidecar of our own.
"""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Final

from schemas.records import CrashReport, Identity, IdentityKind
from transforms.parse.times import parse_time

_MAX_NAME_CHARS = 256
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")

# Names after: Crashpad's and Chromium's crash keys, Electron's crashReporter, Breakpad's upload
# fields, and Mozilla's CrashAnnotations.yaml. Keys are compared in lower case, letters and digits.
_PRODUCT = ("productname", "product", "prod")
# Electron puts its own name into `prod` and the application's into `_productName`.
_VERSION = ("version", "ver", "appversion")
_CHANNEL = ("channel", "releasechannel")
_PROCESS_TYPE = ("processtype", "ptype")
_INSTALL_ID = ("installid", "guid", "clientid", "telemetryclientid", "gleanclientid")
_REPORT_ID = ("reportid", "uuid", "crashid")
_RECEIVED_AT = ("receivedat", "submittedtimestamp")
_CONSENT: Final = re.compile(r"consent|opt(?:ed)?in$")
_ABOUT_CONSENT: Final = ("consent", "optin", "optedin", "optout", "optedout")
_OPT_OUT: Final = re.compile(r"opt(?:ed)?out")
_NOT_AN_ANSWER: Final = re.compile(
    r"(?:consent|optin|optout)(?:version|time|timestamp|date|at|id|source|text|url)$"
)
_YES: Final = frozenset({"1", "true", "yes", "y", "on", "granted", "given", "accepted", "optin"})
_NO: Final = frozenset({"0", "false", "no", "n", "off"})

_IDENTITIES: Final = {
    IdentityKind.USER_NAME: frozenset(
        "user username login loginname account accountname email useremail owner".split()  # noqa: SIM905
    ),
    IdentityKind.HOST_NAME: frozenset(
        "host hostname computername machinename devicename nodename servername".split()  # noqa: SIM905
    ),
    IdentityKind.DEVICE_ID: frozenset(
        [*_INSTALL_ID, "deviceid", "machineid", "serial", "serialnumber", "androidid", "userid"]
    ),
}
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UUID_DIGITS = re.compile(r"[0-9a-f]{32}")
_UNSEEN = frozenset({"Cc", "Cf"})
_BRACES = "{}() \t\r\n\"'"


@dataclass(frozen=True, slots=True)
class AnnotationFacts:
    """The facts of a crash that its annotations tell; None where they do not."""

    product: str | None = field(default=None, repr=False)
    version: str | None = field(default=None, repr=False)
    channel: str | None = field(default=None, repr=False)
    process_type: str | None = field(default=None, repr=False)
    install_id: str | None = field(default=None, repr=False)
    report_id: str | None = field(default=None, repr=False)
    received_at: datetime | None = field(default=None, repr=False)
    consent: bool | None = None
    identities: tuple[Identity, ...] = field(default=(), repr=False)


def annotation_facts(annotations: Mapping[str, str]) -> AnnotationFacts:
    """Return the facts that annotations tell; what they hold besides is dropped."""
    by_key: dict[str, str] = {}
    answers: list[bool] = []
    for name, value in annotations.items():
        key = _key(name)
        answers += _answers(key, value)
        if value.strip():
            by_key.setdefault(key, value.strip())
    return AnnotationFacts(
        product=_first(by_key, _PRODUCT),
        version=_first(by_key, _VERSION),
        channel=_first(by_key, _CHANNEL),
        process_type=_first(by_key, _PROCESS_TYPE),
        install_id=_first(by_key, _INSTALL_ID),
        report_id=_first(by_key, _REPORT_ID),
        received_at=_time(_first(by_key, _RECEIVED_AT)),
        consent=all(answers) if answers else None,
        identities=tuple(_identities(by_key)),
    )


def with_annotations(report: CrashReport, annotations: Mapping[str, str]) -> CrashReport:
    """Return a report in which what the annotations tell stands before what it said itself."""
    if not annotations:
        return report
    facts = annotation_facts(annotations)
    told = {
        fact.name: value
        for fact in fields(facts)
        if fact.name != "identities" and (value := getattr(facts, fact.name)) is not None
    }
    if report.consent is False:
        told["consent"] = False
    return replace(report, **told, identities=(*report.identities, *facts.identities))


_NO_ID = frozenset(
    ("null", "none", "nil", "undefined", "unknown", "anonymous", "n/a", "na", "nan", "?")
) | {str(uuid.UUID(int=2**128 - 1))}
"""Among them the UUID of which every bit is set (RFC 9562, section 5.10); the one of zeros, and
whatever else is zeros alone, is none either."""


def normalised_id(value: str | None) -> str | None:
    """Return the one spelling of an id, so that it is one id in every report.

    A UUID, however it is written, is in lower case with its dashes (RFC 9562 section 4). None for
    what programs write where they have no id: each of these would count as an installation.
    """
    told = value if value and _UUID.fullmatch(value) else _one_spelling(value or "")
    return None if told in _NO_ID or not set(told) - set("0-") else told


def _one_spelling(value: str) -> str:
    compatible = unicodedata.normalize("NFKC", value).lower()
    plain = "".join(each for each in compatible if unicodedata.category(each) not in _UNSEEN)
    digits = _NOT_IN_A_KEY.sub("", plain.strip().removeprefix("urn:uuid:").removeprefix("0x"))
    return str(uuid.UUID(digits)) if _UUID_DIGITS.fullmatch(digits) else plain.strip(_BRACES)


def _key(name: str) -> str:
    return _letters_and_digits(name[:_MAX_NAME_CHARS])


@lru_cache(maxsize=1024)
def _letters_and_digits(name: str) -> str:
    """Return what is left of a name for comparing it; most reports have the same names."""
    return _NOT_IN_A_KEY.sub("", name.lower())


def _first(by_key: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((by_key[key] for key in keys if key in by_key), None)


def _time(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return parse_time(float(value))
    except ValueError:
        return parse_time(value)


def _answers(key: str, value: str) -> list[bool]:
    """Return whether a user agreed, if the annotation is about that.

    A key with `consent` in it, or `optin` at its end, must say yes, one with `optout` no: whatever
    else it says counts as a refusal. A version or a time of consent is no answer.
    """
    if not any(about in key for about in _ABOUT_CONSENT) or _NOT_AN_ANSWER.search(key):
        return []
    said = _NOT_IN_A_KEY.sub("", value.lower())
    if _OPT_OUT.search(key):
        return [said in _NO]
    return [said in _YES] if _CONSENT.search(key) else []


def is_about_consent(name: str) -> bool:
    """Tell whether an annotation of this name is a user's answer."""
    return bool(_answers(_key(name), ""))


def _identities(by_key: Mapping[str, str]) -> list[Identity]:
    found = [
        Identity(kind, value)
        for kind, keys in _IDENTITIES.items()
        for key in sorted(keys & by_key.keys())
        for value in {by_key[key], by_key[key].strip(_BRACES)}
    ]
    mail = [each for each in found if each.kind is IdentityKind.USER_NAME and "@" in each.value]
    return found + [Identity(each.kind, each.value.partition("@")[0]) for each in mail]
