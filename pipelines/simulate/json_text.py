"""JSON as the simulated reporters write it."""

import json

_ENCODER = json.JSONEncoder(ensure_ascii=False)


def as_json(value: object) -> str:
    """Return a value as JSON on one line, letters that are not ASCII as they are."""
    return _ENCODER.encode(value)
