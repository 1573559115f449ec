"""CORS, security headers and compression: a generated project behind a real server, to httpx2, curl and Chromium."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
import pytest
from tests.integration.http.browser import Browser
from tests.integration.http.conftest import SERVE, UVICORN, pikku, running

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.integration.http.conftest import Generated, Server

SIZE = 300

PROJECT = {
    "pyproject.toml": """
        [tool.pikku]
        source = ["app"]
        """,
    "app/__init__.py": "",
    "app/shop.py": """
        from __future__ import annotations

        from collections.abc import AsyncIterator

        from pikku_core import ConflictError, define_variable, pikku_func, pikku_sessionless_func
        from pikku_http import FileAnswer, Http, http_compression, http_cors, http_headers, wire_http
        from pydantic import BaseModel

        define_variable("web_origins", list[str])


        class Item(BaseModel):
            id: int
            name: str = "a thing of some length, so that many of them are large"


        @pikku_sessionless_func
        async def items(*, http: Http) -> list[Item]:
            http.set_header("x-total", "300")
            http.set_header("x-hidden", "1")
            return [Item(id=number) for number in range(300)]


        @pikku_sessionless_func
        async def put_item(data: Item) -> Item:
            return data


        @pikku_func
        async def secret() -> str:
            return "secret"


        @pikku_sessionless_func
        async def taken() -> str:
            raise ConflictError


        @pikku_sessionless_func
        async def ticks() -> AsyncIterator[int]:
            for number in range(3):
                yield number


        @pikku_sessionless_func
        async def download() -> FileAnswer:
            return FileAnswer("large.txt")


        @pikku_sessionless_func
        async def page(*, http: Http) -> bytes:
            http.set_header("content-type", "text/html")
            return b"<!doctype html><title>kept</title><script>document.title = 'changed'</script>"


        http_cors("/api/*", origins_from="web_origins", credentials=True, expose=["x-total"])
        http_cors("/api/public/*", origins=["*"])
        http_headers()
        http_compression()
        wire_http(method="get", route="/api/items", func=items)
        wire_http(method="put", route="/api/items/{id}", func=put_item)
        wire_http(method="get", route="/api/secret", func=secret)
        wire_http(method="get", route="/api/taken", func=taken)
        wire_http(method="get", route="/api/ticks", func=ticks, sse=True)
        wire_http(method="get", route="/api/public/items", func=items)
        wire_http(method="get", route="/large.txt", func=download)
        wire_http(method="get", route="/page", func=page)
        """,
    "large.txt": "some line\n" * 50_000,
}


class Blank(BaseHTTPRequestHandler):
    """An empty page."""

    def do_GET(self) -> None:
        """Answers with it."""
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>blank</title>")

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def origins() -> Generator[tuple[str, str]]:
    """Two sites with an empty page each: one that the server lets in, and one that it does not."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Blank) for _ in range(2)]
    for one in servers:
        threading.Thread(target=one.serve_forever, daemon=True).start()
    first, second = (f"http://localhost:{one.server_port}" for one in servers)
    yield first, second
    for one in servers:
        one.shutdown()
        one.server_close()


@pytest.fixture(scope="module", params=[SERVE, UVICORN], ids=["pikku", "uvicorn"])
def shop(
    request: pytest.FixtureRequest,
    origins: tuple[str, str],
    generated: Generated,
) -> Generator[Server]:
    """The project, behind `pikku serve` and behind uvicorn itself."""
    with running(generated(PROJECT), request.param, WEB_ORIGINS=f'["{origins[0]}"]') as server:
        yield server


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return Browser.install(tmp_path_factory.mktemp("chromium"))


FETCH = """
const seen = [];
for (const [path, init] of argument.requests) {
  try {
    const answer = await fetch(argument.server + path, init);
    const length = (await answer.text()).length;
    seen.push([answer.status, length > 0, answer.headers.get("x-total"), answer.headers.get("x-hidden")]);
  } catch (error) {
    seen.push(error.name);
  }
}
return seen;
"""
EVENTS = """
const source = new EventSource(argument.server + "/api/ticks");
const seen = [];
await new Promise((resolve) => {
  source.onmessage = (event) => seen.push(event.data);
  source.addEventListener("done", resolve);
  source.onerror = resolve;
});
source.close();
return seen;
"""


def asked(browser: Browser, page: str, shop: Server, *requests: tuple[str, Any]) -> Any:
    return browser.run(page, FETCH, {"server": shop.url, "requests": requests})


def test_a_browser_reads_what_its_page_may(
    browser: Browser, shop: Server, origins: tuple[str, str]
) -> None:
    change = {"method": "PUT", "headers": {"content-type": "application/json", "x-key": "1"}}
    assert asked(
        browser,
        origins[0],
        shop,
        ("/api/items", {}),
        ("/api/items", {"credentials": "include"}),
        ("/api/items/7", {**change, "body": '{"name": "changed"}'}),
        ("/api/secret", {"headers": {"authorization": "Bearer forged"}}),
        ("/api/taken", {}),
        ("/api/items", {"method": "DELETE"}),
        ("/api/nowhere", {}),
        ("/api/public/items", {}),
        ("/api/public/items", {"credentials": "include"}),
        ("/page", {}),
    ) == [
        [200, True, "300", None],
        [200, True, "300", None],
        [200, True, None, None],
        [401, True, None, None],
        [409, True, None, None],
        "TypeError",  # The route has no such method, which the preflight says.
        [404, True, None, None],
        [200, True, None, None],
        "TypeError",  # Everybody is let in, but not with credentials.
        "TypeError",  # Nobody is.
    ]


def test_a_browser_keeps_all_from_a_page_of_another_origin(
    browser: Browser, shop: Server, origins: tuple[str, str]
) -> None:
    refused = asked(
        browser,
        origins[1],
        shop,
        ("/api/items", {}),
        ("/api/items/7", {"method": "PUT", "body": "{}"}),
        ("/api/public/items", {}),
    )
    assert refused == ["TypeError", "TypeError", [200, True, None, None]]


def test_an_event_source_of_another_origin_reads_what_its_page_may(
    browser: Browser, shop: Server, origins: tuple[str, str]
) -> None:
    for origin, events in zip(origins, (["0", "1", "2"], []), strict=True):
        assert browser.run(origin, EVENTS, {"server": shop.url}) == events


def test_a_browser_runs_nothing_that_the_policy_forbids(browser: Browser, shop: Server) -> None:
    assert browser.run(f"{shop.url}/page", "return document.title;") == "kept"


def curl(*arguments: str) -> str:
    command = shutil.which("curl")
    assert command is not None
    done = subprocess.run(
        [command, "-s", *arguments], check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout


def test_curl_sees_the_answer_to_a_preflight(shop: Server, origins: tuple[str, str]) -> None:
    asking = ("-H", f"origin: {origins[0]}", "-H", "access-control-request-method: PUT")
    answer = curl("-i", "-X", "OPTIONS", f"{shop.url}/api/items/7", *asking)
    lines = answer.lower().splitlines()
    assert lines[0].startswith("http/1.1 204")
    assert f"access-control-allow-origin: {origins[0]}" in lines
    assert "access-control-allow-methods: put" in lines
    assert "access-control-allow-credentials: true" in lines


def test_curl_decodes_what_is_compressed(shop: Server) -> None:
    plain = curl(f"{shop.url}/api/items")
    assert curl("--compressed", f"{shop.url}/api/items") == plain
    size = curl(
        "--compressed", "-o", "/dev/null", "-w", "%{size_download}", f"{shop.url}/api/items"
    )
    assert int(size) < len(plain) / 5


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_an_answer_comes_in_each_coding_with_all_other_headers(
    shop: Server, coding: str, origins: tuple[str, str]
) -> None:
    headers = {"accept-encoding": coding, "origin": origins[0]}
    answer = httpx.get(f"{shop.url}/api/items", headers=headers)
    assert answer.headers["content-encoding"] == coding
    assert len(answer.json()) == SIZE
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == origins[0]
    vary = {one.strip() for each in answer.headers.get_list("vary") for one in each.split(",")}
    assert vary == {"accept-encoding", "origin"}


def test_who_has_a_compressed_file_is_sent_nothing(shop: Server) -> None:
    first = httpx.get(f"{shop.url}/large.txt", headers={"accept-encoding": "gzip"})
    assert first.headers["content-encoding"] == "gzip"
    assert len(first.content) == len(PROJECT["large.txt"].encode())
    known = {"accept-encoding": "gzip", "if-none-match": first.headers["etag"]}
    again = httpx.get(f"{shop.url}/large.txt", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


def test_head_has_the_length_of_what_get_would_send(shop: Server) -> None:
    headers = {"accept-encoding": "gzip"}
    head = httpx.head(f"{shop.url}/api/items", headers=headers)
    with httpx.stream("GET", f"{shop.url}/api/items", headers=headers) as answer:
        body = b"".join(answer.iter_raw())
    assert head.headers["content-length"] == str(len(body))
    assert gzip.decompress(body).startswith(b'[{"id":0')


def test_a_project_without_its_origins_does_not_start(generated: Generated) -> None:
    checked = pikku(generated(PROJECT), "variables", "check")
    assert checked.returncode == 1
    assert '"web_origins"' in checked.stdout
    assert '"http:cors:/api/*"' in checked.stdout
