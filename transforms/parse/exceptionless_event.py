"""Events of Exceptionless, in which .NET's and JavaScript's applications send their errors.

Names are those of its `EventBuilder` and of the server's models, `stack_trace` or `StackTrace` as
client or server writes them. What was asked for, and what a user did, is not kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from schemas.policy import Limits
from schemas.records import CrashReport, FailureKind, Frame, Identity, IdentityKind, RawReport
from transforms.parse.documents import is_one_object
from transforms.parse.field_mapping import FieldMapping
from transforms.parse.json_reader import integer, mapping, read_object, sequence, text
from transforms.parse.normalise import architecture, module_name, operating_system
from transforms.parse.parser import ParseError
from transforms.parse.times import parse_time

FORMAT = "exceptionless_event"

MAPPING = FieldMapping(
    recognized_by="`@error` or `@simple_error`, or `is_first_occurrence` in a JSON object",
    product="`@environment.process_name`, else `process`, without folders and `.exe`",
    version="`@version`, without what stands behind a space",
    os="`@environment`: `o_s_name` and `o_s_version`",
    arch="`@environment.architecture`",
    exception_type="the innermost error's `type`",
    reason="the innermost error's `type`",
    message="the innermost error's `message`",
    frames="`stack_trace` of the innermost error, then of those around it",
    install_id="`@environment.install_id`, else the client's `InstallIdentifier`",
    report_id="`reference_id`, else `id`",
    received_at="`date`, else `OccurrenceDate`",
    identities="`@user`'s identity and name, `@environment.machine_name`, `host`",
)

_NAMED: Final = (
    b'"@error"', b'"@simple_error"', b'"is_first_occurrence"', b'"IsFirstOccurrence"',
    b'"ErrorStackId"', b'"ExceptionlessClientInfo"',
)  # fmt: skip
_MOST_INNER: Final = 32


def sniff(payload: bytes) -> bool:
    """Tell an event by the error in it, or by a name that the server gives to each."""
    return any(name in payload for name in _NAMED) and is_one_object(payload)


def parse(raw: RawReport, limits: Limits) -> Iterator[CrashReport]:
    """Yield the one report of an event.

    Raises:
        ParseError: `TRUNCATED`, `MALFORMED`, or `NOT_A_CRASH` for an event without an error.
    """
    event = _plain(read_object(raw.payload))
    data = _plain(event.get("data"))
    # Until 2014 an event was an error itself.
    as_error = event if "stacktrace" in event else None
    errors = _errors(data.get("@error") or data.get("@simpleerror") or as_error)
    if not any(error.get("type") or error.get("stacktrace") for error in errors):
        raise ParseError(FailureKind.NOT_A_CRASH)
    around = _plain(data.get("@environment") or event.get("environmentinfo"))
    user = _plain(data.get("@user"))
    system = operating_system(text(around.get("osname")), text(around.get("osversion")))
    frames = [
        _frame(_plain(each)) for error in errors for each in sequence(error.get("stacktrace"))
    ]
    kind = text(errors[0].get("type"))
    yield CrashReport(
        format=FORMAT,
        report_id=text(event.get("referenceid")) or text(event.get("id")),
        install_id=text(around.get("installid"))
        or text(_plain(event.get("exceptionlessclientinfo")).get("installidentifier")),
        received_at=parse_time(event.get("date") or event.get("occurrencedate")),
        product=_product(text(around.get("processname")) or text(data.get("process"))),
        version=(text(data.get("@version")) or "").partition(" ")[0] or None,
        os_name=system.name,
        os_version=system.version,
        os_build=system.build,
        arch=architecture(text(around.get("architecture"))),
        reason=kind,
        exception_type=kind,
        message=text(errors[0].get("message")),
        frames=tuple(frames[: limits.max_frames]),
        truncated=len(frames) > limits.max_frames,
        identities=tuple(
            Identity(kind_of, name)
            for kind_of, value in (
                (IdentityKind.USER_NAME, user.get("identity")),
                (IdentityKind.USER_NAME, user.get("name")),
                (IdentityKind.HOST_NAME, around.get("machinename")),
                (IdentityKind.HOST_NAME, data.get("host")),
            )
            if (name := text(value)) is not None
        ),
    )


def _product(path: str | None) -> str | None:
    name = module_name(path)
    return name.removesuffix(".exe") if name else None


def _plain(value: object) -> Mapping[str, Any]:
    """Return an object by its names in small letters, without underscores."""
    return {name.replace("_", "").lower(): each for name, each in mapping(value).items()}


def _errors(value: object) -> Sequence[Mapping[str, Any]]:
    """Return an error and those within it, the innermost first."""
    errors: list[Mapping[str, Any]] = []
    while value and len(errors) < _MOST_INNER:
        errors.insert(0, _plain(value))
        value = errors[0].get("inner")
    return errors


def _frame(frame: Mapping[str, Any]) -> Frame:
    owner = [text(frame.get(name)) for name in ("declaringnamespace", "declaringtype")]
    return Frame(
        module=".".join(filter(None, owner)) or None,
        function=text(frame.get("name")),
        file=text(frame.get("filename")),
        line=integer(frame.get("linenumber")) or None,
    )
