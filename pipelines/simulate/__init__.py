"""Simulating a fleet: raw dumps in all formats, with personal data planted in them."""

from pipelines.simulate.canaries import CANARIES
from pipelines.simulate.writer import SimulateError, simulate

__all__ = ["CANARIES", "SimulateError", "simulate"]
