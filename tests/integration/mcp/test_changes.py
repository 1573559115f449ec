"""What clients are told of changes, and calls that they take back."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from mcp.shared.subscriptions import ResourceUpdated, ToolsListChanged
from mcp_types import ResourceUpdatedNotification, ToolListChangedNotification
from tests.integration.http.conftest import SERVE, running
from tests.integration.mcp.client import client_of
from tests.integration.mcp.conftest import made

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.integration.http.conftest import StartedServer

pytestmark = pytest.mark.anyio

MODULE = """
import asyncio
import logging

from pikku_core import pikku_sessionless_func
from pikku_http import wire_http
from pikku_mcp import Mcp, wire_mcp_resource

log = logging.getLogger("shelf")


@pikku_sessionless_func
async def shelf() -> str:
    return "books"


@pikku_sessionless_func(mcp=True)
async def change(*, mcp: Mcp) -> None:
    await mcp.resource_updated("shelf://two")
    await mcp.resource_updated("shelf://one")
    await mcp.list_changed("tools")


@pikku_sessionless_func(mcp=True)
async def wait(*, mcp: Mcp) -> None:
    await mcp.progress(1)
    try:
        await asyncio.Event().wait()
    finally:
        log.warning("the call was taken back")


wire_mcp_resource("shelf://one", func=shelf)
wire_mcp_resource("shelf://two", func=shelf)
wire_http(method="get", route="/shelf", func=shelf)
"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Generator[StartedServer]:
    """A project whose resources change."""
    with running(made(tmp_path_factory.mktemp("mcp") / "shelf", MODULE), SERVE) as server:
        yield server


async def test_a_client_with_a_handshake_is_told_of_what_it_subscribed_to(
    shelf: StartedServer,
) -> None:
    told: list[Any] = []
    came = anyio.Event()

    async def heard(message: Any) -> None:
        told.append(message)
        if isinstance(message, ToolListChangedNotification):
            came.set()

    async with client_of(f"{shelf.url}/mcp", "legacy", message_handler=heard) as client:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            await client.subscribe_resource("shelf://one")  # type: ignore[deprecated]  # pyright: ignore[reportDeprecated]  # that era has no other
        await client.call_tool("change", {})
        with anyio.fail_after(20):
            await came.wait()
    updated = [one for one in told if isinstance(one, ResourceUpdatedNotification)]
    assert [str(one.params.uri) for one in updated] == ["shelf://one"]


async def test_a_client_without_one_listens(shelf: StartedServer) -> None:
    told: list[Any] = []
    async with (
        client_of(f"{shelf.url}/mcp", "auto") as client,
        client.listen(tools_list_changed=True, resource_subscriptions=["shelf://one"]) as changes,
    ):
        await client.call_tool("change", {})
        with anyio.fail_after(20):
            async for change in changes:
                told.append(change)
                if isinstance(change, ToolsListChanged):
                    break
    assert told == [ResourceUpdated(uri="shelf://one"), ToolsListChanged()]


async def test_a_call_that_is_taken_back_is_cancelled(shelf: StartedServer) -> None:
    begun = anyio.Event()

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        begun.set()

    async with client_of(f"{shelf.url}/mcp", "auto") as client, anyio.create_task_group() as tasks:

        async def call() -> None:
            await client.call_tool("wait", {}, progress_callback=heard)

        tasks.start_soon(call)
        with anyio.fail_after(20):
            await begun.wait()
        tasks.cancel_scope.cancel()
    assert shelf.log.lines_with("the call was taken back")
