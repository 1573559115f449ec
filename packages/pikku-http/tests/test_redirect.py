from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from pikku_http import Redirect


@pytest.mark.parametrize(
    "location",
    ["/", "/a/b?c=d#e", "there", "?page=2", "https://example.com", "http://example.com/a"],
)
def test_relative_and_http_locations_are_fine(location: str) -> None:
    assert Redirect(location).target == location.encode()


@pytest.mark.parametrize(
    "location",
    [
        "",
        " /a",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.com",
        "https:///path",
        "https:example.com",
        "/a\r\nset-cookie: x=1",
        "/a\nb",
        "http://[bad",
    ],
)
def test_a_location_that_may_lead_anywhere_is_refused(location: str) -> None:
    with pytest.raises(ValueError, match="The location"):
        Redirect(location)


def test_other_characters_are_encoded_once() -> None:
    assert Redirect("/gr\u00fcn tee?x=%20").target == b"/gr%C3%BCn%20tee?x=%20"


def test_a_status_that_is_none_of_a_redirect_is_refused() -> None:
    status: Any = 200
    with pytest.raises(ValueError, match="The status 200"):
        Redirect("/", status)


def test_it_has_a_schema() -> None:
    assert TypeAdapter(Redirect | int).validate_python(Redirect("/")) == Redirect("/")
    assert TypeAdapter(Redirect).json_schema()["title"] == "Redirect"
