"""What the addon brings."""

from __future__ import annotations

from pikku_core import pikku_sessionless_func


@pikku_sessionless_func
async def send(data: str) -> None:
    """Sends a mail."""
