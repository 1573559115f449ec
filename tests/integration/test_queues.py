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
