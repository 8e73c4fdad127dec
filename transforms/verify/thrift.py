"""Thrift's compact protocol, as far as Parquet's footers need it, without knowing their structs.

PyArrow passes over fields that it does not know, and a hostile footer can end the process in it.
Source: Apache Thrift, doc/specs/thrift-compact-protocol.md.
"""

from collections.abc import Callable
from typing import Any

_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)
_DEEPEST = 32
_LONGEST_VARINT = 10
_LONG_LIST = 15


class ThriftError(ValueError):
    """Bytes that are no struct in this protocol, or hold more than one."""


def read_struct(content: bytes) -> dict[int, Any]:
    """Return a struct as its fields by id: integers, bytes, truths, lists, and structs as these.

    Raises:
        ThriftError: it is cut, too deep, has a field twice, or something follows it.
    """
    reader = _Reader(content)
    struct = reader.struct(_DEEPEST)
    if reader.at != len(content):
        raise ThriftError("something follows the struct")
    return struct


def read_struct_at(content: bytes, at: int) -> tuple[dict[int, Any], int]:
    """Return the struct that begins at a place, and the place after it.

    Raises:
        ThriftError: it is cut, too deep, or has a field twice.
    """
    reader = _Reader(content, at)
    return reader.struct(_DEEPEST), reader.at


class _Reader:
    def __init__(self, content: bytes, at: int = 0) -> None:
        self._content, self.at = content, at

    def struct(self, depth: int) -> dict[int, Any]:
        if not depth:
            raise ThriftError("too deep")
        fields: dict[int, Any] = {}
        number = 0
        while header := self._byte():
            step, kind = header >> 4, header & 0x0F
            number = number + step if step else self._zigzag()
            if number in fields:
                raise ThriftError("a field twice")
            truth = kind == _TRUE if kind in (_TRUE, _FALSE) else None
            fields[number] = self._value(kind, depth) if truth is None else truth
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in _INTEGERS:
            return self._zigzag()
        readers: dict[int, Callable[[], Any]] = {
            _TRUE: self._byte,  # within a list, where a truth is a byte of its own
            _FALSE: self._byte,
            _BYTE: self._byte,
            _DOUBLE: lambda: self._take(8),
            _BINARY: lambda: self._take(self._varint()),
            _LIST: lambda: self._list(depth - 1),
            _SET: lambda: self._list(depth - 1),
            _STRUCT: lambda: self.struct(depth - 1),
        }
        if kind not in readers:
            raise ThriftError("a type that Parquet does not use")
        return readers[kind]()

    def _list(self, depth: int) -> list[Any]:
        if not depth:
            raise ThriftError("too deep")
        header = self._byte()
        size = header >> 4
        if size == _LONG_LIST:
            size = self._varint()
        if size > len(self._content):
            raise ThriftError("cut")
        return [self._value(header & 0x0F, depth) for _ in range(size)]

    def _zigzag(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)

    def _varint(self) -> int:
        number = 0
        for position in range(_LONGEST_VARINT):
            byte = self._byte()
            number |= (byte & 0x7F) << (7 * position)
            if not byte & 0x80:
                return number
        raise ThriftError("a number without an end")

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, size: int) -> bytes:
        taken = self._content[self.at : self.at + size]
        if len(taken) < size:
            raise ThriftError("cut")
        self.at += size
        return taken
