"""The names of the sources that core has itself."""

from __future__ import annotations

from typing import Final

OWN_SOURCES: Final = ("process", "files", "dotenv")
"""In the order in which they are asked."""
