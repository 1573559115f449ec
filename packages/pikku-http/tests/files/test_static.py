"""Folders of files: what is sent of them, and that nothing else is."""

from __future__ import annotations

import asyncio
import gzip
import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pikku_core import App, DeclarationError, NotFoundError, pikku_sessionless_func
from pikku_http import HttpApplication, http_compression, http_static, wire_http
from pikku_http.http.errors import ErrorResponder
from pikku_http.http.files.folder import Folder, FolderRedirectError
from pikku_http.http.files.runner import PART
from pikku_http.http.files.static_runner import StaticFolder
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from httpx2 import AsyncClient

    from pikku_http.http.asgi import ASGIApp

    Static = Callable[..., AbstractAsyncContextManager[AsyncClient]]

pytestmark = pytest.mark.anyio

SCRIPT = "console.log('hello')\n" * 50


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is served, in a project with things that must not be."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "public-too").mkdir()
    (tmp_path / "public-too" / "secret.txt").write_text("secret")
    folder = tmp_path / "public"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.html").write_text("<h1>Docs</h1>")
    (folder / "empty").mkdir()
    (folder / "app.js").write_text(SCRIPT)
    (folder / "index.html").write_text("<h1>Home</h1>")
    (folder / "café menu.txt").write_text("tea")
    (folder / ".env").write_text("secret")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("secret")
    (folder / ".well-known").mkdir()
    (folder / ".well-known" / "security.txt").write_text("Contact: us")
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "outside").symlink_to(tmp_path / "public-too")
    (folder / "hidden.txt").symlink_to(folder / ".env")
    (folder / "same.js").symlink_to(folder / "app.js")
    (folder / "circle").symlink_to(folder / "circle")
    return folder


@pytest.fixture
def static(public: Path) -> Static:
    """A client of an App with the folder at `/assets`, or where it is told."""

    @asynccontextmanager
    async def serve(prefix: str = "/assets", **options: Any) -> AsyncGenerator[AsyncClient]:
        app = App([http_static(prefix, directory="public", **options)])
        async with app, client_of(app) as http:
            yield http

    return serve


async def test_a_file_is_sent_with_what_caches_and_browsers_need(static: Static) -> None:
    async with static() as http:
        answer = await http.get("/assets/app.js")
        assert (answer.status_code, answer.text) == (200, SCRIPT)
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["accept-ranges"] == "bytes"
        assert "last-modified" in answer.headers
        head = await http.head("/assets/app.js")
        assert (head.content, head.headers["content-length"]) == (b"", str(len(SCRIPT)))


async def test_who_has_it_is_sent_nothing_and_who_asks_for_a_part_the_part(static: Static) -> None:
    async with static(cache_control="public, max-age=60") as http:
        etag = (await http.get("/assets/app.js")).headers["etag"]
        known = await http.get("/assets/app.js", headers={"if-none-match": etag})
        assert (known.status_code, known.content) == (304, b"")
        assert known.headers["cache-control"] == "public, max-age=60"
        part = await http.get("/assets/app.js", headers={"range": "bytes=0-6"})
        assert (part.status_code, part.text) == (206, "console")
        beyond = await http.get("/assets/app.js", headers={"range": "bytes=9999999-"})
        assert beyond.status_code == 416
        assert beyond.headers["content-range"] == f"bytes */{len(SCRIPT)}"
        other = await http.get("/assets/app.js", headers={"if-match": '"other"'})
        assert other.status_code == 412


async def test_html_is_never_kept_without_being_asked_for(static: Static) -> None:
    async with static(cache_control="public, max-age=31536000, immutable") as http:
        assert (await http.get("/assets/index.html")).headers["cache-control"] == "no-cache"
        assert "immutable" in (await http.get("/assets/app.js")).headers["cache-control"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_files_are_only_read(static: Static, method: str) -> None:
    async with static() as http:
        answer = await http.request(method, "/assets/app.js")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        asked = await http.options("/assets/app.js")
        assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ["app.js", "same.js", "docs/index.html", "caf%C3%A9%20menu.txt"])
async def test_what_is_in_the_folder_is_there(static: Static, path: str) -> None:
    async with static() as http:
        assert (await http.get(f"/assets/{path}")).status_code == 200


async def test_what_is_well_known_is_there_although_it_begins_with_a_dot(static: Static) -> None:
    async with static("/") as http:
        answer = await http.get("/.well-known/security.txt")
        assert answer.text == "Contact: us"


NOT_THERE = [
    "",
    "/",
    "nothing.txt",
    "app.js/",
    "app.js/x",
    "docs",
    "docs/",
    "empty/",
    "//app.js",
    "docs//index.html",
    ".env",
    ".git/config",
    "%2Eenv",
    "../secret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    "..%2fsecret.txt",
    "%252e%252e%252fsecret.txt",
    "..%5csecret.txt",
    "..\\secret.txt",
    "../public-too/secret.txt",
    "docs/../../secret.txt",
    "docs%2Findex.html",
    "app.js%00",
    "app.js%00.txt",
    "out.txt",
    "outside/secret.txt",
    "hidden.txt",
    "circle",
    pytest.param("x" * 300, id="long"),
]


@pytest.mark.parametrize("path", NOT_THERE)
@pytest.mark.parametrize("prefix", ["/assets", "/"])
async def test_everything_else_is_not_there(public: Path, prefix: str, path: str) -> None:
    application = HttpApplication(App([http_static(prefix, directory="public")]))
    async with application.running():
        for whole in (f"{prefix.rstrip('/')}/{path}", f"{prefix.rstrip('/')}/{public}/app.js"):
            status, body = await asked(application, whole)
            assert status == 404, whole
            assert b"secret" not in body


async def test_a_prefix_with_an_encoded_slash_is_another_path(public: Path) -> None:
    declared = http_static("/assets", directory="public", index=True)
    async with HttpApplication(App([declared])).running() as application:
        assert (await asked(application, "/assets%2Fapp.js"))[0] == 404
        assert (await asked(application, "/assets%2Fdocs"))[0] == 404


async def asked(application: ASGIApp, raw_path: str) -> tuple[int, bytes]:
    """Asks for a path that no client would send so."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": unquote(raw_path)}
    scope |= {"raw_path": raw_path.encode(), "query_string": b"", "root_path": "", "headers": []}
    await application(scope, receive, send)
    return sent[0]["status"], b"".join(one["body"] for one in sent[1:])


async def test_no_more_is_read_for_who_has_left(public: Path) -> None:
    (public / "large.bin").write_bytes(bytes(8 * PART))
    folder = StaticFolder(http_static("/", directory="public"), public.parent, ErrorResponder())
    parts: list[int] = []
    has_left = asyncio.Event()
    came = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Any:
        for message in came:
            return message
        await has_left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        parts.extend([len(message["body"])] if "body" in message else [])
        if len(parts) == 2:
            has_left.set()
            await asyncio.sleep(0)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/large.bin", "headers": []}
    await folder(scope, receive, send)
    assert parts == [PART, PART]


async def test_middleware_that_gives_the_body_for_ever_does_no_harm(public: Path) -> None:
    (public / "large.bin").write_bytes(bytes(4 * PART))
    folder = StaticFolder(http_static("/", directory="public"), public.parent, ErrorResponder())
    parts: list[int] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        parts.extend([len(message["body"])] if "body" in message else [])

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/large.bin", "headers": []}
    await folder(scope, receive, send)
    assert parts == [PART] * 4


NAMES = st.sampled_from(
    ["..", ".", "", "public", "docs", "out.txt", "outside", "secret.txt", "index.html", ".env", "~"]
)
NAME = NAMES | st.text(st.characters(codec="utf-8"), max_size=6)
ENCODED = st.sampled_from(["/", "%2f", "%2F", "\\", "%5c", "%252f", "//", "/./", "%00/"])


def project(factory: pytest.TempPathFactory) -> Path:
    """A folder that all examples share, with things that must not be read."""
    root = factory.getbasetemp() / "project"
    if not root.exists():
        (root / "public" / "docs").mkdir(parents=True)
        (root / "secret.txt").write_text("secret")
        (root / "public" / ".env").write_text("secret")
        (root / "public" / "docs" / "index.html").write_text("docs")
        (root / "public" / "out.txt").symlink_to(root / "secret.txt")
        (root / "public" / "outside").symlink_to(root)
    return root


@settings(max_examples=300, deadline=None)
@given(parts=st.lists(st.tuples(NAME, ENCODED), max_size=6), encode=st.booleans())
def test_nothing_outside_the_folder_is_ever_sent(
    parts: list[tuple[str, str]], encode: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    declared = http_static("/assets", directory="public", index=True)
    folder = StaticFolder(declared, project(tmp_path_factory), ErrorResponder())
    path = "".join((quote(name, safe="") if encode else name) + slash for name, slash in parts)
    status, body = asyncio.run(asked(folder, f"/assets/{path}".rstrip("/")))
    assert b"secret" not in body
    assert status in {200, 307, 400, 404}


@settings(max_examples=300, deadline=None)
@given(names=st.lists(NAME, max_size=5), follow=st.booleans())
def test_whatever_is_asked_of_a_folder_it_finds_what_is_in_it_or_nothing(
    names: list[str], follow: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = project(tmp_path_factory)
    declared = http_static("/x", directory="public", index=True, follow_symlinks=follow)
    folder = Folder(root / "public", declared)
    try:
        found = folder.find(names, {})
    except (NotFoundError, FolderRedirectError):
        return
    led_out = follow and {"out.txt", "outside"} & set(names)
    assert found.sent.is_relative_to((root / "public").resolve()) or led_out


async def test_links_may_lead_out_where_that_is_meant(static: Static) -> None:
    async with static(follow_symlinks=True) as http:
        assert (await http.get("/assets/out.txt")).text == "secret"
        assert (await http.get("/assets/outside/secret.txt")).text == "secret"
        assert (await http.get("/assets/.env")).status_code == 404


async def test_a_folder_is_answered_with_its_index(static: Static) -> None:
    async with static(index=True) as http:
        assert (await http.get("/assets/docs/")).text == "<h1>Docs</h1>"
        assert (await http.get("/assets/")).text == "<h1>Home</h1>"
        assert (await http.get("/assets/empty/")).status_code == 404
        for path, target in (("/assets/docs", "./docs/"), ("/assets", "./assets/")):
            answer = await http.get(path)
            assert (answer.status_code, answer.headers["location"]) == (307, target)


async def test_who_is_led_to_a_folder_takes_the_query_along(static: Static) -> None:
    async with static(index=True) as http:
        answer = await http.get("/assets/docs?page=2&sort=%2Fname")
        assert answer.headers["location"] == "./docs/?page=2&sort=%2Fname"
        assert answer.headers["cache-control"] == "no-store"


async def test_no_cache_keeps_that_something_is_not_there(static: Static) -> None:
    async with static() as http:
        answer = await http.get("/assets/nothing.txt")
        assert (answer.headers["cache-control"], "vary" in answer.headers) == ("no-store", False)


@pytest.mark.parametrize(("path", "status"), [("dashboard", 404), (".env", 404), ("docs", 307)])
async def test_no_cache_takes_a_404_for_the_page_of_those_who_ask_for_html(
    static: Static, path: str, status: int
) -> None:
    async with static("/", fallback="index.html", index=True) as http:
        answer = await http.get(f"/{path}", headers={"accept": "*/*"})
        assert (answer.status_code, answer.headers["vary"]) == (status, "accept")
        assert answer.headers["cache-control"] == "no-store"


async def test_a_single_page_answers_for_paths_that_only_it_knows(static: Static) -> None:
    page = {"accept": "text/html,application/xhtml+xml"}
    async with static("/", fallback="index.html") as http:
        deep = await http.get("/articles/7", headers=page)
        assert (deep.status_code, deep.text) == (200, "<h1>Home</h1>")
        assert (deep.headers["cache-control"], deep.headers["vary"]) == ("no-cache", "accept")
        assert (await http.get("/")).text == "<h1>Home</h1>"
        assert (await http.get("/app.js", headers=page)).text == SCRIPT
        assert (await http.get("/missing.js", headers={"accept": "*/*"})).status_code == 404
        assert (await http.post("/articles/7", headers=page)).status_code == 405


@pikku_sessionless_func
async def articles() -> list[str]:
    return ["one"]


async def test_routes_come_before_what_is_at_the_root(public: Path) -> None:
    route = wire_http(method="get", route="/api/articles", func=articles)
    page = {"accept": "text/html"}
    app = App([route, http_static("/", directory="public", fallback="index.html")])
    async with app, client_of(app) as http:
        assert (await http.get("/api/articles", headers=page)).json() == ["one"]
        assert (await http.post("/api/articles", headers=page)).status_code == 405
        assert (await http.get("/app.js")).text == SCRIPT


async def test_compressed_copies_are_sent_to_those_who_take_them(
    static: Static, public: Path
) -> None:
    (public / "app.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (public / "app.js.br").write_bytes(b"brotli")
    async with static(precompressed=True) as http:
        packed = await http.get("/assets/app.js", headers={"accept-encoding": "gzip"})
        assert (packed.headers["content-encoding"], packed.text) == ("gzip", SCRIPT)
        assert packed.headers["content-type"] == "text/javascript; charset=utf-8"
        plain = await http.get("/assets/app.js", headers={"accept-encoding": "gzip;q=0"})
        assert ("content-encoding" in plain.headers, plain.text) == (False, SCRIPT)
        head = await http.head("/assets/app.js", headers={"accept-encoding": "br, gzip"})
        assert head.headers["content-encoding"] == "br"
        assert {plain.headers["vary"], packed.headers["vary"]} == {"accept-encoding"}
        assert len({one.headers["etag"] for one in (packed, plain, head)}) == 3
    async with static() as http:
        unasked = await http.get("/assets/app.js", headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in unasked.headers


async def test_who_has_a_copy_is_told_so_behind_compression_too(public: Path) -> None:
    (public / "app.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    app = App([http_static("/", directory="public", precompressed=True), http_compression()])
    async with app, client_of(app) as http:
        packed = {"accept-encoding": "gzip"}
        etag = (await http.get("/app.js", headers=packed)).headers["etag"]
        known = await http.get("/app.js", headers=packed | {"if-none-match": etag})
        assert (known.status_code, known.headers["etag"]) == (304, etag)
        assert known.headers["vary"] == "accept-encoding"
        plain = await http.get("/app.js", headers={"if-none-match": etag, "accept-encoding": "x"})
        assert plain.status_code == 200


async def test_a_copy_of_an_older_version_is_not_sent(static: Static, public: Path) -> None:
    copy = public / "app.js.gz"
    copy.write_bytes(gzip.compress(b"old"))
    os.utime(copy, (1, 1))
    async with static(precompressed=True) as http:
        answer = await http.get("/assets/app.js", headers={"accept-encoding": "gzip"})
        assert answer.text == SCRIPT


async def test_a_copy_that_leads_out_of_the_folder_is_not_sent(
    static: Static, public: Path
) -> None:
    (public / "app.js.gz").symlink_to(public.parent / "secret.txt")
    async with static(precompressed=True) as http:
        answer = await http.get("/assets/app.js", headers={"accept-encoding": "gzip"})
        assert answer.text == SCRIPT


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"directory": "../public"}, 'The directory "../public" must be a folder below'),
        ({"directory": "/etc"}, 'The directory "/etc" must be'),
        ({"directory": "C:\\public"}, "must be a folder below"),
        ({"directory": "."}, 'The directory "." must be'),
        ({"directory": ""}, 'The directory "" must be'),
        ({"directory": "public", "fallback": "../x"}, 'The fallback "../x" must be a file below'),
        ({"directory": "public", "cache_control": "a\r\nb"}, '"cache_control" is none of a header'),
        ({"prefix": "assets", "directory": "public"}, 'The prefix "assets" must begin with "/"'),
    ],
)
def test_what_is_not_well_formed_is_refused(options: Any, says: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        http_static(options.pop("prefix", "/assets"), **options)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"directory": "pubic"}, 'The directory "pubic" does not exist'),
        ({"directory": "public/app.js"}, "is no folder"),
        ({"directory": "public", "fallback": "x.html"}, 'The fallback "x.html" is no file'),
    ],
)
async def test_what_is_not_there_is_said_at_the_start(
    public: Path, options: Any, says: str
) -> None:
    async with App([http_static("/assets", **options)]) as app:
        with pytest.raises(DeclarationError, match=says):
            HttpApplication(app).open()
