"""Keyed hashes that stand for installations and reports within one period; never published.

HMAC-SHA256 (RFC 2104) over length-prefixed parts, cut to 16 bytes. The length prefixes keep
("ab", "c") and ("a", "bc") apart, the domain an installation and a report of the same text, and
the period keeps one installation's periods from being linked.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.records import NAME_HASH_BYTES

_HASH_BYTES = 16


def keyed_hash(key: bytes, *parts: str | bytes) -> bytes:
    """Return HMAC-SHA256 (32 bytes) of length-prefixed parts."""
    return hmac.digest(key, _length_prefixed(parts), "sha256")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes the hashes of one run from its key; the `repr` does not show the key.

    `reports_without_install_are_distinct` is the policy's choice for P4.
    """

    key: bytes = field(repr=False)
    reports_without_install_are_distinct: bool = False

    def report(self, period: str, report_id: str) -> bytes:
        """Return what stands for a report in a period."""
        return keyed_hash(self.key, "report", period, report_id)[:_HASH_BYTES]

    def install(self, period: str, install_id: str | None, report: bytes) -> bytes:
        """Return what stands for an installation in a period.

        A report without an installation id (None or empty) belongs to the one unknown installation,
        or, where the policy says so, to an installation of its own, made from the report's hash.
        """
        if install_id:
            return keyed_hash(self.key, "install", period, install_id)[:_HASH_BYTES]
        own = report if self.reports_without_install_are_distinct else b""
        return keyed_hash(self.key, "unknown install", period, own)[:_HASH_BYTES]

    def objection(self, install_id: str) -> str:
        """Return what stands for an installation in a policy's list of objections, hexadecimal."""
        return keyed_hash(self.key, "objection", install_id)[:_HASH_BYTES].hex()

    def name(self, name: str) -> bytes:
        """Return what stands for a name of a person or device, to look for it in the output."""
        return keyed_hash(self.key, "name", name)[:NAME_HASH_BYTES]

    def cell(self, table: str, period: str, key: Iterable[str]) -> bytes:
        """Return what stands for a cell between two barriers: shorter than its key is."""
        return keyed_hash(self.key, "cell", table, period, *key)[:_HASH_BYTES]

    @property
    def bounding_key(self) -> bytes:
        """The key that decides which cells are kept of an installation with too many."""
        return keyed_hash(self.key, "bounding key")


def fingerprint(key: bytes, *parts: str) -> str:
    """Return what tells, in a ledger, that two runs have the same key and parts, hexadecimal."""
    return keyed_hash(key, "fingerprint", *parts).hex()


def derive_run_key(listing: Iterable[tuple[str, int]]) -> bytes:
    """Return a run's key made of its input: the names, relative to the input, and sizes in bytes.

    For runs that are given no key, so that the same input gives the same bytes. Who knows the
    listing knows this key, so hashes made with it must not outlive the run's memory
    (docs/adr/0003-run-key.md).
    """
    parts = [part for name, size in sorted(listing) for part in (name, str(size))]
    return hashlib.sha256(_length_prefixed(["crashveil run key", *parts])).digest()


def _length_prefixed(parts: Iterable[str | bytes]) -> bytes:
    encoded = (
        part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts
    )
    return b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
