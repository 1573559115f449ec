"""Folders of files from real servers: what curl gets, and what raw requests do not."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import COMMANDS, SERVE, pikku, running

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.integration.http.conftest import Generated, Server

UVICORN = (str(COMMANDS / "uvicorn"), "--factory", "pikku_http:create_app", "--port", "0")
SCRIPT = "console.log('hello')\n" * 1000

WIRINGS = """
from pikku_http import http_static

http_static("/assets", directory="front/public", precompressed=True)
http_static("/", directory="front/dist", fallback="index.html", index=True)
"""


FILES = {
    "app/__init__.py": "",
    "app/wirings.py": WIRINGS,
    "secret.txt": "secret",
    "front/secret.txt": "secret",
    "front/public/app.js": SCRIPT,
    "front/public/.env": "secret",
    "front/dist/index.html": "<h1>Shop</h1>",
}


@pytest.fixture(scope="module")
def project(generated: Generated) -> Path:
    root = generated(FILES)
    public = root / "front" / "public"
    (public / "app.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (public / "out.txt").symlink_to(root / "secret.txt")
    return root


@pytest.fixture(scope="module", params=[SERVE, UVICORN], ids=["pikku", "uvicorn"])
def server(request: pytest.FixtureRequest, project: Path) -> Generator[Server]:
    """The project behind a server that was started in a folder of it."""
    with running(project / "app", request.param) as running_server:
        yield running_server


def test_curl_gets_a_compressed_file(server: Server) -> None:
    curl = shutil.which("curl")
    assert curl is not None
    command = [curl, "-si", "--compressed", f"{server.url}/assets/app.js"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert re.search(r"(?i)content-encoding: gzip", answer)
    assert answer.replace("\r\n", "\n").endswith(SCRIPT)


def test_a_browser_gets_the_page_for_every_path_that_is_no_file(server: Server) -> None:
    page = {"accept": "text/html,*/*;q=0.8"}
    assert httpx.get(f"{server.url}/orders/7", headers=page).text == "<h1>Shop</h1>"
    assert httpx.get(f"{server.url}/app.js", headers={"accept": "*/*"}).status_code == 404
    assert httpx.get(f"{server.url}/healthz").json() == {"status": "alive"}


def test_a_part_of_a_file_and_nothing_of_one_that_is_known(server: Server) -> None:
    url = f"{server.url}/assets/app.js"
    plain = {"accept-encoding": "identity"}
    whole = httpx.get(url, headers=plain)
    part = httpx.get(url, headers=plain | {"range": "bytes=-6"})
    assert (part.status_code, part.text) == (206, "llo')\n")
    known = httpx.get(url, headers=plain | {"if-none-match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert httpx.get(url, headers=plain | {"range": "bytes=99999-"}).status_code == 416


TARGETS = [
    b"/assets/../secret.txt",
    b"/assets/../../secret.txt",
    b"/assets/..%2f..%2fsecret.txt",
    b"/assets/%2e%2e/%2e%2e/secret.txt",
    b"/assets/%2e%2e%2f%2e%2e%2fsecret.txt",
    b"/assets/%252e%252e%252fsecret.txt",
    b"/assets/..%5c..%5csecret.txt",
    b"/assets/..\\..\\secret.txt",
    b"/assets/....//....//secret.txt",
    b"/assets/.%2e/.%2e/secret.txt",
    b"/assets/%c0%ae%c0%ae/secret.txt",
    b"/assets/..;/..;/secret.txt",
    b"/assets//etc/passwd",
    b"/assets/%2fetc%2fpasswd",
    b"/assets/file:///etc/passwd",
    b"/assets/app.js%00",
    b"/assets/%00",
    b"/assets/out.txt",
    b"/assets/.env",
    b"/assets/%2eenv",
    b"/assets",
    b"/assets/",
    b"/..%2f..%2fsecret.txt",
    b"/../../secret.txt",
    b"//etc/passwd",
    b"/%2e%2e/secret.txt",
    b"/assets%2f..%2f..%2fsecret.txt",
    b"/assets/..",
    b"/assets/../public/app.js",
]


@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
@pytest.mark.parametrize("target", TARGETS)
def test_no_request_leads_out_of_the_folder(server: Server, method: bytes, target: bytes) -> None:
    answer = server.exchange(
        b"%b %b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n" % (method, target)
    )
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")), answer
    for secret in (b"secret", b"root:", b"console"):
        assert secret not in answer


def test_no_path_is_part_of_a_header(server: Server) -> None:
    answer = server.exchange(
        b"GET /assets/x%0d%0aset-cookie:%20a=b HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
    )
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"set-cookie" not in answer.lower()


def test_a_folder_that_is_gone_is_said_at_the_start(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(project, root, symlinks=True)
    shutil.rmtree(root / "front" / "dist")
    done = pikku(root, "serve", "--port", "0")
    assert done.returncode == 1
    assert 'The directory "front/dist" does not exist' in done.stderr


def test_the_build_finds_what_is_not_there(project: Path, tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(project, root, symlinks=True)
    wirings = root / "app" / "wirings.py"
    wirings.write_text(wirings.read_text().replace("front/dist", "front/dits"))
    done = pikku(root)
    assert done.returncode == 1
    assert 'app/wirings.py:4: PKU914 The directory "front/dits" does not exist' in (
        done.stdout + done.stderr
    )
