"""What functions ask clients and tell them meanwhile, in both eras."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest
from mcp.shared.exceptions import MCPError
from mcp_types import CreateMessageResult, ElicitResult, ListRootsResult, Root, TextContent
from pydantic import FileUrl
from tests.integration.mcp.client import client_of, text_of

if TYPE_CHECKING:
    from tests.integration.mcp.conftest import Era

pytestmark = pytest.mark.anyio


async def elicited(_context: Any, params: Any) -> ElicitResult:
    answers: dict[str, dict[str, Any]] = {
        "Step 1: What is your name?": {"name": "Ada"},
        "Step 2: What is your favorite color?": {"color": "red"},
        "What is your name?": {"name": "Ada"},
    }
    return ElicitResult(action="accept", content=answers[params.message])


async def sampled(_context: Any, _params: Any) -> CreateMessageResult:
    content = TextContent(text="Paris")
    return CreateMessageResult(role="assistant", content=content, model="m")


async def listed(_context: Any) -> ListRootsResult:
    return ListRootsResult(roots=[Root(uri=FileUrl("file:///work"), name="work")])


ANSWERS: dict[str, Any] = {
    "elicitation_callback": elicited,
    "sampling_callback": sampled,
    "list_roots_callback": listed,
}


async def test_a_person_is_asked_more_than_once(everything_url: str, era: Era) -> None:
    async with client_of(everything_url, era, **ANSWERS) as client:
        result = await client.call_tool("test_input_required_result_multi_round", {})
    assert text_of(result) == "name='Ada' color='red'"


async def test_several_things_are_asked_at_once(everything_url: str, era: Era) -> None:
    async with client_of(everything_url, era, **ANSWERS) as client:
        result = await client.call_tool("test_input_required_result_multiple_inputs", {})
    assert "name='Ada' Text(text='Paris'" in text_of(result)
    assert "Root(uri='file:///work', name='work')" in text_of(result)


async def test_a_prompt_may_ask_too(everything_url: str, era: Era) -> None:
    async def declined(_context: Any, _params: Any) -> ElicitResult:
        return ElicitResult(action="decline")

    async with client_of(everything_url, era, elicitation_callback=declined) as client:
        result = await client.get_prompt("test_input_required_result_prompt")
    (message,) = result.messages
    assert isinstance(message.content, TextContent)
    assert message.content.text == "Use none."


async def test_a_client_that_cannot_be_asked_is_told_what_it_lacks(
    everything_url: str, era: Era
) -> None:
    async with client_of(everything_url, era) as client:
        with pytest.raises(MCPError, match='the capability "sampling"') as raised:
            await client.call_tool("test_missing_capability", {})
    assert raised.value.error.code == -32021
    assert raised.value.error.data["requiredCapabilities"] == {"sampling": {}}


async def test_who_wants_to_know_is_told_how_far_a_call_is(everything_url: str, era: Era) -> None:
    told: list[float] = []

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        told.append(progress)

    async with client_of(everything_url, era) as client:
        await client.call_tool("test_tool_with_progress", {}, progress_callback=heard)
    assert told == [0, 50, 100]


async def test_a_client_gets_the_log_that_it_asked_for(everything_url: str, era: Era) -> None:
    told: list[object] = []
    came = anyio.Event()

    async def logged(params: Any) -> None:
        told.append(params.data)
        came.set()

    options: dict[str, Any] = {"log_level": "info"} if era == "auto" else {}
    async with client_of(everything_url, era, logging_callback=logged, **options) as client:
        await client.call_tool("test_logging_tool", {})
        with anyio.fail_after(10):
            await came.wait()
    assert told == ["A message"]
