"""Scrubbing: from a `CrashReport` to a `ScrubbedCrash`, all text of it `Clean`."""

from transforms.scrub.analyzer import Finding, ScrubError
from transforms.scrub.scrubber import ScrubbedText, Scrubber, load_scrubber

__all__ = ["Finding", "ScrubError", "ScrubbedText", "Scrubber", "load_scrubber"]
