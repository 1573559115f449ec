"""`http_headers`: security headers of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import App, DeclarationError, NotFoundError, pikku_sessionless_func
from pikku_http import Http, http_headers, wire_http
from pikku_http.testing import client_of

if TYPE_CHECKING:
    from httpx2 import Response

    from pikku_http import HttpHeaders


@pikku_sessionless_func
async def greet() -> str:
    return "Hello!"


@pikku_sessionless_func
async def missing() -> str:
    raise NotFoundError


@pikku_sessionless_func
async def page(*, http: Http) -> bytes:
    http.set_header("content-type", "text/html")
    http.set_header("content-security-policy", "default-src 'self'")
    return b"<!doctype html>"


ROUTES = (
    wire_http(method="get", route="/greet", func=greet),
    wire_http(method="get", route="/missing", func=missing),
    wire_http(method="get", route="/page", func=page),
)
OWASP = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
HSTS = "strict-transport-security"


async def ask(
    path: str,
    *declared: HttpHeaders,
    method: str = "GET",
    scheme: str = "http",
    document: bytes | None = None,
) -> Response:
    base_url = f"{scheme}://shop.test"
    async with (
        App([*ROUTES, *declared]) as app,
        client_of(app, base_url=base_url, document=document) as http,
    ):
        return await http.request(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/greet"),
        ("HEAD", "/greet"),
        ("GET", "/missing"),
        ("GET", "/nowhere"),
        ("PUT", "/greet"),
    ],
)
async def test_every_answer_has_them(method: str, path: str) -> None:
    headers = (await ask(path, http_headers(), method=method)).headers
    assert {name: headers.get(name) for name in OWASP} == OWASP


async def test_https_alone_is_asked_for_over_https_alone() -> None:
    assert HSTS not in (await ask("/greet", http_headers())).headers
    secure = await ask("/greet", http_headers(), scheme="https")
    assert secure.headers[HSTS] == "max-age=31536000; includeSubDomains"


async def test_what_a_function_has_set_stays() -> None:
    response = await ask("/page", http_headers())
    assert response.headers.get_list("content-security-policy") == ["default-src 'self'"]
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_the_page_of_the_documentation_keeps_its_own_policy() -> None:
    response = await ask("/docs", http_headers(), document=b"{}")
    (policy,) = response.headers.get_list("content-security-policy")
    assert "script-src 'self'" in policy


async def test_each_is_another_or_left_out() -> None:
    declared = http_headers(
        strict_transport_security=None,
        content_security_policy="default-src 'self'",
        frame_options=None,
        referrer_policy="same-origin",
        permissions_policy=None,
        opener_policy=None,
        resource_policy="cross-origin",
        more={"X-Robots-Tag": "none"},
    )
    headers = (await ask("/greet", declared, scheme="https")).headers
    assert {
        name: value for name, value in headers.items() if name in {*OWASP, HSTS, "x-robots-tag"}
    } == {
        "content-security-policy": "default-src 'self'",
        "cross-origin-resource-policy": "cross-origin",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "none",
    }


async def test_the_longest_pattern_holds_alone() -> None:
    declared = (http_headers(), http_headers("/page", frame_options="SAMEORIGIN"))
    assert (await ask("/page", *declared)).headers.get_list("x-frame-options") == ["SAMEORIGIN"]
    assert (await ask("/greet", *declared)).headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"frame_options": "DENY\r\nset-cookie: a=1"}, "control character"),
        ({"referrer_policy": ""}, "None to leave it out"),
        ({"more": {"bad name": "x"}}, "not well-formed"),
        ({"more": {"content-length": "3"}}, "written by the server"),
        ({"more": {"set-cookie": "a=1"}}, "the same on every answer"),
        ({"more": {"Vary": "origin"}}, "the same on every answer"),
        ({"more": {"access-control-allow-origin": "*"}}, "the same on every answer"),
        ({"more": {"X-Frame-Options": "DENY"}}, "is there already"),
        ({"more": {"X-A": "1", "x-a": "2"}}, "is there already"),
        ({"pattern": "api"}, "must begin with"),
    ],
)
def test_what_is_no_header_for_every_answer_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        http_headers(**given)
