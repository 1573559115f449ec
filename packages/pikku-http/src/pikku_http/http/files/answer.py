"""Files as results: `FileAnswer("report.pdf")`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic_core import CoreSchema

    from pikku_http.http.answer import Content, Write

OF_THE_WEB: Final = {
    ".avif": "image/avif",
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""What browsers refuse under another type; systems do not agree on it."""


class FileAnswer:
    """The result of a function that answers with a file, which is sent bit by bit.

    Ranges and conditional requests are answered as RFC 9110 says: 206, 304, 412, 416. A file that is not there is a 404.

    ```python
    @pikku_sessionless_func
    async def download(data: Wanted) -> FileAnswer:
        return FileAnswer(data.name, root="uploads", filename="report.pdf")
    ```

    Args:
        path: Of the file; below `root` where that is given.
        root: A folder that the file must be in. A path from a caller needs it: one that leads out of it, by `..`, as an
            absolute path or through a link, is a 404.
        content_type: Default: what the name ends in says, else `application/octet-stream`.
        filename: Lets a browser save the file, under this name.
        etag: What tells this version from others, in quotes. Default: made from the time of the last change and the
            size; where a build sets the times of all files to one, that tells too little.
    """

    # Not a dataclass: where it is not declared as a result it must not be taken for JSON.
    __slots__ = ("content_type", "etag", "filename", "path", "root")

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        root: str | os.PathLike[str] | None = None,
        content_type: str | None = None,
        filename: str | None = None,
        etag: str | None = None,
    ) -> None:
        self.path = path
        self.root = root
        self.content_type = content_type or content_type_of(path)
        self.filename = filename
        self.etag = etag

    def resolve(self) -> Path:
        """Where the file is.

        Raises:
            FileNotFoundError: It would lie outside `root`.
        """
        if self.root is None:
            return Path(self.path)
        root = Path(self.root).resolve()
        try:
            found = (root / self.path).resolve()
        except (OSError, RuntimeError, ValueError) as error:  # Links in a circle, a null character.
            raise FileNotFoundError(os.fspath(self.path)) from error
        if not found.is_relative_to(root):
            raise FileNotFoundError(os.fspath(self.path))
        return found

    @property
    def disposition(self) -> str | None:
        """The value of `Content-Disposition` (RFC 6266); None where a browser may show the file."""
        if self.filename is None:
            return None
        plain = "".join(
            one if " " <= one < "\x7f" and one not in '"\\%' else "_" for one in self.filename
        )
        encoded = quote(self.filename, safe="!#$&+-.^_`|~")
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"title": "File", "type": "string", "contentMediaType": "application/octet-stream"}


def content_type_of(path: str | os.PathLike[str]) -> str:
    """What the name of a file says of its content; text is taken for UTF-8."""
    from mimetypes import guess_type  # It reads the tables of the system.

    name = Path(path).name
    known = OF_THE_WEB.get(Path(name).suffix.lower())
    kind, encoding = (known, None) if known else guess_type(f"file:{quote(name)}", strict=True)
    if kind is None or encoding is not None:
        return "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def file_writer(write: Write) -> Callable[[Any], FileAnswer | Content]:
    """Leaves files to the handler; all other results are written as ever."""

    def write_result(result: Any) -> FileAnswer | Content:
        return result if isinstance(result, FileAnswer) else write(result)

    return write_result
