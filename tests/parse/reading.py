"""How tests read a payload: through the way in that the pipeline takes."""

import json

import transforms.parse
from schemas.policy import Limits
from schemas.records import CrashReport, Failure, RawReport


def read_all(payload: object, **limits: int) -> list[CrashReport | Failure]:
    """Return all that bytes hold, or a text in UTF-8; any other value is read as its JSON."""
    if not isinstance(payload, bytes):
        text = payload if isinstance(payload, str) else json.dumps(payload)
        payload = text.encode()
    # By its module: `tools.seeds` listens there to what tests read.
    return list(transforms.parse.parse_payload(RawReport("x", payload), Limits(**limits)))


def read_one(payload: object, **limits: int) -> CrashReport | Failure:
    """Return the one report or failure that a payload holds."""
    (found,) = read_all(payload, **limits)
    return found


def read_report(format_name: str, payload: object, **limits: int) -> CrashReport:
    """Return the one report that a payload of this format holds."""
    found = read_one(payload, **limits)
    assert isinstance(found, CrashReport)
    assert found.format == format_name
    return found
