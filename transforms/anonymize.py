"""From a scrubbed crash to the small record that may cross a barrier: signature, period, hashes."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from schemas.policy import Policy
from schemas.records import (
    UNKNOWN,
    AnonymousCrash,
    CleanFrame,
    CrashReport,
    Facts,
    Failure,
    FailureKind,
    ScrubbedCrash,
    Stage,
)
from transforms.aggregate import Pseudonyms, period_of
from transforms.group import deepest, message_template, signature, stack_digest


@dataclass(frozen=True, slots=True)
class ScrubbedReport:
    """A scrubbed crash with the raw report that it came from; never crosses a barrier."""

    report: CrashReport = field(repr=False)
    crash: ScrubbedCrash


@dataclass(frozen=True, slots=True)
class SignedCrash:
    """An anonymous crash, and the frames that its stack's digest stands for."""

    crash: AnonymousCrash
    frames: Sequence[CleanFrame]


def identify(
    payload: bytes, parsed: Iterable[CrashReport | Failure]
) -> Iterator[CrashReport | Failure]:
    """Give a report that has no id of its own one made of the payload and its place in it.

    So the same file uploaded twice counts once.
    """
    digest: str | None = None
    for position, report in enumerate(parsed):
        if isinstance(report, CrashReport) and report.received_at is None:
            yield Failure(Stage.PARSE, FailureKind.NO_TIME, report.format)
        elif isinstance(report, CrashReport) and report.report_id is None:
            digest = digest or hashlib.sha256(payload).hexdigest()
            yield replace(report, report_id=f"{digest}#{position}")
        else:
            yield report


def refusal(report: CrashReport, policy: Policy, pseudonyms: Pseudonyms) -> AnonymousCrash:
    """Return what takes a report out again, should it have come before without its refusal.

    Raises:
        ValueError: the report has no time or no id; reading gives it both.
    """
    return AnonymousCrash(*_hashes(report, policy, pseudonyms), None)


def sign(scrubbed: ScrubbedReport, policy: Policy, pseudonyms: Pseudonyms) -> SignedCrash:
    """Return the anonymous crash: what crashes, in which period, and keyed hashes for the rest.

    Raises:
        ValueError: the report has no time or no id; reading gives it both.
    """
    crash = scrubbed.crash
    hashes = _hashes(scrubbed.report, policy, pseudonyms)
    facts = Facts(
        product=crash.product or UNKNOWN,
        version=crash.version or UNKNOWN,
        channel=crash.channel or UNKNOWN,
        os_name=crash.os_name or UNKNOWN,
        os_version=crash.os_version or UNKNOWN,
        arch=crash.arch or UNKNOWN,
        process_type=crash.process_type or UNKNOWN,
        signature=signature(crash),
        reason=crash.reason,
        exception_type=crash.exception_type,
        message_template=None if crash.message is None else message_template(crash.message),
        stack=stack_digest(crash.frames),
    )
    return SignedCrash(AnonymousCrash(*hashes, facts), deepest(crash.frames))


def _hashes(
    report: CrashReport, policy: Policy, pseudonyms: Pseudonyms
) -> tuple[str, bytes, bytes]:
    """Return a report's period, and the keyed hashes of its installation and of itself in it."""
    if report.received_at is None or report.report_id is None:
        raise ValueError("a report needs a time and an id")
    period = period_of(report.received_at, policy.period_days)
    report_hash = pseudonyms.report(period, report.report_id)
    return period, pseudonyms.install(period, report.install_id, report_hash), report_hash
