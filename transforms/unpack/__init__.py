"""Unpacking compressed files and archives, in memory and within limits."""

from transforms.parse.unpack_budget import Budget
from transforms.unpack.containers import FORMAT, is_container, unpacked

__all__ = ["FORMAT", "Budget", "is_container", "unpacked"]
