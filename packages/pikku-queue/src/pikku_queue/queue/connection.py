"""The service `queue_connection`: an App's backend, and the definitions of its queues."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pikku_core import DeclarationError, pikku_service
from pikku_core.schema import codec_for
from pikku_queue.queue.capability import Demands
from pikku_queue.queue.job_log import JobLog
from pikku_queue.queue.producer import Queue, QueueDefinition, QueueProducer
from pikku_queue.queue.setting_checks import without_password
from pikku_queue.queue.wiring import QueueDeclaration, QueueWiring, attribute_name, clash
from pikku_queue.scheduler import QUEUE as SCHEDULES
from pikku_queue.scheduler.firing import CONFIG as FIRINGS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from pikku_core import App
    from pikku_core.schema import TypeCodec
    from pikku_core.services.clock import Clock
    from pikku_queue.queue.backend import Backend
    from pikku_queue.queue.claim import Claims
    from pikku_queue.queue.worker_config import WorkerConfig

EMBEDDED: Final = "embedded"
DATABASE: Final = "pikku-queue.db"
CELERY: Final = ("redis", "rediss")
NO_DATA: Final = b"null"


class QueueConnection:
    """The App's connection to its queues. Opened when the App has started: a backend has to know the queues.

    Args:
        claims: Signs and reads who a job runs as; None: jobs carry no session.
    """

    def __init__(self, clock: Clock, claims: Claims | None = None) -> None:
        self.clock = clock
        self.claims = claims
        self.queue = Queue()
        self.job_log = JobLog()
        self._backend: Backend | None = None

    @property
    def backend(self) -> Backend:
        """The backend, open.

        Raises:
            RuntimeError: The App has not started yet.
        """
        if self._backend is None:
            raise RuntimeError("The queues are not open before the App has started.")
        return self._backend

    def now(self) -> float:
        """Seconds since 1970, UTC, by the App's clock."""
        return self.clock.now().timestamp()

    async def open(self, app: App) -> None:
        """Opens the backend that the settings name.

        Raises:
            DeclarationError: The settings name none, or it cannot honour what a worker asks for.
            ServiceUnavailableError: It cannot be reached.
        """
        definitions = {one.name: one for one in _definitions(app)}
        configs = {name: one.config for name, one in definitions.items()}
        backend = backend_of(app, self.clock, {**configs, SCHEDULES: FIRINGS})
        demands = Demands(backend, lenient=bool(_settings(app).get("lenient", False)))
        demands.check_workers(configs)
        self._backend = await backend.__aenter__()
        self.job_log.is_on = _settings(app).get("job_log") == "always"
        make = partial(
            QueueProducer,
            backend=backend,
            now=self.now,
            claims=self.claims,
            job_log=self.job_log,
            demands=demands,
        )
        self.queue.open(definitions, make)

    async def close(self) -> None:
        """Closes it."""
        backend, self._backend = self._backend, None
        if backend is not None:
            await backend.__aexit__(None, None, None)


@pikku_service(name="queue_connection")
async def queue_connection(
    *, clock: Clock, queue_claims: Claims | None = None
) -> AsyncGenerator[QueueConnection]:
    """What producers and workers share. A project that lets jobs carry sessions declares the service `queue_claims`."""
    connection = QueueConnection(clock, queue_claims)
    try:
        yield connection
    finally:
        await connection.close()  # An App that did not start runs no shutdown hooks.


@pikku_service(name="queue")
async def queue(*, queue_connection: QueueConnection) -> Queue:
    """The wire thing `queue`."""
    return queue_connection.queue


def backend_of(app: App, clock: Clock, queues: Mapping[str, WorkerConfig] | None = None) -> Backend:
    """The backend that the setting `queue.broker` names, not open yet.

    Args:
        queues: What the worker of each queue says, for who adds or works off jobs.

    Raises:
        DeclarationError: There is none for that URL.
    """
    settings = _settings(app)
    broker = str(settings.get("broker", EMBEDDED))
    if broker == EMBEDDED:
        from pikku_queue.queue.embedded.backend import EmbeddedBackend

        return EmbeddedBackend(_database(app, settings), clock=clock)
    if broker.partition("://")[0] in CELERY:
        if settings.get("database", DATABASE) != DATABASE:
            raise DeclarationError(
                'The setting "queue.database" is of no use: the setting "queue.broker" names a Redis server, where the jobs are.'
            )
        if find_spec("celery") is None:
            raise DeclarationError(
                'The setting "queue.broker" names a Redis server, which needs Celery: install "pikku-queue[celery]".'
            )
        from pikku_queue.queue.celery.backend import CeleryBackend

        return CeleryBackend(broker, clock=clock, queues=queues)
    raise DeclarationError(
        f'The setting "queue.broker" is "{without_password(broker)}", which no backend is for.'
    )


def _settings(app: App) -> Mapping[str, Any]:
    return app.settings.get("queue", {})


def _database(app: App, settings: Mapping[str, Any]) -> str:
    if (
        app.directory is None or not settings
    ):  # by hand, or in a test, which leaves nothing to the next one
        return ":memory:"
    return str(Path(app.directory).absolute().parent / settings.get("database", DATABASE))


def _definitions(app: App) -> list[QueueDefinition]:
    found: list[QueueDefinition] = []
    for row in app.wirings("queue", QueueWiring):
        wiring, record = row.load(), app.record(row.function)
        found.append(
            QueueDefinition(
                name=wiring.name,
                config=wiring.config,
                write=_writer(record.data),
                read=record.result.read_json,
            )
        )
    worked, alone = {one.name for one in found}, set[str]()
    for each in app.declarations("queue"):
        declared = each.load()
        if not isinstance(declared, QueueDeclaration):
            continue
        if declared.name in alone:
            raise DeclarationError(f'The queue "{declared.name}" is declared twice.')
        alone.add(declared.name)
        if declared.name not in worked:
            found.append(_declared(declared))
    refuse_clash([one.name for one in found])
    return found


def refuse_clash(queues: Sequence[str]) -> None:
    """Raises `DeclarationError` where two queues would be one attribute of `queue`."""
    attributes: dict[str, str] = {}
    for name in queues:
        other = attributes.setdefault(attribute_name(name), name)
        if other != name:
            raise DeclarationError(clash(other, name))


def _declared(declared: QueueDeclaration) -> QueueDefinition:
    data = None if declared.data is None else codec_for(declared.data)
    return QueueDefinition(
        name=declared.name,
        config=declared.config,
        write=_writer(data),
        read=codec_for(declared.result).read_json,
    )


def _writer(data: TypeCodec | None) -> Any:
    if data is None:
        return _nothing
    read_value, write_json = data.read_value, data.write_json

    def write(data: Any) -> bytes:
        return write_json(read_value(data))

    return write


def _nothing(data: Any) -> bytes:
    if data is not None:
        raise DeclarationError("The jobs of this queue take no data.")
    return NO_DATA
