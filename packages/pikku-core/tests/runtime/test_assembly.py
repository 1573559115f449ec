"""Apps built by hand: names, signatures, types."""

from __future__ import annotations

import functools
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

import pytest
from pydantic import BaseModel

from pikku_core import (
    App,
    DeclarationError,
    Wiring,
    pikku_func,
    pikku_service,
    pikku_sessionless_func,
)
from pikku_core.runtime.assembly import rpc_names
from pikku_core.runtime.inspection import kind_of, needs_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from fractions import Fraction


class Order(BaseModel):
    id: int


class Plain(TypedDict):
    id: int


class RouteWiring(Wiring):
    kind: ClassVar[str] = "route"

    @property
    def id(self) -> str:
        return "route:one"


@pikku_sessionless_func
async def place(data: Order) -> Order:
    return data


@pikku_sessionless_func
async def cancel(data: int) -> None: ...


async def undecorated() -> None: ...


def test_the_function_of_a_wiring_need_not_be_listed() -> None:
    app = App([RouteWiring(func=place)])
    assert app.functions() == ("place",)
    assert app.kinds() == ("route",)


def test_a_wiring_is_handed_out_with_its_function() -> None:
    wiring = RouteWiring(func=place)
    (handle,) = App([wiring], functions=[place]).wirings("route")
    assert (handle.id, handle.function, handle.meta) == ("route:one", "place", {})
    assert handle.load() is wiring


def test_a_wiring_is_of_the_class_that_the_transport_expects() -> None:
    class PathWiring(RouteWiring):
        """Another class that says it is of that kind."""

    app = App([RouteWiring(func=place)])
    (handle,) = app.wirings("route", RouteWiring)
    assert handle.load().func is place
    (other,) = app.wirings("route", PathWiring)
    assert (other.id, other.function) == ("route:one", "place")
    with pytest.raises(
        DeclarationError, match=r'"route:one" .* "PathWiring": give .* "RouteWiring"'
    ):
        other.load()


def test_types_are_read_from_the_annotations() -> None:
    app = App(functions=[place, cancel])
    record = app.record("place")
    assert record.data is not None
    assert (record.data.type, record.result.type) == (Order, Order)
    assert app.record("cancel").result.type is type(None)


def test_a_function_that_is_not_decorated_is_refused() -> None:
    with pytest.raises(DeclarationError, match='undecorated" is not a Pikku function'):
        App(functions=[undecorated])


def test_a_service_that_is_not_decorated_is_refused() -> None:
    with pytest.raises(DeclarationError, match='undecorated" is not a service'):
        App(services=[undecorated])


def test_two_functions_of_one_name_are_refused_with_both_places() -> None:
    @pikku_func(name="place")
    async def other() -> None: ...

    with pytest.raises(DeclarationError, match=r'called "place": ".*:place" and ".*other"'):
        App(functions=[place, other])


def test_two_services_of_one_name_are_refused_with_both_places() -> None:
    @pikku_service(name="database")
    async def first() -> int:
        return 1

    @pikku_service(name="database")
    async def second() -> int:
        return 2

    with pytest.raises(DeclarationError, match=r'called "database": ".*first" and ".*second"'):
        App(services=[first, second])


def test_two_wirings_of_one_id_are_refused_with_both_functions() -> None:
    with pytest.raises(DeclarationError, match=r'"route:one": .*"place" and .*"cancel"'):
        App([RouteWiring(func=place), RouteWiring(func=cancel)])


def test_a_second_positional_parameter_is_refused() -> None:
    @pikku_sessionless_func
    async def wrong(data: Order, database: str) -> None: ...

    with pytest.raises(DeclarationError, match=r'"database" is the second.*keyword-only'):
        App(functions=[wrong])


def test_catching_all_arguments_is_refused() -> None:
    @pikku_sessionless_func
    async def wrong(**services: Any) -> None: ...

    with pytest.raises(DeclarationError, match=r'takes "\*\*services: .*": name each service'):
        App(functions=[wrong])


def test_a_service_with_a_positional_parameter_is_refused() -> None:
    @pikku_service
    async def wrong(config: str) -> str:
        return config

    with pytest.raises(DeclarationError, match="services are keyword-only"):
        App(services=[wrong])


def test_a_type_that_is_only_there_for_type_checkers_is_named() -> None:
    @pikku_sessionless_func
    async def halve(data: Fraction) -> Order:
        return Order(id=data.numerator)

    with pytest.raises(DeclarationError, match=r'type of "data" of ".*halve" names "Fraction"'):
        App(functions=[halve]).record("halve")


def test_types_of_services_need_not_be_there_at_run_time() -> None:
    @pikku_sessionless_func
    async def halve(data: Order, *, fraction: Fraction) -> Decimal:
        return Decimal(1)

    assert App(functions=[halve]).record("halve").result.type is Decimal


def test_a_typed_dict_of_the_standard_library_is_refused_where_python_does_not_describe_it() -> (
    None
):
    @pikku_sessionless_func
    async def old(data: Plain) -> None: ...

    app = App(functions=[old])
    if sys.version_info >= (3, 12):
        assert app.record("old").data is not None
        return
    with pytest.raises(DeclarationError, match=r'"Plain" .* import TypedDict from "typing_extens'):
        app.record("old")


@pytest.mark.parametrize("name", ["session", "rpc", "config"])
def test_a_service_may_not_take_the_name_of_what_every_invocation_has(name: str) -> None:
    @pikku_service(name=name)
    async def shadow() -> int:
        return 1

    with pytest.raises(DeclarationError, match=f'shadow" is called "{name}"'):
        App(services=[shadow])


def test_a_type_that_nobody_can_read_is_refused() -> None:
    @pikku_sessionless_func
    async def odd(data: list[Opaque]) -> None: ...

    with pytest.raises(DeclarationError, match="Opaque"):
        App(functions=[odd]).record("odd")


class Opaque:
    pass


def gives() -> Iterator[int]:
    yield 1


async def gives_async() -> AsyncIterator[int]:
    yield 1


class Asking:
    async def __call__(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (undecorated, "async"),
        (gives, "sync_generator"),
        (gives_async, "async_generator"),
        (functools.partial(undecorated), "async"),
        (Asking(), "async"),
        (Asking().__call__, "async"),
        (Asking, "class"),
        (len, "sync"),
    ],
    ids=str,
)
def test_how_a_callable_runs_is_seen(call: Callable[..., Any], kind: str) -> None:
    assert kind_of(call) == kind


def test_keyword_only_parameters_are_what_a_callable_asks_for() -> None:
    async def asks(data: Order, *, database: str, cache: str | None = None) -> None: ...

    needs = needs_of(asks)
    assert needs.parameters == {"database": "database", "cache": "cache"}
    assert needs.optional == {"cache"}
    assert needs.data


def test_ids_that_are_no_identifiers_are_called_by_a_mangled_name() -> None:
    @pikku_sessionless_func(name="create-card@2")
    async def card() -> None: ...

    assert callable(App(functions=[card]).record("create-card@2").func)


def test_functions_by_hand_are_called_by_the_names_of_generated_ones() -> None:
    names = rpc_names(["class", "invoke", "a@v2", "acme:send-it", "größe"])
    assert names == {
        "a": "a@v2",
        "a_v2": "a@v2",
        "acme.send_it": "acme:send-it",
        "class_": "class",
        "größe": "größe",
        "invoke_": "invoke",
    }
