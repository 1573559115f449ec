"""Where the files of one request are kept: in memory up to a limit together, beyond it on disk."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from io import BytesIO
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from pikku_http.http.bodies.upload import UploadFile

if TYPE_CHECKING:
    from collections.abc import Iterable


class Spool:
    """The files of one request.

    Writing never blocks: what goes to disk is noted, and `flush` writes it in another thread. Files on disk have no name
    where the system can do that, so nothing is left of them even where the process is killed.

    Args:
        memory: How many bytes are kept in memory, all files together.
    """

    def __init__(self, memory: int) -> None:
        self._free = memory
        self._due: list[tuple[UploadFile, bytes]] = []
        self._on_disk: set[int] = set()
        self._files: list[UploadFile] = []
        self._closed = False
        self._lock = threading.Lock()

    def begin(self, filename: str, content_type: str) -> UploadFile:
        """A file that is still to come."""
        upload = UploadFile(b"", filename=filename, content_type=content_type)
        self._files.append(upload)
        return upload

    def write(self, upload: UploadFile, data: bytes) -> None:
        """Appends to a file."""
        upload.size += len(data)
        if id(upload) not in self._on_disk and len(data) <= self._free:
            self._free -= len(data)
            upload.file.write(data)
            return
        self._on_disk.add(id(upload))
        self._due.append((upload, data))

    async def flush(self) -> None:
        """Writes what is due to disk."""
        if self._due:
            due, self._due = self._due, []
            await asyncio.to_thread(self._write, due)

    async def finish(self) -> None:
        """Writes the last of it, and lets each file be read from its beginning."""
        await self.flush()
        if self._on_disk:
            await asyncio.to_thread(self._rewind)
        else:
            self._rewind()

    async def close(self) -> None:
        """Takes all files away."""
        if self._on_disk:
            # The system takes its time over a large one. A thread that still writes keeps the lock, and finds it closed.
            await asyncio.to_thread(self._close)
        else:
            self._close()

    def _write(self, due: Iterable[tuple[UploadFile, bytes]]) -> None:
        with self._lock:
            for upload, data in due:
                if self._closed:
                    return
                if isinstance(upload.file, BytesIO):
                    kept = upload.file
                    upload.file = TemporaryFile()  # noqa: SIM115 - closed with the spool
                    upload.file.write(kept.getbuffer())
                    self._free += kept.tell()
                upload.file.write(data)

    def _rewind(self) -> None:
        with self._lock:
            for upload in self._files:
                if not self._closed:
                    upload.file.seek(0)

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            for upload in self._files:
                # What is still to be written may not fit on the disk, which has been answered then.
                with suppress(OSError):
                    upload.file.close()
