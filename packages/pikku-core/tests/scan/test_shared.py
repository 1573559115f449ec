"""A value that wirings use and a function of their module reads would be made twice in production."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin.expression import Constant, DictDisplay, ListDisplay, Shared

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project

HEAD = """\
# app/limits.py
from datetime import timedelta
from typing import Any
from pikku_core import Next, pikku_middleware

def rate_limit(count: Any) -> Any:
    @pikku_middleware
    async def check(next: Next) -> Any: ...
    return check

def left(limiter: Any) -> int: ...
# app/main.py
from datetime import timedelta
from typing import Any
from acme import probe
from app.limits import left, rate_limit
from pikku_core import (
    Next, pikku_middleware, pikku_permission, pikku_service, pikku_sessionless_func
)
from pikku_http import http_middleware

limiter = rate_limit(3)
http_middleware("/", [limiter])
"""

READERS = {
    "a function": "@pikku_sessionless_func\nasync def f() -> int:\n    return left(limiter)",
    "a service": "@pikku_service\ndef limits() -> Any:\n    return limiter",
    "a middleware": "@pikku_middleware\nasync def log(next: Next) -> Any:\n    print(limiter)",
    "a permission": "@pikku_permission\nasync def may() -> bool:\n    return limiter.open",
    "an option of a function": "@pikku_sessionless_func(middleware=[limiter])\nasync def f() -> None: ...",
    "a default": "@pikku_sessionless_func\nasync def f(data: Any = limiter) -> None: ...",
    "a function inside": "@pikku_sessionless_func\nasync def f() -> Any:\n    return (lambda: limiter)()",
    "what a function calls": "def count() -> int:\n    return left(limiter)\n"
    "@pikku_sessionless_func\nasync def f() -> int:\n    return count()",
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS.keys())
def test_a_value_is_refused_that_the_wirings_and_this_use(
    found_in: Callable[[str], list[str]], reader: str
) -> None:
    assert found_in(HEAD + reader) == ["PKU717 app/main.py:11"]


def test_what_reads_it_is_said(scan_source: Callable[..., Project]) -> None:
    (found,) = scan_source(HEAD + READERS["what a function calls"]).diagnostics
    assert found.message == (
        '"limiter" would be made twice: for the wirings, and for "count", which reads it in "app.main".'
    )
    assert [str(place) for place in found.related] == ["app/main.py:13"]


def test_a_value_inside_another_is_found(found_in: Callable[[str], list[str]]) -> None:
    source = HEAD.replace('"/", [limiter]', '"/", group').replace(
        "\nhttp_", "\ngroup = [limiter]\nhttp_"
    )
    assert found_in(source + READERS["a function"]) == ["PKU717 app/main.py:12"]


WELCOME = {
    "nobody reads it": "",
    "a function that nothing uses": "def count() -> int:\n    return left(limiter)",
    "a parameter of that name": "@pikku_sessionless_func\nasync def f(limiter: int) -> int:\n    return limiter",
    "a variable of that name": "@pikku_sessionless_func\nasync def f() -> int:\n    limiter = 1\n    return limiter",
    "a service of that name": "@pikku_service\ndef other() -> int: ...\n"
    "@pikku_sessionless_func\nasync def f(*, other: int) -> int:\n    limiter = other\n    return limiter",
    "an import of that name": "@pikku_sessionless_func\nasync def f() -> Any:\n"
    "    from app.limits import left as limiter\n    return limiter",
    "an attribute of that name": "@pikku_sessionless_func\nasync def f(data: Any) -> Any:\n    return data.limiter",
    "the word in a string": '@pikku_sessionless_func\nasync def f() -> str:\n    return "limiter"',
    "another value": "other = rate_limit(4)\n"
    "@pikku_sessionless_func\nasync def f() -> int:\n    return left(other)",
}


@pytest.mark.parametrize("source", WELCOME.values(), ids=WELCOME.keys())
def test_a_value_that_only_the_wirings_use_is_welcome(
    found_in: Callable[[str], list[str]], source: str
) -> None:
    assert found_in(HEAD + source) == []


@pytest.mark.parametrize("value", ["timedelta(minutes=1)", '["a", "b"]', "3", "[left]", "str(3)"])
def test_a_value_whose_copy_is_as_good_is_welcome(
    found_in: Callable[[str], list[str]], value: str
) -> None:
    source = f"SHOWN = {value}\nprobe(SHOWN)\n"
    reader = "@pikku_sessionless_func\nasync def f() -> Any:\n    return SHOWN"
    assert found_in(HEAD + source + reader) == []


def test_what_a_function_may_fill_is_refused(found_in: Callable[[str], list[str]]) -> None:
    source = "SEEN = {}\nprobe([rate_limit(SEEN)])\n"
    reader = "@pikku_sessionless_func\nasync def f(data: str) -> None:\n    SEEN[data] = 1"
    assert found_in(HEAD + source + reader) == ["PKU717 app/main.py:13"]


def test_what_wirings_may_fill_is_one_for_all_of_them(scan_source: Callable[..., Project]) -> None:
    source = "from acme import probe\nSEEN = {}\nFULL = [1]\nprobe(SEEN, FULL)\nprobe([SEEN])\n"
    one, two = (found.call for found in scan_source(source).declarations)
    assert one.arguments == (
        Shared("app.main", "SEEN", DictDisplay(())),
        ListDisplay((Constant(1),)),
    )
    assert two.arguments == (ListDisplay((one.arguments[0],)),)


def test_an_empty_list_under_a_name_is_still_a_list_of_nothing(
    scan_source: Callable[..., Project],
) -> None:
    source = (
        "from pikku_core import pikku_func\nfrom pikku_http import wire_http\nTAGS = []\n"
        '@pikku_func(tags=TAGS)\nasync def f() -> None: ...\nwire_http(method="get", route="/", func=f, tags=TAGS)\n'
    )
    project = scan_source(source)
    assert [str(found) for found in project.diagnostics] == []
    assert [wiring.tags for wiring in project.wirings] == [()]
