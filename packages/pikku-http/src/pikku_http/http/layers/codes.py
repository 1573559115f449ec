"""The diagnostics of layers: `http_cors`, `http_headers`, `http_compression`."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

_HELLO: Final = """\
from pikku_core import pikku_sessionless_func
from pikku_http import http_compression, http_cors, http_headers, wire_http

@pikku_sessionless_func
async def hello() -> str:
    return "hello"

wire_http(method="get", route="/", func=hello)
"""

LAYER_CODES: Final = (
    DiagnosticCode(
        code="PKU895",
        title="Who may call from other origins cannot be honoured",
        explanation=(
            "An origin is written as browsers write it, and all origins cannot be let in with credentials: every site could "
            "act for whoever visits it. The message says what is wrong with the `http_cors`."
        ),
        example=_HELLO + 'http_cors(origins=["*"], credentials=True)\n',
        mended=_HELLO + 'http_cors(origins=["https://app.example"], credentials=True)\n',
    ),
    DiagnosticCode(
        code="PKU896",
        title="A header for every answer is not well-formed",
        explanation=(
            "Names and values of headers are those of RFC 9110. What says something of a single answer, and what has an option "
            "of its own in `http_headers`, cannot stand in `more`."
        ),
        example=_HELLO + 'http_headers(more={"set-cookie": "theme=dark"})\n',
        mended=_HELLO + 'http_headers(more={"x-robots-tag": "none"})\n',
    ),
    DiagnosticCode(
        code="PKU897",
        title="What is to be compressed is not well-formed",
        explanation=(
            "The level is `fast`, `balanced` or `small`, and a type one such as `text/*`, `application/json` or "
            "`application/*+json`."
        ),
        example=_HELLO + 'http_compression(types=["json"])\n',
        mended=_HELLO + 'http_compression(types=["application/json"])\n',
    ),
    DiagnosticCode(
        code="PKU898",
        title="Two declarations for one pattern",
        explanation=(
            "Of several `http_cors`, `http_headers` or `http_compression` the one with the longest pattern holds for a route. Of "
            "two with one pattern nobody could tell which."
        ),
        example=_HELLO
        + 'http_cors("/api/*", origins=["https://a.example"])\n'
        + 'http_cors("/api/*", origins=["https://b.example"])\n',
        mended=_HELLO + 'http_cors("/api/*", origins=["https://a.example", "https://b.example"])\n',
    ),
)
