"""What a backend cannot do is said at the start, with the queue and the option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_core import DeclarationError
from pikku_core.services.clock import SystemClock
from pikku_queue import WorkerConfig
from pikku_queue.queue.backend import Support
from pikku_queue.queue.capability import refuse_unsupported
from pikku_queue.queue.celery.backend import CeleryBackend
from pikku_queue.queue.embedded.backend import EmbeddedBackend

if TYPE_CHECKING:
    from pikku_queue.queue.backend import Backend


def backend_without(option: str) -> Backend:
    """A backend that refuses an option."""
    backend = EmbeddedBackend(":memory:", clock=SystemClock())
    backend.capabilities = {**backend.capabilities, option: Support("refused", "it has no clock")}
    return backend


def test_an_option_that_the_broker_cannot_honour_is_refused() -> None:
    queues = {"letters": WorkerConfig(), "mails": WorkerConfig(rate_limit="1/s")}
    with pytest.raises(DeclarationError) as caught:
        refuse_unsupported(backend_without("rate_limit"), queues)
    assert str(caught.value) == (
        'The queue "mails" sets the option "rate_limit", which the broker "embedded" cannot honour: it has no clock.'
    )


def test_an_option_that_nobody_sets_is_not_refused() -> None:
    refuse_unsupported(backend_without("rate_limit"), {"letters": WorkerConfig()})


def test_what_every_job_needs_is_refused_although_nobody_sets_it() -> None:
    with pytest.raises(DeclarationError):
        refuse_unsupported(backend_without("visibility"), {"letters": WorkerConfig()})


@pytest.mark.parametrize("backend", [EmbeddedBackend, CeleryBackend])
def test_the_backends_refuse_nothing(backend: type[Backend]) -> None:
    assert all(support.level != "refused" for support in backend.capabilities.values())
