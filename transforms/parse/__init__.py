"""Parsing: from the bytes of one file to `CrashReport`s, whatever reporter wrote them."""

from transforms.parse.registry import PARSERS, parse_payload, recognized_format

__all__ = ["PARSERS", "parse_payload", "recognized_format"]
