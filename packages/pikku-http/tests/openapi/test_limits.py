"""Limits in the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import DocumentOf

SOURCE = """
from pikku_core import global_middleware, tag_middleware
from pikku_http import by_session, http_middleware, rate_limit

often = rate_limit("100/minute", by=by_session("user_id"))

@pikku_sessionless_func(tags=["slow:very"])
async def hello() -> str: ...

@pikku_sessionless_func(middleware=[rate_limit("9/day")])
async def limited() -> str: ...

"""

WIRING = 'wire_http(method="get", route="/x", func=hello)\n'

PLACES = [
    'global_middleware([rate_limit("5/minute")])\n' + WIRING,
    'http_middleware("/x*", [often])\n' + WIRING,
    'tag_middleware("slow", [often])\n' + WIRING,
    'wire_http(method="get", route="/x", func=hello, middleware=[often])',
    'wire_http(method="get", route="/x", func=limited)',
]


@pytest.mark.parametrize("place", PLACES)
def test_a_route_that_is_limited_can_answer_429(document_of: DocumentOf, place: str) -> None:
    document = document_of(SOURCE + place)
    answers = document["paths"]["/x"]["get"]["responses"]
    assert answers["429"] == {"$ref": "#/components/responses/TooManyRequests"}
    shared = document["components"]["responses"]["TooManyRequests"]
    assert [*shared["headers"]] == ["X-Request-Id", "Retry-After", "RateLimit-Policy", "RateLimit"]


@pytest.mark.parametrize(
    ("outage", "statuses"),
    [("", ["429"]), (', outage="allow"', ["429"]), (', outage="refuse"', ["429", "503"])],
)
def test_a_limit_that_refuses_what_it_cannot_count_can_answer_503(
    document_of: DocumentOf, outage: str, statuses: list[str]
) -> None:
    limit = f'global_middleware([rate_limit("5/minute"{outage})])\n'
    answers = document_of(SOURCE + limit + WIRING)["paths"]["/x"]["get"]["responses"]
    assert [one for one in answers if one in {"429", "503"}] == statuses


def test_any_other_cannot(document_of: DocumentOf) -> None:
    other = 'wire_http(method="get", route="/y", func=limited)\nhttp_middleware("/y*", [often])\n'
    paths = document_of(SOURCE + WIRING + other)["paths"]
    assert "429" not in paths["/x"]["get"]["responses"]
    assert "429" in paths["/y"]["get"]["responses"]
