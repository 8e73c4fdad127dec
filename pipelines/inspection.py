"""What the pipeline sees of one file, scrubbed: the lines of `crashveil inspect`."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from schemas.policy import Limits
from schemas.records import CrashReport, Failure, FailureKind, ScrubbedCrash, Stage
from schemas.tables import FRAME_FIELDS
from transforms.group import message_template, signature
from transforms.parse import parse_payload
from transforms.read import InputItem, read_item
from transforms.scrub import Scrubber, ScrubError
from transforms.storage import read_bytes


def inspect_item(item: InputItem, limits: Limits, scrubber: Scrubber) -> Iterator[dict[str, Any]]:
    """Yield one JSON-ready mapping for each report in the item, whether it is read or rejected.

    `path` is the file as the user named it; every other text is scrubbed.
    """
    for raw in read_item(item, limits, read_bytes):
        if isinstance(raw, Failure):
            yield _rejected(item.file.path, raw)
            continue
        for parsed in parse_payload(raw, limits):
            yield _line(raw.source, parsed, scrubber)


def _line(path: str, parsed: CrashReport | Failure, scrubber: Scrubber) -> dict[str, Any]:
    if isinstance(parsed, Failure):
        return _rejected(path, parsed)
    try:
        crash = scrubber.scrub_report(parsed)
    except ScrubError:
        return _rejected(path, Failure(Stage.SCRUB, FailureKind.SCRUBBER_ERROR, parsed.format))
    return {"path": path, "format": crash.format, "status": "ok", "kind": None} | _facts(crash)


def _facts(crash: ScrubbedCrash) -> dict[str, Any]:
    facts = asdict(crash)
    del facts["format"]
    frames = [{name: frame[name] for name in FRAME_FIELDS} for frame in facts.pop("frames")]
    template = None if crash.message is None else message_template(crash.message)
    return facts | {
        "message_template": template,
        "signature": signature(crash),
        "frames": frames,
        "redactions": dict(sorted(crash.redactions.items())),
    }


def _rejected(path: str, failure: Failure) -> dict[str, Any]:
    return {
        "path": path,
        "format": failure.format,
        "status": "rejected",
        "kind": failure.kind.value,
        "stage": failure.stage.value,
    }
