"""Publishing: files are staged, checked against what is there, moved, and a manifest comes last.

A period is released once (P5): what an output already holds is kept as it is, and a run that would
put other bytes there is refused before it has moved anything. A run that was killed leaves no
manifest for the period it was at, and running it again moves what is missing.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from schemas.tables import TABLES
from transforms.publish.filesystem import FileSystem
from transforms.publish.manifest import (
    PublishedFile,
    manifest_bytes,
    manifest_path,
    period_folder,
)

_STAGING = "_staging"


class PublishError(Exception):
    """A release that is refused or cannot be written; one line that says what to do."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is still to be done for a period: the files to move, the manifest if it is missing."""

    period: str
    missing: tuple[PublishedFile, ...]
    manifest: bytes | None


def stage(table: str, period: str, content: bytes, output: FileSystem) -> PublishedFile:
    """Write a file into the output's staging folder; doing so again changes nothing.

    Raises:
        PublishError: it cannot be written.
    """
    file = PublishedFile(table, period, hashlib.sha256(content).hexdigest(), len(content))
    try:
        output.write(_staged_path(file), content)
    except OSError as error:
        raise _cannot_write(error) from error
    return file


def publish(files: Iterable[PublishedFile], output: FileSystem) -> list[str]:
    """Move staged files to where analysts read them, and return the periods that are new, sorted.

    All files of a period must be given together. Staging is empty afterwards; after a process that
    was killed, the next run empties it.

    Raises:
        PublishError: the output holds another release of a period, or cannot be written.
    """
    by_period: dict[str, list[PublishedFile]] = {}
    for file in files:
        by_period.setdefault(file.period, []).append(file)
    try:
        plans = [_plan(period, by_period[period], output) for period in sorted(by_period)]
        for plan in plans:
            _carry_out(plan, output)
    except OSError as error:
        raise _cannot_write(error) from error
    finally:
        with suppress(OSError):
            output.delete_folder(_STAGING)
    return [plan.period for plan in plans if plan.manifest is not None]


def _plan(period: str, files: list[PublishedFile], output: FileSystem) -> _Plan:
    manifest = manifest_bytes(period, files)
    released = output.exists(manifest_path(period))
    if released and output.read(manifest_path(period)) != manifest:
        raise PublishError(
            f"period {period} is already released here with other content, and a period is "
            "released once (P5): take another output folder, or leave that period's reports out"
        )
    there = {
        path for table in TABLES for path in output.list_files(period_folder(table.name, period))
    }
    expected = {file.path: file for file in files}
    for path in sorted(there):
        if path not in expected or _sha256(path, output) != expected[path].sha256:
            raise PublishError(
                f"{path} is there already with other content: run the same input and policy again "
                "to finish that release, or take another output folder"
            )
    missing = tuple(file for path, file in sorted(expected.items()) if path not in there)
    return _Plan(period, missing, None if released else manifest)


def _carry_out(plan: _Plan, output: FileSystem) -> None:
    for file in plan.missing:
        output.move(_staged_path(file), file.path)
    if plan.manifest is not None:
        staged = f"{_STAGING}/{manifest_path(plan.period)}"
        output.write(staged, plan.manifest)
        output.move(staged, manifest_path(plan.period))


def _staged_path(file: PublishedFile) -> str:
    return f"{_STAGING}/{period_folder(file.table, file.period)}/{file.sha256}.parquet"


def _sha256(path: str, output: FileSystem) -> str:
    return hashlib.sha256(output.read(path)).hexdigest()


def _cannot_write(error: OSError) -> PublishError:
    return PublishError(f"the output cannot be written: {error.strerror or type(error).__name__}")
