from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from pikku_core import App, DeclarationError, pikku_sessionless_func
from pikku_http import HttpApplication, wire_http
from pikku_http.http.query import query_filler

if TYPE_CHECKING:
    from conftest import Serve
    from httpx2 import Response

pytestmark = pytest.mark.anyio


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    item: str = ""
    currency: str = "USD"
    count: int = 1
    tags: list[str] = []


class Aliased(BaseModel):
    user_id: int = Field(alias="userId")


class Crossed(BaseModel):
    first: str = Field(alias="second")
    second: str = Field(alias="first")


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)

    id: int
    on: bool = False


@dataclass
class Page:
    number: int = 1
    size: int = 20


@pikku_sessionless_func
async def order(data: Order) -> Order:
    return data


@pikku_sessionless_func
async def aliased(data: Aliased) -> int:
    return data.user_id


@pikku_sessionless_func
async def crossed(data: Crossed) -> dict[str, str]:
    return {"first": data.first, "second": data.second}


@pikku_sessionless_func
async def strict(data: Strict) -> Strict:
    return data


@pikku_sessionless_func
async def page(data: Page = Page(number=7)) -> Page:  # noqa: B008 - the default is what is tested
    return data


@pikku_sessionless_func
async def numbers(data: list[int]) -> int:
    return sum(data)


@pikku_sessionless_func
async def nothing() -> str:
    return "nothing"


def faults(response: Response) -> list[tuple[list[str | int], str]]:
    assert response.status_code == 422, response.text
    details: list[dict[str, Any]] = response.json()["error"]["details"]
    return [(one["location"], one["code"]) for one in details]


ORDERS = wire_http(method="post", route="/orders", func=order)
QUOTES = wire_http(method="post", route="/quotes", func=order, query=["currency", "tags"])
ITEMS = wire_http(method="put", route="/items/{item}", func=order)
SEARCH = wire_http(method="get", route="/search", func=order)
USER = wire_http(method="get", route="/users/{user_id}", func=aliased)
RENAMED = wire_http(method="put", route="/users/{user_id}", func=aliased)


async def test_query_keys_that_are_not_declared_are_never_merged(serve: Serve) -> None:
    async with serve(ORDERS) as client:
        response = await client.post("/orders?currency=EUR&utm_source=x", json={"item": "tea"})
    assert response.json() == {"item": "tea", "currency": "USD", "count": 1, "tags": []}


async def test_the_body_wins_over_a_query_key_that_is_not_declared(serve: Serve) -> None:
    async with serve(ORDERS) as client:
        response = await client.post("/orders?currency=EUR", json={"currency": "GBP"})
    assert response.json()["currency"] == "GBP"


async def test_a_declared_query_name_is_merged_with_the_body(serve: Serve) -> None:
    async with serve(QUOTES) as client:
        response = await client.post("/quotes?currency=EUR", json={"item": "tea"})
    assert response.json()["currency"] == "EUR"


async def test_one_value_from_two_sources_is_fine(serve: Serve) -> None:
    async with serve(QUOTES, ITEMS) as client:
        quote = await client.post("/quotes?currency=EUR", json={"currency": "EUR"})
        item = await client.put("/items/7", json={"item": "7"})
    assert (quote.status_code, item.status_code) == (200, 200)


async def test_two_values_from_two_sources_are_refused(serve: Serve) -> None:
    async with serve(QUOTES, ITEMS) as client:
        quote = await client.post("/quotes?currency=EUR", json={"currency": "GBP"})
        item = await client.put("/items/tea", json={"item": "coffee"})
    assert faults(quote) == [(["currency"], "conflict")]
    assert faults(item) == [(["item"], "conflict")]


async def test_a_field_of_the_query_string_cannot_come_from_the_body(serve: Serve) -> None:
    async with serve(QUOTES) as client:
        response = await client.post("/quotes", json={"currency": "EUR"})
    assert faults(response) == [(["currency"], "wrong_source")]


async def test_a_number_in_the_body_is_the_text_in_the_path(serve: Serve) -> None:
    async with serve(RENAMED) as client:
        same = await client.put("/users/7", json={"userId": 7})
        other = await client.put("/users/7", json={"userId": 8})
    assert same.json() == 7
    assert faults(other) == [(["userId"], "conflict")]


async def test_a_list_in_the_body_is_the_repeated_name_in_the_query(serve: Serve) -> None:
    async with serve(QUOTES) as client:
        same = await client.post("/quotes?tags=a&tags=b", json={"tags": ["a", "b"]})
        other = await client.post("/quotes?tags=a&tags=b", json={"tags": ["b", "a"]})
    assert same.json()["tags"] == ["a", "b"]
    assert faults(other) == [(["tags"], "conflict")]


async def test_a_path_name_fills_the_field_whose_alias_differs(serve: Serve) -> None:
    async with serve(USER) as client:
        assert (await client.get("/users/7")).json() == 7


async def test_all_fields_of_a_get_come_from_the_query(serve: Serve) -> None:
    async with serve(SEARCH) as client:
        response = await client.get("/search?item=tea&count=3&tags=a&tags=b&utm_source=x")
    assert response.json() == {"item": "tea", "currency": "USD", "count": 3, "tags": ["a", "b"]}


async def test_a_single_name_fills_a_list(serve: Serve) -> None:
    async with serve(SEARCH) as client:
        assert (await client.get("/search?tags=a")).json()["tags"] == ["a"]


async def test_a_repeated_scalar_is_refused(serve: Serve) -> None:
    async with serve(SEARCH) as client:
        numbers = await client.get("/search?count=1&count=1")
        texts = await client.get("/search?item=a&item=b")
    assert faults(numbers) == [(["count"], "repeated")]
    assert faults(texts) == [(["item"], "repeated")]


@pytest.mark.parametrize("url", ["/u?user_id=1&user_id=2", "/u?userId=1&user_id=2"])
async def test_a_repeated_scalar_is_named_by_its_alias(serve: Serve, url: str) -> None:
    async with serve(wire_http(method="get", route="/u", func=aliased)) as client:
        response = await client.get(url)
    assert faults(response) == [(["userId"], "repeated")]


async def test_a_name_that_is_the_alias_of_another_field_is_that_alias(serve: Serve) -> None:
    get = wire_http(method="get", route="/pairs/{first}", func=crossed)
    put = wire_http(method="put", route="/pairs/{first}", func=crossed)
    async with serve(get, put) as client:
        read = await client.get("/pairs/1", params={"second": "2"})
        written = await client.put("/pairs/1", json={"second": "2"})
    assert read.json() == written.json() == {"first": "2", "second": "1"}


async def test_a_name_and_its_alias_are_one_name(serve: Serve) -> None:
    query = wire_http(method="get", route="/user", func=aliased)
    async with serve(query) as client:
        assert (await client.get("/user?userId=7")).json() == 7
        assert (await client.get("/user?userId=7&user_id=7")).status_code == 422


async def test_the_query_does_not_fill_what_the_path_gives(serve: Serve) -> None:
    get_item = wire_http(method="get", route="/items/{item}", func=order)
    async with serve(get_item) as client:
        assert (await client.get("/items/tea?item=coffee")).json()["item"] == "tea"


async def test_the_query_string_is_decoded(serve: Serve) -> None:
    async with serve(SEARCH) as client:
        response = await client.get("/search?item=gr%C3%BCner+tee%26mehr&currency=")
    assert response.json()["item"] == "grüner tee&mehr"
    assert not response.json()["currency"]


async def test_a_query_that_is_no_utf_8_is_refused(serve: Serve) -> None:
    async with serve(SEARCH) as client:
        assert (await client.get("/search?item=%ff")).status_code == 400


async def test_text_becomes_what_a_strict_field_wants(serve: Serve) -> None:
    async with serve(wire_http(method="put", route="/strict/{id}", func=strict)) as client:
        good = await client.put("/strict/7", json={"on": True})
        bad = await client.put("/strict/7", json={"on": "yes"})
    assert good.json() == {"id": 7, "on": True}
    assert faults(bad) == [(["on"], "bool_type")]


async def test_text_that_is_no_number_is_refused_by_name(serve: Serve) -> None:
    async with serve(USER) as client:
        assert faults(await client.get("/users/seven")) == [(["userId"], "int_parsing")]


async def test_an_undeclared_key_of_the_body_is_refused_where_the_model_says_so(
    serve: Serve,
) -> None:
    async with serve(ORDERS, ITEMS) as client:
        whole = await client.post("/orders", json={"nope": 1})
        merged = await client.put("/items/tea", json={"nope": 1})
    assert faults(whole) == faults(merged) == [(["nope"], "extra_forbidden")]


async def test_a_merged_body_must_be_an_object(serve: Serve) -> None:
    async with serve(ITEMS) as client:
        assert faults(await client.put("/items/tea", json=[1])) == [([], "object")]


async def test_a_body_may_be_any_json_where_the_data_is(serve: Serve) -> None:
    async with serve(wire_http(method="post", route="/sum", func=numbers)) as client:
        assert (await client.post("/sum", json=[1, 2, 3])).json() == 6


async def test_an_empty_body_is_refused_where_data_is_required(serve: Serve) -> None:
    async with serve(ORDERS) as client:
        assert faults(await client.post("/orders")) == [([], "missing")]


async def test_optional_data_has_its_default_where_nothing_is_given(serve: Serve) -> None:
    get_page = wire_http(method="get", route="/page", func=page)
    post_page = wire_http(method="post", route="/page", func=page)
    async with serve(get_page, post_page) as client:
        assert (await client.get("/page")).json()["number"] == 7
        assert (await client.post("/page")).json()["number"] == 7
        assert (await client.get("/page?size=5")).json() == {"number": 1, "size": 5}


async def test_a_function_without_data_ignores_body_and_query(serve: Serve) -> None:
    async with serve(wire_http(method="post", route="/", func=nothing)) as client:
        response = await client.post("/?a=1", content=b"\xff", headers={"content-type": "x/y"})
    assert response.json() == "nothing"


async def test_the_body_of_a_delete_is_ignored(serve: Serve) -> None:
    delete = wire_http(method="delete", route="/orders/{item}", func=order)
    async with serve(delete) as client:
        response = await client.request("DELETE", "/orders/tea?count=2", content=b"\xff")
    assert response.json() == {"item": "tea", "currency": "USD", "count": 2, "tags": []}


@pytest.mark.parametrize(
    ("wiring", "says"),
    [
        (wire_http(method="get", route="/x/{nope}", func=order), 'no field "nope"'),
        (wire_http(method="post", route="/x", func=order, query=["nope"]), 'no field "nope"'),
        (wire_http(method="get", route="/x/{id}", func=nothing), "takes no data"),
        (wire_http(method="post", route="/x/{id}", func=numbers), "no fields"),
        (wire_http(method="get", route="/x", func=numbers), "no fields"),
    ],
)
async def test_a_source_without_a_field_is_refused_at_boot(wiring: Any, says: str) -> None:
    async with App([wiring]) as app:
        with pytest.raises(DeclarationError) as refused:
            HttpApplication(app).open()
    assert says in str(refused.value)


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_a_query_string_is_read_as_it_was_written(pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import urlencode

    names = {name for name, _ in pairs}
    read: dict[str, Any] = {}
    query_filler({name: name for name in names})(urlencode(pairs).encode(), read)
    expected: dict[str, list[str]] = {}
    for name, value in pairs:
        expected.setdefault(name, []).append(value)
    assert read == {
        name: values if len(values) > 1 else values[0] for name, values in expected.items()
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


class Anything(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str


@pikku_sessionless_func
async def anything(data: Anything) -> dict[str, Any]:
    return data.model_dump()


async def test_whatever_a_body_holds_the_path_is_what_it_says(serve: Serve) -> None:
    async with serve(wire_http(method="put", route="/any/{id}", func=anything)) as client:

        async def put(body: dict[str, Any]) -> Response:
            headers = {"content-type": "application/json"}
            return await client.put("/any/7", content=json.dumps(body), headers=headers)

        for body in ({"id": "7"}, {"id": 7}, {"id": ["7"]}, {}, {"x": {"id": 8}}):
            response = await put(body)
            assert response.status_code == 200
            assert response.json() == {**body, "id": "7"}
        others: list[Any] = [8, "8", None, True, {}, [], ["7", "7"], 7.5, "07"]
        for value in others:
            assert faults(await put({"id": value})) == [(["id"], "conflict")]
