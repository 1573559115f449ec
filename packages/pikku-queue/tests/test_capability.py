"""What a backend cannot do is said at the start, with the queue and the option."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from pikku_core import DeclarationError
from pikku_core.services.clock import SystemClock
from pikku_queue import WorkerConfig
from pikku_queue.queue.backend import Support
from pikku_queue.queue.capability import Demands
from pikku_queue.queue.embedded.backend import EmbeddedBackend
from pikku_queue.queue.producer import QueueDefinition, QueueProducer

if TYPE_CHECKING:
    from pikku_queue.queue.backend import Backend

RATED = {"letters": WorkerConfig(), "mails": WorkerConfig(rate_limit="1/s")}


def backend_without(option: str) -> Backend:
    """A backend that refuses an option."""
    backend = EmbeddedBackend(":memory:", clock=SystemClock())
    backend.capabilities = {**backend.capabilities, option: Support("refused", "it has no clock")}
    return backend


def test_an_option_that_the_broker_cannot_honour_is_refused() -> None:
    with pytest.raises(DeclarationError) as caught:
        Demands(backend_without("rate_limit")).check_workers(RATED)
    assert str(caught.value) == (
        'The queue "mails" sets the option "rate_limit", which the broker "embedded" cannot honour: it has no clock.'
    )


def test_it_is_a_warning_where_the_project_says_so(caplog: pytest.LogCaptureFixture) -> None:
    demands = Demands(backend_without("rate_limit"), lenient=True)
    with caplog.at_level(logging.WARNING):
        demands.check_workers(RATED)
        demands.check_workers(RATED)
    assert [record.message for record in caplog.records] == [
        'The queue "mails" sets the option "rate_limit", which the broker "embedded" cannot honour: it has no clock.'
    ]


def test_an_option_that_nobody_sets_is_not_refused() -> None:
    Demands(backend_without("rate_limit")).check_workers({"letters": WorkerConfig()})


def test_what_every_job_needs_is_refused_although_nobody_sets_it() -> None:
    with pytest.raises(DeclarationError):
        Demands(backend_without("visibility")).check_workers({"letters": WorkerConfig()})


def test_what_a_table_leaves_out_is_refused() -> None:
    backend = EmbeddedBackend(":memory:", clock=SystemClock())
    backend.capabilities = {}
    with pytest.raises(DeclarationError, match="it says nothing about it"):
        Demands(backend).check_workers(RATED)


@pytest.mark.anyio
async def test_an_option_of_a_job_that_the_broker_cannot_honour_is_refused_where_it_is_added() -> (
    None
):
    backend = backend_without("delay")
    definition = QueueDefinition(
        name="mails", config=WorkerConfig(), write=lambda _: b"1", read=lambda _: None
    )
    producer = QueueProducer(
        definition, backend, now=lambda: 1.0, claims=None, demands=Demands(backend)
    )
    with pytest.raises(DeclarationError) as caught:
        await producer.add(1, delay="1s")
    assert str(caught.value) == (
        'A job of "mails" has the option "delay", which the broker "embedded" cannot honour: it has no clock.'
    )


def test_the_embedded_backend_refuses_nothing() -> None:
    table = EmbeddedBackend.capabilities
    assert all(support.level != "refused" for support in table.values())
