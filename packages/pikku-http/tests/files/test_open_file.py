"""Files while they are open."""

from __future__ import annotations

import asyncio
import os
from io import FileIO
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import NotFoundError
from pikku_http import FileAnswer
from pikku_http.http.files.conditions import Validators
from pikku_http.http.files.open_file import OpenFile, open_file

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.anyio


class Changing(os.PathLike[str]):
    """A path that leads elsewhere each time."""

    def __init__(self, *paths: Path) -> None:
        self._paths = iter(paths)

    def __fspath__(self) -> str:
        return str(next(self._paths))


class Swapped(FileAnswer):
    """A file that is another one when it is opened than when it was looked at."""

    __slots__ = ("_changing",)

    def __init__(self, *paths: Path) -> None:
        super().__init__(paths[0])
        self._changing: Any = Changing(*paths)

    def resolve(self) -> Path:
        changing: Path = self._changing
        return changing


class Watched(FileIO):
    """A file that says when it is closed."""

    def __init__(self, descriptor: int) -> None:
        self.ended = asyncio.Event()
        super().__init__(descriptor)

    def close(self) -> None:
        super().close()
        self.ended.set()


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_takes_the_place_of_a_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    file, other = tmp_path / "a.txt", tmp_path / kind
    file.write_text("text")
    os.mkfifo(other) if kind == "pipe" else other.mkdir()
    with pytest.raises(NotFoundError):
        open_file(Swapped(file, other))


async def test_it_stays_open_while_a_thread_reads() -> None:
    reader, writer = os.pipe()
    stream = Watched(reader)
    opened = OpenFile(stream, 5, Validators('"v1"', 0))
    reading = asyncio.create_task(opened.read(5))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    opened.close()
    assert not stream.closed
    os.close(writer)
    await stream.ended.wait()
    assert stream.closed


async def test_it_is_closed_at_once_where_nobody_reads(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("text")
    opened = open_file(FileAnswer(file))
    assert await opened.read(2) == b"te"
    opened.close()
    with pytest.raises(ValueError, match="closed"):
        opened.seek(0)
