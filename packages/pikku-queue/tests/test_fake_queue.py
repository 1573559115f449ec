"""Fakes of `queue`, for tests of functions."""

from __future__ import annotations

from typing import Any

import pytest

from pikku_core import DeclarationError, pikku_sessionless_func
from pikku_core.testing import UnexpectedUseError
from pikku_queue.testing import Added, added, fake_queue, fake_sync_queue

pytestmark = pytest.mark.anyio


@pikku_sessionless_func
async def sign_up(data: str, *, queue: Any) -> str:
    handle = await queue.emails.add(data, delay="30s")
    await queue["new-users"].add_many([1, 2], priority=3)
    identity: str = handle.id
    return identity


@pikku_sessionless_func
def sign_up_at_once(data: str, *, queue: Any) -> int:
    length: int = queue.emails.add(data).result(within="1s")
    return length


async def test_it_keeps_what_is_added() -> None:
    queue = fake_queue()
    assert await sign_up("ada", queue=queue) == "emails-1"
    assert added(queue) == [
        Added("emails", "ada", {"delay": "30s"}),
        Added("new_users", 1, {"priority": 3}),
        Added("new_users", 2, {"priority": 3}),
    ]
    assert added(queue, "new-users") == added(queue)[1:]


def test_a_sync_function_waits_for_what_the_test_gives() -> None:
    queue = fake_sync_queue(emails=3)
    assert sign_up_at_once("ada", queue=queue) == 3
    assert added(queue) == [Added("emails", "ada")]


def test_a_job_may_come_to_an_error() -> None:
    with pytest.raises(OSError, match="no mail"):
        sign_up_at_once("ada", queue=fake_sync_queue(emails=OSError("no mail")))


def test_a_result_that_is_not_given_is_said_to_be() -> None:
    with pytest.raises(UnexpectedUseError, match="has not given its result"):
        sign_up_at_once("ada", queue=fake_sync_queue())


async def test_an_option_that_is_not_one_is_refused_as_ever() -> None:
    with pytest.raises(DeclarationError, match='A job has no option "dely"'):
        await fake_queue().emails.add(1, dely="30s")
    with pytest.raises(DeclarationError, match='"job_id" is for one job'):
        await fake_queue().emails.add_many([1], job_id="one")


def test_what_keeps_no_jobs_is_refused() -> None:
    with pytest.raises(TypeError, match='"int" keeps no jobs'):
        added(1)
