"""Layers: what stands round routes, and what it sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pytest

from pikku_core import App, DeclarationError, NotFoundError, pikku_sessionless_func
from pikku_http import HttpLayer, LayerContext, wire_http
from pikku_http.http.layers.layer import Layers
from pikku_http.testing.client import client_of

if TYPE_CHECKING:
    from pikku_http.http.asgi import Message, Receive, Scope, Send
    from pikku_http.http.router import Values
    from pikku_http.http.runner import Handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(HttpLayer):
    """Adds its name to a header of each answer."""

    name: str = "outer"

    def layer(self, context: LayerContext) -> Named:
        del context
        return self

    def around(self, handle: Handle, route: str) -> Handle:
        async def answer(scope: Scope, receive: Receive, send: Send, values: Values) -> None:
            async def named(message: Message) -> None:
                if message["type"] == "http.response.start":
                    header = (b"x-layer", f"{self.name}:{route}".encode())
                    message = {**message, "headers": [*message["headers"], header]}
                await send(message)

            await handle(scope, receive, named, values)

        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner(Named):
    """One that stands inside."""

    rank: ClassVar[int] = 1


@pikku_sessionless_func
async def greet() -> str:
    return "Hello!"


@pikku_sessionless_func
async def missing() -> str:
    raise NotFoundError


ROUTES = (
    wire_http(method="get", route="/greet", func=greet),
    wire_http(method="get", route="/missing", func=missing),
)


async def layers_of(path: str, *declared: HttpLayer, method: str = "GET") -> list[str]:
    async with App([*ROUTES, *declared]) as app, client_of(app) as http:
        return (await http.request(method, path)).headers.get_list("x-layer")


async def test_a_layer_stands_round_the_routes_that_its_pattern_chooses() -> None:
    assert await layers_of("/greet", Named(pattern="/gr*")) == ["outer:/greet"]
    assert await layers_of("/missing", Named(pattern="/gr*")) == []


@pytest.mark.parametrize("method", ["HEAD", "GET"])
async def test_a_layer_sees_errors_and_head(method: str) -> None:
    assert await layers_of("/missing", Named(), method=method) == ["outer:/missing"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nowhere"), ("POST", "/greet"), ("OPTIONS", "/greet")]
)
async def test_a_layer_sees_requests_that_no_route_matches(method: str, path: str) -> None:
    assert await layers_of(path, Named(), method=method) == ["outer:"]


async def test_the_longest_pattern_of_a_class_counts() -> None:
    chosen = await layers_of("/greet", Named(name="all"), Named(pattern="/greet", name="one"))
    assert chosen == ["one:/greet"]


async def test_layers_of_several_classes_stand_in_the_order_of_their_ranks() -> None:
    both = await layers_of("/greet", Inner(name="inner"), Named(name="outer"))
    assert both == ["inner:/greet", "outer:/greet"]


def test_two_of_one_class_for_one_pattern_are_refused() -> None:
    with pytest.raises(DeclarationError, match=r'The pattern "\*" has two of "Named"'):
        Layers(declarations=[Named(), Named(name="other")])


def test_without_layers_a_handler_stays_what_it_is() -> None:
    async def handle(scope: Scope, receive: Receive, send: Send, values: Values) -> None: ...

    layers = Layers(declarations=[Named(pattern="/other")])
    assert layers.around(handle, "/greet") is handle


def test_a_declaration_that_makes_no_layer_is_none() -> None:
    class Nothing(HttpLayer): ...

    with pytest.raises(TypeError, match="Nothing"):
        Nothing()  # type: ignore[abstract]  # pyright: ignore[reportAbstractUsage]  # which is what is tested
