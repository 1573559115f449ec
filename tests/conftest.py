"""What the tests that cross packages share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile(
    "patient", deadline=None
)  # How long an example takes says something of the machine.
settings.load_profile("patient")


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return Path(__file__).parents[1]
