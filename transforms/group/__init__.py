"""Grouping: what makes two crashes the same. Made of `Clean` text, so what comes out is clean."""

from transforms.group.signature import signature
from transforms.group.stacks import (
    ROOT_BYTES,
    deepest,
    frames_of,
    pack_frames,
    prefix_digests,
    stack_digest,
)
from transforms.group.template import message_template

__all__ = [
    "ROOT_BYTES",
    "deepest",
    "frames_of",
    "message_template",
    "pack_frames",
    "prefix_digests",
    "signature",
    "stack_digest",
]
