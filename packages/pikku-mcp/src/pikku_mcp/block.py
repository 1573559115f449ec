"""From what a tool returned to the content of its answer."""

from __future__ import annotations

import base64
import dataclasses
import json
from typing import TYPE_CHECKING, Any, cast

from mcp_types import (
    Annotations,
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    PromptMessage,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from pikku_mcp import content
from pikku_mcp.listing import WRAPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mcp_types import ContentBlock

    from pikku_core.runtime.records import FunctionRecord


def writer_of(
    record: FunctionRecord, row: dict[str, Any], *, is_wrapped: bool
) -> Callable[[Any], CallToolResult | dict[str, Any]]:
    """What makes the answer of a function's result: a plain dict, where it can, which the SDK has less work with.

    Args:
        row: The tool as clients know it.
        is_wrapped: Whether the result is no object, and stands in one.
    """
    write_json = record.result.write_json
    if "outputSchema" not in row:
        return lambda result: CallToolResult(content=blocks_of(result, write_json))

    def write(result: Any) -> dict[str, Any]:
        text = write_json(result)
        value = json.loads(text)
        shown = value if isinstance(value, str) else text.decode()
        return {
            "content": [{"type": "text", "text": shown}],
            "structuredContent": {WRAPPED: value} if is_wrapped else value,
            "isError": False,
            "resultType": "complete",
        }

    return write


def blocks_of(result: Any, write_json: Callable[[Any], bytes]) -> list[ContentBlock]:
    """The content of a result that has no schema."""
    if result is None:
        return []
    if isinstance(result, content.CONTENTS):
        return [block_of(result)]
    parts = _parts(result)
    if parts is not None and all(isinstance(one, content.CONTENTS) for one in parts):
        return [block_of(one) for one in parts]
    if isinstance(result, str):
        return [TextContent(text=result)]
    return [TextContent(text=write_json(result).decode())]


def block_of(one: content.Content) -> ContentBlock:
    """One piece of content as the SDK has it."""
    notes = _annotations(one.audience)
    match one:
        case content.Text():
            return TextContent(text=one.text, annotations=notes)
        case content.Image():
            return ImageContent(data=_base64(one.data), mime_type=one.mime_type, annotations=notes)
        case content.Audio():
            return AudioContent(data=_base64(one.data), mime_type=one.mime_type, annotations=notes)
        case content.ResourceLink():
            return ResourceLink(
                uri=one.uri,
                name=one.name,
                title=one.title or None,
                description=one.description or None,
                mime_type=one.mime_type or None,
                size=one.size,
                annotations=notes,
            )
        case content.Embedded():
            return EmbeddedResource(resource=resource_of(one.resource), annotations=notes)


def resource_of(
    one: content.TextResource | content.BinaryResource,
) -> TextResourceContents | BlobResourceContents:
    """The content of a resource as the SDK has it."""
    mime_type = one.mime_type or None
    if isinstance(one, content.TextResource):
        return TextResourceContents(uri=one.uri, text=one.text, mime_type=mime_type)
    return BlobResourceContents(uri=one.uri, blob=_base64(one.data), mime_type=mime_type)


def resources_of(
    result: Any, mime_type: str, write_json: Callable[[Any], bytes]
) -> list[Callable[[str], TextResourceContents | BlobResourceContents]]:
    """What was read: functions of the URI under which it was asked for, which is theirs where they have no other."""
    if isinstance(result, content.RESOURCES):
        return [_as_it_says(result, mime_type)]
    parts = _parts(result)
    if parts and all(isinstance(one, content.RESOURCES) for one in parts):
        return [_as_it_says(one, mime_type) for one in parts]
    if isinstance(result, bytes):
        blob, of_bytes = _base64(result), mime_type or "application/octet-stream"
        return [lambda uri: BlobResourceContents(uri=uri, blob=blob, mime_type=of_bytes)]
    if isinstance(result, str):
        text, of_text = result, mime_type or "text/plain"
    else:
        text, of_text = write_json(result).decode(), mime_type or "application/json"
    return [lambda uri: TextResourceContents(uri=uri, text=text, mime_type=of_text)]


def prompt_messages(result: Any, write_json: Callable[[Any], bytes]) -> list[PromptMessage]:
    """The messages that a prompt gave."""
    parts = _parts(result)
    return [_message(one, write_json) for one in ([result] if parts is None else parts)]


def _parts(result: Any) -> Sequence[Any] | None:
    """What a list or tuple holds; None of anything else."""
    return cast("Sequence[Any]", result) if isinstance(result, list | tuple) else None


def _message(one: Any, write_json: Callable[[Any], bytes]) -> PromptMessage:
    if not isinstance(one, content.Message):
        block = one if isinstance(one, content.CONTENTS) else content.Text(_text(one, write_json))
        return PromptMessage(role="user", content=block_of(block))
    said = content.Text(one.content) if isinstance(one.content, str) else one.content
    return PromptMessage(role=one.role, content=block_of(said))


def _text(one: Any, write_json: Callable[[Any], bytes]) -> str:
    return one if isinstance(one, str) else write_json(one).decode()


def _as_it_says(
    one: content.TextResource | content.BinaryResource, mime_type: str
) -> Callable[[str], TextResourceContents | BlobResourceContents]:
    def made(uri: str) -> TextResourceContents | BlobResourceContents:
        own = dataclasses.replace(one, uri=one.uri or uri, mime_type=one.mime_type or mime_type)
        return resource_of(own)

    return made


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _annotations(audience: content.Audience | None) -> Annotations | None:
    if audience is None:
        return None
    return Annotations(
        audience=list(audience.roles) or None,
        priority=audience.priority,
        last_modified=audience.last_modified,
    )
