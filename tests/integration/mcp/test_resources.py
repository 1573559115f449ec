"""Resources and prompts of a real server, read by the official client in both eras."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from mcp.shared.exceptions import MCPError
from mcp_types import (
    BlobResourceContents,
    PromptReference,
    ResourceTemplateReference,
    TextContent,
    TextResourceContents,
)
from tests.integration.mcp.client import client_of

if TYPE_CHECKING:
    from tests.integration.http.conftest import Server
    from tests.integration.mcp.conftest import Era

pytestmark = pytest.mark.anyio


async def test_text_bytes_and_models_are_read(everything_url: str, era: Era) -> None:
    async with client_of(everything_url, era) as client:
        (text,) = (await client.read_resource("test://static-text")).contents
        (blob,) = (await client.read_resource("test://static-binary")).contents
        (model,) = (await client.read_resource("test://template/a%20b/data")).contents
    assert isinstance(text, TextResourceContents)
    assert text.text == "This is the content of the static text resource."
    assert isinstance(blob, BlobResourceContents)
    assert blob.mime_type == "image/png"
    assert base64.b64decode(blob.blob).startswith(b"\x89PNG")
    assert isinstance(model, TextResourceContents)
    assert model.text == '{"id":"a b","templateTest":true,"data":"Data for ID: a b"}'
    assert str(model.uri) == "test://template/a%20b/data"


async def test_a_path_that_leads_out_of_a_folder_is_no_resource(
    club_server: Server, era: Era
) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        (kept,) = (await client.read_resource("page://a/b.txt")).contents
        assert isinstance(kept, TextResourceContents)
        assert kept.text == "a/b.txt"
        for path in ("../secret", "a/%2e%2e/%2e%2e/secret", "/etc/passwd", "a%00b"):
            with pytest.raises(MCPError, match="There is no resource"):
                await client.read_resource(f"page://{path}")
        (raw,) = (await client.read_resource("raw://../secret")).contents
    assert isinstance(raw, TextResourceContents)
    assert raw.text == "../secret"


async def test_what_is_not_there_is_said_as_each_era_does(club_server: Server, era: Era) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        with pytest.raises(MCPError) as raised:
            await client.read_resource("nothing://here")
    assert raised.value.error.code == (-32002 if era == "legacy" else -32602)
    assert raised.value.error.data == {"uri": "nothing://here"}


async def test_a_resource_that_needs_a_session_is_closed(club_server: Server, era: Era) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        with pytest.raises(MCPError, match="Authentication is required"):
            await client.read_resource("members://all")
    async with client_of(f"{club_server.url}/mcp", era, "bob") as client:
        (read,) = (await client.read_resource("members://all")).contents
    assert isinstance(read, TextResourceContents)
    assert (read.text, read.mime_type) == ('["ada","bob"]', "application/json")


async def test_arguments_of_prompts_are_converted_from_text(club_server: Server, era: Era) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        (prompt,) = (await client.list_prompts()).prompts
        said = await client.get_prompt("draft", {"about": "cats", "words": "7"})
        with pytest.raises(MCPError) as raised:
            await client.get_prompt("draft", {"about": "birds"})
    assert [(one.name, one.required) for one in prompt.arguments or ()] == [
        ("about", True),
        ("words", None),
    ]
    (message,) = said.messages
    assert isinstance(message.content, TextContent)
    assert message.content.text == "Write 7 words about cats."
    assert raised.value.error.code == -32602


async def test_what_is_typed_is_completed_by_choices_and_functions(
    club_server: Server, everything_url: str, era: Era
) -> None:
    async with client_of(f"{club_server.url}/mcp", era) as client:
        draft = PromptReference(name="draft")
        choices = await client.complete(draft, {"name": "about", "value": "D"})
        page = ResourceTemplateReference(uri="nothing://{here}")
        with pytest.raises(MCPError, match="There is no resource"):
            await client.complete(page, {"name": "here", "value": ""})
    async with client_of(everything_url, era) as client:
        prompt = PromptReference(name="test_prompt_with_arguments")
        asked = await client.complete(prompt, {"name": "arg1", "value": "par"})
        empty = await client.complete(prompt, {"name": "arg2", "value": "x"})
    assert choices.completion.values == ["dogs"]
    assert asked.completion.values == ["paris", "park", "party"]
    assert empty.completion.values == []
