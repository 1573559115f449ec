"""The official client, as somebody."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import TextContent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from mcp_types import CallToolResult
    from tests.integration.mcp.conftest import Era


@asynccontextmanager
async def client_of(url: str, era: Era, token: str = "", **options: Any) -> AsyncGenerator[Client]:
    """A client that is connected.

    Args:
        token: Who it is: ada, bob or eve.
    """
    headers = {"authorization": f"Bearer {token}-of-the-tests-{token}"} if token else {}
    async with httpx.AsyncClient(headers=headers) as http:
        transport = streamable_http_client(url, http_client=http)
        async with Client(transport, mode=era, **options) as client:
            yield client


def text_of(result: CallToolResult) -> str:
    """The text of an answer."""
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text
