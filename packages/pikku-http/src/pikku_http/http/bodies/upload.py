"""Files that come with a request."""

from __future__ import annotations

import asyncio
import os
import re
import threading
import uuid
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar, Final

from pydantic_core import PydanticCustomError, SchemaSerializer, core_schema

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

OCTETS: Final = "application/octet-stream"
"""What a file is said to be where nobody says more."""

MARK: Final = "x-content-types"
"""Stands in the JSON Schema of an upload alone, with what it may be: `["image/*"]`."""

CHUNK: Final = 64 * 1024

UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

arriving: ContextVar[Mapping[str, UploadFile]] = ContextVar("arriving")
"""The files of the form that is being read, by ticket: what stands for them where a strict type is read as JSON."""


class UploadFile:
    """A file that a client sends: a field of a function's data, or the whole of it.

    ```python
    class Profile(BaseModel):
        name: str
        photo: Annotated[UploadFile, MaxSize(5_000_000), ContentTypes("image/*")]


    @pikku_sessionless_func
    async def save_profile(data: Profile) -> int:
        await data.photo.save(PHOTOS / f"{uuid4()}.jpg")
        return data.photo.size
    ```

    A small one is kept in memory, a large one in a temporary file without a name, which is gone when the invocation has
    ended. A sync function reads `file`.

    Args:
        content: The bytes, or an open binary file.
        filename: What the client calls it; all but the last part of a path is dropped.
        content_type: What the client says it is.

    Attributes:
        filename: A name without any path, empty where there is none. It is the client's choice: never a path to save to.
        content_type: In lower case, without parameters. The client may say what it likes: nobody has looked.
        size: In bytes.
        file: What it is read from, at its beginning at first; closed when the invocation has ended.
    """

    __slots__ = ("content_type", "file", "filename", "size")

    file: IO[bytes]

    def __init__(
        self, content: bytes | IO[bytes], *, filename: str = "", content_type: str = OCTETS
    ) -> None:
        self.file = BytesIO(content) if isinstance(content, bytes) else content
        self.size = self.file.seek(0, os.SEEK_END)
        self.file.seek(0)
        self.filename = base_name(filename)
        self.content_type = media_type(content_type) or OCTETS

    def __repr__(self) -> str:
        return f"UploadFile({self.filename!r}, {self.content_type!r}, {self.size} bytes)"

    async def read(self, size: int = -1) -> bytes:
        """Reads on: up to `size` bytes, or all that is left."""
        if isinstance(self.file, BytesIO):
            return self.file.read(size)
        return await asyncio.to_thread(self.file.read, size)

    async def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves to where `read` goes on, and returns that; see `io.IOBase.seek`."""
        if isinstance(self.file, BytesIO):
            return self.file.seek(offset, whence)
        return await asyncio.to_thread(self.file.seek, offset, whence)

    async def chunks(self, size: int = CHUNK) -> AsyncIterator[bytes]:
        """What is left, in pieces of up to `size` bytes."""
        while piece := await self.read(size):
            yield piece

    async def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Writes all of it to a file of its own.

        Where that fails, or is cancelled before it is done, nothing is left, and a file that was there is as it was.

        Args:
            path: Made up by the function, not by the client.
            overwrite: Whether a file that is there may be replaced.

        Raises:
            FileExistsError: There is one.
            OSError: It cannot be written.
        """
        given_up = threading.Event()
        save = self._replace if overwrite else self._save
        saving = asyncio.ensure_future(asyncio.to_thread(save, Path(path), given_up))
        try:
            await asyncio.shield(saving)
        except asyncio.CancelledError:
            # A thread cannot be cancelled: it would write on behind who calls, and under who tries again.
            given_up.set()
            await asyncio.wait({saving})
            raise

    def _save(self, path: Path, given_up: threading.Event) -> bool:
        """Writes a file that is new; returns whether it was written to the end."""
        with path.open("xb") as target:
            try:
                self.file.seek(0)
                while not given_up.is_set() and (piece := self.file.read(CHUNK)):
                    target.write(piece)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        if given_up.is_set():
            path.unlink(missing_ok=True)
        return not given_up.is_set()

    def _replace(self, path: Path, given_up: threading.Event) -> None:
        beside = path.with_name(f".{path.name[:100]}.{uuid.uuid4().hex}")
        if not self._save(beside, given_up):
            return
        try:
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(uploaded)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "contentMediaType": OCTETS, MARK: ["*/*"]}

    __pydantic_serializer__: ClassVar[SchemaSerializer]


def uploaded(value: object) -> UploadFile:
    """Lets an upload pass; what pydantic validates values with.

    Raises:
        PydanticCustomError: It is something else.
    """
    if isinstance(value, UploadFile):
        return value
    found = arriving.get({}).get(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError(
            "upload_type", "A file is needed, which only multipart/form-data can bring"
        )
    return found


def base_name(name: str) -> str:
    """A file name without its path, in whatever system's spelling, and without control characters (RFC 7578, 4.2)."""
    last = UNPRINTABLE.sub("", re.split(r"[/\\]", name)[-1]).strip()
    return "" if last in {".", ".."} else last


def media_type(content_type: str) -> str:
    """A content type in lower case, without parameters."""
    return content_type.partition(";")[0].strip().lower()


def ticket_of(upload: UploadFile) -> str:
    """What stands for an upload in JSON while its form is read.

    Raises:
        TypeError: None is being read: it is part of a result.
    """
    ticket = str(id(upload))
    if ticket not in arriving.get({}):
        raise TypeError("An upload cannot be written as JSON.")
    return ticket


# Where pydantic writes one: its ticket while a form is read, an error ever else.
UploadFile.__pydantic_serializer__ = SchemaSerializer(
    core_schema.any_schema(
        serialization=core_schema.plain_serializer_function_ser_schema(ticket_of)
    )
)
