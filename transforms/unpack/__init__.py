"""Unpacking compressed files and archives, in memory and within limits."""

from transforms.unpack.containers import FORMAT, Budget, is_container, unpacked

__all__ = ["FORMAT", "Budget", "is_container", "unpacked"]
