"""Files that are open while they are sent: threads find and read them, so that the loop never waits for a disk."""

from __future__ import annotations

import asyncio
import os
import stat
from errno import EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR, ENXIO
from typing import IO, TYPE_CHECKING, Final

from pikku_core import NotFoundError
from pikku_http.http.files.conditions import Validators

if TYPE_CHECKING:
    from pikku_http.http.files.answer import FileAnswer

ABSENT: Final = frozenset({None, ENOENT, ENOTDIR, EISDIR, ENAMETOOLONG, ELOOP, ENXIO})
"""What says that there is no file of that name; an error of our own has no number."""
AT_ONCE: Final[int] = getattr(os, "O_NONBLOCK", 0)
"""Where a pipe has taken the place of a file that was looked at, opening it would wait for its writer."""


class OpenFile:
    """A file that is being answered with.

    Attributes:
        size: In bytes, when it was opened.
        validators: What tells this version from others.
    """

    __slots__ = ("_reading", "_stream", "size", "validators")

    def __init__(self, stream: IO[bytes], size: int, validators: Validators) -> None:
        self._stream = stream
        self._reading: asyncio.Future[bytes] | None = None
        self.size = size
        self.validators = validators

    def seek(self, position: int) -> None:
        """Goes on with the byte at a position."""
        self._stream.seek(position)

    async def read(self, size: int) -> bytes:
        """Up to so many further bytes; none at the end."""
        loop = asyncio.get_running_loop()
        self._reading = loop.run_in_executor(None, self._stream.read, size)
        return await asyncio.shield(self._reading)

    def close(self) -> None:
        """Closes it; while a thread still reads, as soon as that has: its number may be another file's by then."""
        if self._reading is None or self._reading.done():
            self._stream.close()
        else:
            self._reading.add_done_callback(self._after)

    def _after(self, reading: asyncio.Future[bytes]) -> None:
        if not reading.cancelled():
            reading.exception()  # Nobody else asks for it.
        self._stream.close()


def open_file(answer: FileAnswer) -> OpenFile:
    """Opens a file.

    Raises:
        NotFoundError: There is no such file, or it is none that can be sent.
    """
    try:
        path = answer.resolve()
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - other things may act on being opened
            raise NotFoundError
        stream = open(path, "rb", buffering=0, opener=_opened)  # noqa: SIM115 - `OpenFile` closes it
    except (OSError, ValueError) as error:  # A name with a null character is no value.
        if isinstance(error, OSError) and error.errno not in ABSENT:
            raise
        raise NotFoundError from error
    status = os.fstat(stream.fileno())
    if not stat.S_ISREG(status.st_mode):
        stream.close()
        raise NotFoundError
    etag = answer.etag or f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    return OpenFile(stream, status.st_size, Validators(etag, int(status.st_mtime)))


def _opened(path: str, flags: int) -> int:
    return os.open(path, flags | AT_ONCE)
