"""Path, query string and body, merged as a slow reading of the rule merges them."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from pikku_core import App, InvalidDataError, pikku_sessionless_func
from pikku_http import wire_http
from pikku_http.http.bodies.limits import BodyLimits
from pikku_http.http.route import parse_route
from pikku_http.http.source import source_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Read = Callable[[str, Sequence[tuple[str, str]], Mapping[str, Any] | None], Any]


class Data(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: int
    number: int = 0
    words: list[str] = []
    alias: str = Field(default="", alias="aka")
    body: int = 0
    note: str = ""


@pikku_sessionless_func
async def merge(data: Data) -> Data:
    return data


IN_QUERY: Final = ("number", "words", "alias")
ONE: Final = ("number", "alias")
KEYS: Final = {"alias": "aka"}
"""The key that a field is read by, where that is not its name."""


@cache
def read() -> Read:
    """Reads a request as the route does."""
    wiring = wire_http(method="put", route="/{path}", func=merge, query=list(IN_QUERY))

    async def prepared() -> Any:
        async with App([wiring]) as app:
            record, limits = app.record("merge"), BodyLimits()
            return source_of(wiring, parse_route("/{path}"), record, limits).with_body

    with_body = asyncio.run(prepared())

    def of(path: str, query: Sequence[tuple[str, str]], body: Mapping[str, Any] | None) -> Any:
        scope = {"query_string": urlencode(query).encode()}
        return with_body(b"" if body is None else json.dumps(body).encode(), scope, [path])

    return of


def text(value: Any) -> Any:
    """How a path or a query string would spell a JSON value."""
    if isinstance(value, list):
        texts = [text(one) for one in value]  # pyright: ignore[reportUnknownVariableType]  # whatever JSON holds
        return texts[0] if len(texts) == 1 else texts
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def merged(
    path: str, query: Sequence[tuple[str, str]], body: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """What the rule makes of a request: the value of each field by its key, or None where it is refused."""
    found: dict[str, Any] = {"path": path}
    for field in IN_QUERY:
        key = KEYS.get(field, field)
        values = [value for name, value in query if name in {field, key}]
        if len(values) > 1 and field in ONE:
            return None
        if values:
            found[key] = values if field == "words" else values[0]
    for name, value in (body or {}).items():
        key = KEYS.get(name, name)
        if key in {"path", *(KEYS.get(field, field) for field in IN_QUERY)}:
            if key not in found or text(value) != text(found[key]):
                return None
        elif name not in Data.model_fields:
            return None
        else:
            found[key] = value
    return found


NUMBERS = st.sampled_from(["0", "1", "7"])
WORDS = st.sampled_from(["", "a", "b", "7"])
QUERY = st.lists(
    st.tuples(st.sampled_from(["number"]), NUMBERS)
    | st.tuples(st.sampled_from(["words", "alias", "aka", "body", "utm"]), WORDS),
    max_size=4,
)
BODY = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "path": st.sampled_from([0, 1, "1", True, None]),
        "number": st.sampled_from([0, 7, "7", [7], None]),
        "words": st.lists(WORDS, max_size=2) | WORDS,
        "alias": WORDS,
        "aka": WORDS,
        "body": st.integers(0, 2),
        "note": WORDS,
        "extra": WORDS,
    },
)


@settings(max_examples=1_000, deadline=None)
@given(path=NUMBERS, query=QUERY, body=BODY)
def test_a_request_is_merged_as_the_rule_says(
    path: str, query: list[tuple[str, str]], body: dict[str, Any] | None
) -> None:
    expected = merged(path, query, body)
    try:
        found = read()(path, query, body)
    except InvalidDataError:
        assert expected is None, (path, query, body)
        return
    assert expected is not None, found
    whole = {key: int(expected[key]) for key in ("path", "number") if key in expected}
    assert found == Data.model_validate({**expected, **whole})
