"""Fixtures for the scrubber's tests."""

import pytest

from transforms.scrub import Scrubber, load_scrubber


@pytest.fixture(scope="session")
def scrubber() -> Scrubber:
    """The scrubber with all its recognizers."""
    return load_scrubber()
