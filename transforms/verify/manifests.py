"""Manifests and contents: both say what the ledger says."""

import hashlib

from transforms.publish import Entry, PublishedFile, manifest_bytes
from transforms.publish.paths import manifest_path
from transforms.verify.finding import Check, Finding


def check_manifest(entry: Entry, content: bytes) -> list[Finding]:
    """Return a finding when a period's manifest is not what publishing makes of its entry."""
    if content == manifest_bytes(entry.period, entry.files):
        return []
    what = "is not the manifest of what the ledger says of its period"
    return [Finding(Check.MANIFEST, manifest_path(entry.period), what)]


def check_content(file: PublishedFile, content: bytes) -> list[Finding]:
    """Return a finding for a file's size or SHA-256 that is not the ledger's."""
    if len(content) != file.size:
        what = f"has {len(content)} bytes, and the ledger says {file.size}"
    elif hashlib.sha256(content).hexdigest() != file.sha256:
        what = "has another SHA-256 than the ledger says"
    else:
        return []
    return [Finding(Check.CONTENT, file.path, what)]
