"""Services that have another form for sync functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import (
    App,
    HasBlockingTwin,
    pikku_service,
    pikku_sessionless_func,
)

if TYPE_CHECKING:
    from collections.abc import Callable

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


async def test_what_stands_in_for_a_service_is_given_as_it_is() -> None:
    async with App(
        functions=[remind], services=[mailer], instances={"mailer": SyncMailer()}
    ) as app:
        assert await app.rpc.remind() == "blocked"
