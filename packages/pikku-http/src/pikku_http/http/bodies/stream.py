"""Bodies that a function reads while they arrive."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterator

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

STREAM_MARK: Final = "x-stream"
"""Stands in the JSON Schema of a stream of bytes alone."""


class BodyStream:
    """The body of a request, piece by piece, as it arrives: nothing of it is kept.

    ```python
    @pikku_sessionless_func
    async def measure(data: BodyStream) -> int:
        return sum([len(piece) async for piece in data])
    ```

    It can be gone through once. A sync function goes through it with `for`.

    Args:
        content: The bytes, or what gives them piece by piece.
        content_type: What the client says they are.
    """

    __slots__ = ("_loop", "_pieces", "content_type")

    def __init__(self, content: bytes | AsyncIterable[bytes], *, content_type: str = "") -> None:
        self.content_type = content_type
        pieces = once(content) if isinstance(content, bytes) else content
        self._pieces = aiter(pieces)
        try:
            self._loop: asyncio.AbstractEventLoop | None = asyncio.get_running_loop()
        except RuntimeError:
            self._loop = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    def __iter__(self) -> Iterator[bytes]:
        if self._loop is None:
            yield from asyncio.run(self._all())
            return
        if self._loop is _running_loop():
            raise RuntimeError('An async function goes through a "BodyStream" with "async for".')
        while True:
            next_piece = asyncio.run_coroutine_threadsafe(self._next(), self._loop)
            piece = next_piece.result()
            if piece is None:
                return
            yield piece

    async def _next(self) -> bytes | None:
        return await anext(self._pieces, None)

    async def _all(self) -> list[bytes]:
        return [piece async for piece in self._pieces]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(streamed)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "contentMediaType": "application/octet-stream",
            STREAM_MARK: True,
        }


def streamed(value: object) -> BodyStream:
    """Lets a stream pass; what pydantic validates values with.

    Raises:
        PydanticCustomError: It is something else.
    """
    if isinstance(value, BodyStream):
        return value
    raise PydanticCustomError("stream_type", "A body is needed that arrives as a stream of bytes")


async def once(content: bytes) -> AsyncIterator[bytes]:
    """One piece; none where it is empty."""
    if content:
        yield content


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
