"""Simulating a fleet: raw dumps in all formats, with personal data planted in them."""

from pipelines.simulate.writer import SimulateError, simulate

__all__ = ["SimulateError", "simulate"]
