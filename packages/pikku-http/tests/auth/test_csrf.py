"""Requests of other sites: by what browsers say of them."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core import DeclarationError
from pikku_http import csrf
from pikku_http.http.auth.csrf import CrossSiteError
from pikku_http.testing import FakeHttp

pytestmark = pytest.mark.anyio


async def done() -> str:
    return "done"


async def passes(
    headers: dict[str, str], *, method: str = "POST", trusted: tuple[str, ...] = ()
) -> bool:
    http = FakeHttp(method, headers={"host": "shop.test", **headers})
    try:
        return bool(await csrf(trusted_origins=trusted)(done, http=http) == "done")
    except CrossSiteError:
        return False


@pytest.mark.parametrize(
    ("headers", "passed"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "https://shop.test"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site", "origin": "https://evil.test"}, False),
        ({"sec-fetch-site": "same-site", "origin": "https://other.shop.test"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "https://shop.test"}, False),
        ({"sec-fetch-site": ""}, False),
        ({"sec-fetch-site": "none, cross-site"}, False),
        ({"origin": "https://shop.test"}, True),
        ({"origin": "http://shop.test:80"}, True),
        ({"origin": "https://shop.test", "host": "shop.test:443"}, True),
        ({"origin": "https://shop.test", "host": "SHOP.test"}, True),
        ({"origin": "https://shop.test:8443"}, False),
        ({"origin": "http://localhost:8000", "host": "localhost:8000"}, True),
        ({"origin": "https://evil.test"}, False),
        ({"origin": "https://shop.test.evil.test"}, False),
        ({"origin": "https://evil.test/shop.test"}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"origin": "shop.test"}, False),
        ({"origin": "https://", "host": ""}, False),
    ],
)
async def test_only_the_site_itself_may_change_something(
    headers: dict[str, str], passed: bool
) -> None:
    assert await passes(headers) is passed


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_what_changes_nothing_passes(method: str) -> None:
    assert await passes({"sec-fetch-site": "cross-site"}, method=method)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "QUERY"])
async def test_every_other_method_is_looked_at(method: str) -> None:
    assert not await passes({"sec-fetch-site": "cross-site"}, method=method)


async def test_a_trusted_origin_passes() -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://app.test"}
    assert await passes(headers, trusted=("https://app.test",))
    assert not await passes(headers, trusted=("http://app.test", "https://app.test:8443"))
    below = headers | {"origin": "https://a_b.shop.test"}
    assert await passes(below, trusted=("https://*.shop.test",))
    assert await passes(below, trusted=("https://a_b.shop.test",))


async def test_without_http_it_does_nothing() -> None:
    assert await csrf()(done) == "done"


@pytest.mark.parametrize(
    "origin", ["*", "app.test", "https://app.test/", "https://App.test", "null", ""]
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(DeclarationError, match="is no origin"):
        csrf(trusted_origins=[origin])


def test_a_port_that_browsers_leave_out_is_refused() -> None:
    with pytest.raises(DeclarationError, match="browsers leave out"):
        csrf(trusted_origins=["https://app.test:443"])


def test_one_text_is_no_list_of_origins() -> None:
    with pytest.raises(DeclarationError, match="a list"):
        csrf(trusted_origins="https://app.test")


@given(st.binary(), st.binary())
def test_whatever_the_bytes_are_there_is_no_other_error(origin: bytes, host: bytes) -> None:
    headers = {"origin": origin.decode("latin-1"), "host": host.decode("latin-1")}
    asyncio.run(passes(headers))
