"""Queues of a generated project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.testing import open_project
from pikku_queue.queue.serve import working

if TYPE_CHECKING:
    from tests.integration.conftest import Project, ProjectOf

    from pikku_core.runtime.options import AppOptions

pytestmark = pytest.mark.anyio

FUNCTIONS = """
    from pydantic import BaseModel
    from pikku_core import pikku_sessionless_func
    from pikku_http import wire_http
    from pikku_queue import WorkerConfig, exponential, wire_queue_worker

    class Mail(BaseModel):
        to: str

    @pikku_sessionless_func
    async def send(data: Mail, *, job) -> str:
        return f"sent to {data.to}"

    @pikku_sessionless_func
    async def sign_up(data: Mail, *, queue) -> str:
        handle = await queue.mails.add(data, job_id="only")
        return handle.id

    @pikku_sessionless_func
    async def outcome(*, queue) -> str:
        return await queue.mails.get("only").result(within="10s")

    wire_http(method="post", route="/sign-up", func=sign_up)
    wire_http(method="get", route="/outcome", func=outcome)
    wire_queue_worker(
        name="mails", func=send, config=WorkerConfig(attempts=5, backoff=exponential("2s", limit="1m"))
    )
    """


def options(project: Project) -> AppOptions:
    """How an App of the project runs: with the hooks of the plugins."""
    registry = project.registry
    settings: dict[str, Any] = {"queue": {"broker": "embedded", "database": "jobs.db"}}
    return {
        "startup": registry.startup_hooks,
        "shutdown": registry.shutdown_hooks,
        "settings": settings,
    }


async def test_a_request_adds_a_job_that_is_done(project_of: ProjectOf) -> None:
    from pikku_http.testing import client_of

    project = project_of({"app.py": FUNCTIONS})
    async with project.load(**options(project)) as app, client_of(app) as client, working(app):
        assert (await client.post("/sign-up", json={"to": "ada"})).json() == "only"
        assert (await client.get("/outcome")).json() == "sent to ada"


async def test_jobs_survive_a_restart(project_of: ProjectOf) -> None:
    from pikku_http.testing import client_of

    project = project_of({"app.py": FUNCTIONS})
    async with project.load(**options(project)) as app, client_of(app) as client:
        assert (await client.post("/sign-up", json={"to": "ada"})).json() == "only"
    assert (project.root / "jobs.db").is_file()
    async with project.load(**options(project)) as app, client_of(app) as client, working(app):
        assert (await client.get("/outcome")).json() == "sent to ada"


async def test_apps_of_tests_leave_no_jobs_to_each_other(project_of: ProjectOf) -> None:
    project = project_of({"app.py": FUNCTIONS})
    with open_project(project.root, registry=project.registry) as tested:
        async with tested.app() as app:
            assert await app.invoke("sign_up", {"to": "ada"}) == "only"
        async with tested.app() as app:
            assert list(await app.service("queue_connection").backend.queues()) == []


def test_the_queues_are_typed(project_of: ProjectOf) -> None:
    project = project_of({"app.py": FUNCTIONS})
    types = project.generated / "types" / "pikku_app"
    root = (types / "__init__.pyi").read_text()
    assert "from pikku_app.queue.pikku_queue_map_gen import SyncQueue as SyncQueue\n" in root
    stub = (types / "queue" / "pikku_queue_map_gen.pyi").read_text()
    assert "async def add(self, data: app.Mail, /, **options: Unpack[JobOptions])" in stub
    assert "def mails(self) -> _Queue_mails: ..." in stub


@pytest.mark.parametrize(
    ("wiring", "code"),
    [
        ('wire_queue_worker(name="send mail", func=send)', "PKU930"),
        ('wire_queue_worker(name="m", func=send, config=WorkerConfig(attempts=0))', "PKU931"),
        ('wire_queue_worker(name="m", func=send, config=WorkerConfig(tries=1))', "PKU931"),
        ('wire_queue_worker(name="m", func=send, config=5)', "PKU931"),
    ],
)
def test_what_is_not_well_formed_is_a_diagnostic(
    project_of: ProjectOf, wiring: str, code: str
) -> None:
    project = project_of({"app.py": FUNCTIONS.rstrip() + f"\n    {wiring}\n"}, generate=False)
    assert code in [found for found, _ in project.problems()]


PRODUCER = """
    from pydantic import BaseModel
    from pikku_core import pikku_sessionless_func
    from pikku_http import wire_http
    from pikku_queue import wire_queue

    class Picture(BaseModel):
        name: str

    @pikku_sessionless_func
    async def upload(data: Picture, *, queue) -> str:
        return (await queue.thumbnails.add(data, job_id="one")).id

    wire_http(method="post", route="/upload", func=upload, tags=["web"])
    wire_queue(name="thumbnails", data=Picture, result=str)
    """

WORKER = """
    from app import Picture
    from pikku_core import pikku_sessionless_func
    from pikku_queue import wire_queue_worker

    @pikku_sessionless_func
    async def shrink(data: Picture) -> str:
        return f"small {data.name}"

    wire_queue_worker(name="thumbnails", func=shrink, tags=["back"])
    """


async def test_a_project_adds_jobs_to_a_queue_that_is_worked_off_elsewhere(
    project_of: ProjectOf,
) -> None:
    from pikku_http.testing import client_of

    project = project_of({"app.py": PRODUCER})
    stub = project.generated / "types" / "pikku_app" / "queue" / "pikku_queue_map_gen.pyi"
    assert "async def add(self, data: app.Picture, /" in stub.read_text()
    assert "JobHandle[str]" in stub.read_text()
    async with project.load(**options(project)) as app, client_of(app) as client:
        assert (await client.post("/upload", json={"name": "a.png"})).json() == "one"
        assert (await client.post("/upload", json={"name": 5})).status_code == 422
        backend = app.service("queue_connection").backend
        assert (await backend.counts("thumbnails")).waiting == 1


async def test_a_part_of_a_project_without_the_worker_adds_jobs_for_the_part_that_has_it(
    project_of: ProjectOf,
) -> None:
    from pikku_http.testing import client_of

    files = {"app.py": PRODUCER, "workers.py": WORKER}
    project = project_of(files, generate=False)
    project.generate({"tags": ("web",)})
    async with project.load(**options(project)) as app, client_of(app) as client:
        assert app.wirings("queue") == ()
        assert (await client.post("/upload", json={"name": "a.png"})).json() == "one"


async def test_the_connection_is_there_for_workers_although_the_queue_is_replaced(
    project_of: ProjectOf,
) -> None:
    project = project_of({"app.py": FUNCTIONS})
    given = options(project)
    given["instances"] = {"queue": object()}
    async with project.load(**given) as app, working(app):
        assert app.service("queue_connection").backend.name == "embedded"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('wire_queue_worker(name="class", func=send)', "PKU930"),
        ('wire_queue_worker(name="blocking-twin", func=send)', "PKU930"),
        ('wire_queue_worker(name="pikku-own", func=send)', "PKU930"),
        (
            'wire_queue_worker(name="m.a", func=send)\n    wire_queue_worker(name="m-a", func=send)',
            "PKU933",
        ),
        ('wire_queue_worker(name="m", func=block, config=WorkerConfig(timeout="5s"))', "PKU932"),
        ('wire_queue_worker(name="m", func=send, config=WorkerConfig(attempts="5"))', "PKU931"),
        ('wire_queue_worker(name="m", func=send, config=WorkerConfig(attempts=None))', "PKU931"),
        ('wire_queue_worker(name="m", func=send, config=WorkerConfig(rate_limit=5))', "PKU931"),
        ('wire_queue_worker(name="m", func=send, config=WorkerConfig(backoff=5))', "PKU931"),
        ('wire_queue_worker(name="m", func=send, config=WorkerConfig(backoff=fixed()))', "PKU931"),
        ('wire_queue_worker(name="m", func=send, config=WorkerConfig(timeout=[]))', "PKU931"),
        ('wire_queue_worker(name="m", func=send, config=Other(attempts=5))', "PKU931"),
        ('wire_queue(name="import", data=Mail)', "PKU930"),
        ('wire_queue(name="m", data=Mail, config=WorkerConfig(attempts=0))', "PKU931"),
        ('wire_queue(name="m", data=Mail)\n    wire_queue(name="m", data=Mail)', "PKU934"),
        ('wire_queue(name="mails", data=str)', "PKU934"),
        ('wire_queue(name="mails")', "PKU934"),
    ],
)
def test_what_cannot_be_honoured_is_a_diagnostic(
    project_of: ProjectOf, source: str, code: str
) -> None:
    more = f"""
    from pikku_queue import fixed, wire_queue
    from own import WorkerConfig as Other

    @pikku_sessionless_func
    def block(data: Mail) -> None: ...

    {source}
    """
    files = {"app.py": FUNCTIONS.rstrip() + more, "own.py": "class WorkerConfig: ...\n"}
    project = project_of(files, generate=False)
    assert [found for found, _ in project.problems() if found.startswith("PKU93")] == [code]
