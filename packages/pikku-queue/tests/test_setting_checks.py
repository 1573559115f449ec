"""What a setting may not be is said without what nobody should see."""

from __future__ import annotations

import pytest

from pikku_core import App, DeclarationError
from pikku_core.plugin.loader import Selection, load_plugins
from pikku_core.services.clock import SystemClock
from pikku_queue.queue.connection import backend_of
from pikku_queue.queue.setting_checks import broker

REGISTRY = load_plugins(Selection(only=frozenset({"pikku-queue"})))


def test_the_brokers_there_are_may_be_named() -> None:
    for url in ("embedded", "redis://localhost/0", "rediss://user:secret@host"):
        assert broker(url, REGISTRY) == ""


def test_another_broker_is_refused_without_its_password() -> None:
    assert broker("kafka://me:secret@host", REGISTRY) == (
        'must be "embedded" or the URL of a broker (redis://, rediss://), and is "kafka://***@host".'
    )


def test_rabbitmq_is_refused_with_what_there_is_instead() -> None:
    problem = broker("amqp://me:secret@host//", REGISTRY)
    assert "not kept in RabbitMQ: name a Redis server" in problem
    assert "secret" not in problem


def test_a_file_for_jobs_that_are_elsewhere_is_refused() -> None:
    settings = {"queue": {"broker": "redis://localhost", "database": "jobs.db"}}
    with pytest.raises(DeclarationError, match=r'"queue\.database" is of no use'):
        backend_of(App([], settings=settings), SystemClock(), {})
