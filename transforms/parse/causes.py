"""Which exception of a chain names the crash, in every format: the root cause.

A wrapper says where a fault came out and is the same for many faults; its innermost cause says what
the fault was. Two languages also link an exception to whatever was being handled when it was
raised: Ruby's `cause` always, Python's `__context__`. Nobody says there that one caused the other,
and what ended the program names the crash.
"""

from typing import Final

LINKED_WHILE_HANDLING: Final = frozenset({"python", "ruby"})
"""The languages, as Sentry's `platform` and Bugsnag's `runtimeVersions` name them."""
