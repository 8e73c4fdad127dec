"""What a record shows of itself ends in logs and errors of engines: nothing that a report told."""

import inspect
import pkgutil
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest

import transforms.parse
import transforms.read.listing
import transforms.unpack

PLANTED = "jane.doe"
OF_OUR_OWN = {"FieldMapping", "_Machine"}
"""They hold what this program says of formats, and nothing of a report."""


def modules() -> Iterator[Any]:
    yield transforms.read.listing
    for package in (transforms.parse, transforms.unpack):
        for module in pkgutil.iter_modules(package.__path__):
            yield pkgutil.resolve_name(f"{package.__name__}.{module.name}")


def is_record(each: type) -> bool:
    return is_dataclass(each) or issubclass(each, tuple)


RECORDS = [
    each
    for module in modules()
    for name, each in inspect.getmembers(module, inspect.isclass)
    if each.__module__ == module.__name__ and is_record(each) and name not in OF_OUR_OWN
]


def made(record: Any) -> Any:
    hints = get_type_hints(record)
    return record(*(planted(hints[each.name]) for each in fields(record)))


def planted(hint: Any) -> Any:
    """A value of a type, with the planted text wherever text is."""
    inner = [each for each in get_args(hint) if each not in {NoneType, ...}]
    kind = get_origin(hint) or hint
    if is_dataclass(hint):
        return None if hint.__name__ in OF_OUR_OWN else made(hint)
    if kind in {dict, Mapping}:
        return {planted(inner[0]): planted(inner[1])}
    if kind in {list, tuple, deque}:
        return kind(planted(each) for each in inner)
    if inner:  # one or the other, or nothing
        return planted(inner[0])
    if issubclass(kind, Enum):
        return next(iter(kind))
    if kind in {int, float, bool}:
        return kind()
    if kind is datetime:
        return datetime(2026, 1, 5, tzinfo=UTC)
    return PLANTED.encode() if kind is bytes else PLANTED


def test_records_are_found_by_what_they_are() -> None:
    names = {record.__name__ for record in RECORDS}
    assert {"InputItem", "AnnotationFacts", "Member", "_Item", "_Told", "_Sections"} <= names


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_no_record_shows_what_a_report_told(record: type) -> None:
    assert is_dataclass(record), "a tuple shows all that is in it"
    assert PLANTED not in repr(made(record))
