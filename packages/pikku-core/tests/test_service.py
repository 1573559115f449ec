"""Services that have another form for sync functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from pikku_core import (
    App,
    HasBlockingTwin,
    Wire,
    Wiring,
    pikku_service,
    pikku_sessionless_func,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

pytestmark = pytest.mark.anyio


class Mailer(HasBlockingTwin):
    """Sends mail, and waits for it."""

    async def send(self) -> str:
        return "awaited"

    def blocking_twin(self) -> SyncMailer:
        return SyncMailer()


class SyncMailer:
    """Sends mail, and blocks."""

    def send(self) -> str:
        return "blocked"


@pikku_service
async def mailer() -> Mailer:
    return Mailer()


@pikku_service
def letters(*, mailer: SyncMailer) -> str:
    return f"letters {mailer.send()}"


@pikku_sessionless_func
async def welcome(*, mailer: Mailer) -> str:
    return await mailer.send()


@pikku_sessionless_func
def remind(*, mailer: SyncMailer) -> str:
    return mailer.send()


@pikku_sessionless_func
async def write(*, letters: str) -> str:
    return letters


async def test_each_function_is_given_the_form_that_suits_it() -> None:
    functions: list[Callable[..., Any]] = [welcome, remind, write]
    async with App(functions=functions, services=[mailer, letters]) as app:
        assert await app.rpc.welcome() == "awaited"
        assert await app.rpc.remind() == "blocked"
        assert await app.rpc.write() == "letters blocked"


class Stamp(Wire):
    """A wire that gives a thing with another form."""

    kind = "letter"
    things: ClassVar[Mapping[str, Callable[[Any], Any]]] = {"stamp": lambda _: Mailer()}


@pikku_sessionless_func
async def post(*, stamp: Mailer) -> str:
    return await stamp.send()


@pikku_sessionless_func
def file(*, stamp: SyncMailer) -> str:
    return stamp.send()


async def test_a_wire_thing_has_the_form_that_suits_its_function() -> None:
    async with App(functions=[post, file]) as app:
        for function, expected in (("post", "awaited"), ("file", "blocked")):
            invoke = app.plan(function, wire=Stamp).invoke
            assert await invoke(Stamp("letter:1", function)) == expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter(Wiring):
    """A wiring whose runner needs a service."""

    kind: ClassVar[str] = "letter"
    needs: ClassVar[tuple[str, ...]] = ("mailer",)

    @property
    def id(self) -> str:
        return "letter:1"


async def test_what_runs_a_wiring_has_the_services_that_its_class_names() -> None:
    async with App([Letter(func=post)], services=[mailer]) as app:
        assert isinstance(app.service("mailer"), Mailer)


async def test_what_stands_in_for_a_service_is_given_as_it_is() -> None:
    async with App(
        functions=[remind], services=[mailer], instances={"mailer": SyncMailer()}
    ) as app:
        assert await app.rpc.remind() == "blocked"
