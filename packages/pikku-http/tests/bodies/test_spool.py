"""Where uploads are kept, and that nothing is left of them."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest
from pydantic import BaseModel

from pikku_core import App, pikku_service, pikku_sessionless_func
from pikku_http import HttpApplication, UploadFile, wire_http
from pikku_http.http.bodies import spool as module
from pikku_http.http.bodies.spool import Spool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from conftest import Serve
    from httpx2 import AsyncClient

pytestmark = pytest.mark.anyio


class Files(BaseModel):
    files: list[UploadFile]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def open_files(folder: Path) -> list[str]:
    """The files that this process holds open in a folder, those without a name too."""
    found: list[str] = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            target = str(descriptor.readlink())
        except FileNotFoundError:  # It was the one that lists them.
            continue
        if target.startswith(str(folder)):
            found.append(target)
    return found


def names(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def test_files_are_kept_in_memory_while_they_are_small_together(folder: Path) -> None:
    spool = Spool(10)
    first, second = spool.begin("a", ""), spool.begin("b", "")
    spool.write(first, b"12345")
    spool.write(second, b"12345")
    await spool.finish()
    assert isinstance(first.file, BytesIO)
    assert isinstance(second.file, BytesIO)
    assert open_files(folder) == []
    spool.write(second, b"6")
    await spool.finish()
    assert len(open_files(folder)) == 1
    assert (second.file.read(), second.size) == (b"123456", 6)
    await spool.close()


async def test_what_went_to_disk_makes_room_in_memory(folder: Path) -> None:
    spool = Spool(10)
    first, second = spool.begin("a", ""), spool.begin("b", "")
    spool.write(first, b"12345678")
    spool.write(first, b"9ab")
    await spool.flush()
    spool.write(second, b"1234567890")
    await spool.finish()
    assert isinstance(second.file, BytesIO)
    assert first.file.read() == b"123456789ab"
    await spool.close()


async def test_a_file_on_disk_has_no_name_and_is_gone_when_it_is_closed(folder: Path) -> None:
    spool = Spool(0)
    spool.write(spool.begin("a", ""), b"1")
    await spool.finish()
    assert len(open_files(folder)) == 1
    assert names(folder) == []
    await spool.close()
    assert open_files(folder) == []


async def test_a_spool_that_is_closed_while_it_writes_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    temporary: Any = tempfile.TemporaryFile

    def slow(*arguments: Any) -> Any:
        begun.set()
        go_on.wait()
        return temporary(*arguments)

    monkeypatch.setattr(module, "TemporaryFile", slow)
    spool = Spool(0)
    for name in ("a", "b"):
        spool.write(spool.begin(name, ""), b"1")
    writing = asyncio.create_task(spool.flush())
    await asyncio.to_thread(begun.wait)
    writing.cancel()
    closing = asyncio.create_task(spool.close())
    go_on.set()
    await asyncio.wait({writing, closing})
    assert open_files(folder) == []


@pytest.mark.parametrize("outcome", ["returns", "raises", "is refused", "fails late"])
async def test_no_file_outlives_its_request(serve: Serve, folder: Path, outcome: str) -> None:
    seen: list[UploadFile] = []

    @pikku_service(scope="call")
    async def unit() -> AsyncIterator[str]:
        yield "unit"
        if outcome == "fails late":
            raise RuntimeError("late")

    @pikku_sessionless_func
    async def save(data: Files, *, unit: str) -> int:
        seen.extend(data.files)
        assert len(open_files(folder)) == 2
        if outcome == "raises":
            raise RuntimeError("no")
        return len(data.files)

    wiring = wire_http(method="post", route="/", func=save)
    async with serve(wiring, services=(unit,)) as client:
        status = await post(client, files=2, extra=outcome == "is refused")
    assert status == {"returns": 200, "is refused": 422}.get(outcome, 500)
    assert open_files(folder) == []
    assert all(one.file.closed for one in seen)


async def post(client: AsyncClient, *, files: int, extra: bool = False) -> int:
    """Sends files that go to disk, and one that is not wanted."""
    parts: list[Any] = [("files", (str(n), b"x" * 2_000_000)) for n in range(files)]
    parts += [("more", ("x", b"x"))] * extra
    return (await client.post("/", files=parts)).status_code


HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'


def scope() -> dict[str, Any]:
    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    return {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}


@pytest.mark.parametrize("leaves", ["by itself", "cancelled"])
async def test_a_client_that_leaves_in_the_middle_leaves_no_file(folder: Path, leaves: str) -> None:
    @pikku_sessionless_func
    async def save(data: Files) -> None:
        raise AssertionError("it was called")

    waits, forever = asyncio.Event(), asyncio.Event()
    parts = iter([HEAD, b"x" * 2_000_000])

    async def receive() -> dict[str, Any]:
        piece = next(parts, None)
        if piece is not None:
            return {"type": "http.request", "body": piece, "more_body": True}
        assert len(open_files(folder)) == 1
        waits.set()
        if leaves == "cancelled":
            await forever.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        raise AssertionError(message)

    async with App([wire_http(method="post", route="/", func=save)]) as app:
        application = HttpApplication(app)
        application.open()
        request = asyncio.create_task(application(scope(), receive, send))
        await waits.wait()
        if leaves == "cancelled":
            request.cancel()
        await asyncio.wait({request})
        assert request.cancelled() is (leaves == "cancelled")
    assert open_files(folder) == []


async def test_a_full_disk_is_an_error_of_the_server_and_leaves_nothing(
    serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    @pikku_sessionless_func
    async def save(data: Files) -> None: ...

    monkeypatch.setattr(module, "TemporaryFile", full)
    async with serve(wire_http(method="post", route="/", func=save)) as client:
        assert await post(client, files=1) == 500
    assert open_files(folder) == []


async def test_on_a_full_disk_every_file_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> IO[bytes]:
        return Path("/dev/full").open("w+b")

    monkeypatch.setattr(module, "TemporaryFile", full)
    spool = Spool(0)
    uploads = [spool.begin(name, "") for name in ("a", "b")]
    for upload in uploads:
        spool.write(upload, b"1")
    with pytest.raises(OSError, match="No space left"):
        await spool.finish()
    await spool.close()
    assert [upload.file.closed for upload in uploads] == [True, True]
