"""What is wrong with the settings of MCP, where their type is right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pikku_core.plugin.registry import Registry

PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)+")
URL: Final = re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?")


def not_negative(value: int, _: Registry) -> str:
    """There may be none."""
    return "" if value >= 0 else f"must be 0 or more, and is {value}."


def path(value: str, _: Registry) -> str:
    """A path without parameters."""
    return "" if PATH.fullmatch(value) else f'must be a path such as "/mcp", and is "{value}".'


def url(value: str, _: Registry) -> str:
    """A URL, or nothing."""
    if not value or URL.fullmatch(value):
        return ""
    return f'must be a URL such as "https://example.com/mcp", and is "{value}".'
