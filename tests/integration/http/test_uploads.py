"""Forms, files and raw bodies that real clients send to real servers."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import SERVE, UVICORN, pikku, received, running

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from tests.integration.http.conftest import Generated, Server

MIB = 1024 * 1024
SIZE = 64 * MIB
GROWTH = 16 * MIB
"""What a server may grow by while it is sent `SIZE` bytes."""

PROJECT = """
[tool.pikku]
source = ["app"]

[tool.pikku.http]
max_fields = 20
max_files = 5
"""

MODULE = '''
from __future__ import annotations

import asyncio
import hashlib
import resource
from datetime import date
from pathlib import Path
from tempfile import gettempdir
from typing import Annotated

from pydantic import BaseModel

from pikku_core import pikku_func, pikku_session, pikku_sessionless_func
from pikku_http import BodyStream, ContentTypes, MaxSize, UploadFile, wire_http


@pikku_session
class Session(BaseModel):
    user: str


class Profile(BaseModel):
    name: str
    born: date | None = None
    tags: list[str] = []
    photo: Annotated[UploadFile, ContentTypes("image/*")] | None = None
    papers: list[UploadFile] = []


class Large(BaseModel):
    file: UploadFile


class Put(BaseModel):
    path: str
    content: UploadFile


class Login(BaseModel):
    user: str
    remember: bool = False


@pikku_sessionless_func
async def save_profile(data: Profile) -> dict[str, object]:
    files = [data.photo, *data.papers] if data.photo else data.papers
    texts = [[one.filename, one.content_type, (await one.read()).decode()] for one in files]
    return {**data.model_dump(mode="json", exclude={"photo", "papers"}), "files": texts}


@pikku_sessionless_func
async def digest(data: Large) -> list[str | int]:
    found = hashlib.sha256()
    async for piece in data.file.chunks():
        found.update(piece)
    return [data.file.size, found.hexdigest()]


@pikku_sessionless_func
def digest_in_thread(data: Large) -> list[str | int]:
    return [data.file.size, hashlib.file_digest(data.file.file, "sha256").hexdigest()]


@pikku_sessionless_func
async def digest_stream(data: BodyStream) -> list[str | int]:
    found, size = hashlib.sha256(), 0
    async for piece in data:
        found.update(piece)
        size += len(piece)
    return [size, found.hexdigest()]


@pikku_sessionless_func
async def put_file(data: Put) -> list[str | int]:
    return [data.path, data.content.size, data.content.content_type]


@pikku_sessionless_func
async def length(data: bytes) -> int:
    return len(data)


@pikku_func
async def guarded(data: Large) -> None: ...


@pikku_sessionless_func
async def log_in(data: Login) -> Login:
    return data


@pikku_sessionless_func
async def peak() -> int:
    """The most memory that the process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pikku_sessionless_func
async def spooled() -> int:
    """How many temporary files are open, once that does not change."""
    counts = [-1, 0]
    while counts[-1] != counts[-2]:
        await asyncio.sleep(0.05)
        folder = str(Path(gettempdir()))
        targets = [_target(one) for one in Path("/proc/self/fd").iterdir()]
        counts.append(sum(target.startswith(folder) for target in targets))
    return counts[-1]


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:
        return ""


wire_http(method="post", route="/profiles", func=save_profile)
wire_http(method="post", route="/digest", func=digest, max_body=1_000_000_000)
wire_http(method="post", route="/digest-in-thread", func=digest_in_thread, max_body=1_000_000_000)
wire_http(method="post", route="/digest-stream", func=digest_stream, max_body=1_000_000_000)
wire_http(method="put", route="/files/{path:path}", func=put_file, body="content")
wire_http(method="post", route="/length", func=length)
wire_http(method="post", route="/guarded", func=guarded, max_body=1_000_000_000)
wire_http(method="post", route="/login", func=log_in, form=True)
wire_http(method="get", route="/peak", func=peak)
wire_http(method="get", route="/spooled", func=spooled)
'''


@pytest.fixture(scope="module")
def uploads(generated: Generated) -> Path:
    """The folder of a generated project that takes uploads."""
    root = generated({"pyproject.toml": PROJECT, "app/__init__.py": "", "app/main.py": MODULE})
    (root / "tmp").mkdir()
    return root


@pytest.fixture(scope="module", params=["pikku", "uvicorn"])
def host(request: pytest.FixtureRequest, uploads: Path) -> Generator[Server]:
    """The project behind `pikku serve`, and behind uvicorn itself; temporary files are in a folder of their own."""
    command = SERVE if request.param == "pikku" else UVICORN
    with running(uploads, command, TMPDIR=str(uploads / "tmp")) as server:
        yield server


def curl(*arguments: str) -> str:
    command = shutil.which("curl")
    assert command is not None
    done = subprocess.run([command, "-sS", *arguments], capture_output=True, text=True, check=True)
    return done.stdout


def test_httpx_sends_a_form_with_files(host: Server) -> None:
    files = [
        ("photo", ("../me.png", b"pixels", "image/png")),
        ("papers", ("ä.txt", b"one", "text/plain")),
        ("papers", ("b.txt", b"two", "text/plain")),
    ]
    answer = httpx.post(
        f"{host.url}/profiles", data={"name": "Ada", "tags": ["a", "b"]}, files=files
    )
    assert answer.json() == {
        "name": "Ada",
        "born": None,
        "tags": ["a", "b"],
        "files": [
            ["me.png", "image/png", "pixels"],
            ["ä.txt", "text/plain", "one"],
            ["b.txt", "text/plain", "two"],
        ],
    }


def test_curl_sends_a_form_with_files(host: Server, tmp_path: Path) -> None:
    photo, paper = tmp_path / "me.png", tmp_path / 'a "b".txt'
    photo.write_text("pixels")
    paper.write_text("text")
    answer = curl(
        *("-F", "name=Ada", "-F", "born=1815-12-10", "-F", "tags=x"),
        *(
            "-F",
            f"photo=@{photo}",
            "-F",
            f'papers=@"{str(paper).replace(chr(34), chr(92) + chr(34))}"',
        ),
        f"{host.url}/profiles",
    )
    assert json.loads(answer) == {
        "name": "Ada",
        "born": "1815-12-10",
        "tags": ["x"],
        "files": [["me.png", "image/png", "pixels"], ['a "b".txt', "text/plain", "text"]],
    }


def test_a_browser_sends_a_form_with_inputs_that_were_left_empty(host: Server) -> None:
    boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
    inputs = [
        ('name="name"', "Ada\r\nLovelace"),
        ('name="born"', ""),
        ('name="tags"', "first"),
        ('name="photo"; filename=""\r\nContent-Type: application/octet-stream', ""),
        ('name="papers"; filename="a%22b.txt"\r\nContent-Type: text/plain', "text"),
        ('name="submit"', "Save"),
    ]
    body = "".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n"
        for head, content in inputs
    )
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    content = f"{body}--{boundary}--\r\n".encode()
    answer = httpx.post(f"{host.url}/profiles", content=content, headers=headers)
    assert answer.json() == {
        "name": "Ada\r\nLovelace",
        "born": None,
        "tags": ["first"],
        "files": [['a"b.txt', "text/plain", "text"]],
    }


def test_curl_sends_a_urlencoded_form_and_json(host: Server) -> None:
    wanted = {"user": "Ada & Co", "remember": True}
    form = curl("--data-urlencode", "user=Ada & Co", "-d", "remember=on", f"{host.url}/login")
    as_json = ("-H", "content-type: application/json", "-d", json.dumps(wanted))
    assert json.loads(form) == json.loads(curl(*as_json, f"{host.url}/login")) == wanted


def test_curl_puts_a_file(host: Server, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00" * 2_000_000)
    answer = curl("-T", str(tmp_path / "a.bin"), f"{host.url}/files/x/a.bin")
    assert json.loads(answer) == ["x/a.bin", 2_000_000, "application/octet-stream"]


def test_bytes_are_taken_whatever_they_are(host: Server) -> None:
    assert httpx.post(f"{host.url}/length", content=b"\x00\xff").json() == 2


def blocks() -> Iterator[bytes]:
    for number in range(SIZE // MIB):
        yield bytes([number % 256]) * MIB


def as_form(content: Iterator[bytes]) -> Iterator[bytes]:
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    yield from content
    yield b"\r\n--b--\r\n"


FORM = {"content-type": "multipart/form-data; boundary=b"}


@pytest.mark.parametrize("path", ["/digest", "/digest-in-thread", "/digest-stream"])
def test_a_large_upload_is_not_kept_in_memory(host: Server, path: str) -> None:
    wanted = hashlib.sha256()
    for block in blocks():
        wanted.update(block)
    content = blocks() if path == "/digest-stream" else as_form(blocks())
    warm = b"x" if path == "/digest-stream" else b"".join(as_form(iter([b"x" * 2 * MIB])))
    httpx.post(f"{host.url}{path}", content=warm, headers=FORM)
    before = httpx.get(f"{host.url}/peak").json()
    answer = httpx.post(f"{host.url}{path}", content=content, headers=FORM, timeout=60)
    assert answer.json() == [SIZE, wanted.hexdigest()]
    assert httpx.get(f"{host.url}/peak").json() - before < GROWTH
    assert httpx.get(f"{host.url}/spooled").json() == 0


def head(path: bytes, length: int, *more: bytes) -> bytes:
    lines = [b"POST %b HTTP/1.1" % path, b"host: x", b"content-length: %d" % length, *more]
    form = b"content-type: multipart/form-data; boundary=b"
    return b"\r\n".join([*lines, form, b"", b""])


def test_who_may_not_call_is_told_so_before_sending_anything(host: Server) -> None:
    with host.connect() as connection:
        connection.sendall(head(b"/guarded", 10**9, b"expect: 100-continue"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 401 ")
    with host.connect() as connection:
        connection.sendall(head(b"/digest", 10**9, b"expect: 100-continue"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")


def test_a_length_over_the_limit_of_the_route_is_refused_at_once(host: Server) -> None:
    with host.connect() as connection:
        connection.sendall(head(b"/digest", 1_000_000_001, b"expect: 100-continue"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 413 ")


BEGUN = next(as_form(iter(())))


def test_a_client_that_leaves_in_the_middle_leaves_no_file(host: Server, uploads: Path) -> None:
    with host.connect() as connection:
        connection.sendall(head(b"/digest", SIZE) + BEGUN + b"x" * 3 * MIB)
        while httpx.get(f"{host.url}/spooled").json() != 1:
            pass
        assert list((uploads / "tmp").iterdir()) == []
    while httpx.get(f"{host.url}/spooled").json() != 0:
        pass


def test_a_client_that_sends_half_a_form_and_closes_its_side_is_no_error(host: Server) -> None:
    with host.connect() as connection:
        connection.sendall(head(b"/digest", SIZE) + BEGUN + b"x" * 3 * MIB)
        connection.shutdown(socket.SHUT_WR)
        assert b"HTTP/1.1 500" not in received(connection)
    assert httpx.get(f"{host.url}/spooled").json() == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (BEGUN, 400),
        (b"--b--\r\n", 422),
        (b"--b\r\nX: " + b"x" * 2 * MIB, 400),
        (b"--b\r\n\r\n" * 10_000 + b"--b--", 400),
        (b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 30, 413),
        ((BEGUN + b"x\r\n") * 10_000 + b"--b--\r\n", 413),
    ],
    ids=["nothing", "cut", "empty", "header", "headless", "one-field", "files"],
)
def test_a_bad_form_is_refused_and_the_server_lives(host: Server, body: bytes, status: int) -> None:
    with host.connect() as connection:
        connection.sendall(head(b"/digest", len(body)) + body)
        answer = connection.recv(65536)
    assert int(answer.split(b" ", 2)[1]) == status, answer
    assert httpx.get(f"{host.url}/spooled").json() == 0


def test_the_command_line_says_what_an_upload_needs(uploads: Path) -> None:
    refused = pikku(uploads, "call", "digest", '{"file": "x"}')
    assert refused.returncode == 1
    assert "file: A file is needed, which only multipart/form-data can bring" in refused.stderr
    assert pikku(uploads, "call", "save_profile", '{"name": "Ada"}').returncode == 0
    assert pikku(uploads, "call", "length", '"abc"').stdout == "3\n"
