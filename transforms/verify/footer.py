"""Footers: exactly the allowlisted keys, with values that a policy can have (P10, P11)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from schemas.policy import ENGINE_PATTERN, NAME_PATTERN, NO_MODEL, SMALLEST_ANONYMOUS_K
from schemas.tables import CONTRACT_VERSION, FOOTER_KEYS, Table
from transforms.publish import have_noise
from transforms.verify.finding import Check, Finding


@dataclass(frozen=True, slots=True, order=True)
class Rules:
    """What a footer says of the rules that its rows keep.

    With `counts_reports`, a report without an installation id counts as an installation (P4).
    """

    policy: str
    anonymous: bool
    k: int
    max_crashes_per_cell: int
    has_noise: bool
    counts_reports: bool


def check_footer(table: Table, path: str, footer: Mapping[str, str]) -> list[Finding]:
    """Return what is wrong with a footer's keys and values; unknown keys are counted, not named."""
    findings = []
    if strange := len(set(footer) - set(FOOTER_KEYS)):
        findings.append(f"has {strange} keys that are not in the allowlist")
    findings += [f"{key} is missing" for key in FOOTER_KEYS if key not in footer]
    findings += [
        f"{key} has a value that no policy gives it"
        for key in FOOTER_KEYS
        if key in footer and not _is_sane(key, footer[key])
    ]
    if footer.get("crashveil.table") != table.name:
        findings.append("crashveil.table is another table")
    anonymous, k = footer.get("crashveil.anonymous") == "true", footer.get("crashveil.k", "")
    if anonymous and _is_number(k) and int(k) < SMALLEST_ANONYMOUS_K:
        findings.append(f"crashveil.k is {k}, too few to be called anonymous")
    return [Finding(Check.FOOTER, path, what) for what in findings]


def rules_of(footer: Mapping[str, str]) -> Rules:
    """Return the rules that a footer without findings tells."""
    return Rules(
        footer["crashveil.policy"],
        footer["crashveil.anonymous"] == "true",
        int(footer["crashveil.k"]),
        int(footer["crashveil.max_crashes_per_cell"]),
        have_noise(footer),
        footer["crashveil.reports_without_install_are_distinct"] == "true",
    )


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII) is not None


def _is_truth(text: str) -> bool:
    return text in ("true", "false")


def _is_loss(text: str) -> bool:
    """Tell whether a text is a loss of privacy: a decimal number, 0 or more."""
    return re.fullmatch(r"\d{1,3}(\.\d{1,20})?(e-\d{1,3})?", text, re.ASCII) is not None


def _is_model(text: str) -> bool:
    """Tell whether a text is `no_op`, or a language model's engine and name, never a path."""
    named = rf"{ENGINE_PATTERN}:[A-Za-z0-9_.@: -]{{1,255}}"
    return text == NO_MODEL or re.fullmatch(named, text) is not None


_VALUES: Mapping[str, Callable[[str], bool]] = {
    "crashveil.contract_version": CONTRACT_VERSION.__eq__,
    "crashveil.table": lambda text: re.fullmatch(r"[a-z_]{1,64}", text) is not None,
    "crashveil.policy": lambda text: re.fullmatch(NAME_PATTERN, text) is not None,
    "crashveil.anonymous": _is_truth,
    "crashveil.k": _is_number,
    "crashveil.max_cells_per_install": _is_number,
    "crashveil.max_crashes_per_cell": _is_number,
    "crashveil.reports_without_install_are_distinct": _is_truth,
    "crashveil.period_days": _is_number,
    "crashveil.nlp": _is_model,
    "crashveil.epsilon": _is_loss,
    "crashveil.delta": _is_loss,
}
"""What may stand in each key of a footer (schemas/policy.py); a key without a rule fails."""


def _is_sane(key: str, value: str) -> bool:
    return key in _VALUES and _VALUES[key](value)
