"""Who is left out before anything is counted (P14): whoever refused, and whoever objected."""

from schemas.policy import Policy
from schemas.records import CrashReport
from transforms.aggregate import Pseudonyms
from transforms.parse.annotations import normalised_id


def exclusion(report: CrashReport, policy: Policy, pseudonyms: Pseudonyms) -> str | None:
    """Return why a report is dropped, by the name that counts it, None when it is not.

    A report says itself when consent is refused; the policy lists installations that objected, as
    keyed hashes.
    """
    if report.consent is False:
        return "consent_refused"
    if policy.objections and report.install_id is not None:
        objected = pseudonyms.objection(report.install_id) in policy.objections
        return "objection" if objected else None
    return None


def objection(install_id: str, pseudonyms: Pseudonyms) -> str | None:
    """Return what stands in a policy's `objections` for an installation, by its id in any spelling.

    None for what counts as no id, such as `unknown`.
    """
    known = normalised_id(install_id)
    return None if known is None else pseudonyms.objection(known)
