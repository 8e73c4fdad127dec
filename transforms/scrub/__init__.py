"""Scrubbing: from a `CrashReport` to a `ScrubbedCrash`, all text of it `Clean`."""

from transforms.scrub.analyzer import Reason, ScrubError, slowness
from transforms.scrub.cache import CacheUse
from transforms.scrub.explain import ExplainedFinding, ExplainedText, Explainer, load_explainer
from transforms.scrub.finding import Finding
from transforms.scrub.models import ModelError, check_model
from transforms.scrub.scrubber import Scrubber, load_scrubber
from transforms.scrub.second_scan import looks_personal, names_within, telling_names
from transforms.scrub.text_scrubber import ScrubbedText

__all__ = [
    "CacheUse",
    "ExplainedFinding",
    "ExplainedText",
    "Explainer",
    "Finding",
    "ModelError",
    "Reason",
    "ScrubError",
    "ScrubbedText",
    "Scrubber",
    "check_model",
    "load_explainer",
    "load_scrubber",
    "looks_personal",
    "names_within",
    "slowness",
    "telling_names",
]
