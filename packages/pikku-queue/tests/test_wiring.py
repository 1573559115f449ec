"""What `wire_queue_worker` and `WorkerConfig` refuse."""

from __future__ import annotations

from typing import Any

import pytest

from pikku_core import DeclarationError, pikku_sessionless_func
from pikku_queue import WorkerConfig, wire_queue, wire_queue_worker


@pikku_sessionless_func
async def send(data: str) -> None: ...


def test_a_worker_is_known_by_its_queue() -> None:
    wiring = wire_queue_worker(name="new-users.eu", func=send)
    assert (wiring.id, wiring.config) == ("queue:new-users.eu", WorkerConfig())


@pytest.mark.parametrize("name", ["class", "open", "pikku-own"])
def test_a_name_that_is_no_attribute_or_not_the_projects_is_refused(name: str) -> None:
    with pytest.raises(DeclarationError, match="must have another name"):
        wire_queue_worker(name=name, func=send)
    with pytest.raises(DeclarationError, match="must have another name"):
        wire_queue(name=name, data=str)


def test_a_timeout_of_a_sync_function_is_refused() -> None:
    @pikku_sessionless_func
    def block(data: str) -> None: ...

    with pytest.raises(DeclarationError, match="nothing can end it"):
        wire_queue_worker(name="m", func=block, config=WorkerConfig(timeout="5s"))


@pytest.mark.parametrize("name", ["", "send mail", "1st", "a/b", "a" * 101])
def test_a_name_that_is_not_well_formed_is_refused(name: str) -> None:
    with pytest.raises(DeclarationError, match="must begin with a letter"):
        wire_queue_worker(name=name, func=send)


@pytest.mark.parametrize(
    "options",
    [
        {"concurrency": 0},
        {"group_concurrency": 0},
        {"attempts": 0},
        {"priority": 10},
        {"rate_limit": "fast"},
        {"rate_limit": "0/s"},
        {"timeout": "soon"},
        {"timeout": 0},
        {"visibility": "0s"},
        {"attempts": None},
        {"attempts": "5"},
        {"attempts": True},
        {"priority": 5.0},
        {"backoff": 5},
        {"rate_limit": 5},
    ],
)
def test_an_option_that_cannot_be_honoured_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(DeclarationError, match=f'"{next(iter(options))}" of a worker'):
        WorkerConfig(**options)
