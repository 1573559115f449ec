"""`/openapi.json` and `/docs`: the document, and Swagger UI with all that it needs.

The page is relative to where it stands, loads nothing from elsewhere and has no script in it, so that a strict
`Content-Security-Policy` holds.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pikku_http.http.accept_encoding import chosen_coding
from pikku_http.http.answer import Answer, send_answer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_http.http.asgi import Header, Receive, Scope, Send
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle

AT_ROOT: Final = [{"url": "/"}]
"""The servers of a document that says nothing of them."""
DOCUMENT: Final = "/openapi.json"
PAGE: Final = "/docs"
ASSETS: Final = {
    "swagger-ui.css": b"text/css; charset=utf-8",
    "swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
}

HTML: Final = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

START: Final = b"""SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#page",
  deepLinking: true,
  validatorUrl: null,
});
"""

POLICY: Final[Header] = (
    b"content-security-policy",
    (
        b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; connect-src *; base-uri 'none'; frame-ancestors 'none'"
    ),
)


def pages(document: bytes) -> Mapping[str, Handle]:
    """What answers GET, by path."""
    text = {
        PAGE: (b"text/html; charset=utf-8", HTML),
        f"{PAGE}/start.js": (ASSETS["swagger-ui-bundle.js"], START),
    }
    handles = {path: _plain(content_type, body) for path, (content_type, body) in text.items()}
    handles[DOCUMENT] = _document(document)
    return handles | {f"{PAGE}/{name}": _asset(name) for name in ASSETS}


def _plain(content_type: bytes, body: bytes) -> Handle:
    async def handle(_scope: Scope, _receive: Receive, send: Send, _values: Values) -> None:
        await _send(send, content_type, body, ())

    return handle


def _document(document: bytes) -> Handle:
    async def handle(scope: Scope, _receive: Receive, send: Send, _values: Values) -> None:
        root_path: str = scope.get("root_path", "")
        body = below_prefix(document, root_path) if root_path else document
        await _send(send, b"application/json", body, ())

    return handle


def below_prefix(document: bytes, prefix: str) -> bytes:
    """The document of an application that is mounted below a prefix: its paths are relative to the server's."""
    content = json.loads(document)
    if content.get("servers", AT_ROOT) == AT_ROOT:
        content["servers"] = [{"url": quote(prefix)}]
    return json.dumps(content, ensure_ascii=False).encode()


def _asset(name: str) -> Handle:
    async def handle(scope: Scope, _receive: Receive, send: Send, _values: Values) -> None:
        body = _compressed(name)
        encoding: tuple[Header, ...] = ((b"vary", b"accept-encoding"),)
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
        if chosen_coding(accepted, ["gzip"]) == "gzip":
            encoding = (*encoding, (b"content-encoding", b"gzip"))
        else:
            body = gzip.decompress(body)
        await _send(send, ASSETS[name], body, encoding)

    return handle


async def _send(send: Send, content_type: bytes, body: bytes, further: tuple[Header, ...]) -> None:
    headers: tuple[Header, ...] = (
        (b"content-type", content_type),
        (b"cache-control", b"no-cache"),
        (b"x-content-type-options", b"nosniff"),
        POLICY,
        *further,
    )
    await send_answer(send, Answer(200, headers, body), 200, None)


@cache
def _compressed(name: str) -> bytes:
    return files("pikku_http.http.docs").joinpath("assets", f"{name}.gz").read_bytes()
