"""Long lists come in pages, each with a cursor for the next."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, TypeVar

from mcp.shared.exceptions import MCPError

from pikku_mcp.failure import INVALID_PARAMS

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


def page_of(
    items: Sequence[tuple[str, T]], cursor: str | None, size: int
) -> tuple[list[T], str | None]:
    """A page, and the cursor of the next; None after the last.

    A cursor holds the name after which its page begins, and not a number: what comes and goes between two pages neither
    repeats nor hides anything else.

    Args:
        items: All that the caller may see, with their names, sorted by these.
        size: How many stand on a page; 0: all of them on one.

    Raises:
        MCPError: No page has the cursor (-32602).
    """
    if cursor is not None:
        after = _decoded(cursor)
        items = [item for item in items if item[0] > after]
    if not size or len(items) <= size:
        return [item for _, item in items], None
    shown = items[:size]
    return [item for _, item in shown], _encoded(shown[-1][0])


def _encoded(name: str) -> str:
    return base64.urlsafe_b64encode(b"1:" + name.encode()).decode("ascii")


def _decoded(cursor: str) -> str:
    try:
        text = base64.b64decode(cursor.encode("ascii"), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        text = ""
    version, _, name = text.partition(":")
    if version != "1":
        raise MCPError(INVALID_PARAMS, "The cursor is none that this server has given.")
    return name
