"""Grouping: what makes two crashes the same. Made of `Clean` text, so what comes out is clean."""

from transforms.group.signature import signature
from transforms.group.stacks import stack_prefixes
from transforms.group.template import message_template

__all__ = ["message_template", "signature", "stack_prefixes"]
