"""Origins: which are well-formed, and which a pattern means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_http.http.layers.origins import Origins, origins_problem


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example",
        "http://localhost:5173",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "https://*.app.example",
        "https://*.app.example:8443",
        "http://*.localhost:3000",
        "capacitor://localhost",
        "chrome-extension://aapocclcgogkmnckokdopfmhonfmgoek",
        "https://xn--bcher-kva.example",
        "null",
        "*",
    ],
)
def test_what_browsers_send_is_an_origin(origin: str) -> None:
    assert origins_problem([origin], credentials=False) == ""


@pytest.mark.parametrize(
    ("origin", "message"),
    [
        ("app.example", "is no origin"),
        ("https://app.example/", '"https://app.example"'),
        ("https://App.example", '"https://app.example"'),
        ("https://app.example/path", "is no origin"),
        ("https://bücher.example", "is no origin"),
        ("https://app.example:443", 'write "https://app.example"'),
        ("http://app.example:80", 'write "http://app.example"'),
        ("https://*", "is no origin"),
        ("https://*.com", "below a top-level domain"),
        ("https://*app.example", "is no origin"),
        ("https://app.*.example", "is no origin"),
        ("*.app.example", "is no origin"),
        ("https://", "is no origin"),
        ("", "is no origin"),
        ("https://a.example https://b.example", "is no origin"),
    ],
)
def test_what_they_never_send_is_refused_with_what_was_meant(origin: str, message: str) -> None:
    assert message in origins_problem([origin], credentials=False)


@pytest.mark.parametrize("origin", ["https://a.app.example", "https://a.b-c.app.example"])
def test_what_is_below_a_host_is_meant(origin: str) -> None:
    assert origin.encode() in Origins(["https://*.app.example"])


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example",
        "https://evilapp.example",
        "https://a.app.example.evil.example",
        "https://evil.example/.app.example",
        "https://evil.example#.app.example",
        "https://evil.example?.app.example",
        "https://evil.example:80.app.example",
        "https://evil.example@a.app.example",
        "https://a..app.example",
        "https://.app.example",
        "https://-.app.example",
        "https://a.app.example:8443",
        "https://a.app.example\n",
        "http://a.app.example",
        "https://a.appxexample",
        "https://A.app.example",
        "null",
        "",
    ],
)
def test_nothing_else_is(origin: str) -> None:
    assert origin.encode() not in Origins(["https://*.app.example"])


@pytest.mark.parametrize(
    ("origin", "is_meant"),
    [
        ("https://a.app.example", True),
        ("https://a.app.example:8443", False),
        ("http://a.dev.example:8443", True),
        ("https://a.dev.example:8443", False),
        ("http://a.dev.example", False),
        ("https://a.b.example", True),
        ("https://b.example", False),
    ],
)
def test_each_of_several_is_meant_with_its_scheme_and_port(origin: str, is_meant: bool) -> None:
    several = ["https://*.app.example", "http://*.dev.example:8443", "https://*.b.example"]
    assert (origin.encode() in Origins(several)) is is_meant


def test_null_is_meant_only_where_it_is_named() -> None:
    assert b"null" in Origins(["null"])
    assert b"null" not in Origins(["https://app.example"])


@given(st.binary())
def test_whatever_comes_ends_in_the_host_if_it_is_let_in(origin: bytes) -> None:
    if origin in Origins(["https://*.app.example"]):
        host = origin.removeprefix(b"https://")
        assert origin.startswith(b"https://")
        assert host.endswith(b".app.example")
        assert not set(host) - set(b"abcdefghijklmnopqrstuvwxyz0123456789_-.")


@given(st.lists(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True), min_size=1))
def test_any_name_below_the_host_is_let_in(labels: list[str]) -> None:
    assert f"https://{'.'.join(labels)}.app.example".encode() in Origins(["https://*.app.example"])
