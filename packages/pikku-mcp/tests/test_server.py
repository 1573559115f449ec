"""Apps that were put together by hand, called in process by the official client."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError
from mcp_types import ResourceLink as Linked

from pikku_core import App, DeclarationError, NotFoundError, pikku_sessionless_func
from pikku_mcp import (
    Audience,
    BinaryResource,
    Image,
    Mcp,
    ResourceLink,
    Text,
    TextResource,
    wire_mcp_prompt,
    wire_mcp_resource,
    wire_mcp_tool,
)
from pikku_mcp.commands.serve import started

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.anyio


@dataclass
class Wanted:
    name: str = "nobody"


@pikku_sessionless_func(title="Greet", description="Says hello.", readonly=True)
async def greet(data: Wanted) -> str:
    return f"Hello {data.name}"


@dataclass
class Counted:
    result: int


@pikku_sessionless_func
async def count() -> Counted:
    return Counted(result=1)


@pikku_sessionless_func
async def links() -> list[Text | Image | ResourceLink]:
    first = Audience(roles=("user",), priority=1.0)
    return [Text("see", audience=first), ResourceLink(uri="a://b", name="b", size=3)]


@pikku_sessionless_func
async def several() -> list[TextResource | BinaryResource]:
    return [TextResource(uri="a://1", text="one"), BinaryResource(uri="a://2", data=b"two")]


@pikku_sessionless_func
async def gone(data: Wanted) -> str:
    raise NotFoundError("It was taken away.")


@pikku_sessionless_func
async def whole(data: str) -> str:
    return data


@pikku_sessionless_func
async def changes(*, mcp: Mcp) -> None:
    await mcp.resource_updated("a://b")


@asynccontextmanager
async def client_of(*declared: Any) -> AsyncGenerator[Client]:
    async with started(App(declared)) as server, Client(server) as client:
        yield client


async def test_what_a_function_says_of_itself_is_told() -> None:
    async with client_of(wire_mcp_tool(name="greet", func=greet)) as client:
        (tool,) = (await client.list_tools()).tools
        result = await client.call_tool("greet", {"name": "Ada"})
    assert (tool.title, tool.description) == ("Greet", "Says hello.")
    assert result.structured_content == {"result": "Hello Ada"}


async def test_an_object_whose_one_field_is_called_result_is_not_wrapped() -> None:
    async with client_of(wire_mcp_tool(name="count", func=count)) as client:
        assert (await client.call_tool("count", {})).structured_content == {"result": 1}


async def test_links_and_audiences_are_told() -> None:
    async with client_of(wire_mcp_tool(name="links", func=links)) as client:
        (tool,) = (await client.list_tools()).tools
        text, link = (await client.call_tool("links", {})).content
    assert tool.output_schema is None
    assert text.annotations is not None
    assert (text.annotations.audience, text.annotations.priority) == (["user"], 1.0)
    assert isinstance(link, Linked)
    assert (link.uri, link.size) == ("a://b", 3)


async def test_one_uri_may_hold_several_resources() -> None:
    async with client_of(wire_mcp_resource("a://all", func=several)) as client:
        contents = (await client.read_resource("a://all")).contents
    assert [str(one.uri) for one in contents] == ["a://1", "a://2"]


async def test_what_a_function_does_not_find_is_no_resource() -> None:
    async with client_of(wire_mcp_resource("a://{name}", func=gone)) as client:
        with pytest.raises(MCPError, match='There is no resource "a://b"'):
            await client.read_resource("a://b")


async def test_data_without_fields_is_refused_when_the_server_starts() -> None:
    for wired in (wire_mcp_prompt(name="a", func=whole), wire_mcp_resource("a://{b}", func=whole)):
        with pytest.raises(DeclarationError, match="no fields"):
            async with client_of(wired):
                pass


async def test_changes_may_be_told_where_nobody_listens() -> None:
    async with client_of(wire_mcp_tool(name="changes", func=changes)) as client:
        assert (await client.call_tool("changes", {})).content == []
