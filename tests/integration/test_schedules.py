"""Schedules of a generated project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pikku_queue.queue.serve import working
from pikku_queue.scheduler.serve import scheduling

if TYPE_CHECKING:
    from tests.integration.conftest import Project, ProjectOf

    from pikku_core.runtime.options import AppOptions

pytestmark = pytest.mark.anyio

FUNCTIONS = """
    from pydantic import BaseModel
    from pikku_core import pikku_sessionless_func
    from pikku_queue import wire_queue_worker, wire_scheduler

    class Mail(BaseModel):
        to: str

    @pikku_sessionless_func
    async def send(data: Mail) -> str:
        return f"sent to {data.to}"

    @pikku_sessionless_func
    async def tick(*, schedule, scheduled_task=None) -> str:
        handle = await schedule.rpc("send", Mail(to=scheduled_task.name if scheduled_task else ""))
        return handle.id

    @pikku_sessionless_func
    async def trigger(*, schedule, queue) -> str:
        handle = await schedule.trigger("ticks")
        return await handle.result(within="10s")

    wire_scheduler(
        name="ticks", schedule="30 9 * * MON-FRI", timezone="Europe/Berlin", func=tick, tags=["daily"]
    )
    wire_scheduler(name="nights", schedule="@daily", func=trigger, enabled=False)
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


async def test_a_schedule_that_is_triggered_calls_functions_later(project_of: ProjectOf) -> None:
    project = project_of({"app.py": FUNCTIONS})
    async with project.load(**options(project)) as app, scheduling(app):
        await app.rpc.trigger()
        schedule = app.service("schedule")
        nights, ticks = await schedule.list()
        assert (nights.next, nights.function) == (None, "trigger")
        assert (ticks.next.hour, ticks.next.minute) == (9, 30)
        assert str(ticks.next.tzinfo) == "Europe/Berlin"


async def test_a_worker_of_queues_runs_firings_too(project_of: ProjectOf) -> None:
    project = project_of(
        {"app.py": FUNCTIONS.rstrip() + '\n\n    wire_queue_worker(name="mails", func=send)\n'}
    )
    async with project.load(**options(project)) as app, working(app), scheduling(app):
        await app.rpc.trigger()
        handle = await app.service("queue").mails.add({"to": "ada"})
        assert await handle.result(within="10s") == "sent to ada"


async def test_calls_survive_a_restart(project_of: ProjectOf) -> None:
    project = project_of({"app.py": FUNCTIONS})
    async with project.load(**options(project)) as app:
        handle = await app.service("schedule").rpc("send", {"to": "ada"}, job_id="only")
        assert await handle.status() == "waiting"
    async with project.load(**options(project)) as app, scheduling(app):
        again = await app.service("schedule").rpc("send", {"to": "bob"}, job_id="only")
        assert await again.result(within="10s") in {"sent to ada", "sent to bob"}


def test_schedules_are_generated_and_typed(project_of: ProjectOf) -> None:
    project = project_of({"app.py": FUNCTIONS})
    generated = (project.generated / "scheduler" / "pikku_scheduler_wirings_gen.py").read_text()
    assert '"schedule": "30 9 * * MON-FRI",' in generated
    types = project.generated / "types" / "pikku_app"
    root = (types / "__init__.pyi").read_text()
    assert (
        "from pikku_app.scheduler.pikku_scheduler_map_gen import SyncSchedule as SyncSchedule\n"
        in root
    )
    stub = (types / "scheduler" / "pikku_scheduler_map_gen.pyi").read_text()
    assert 'Name: TypeAlias = Literal["nights", "ticks"]' in stub
    assert 'async def rpc(self, name: Literal["send"], data: app.Mail, /, ' in stub


def test_filters_choose_schedules(project_of: ProjectOf) -> None:
    project = project_of({"app.py": FUNCTIONS})
    project.generate({"tags": ("daily",)})
    generated = (project.generated / "scheduler" / "pikku_scheduler_wirings_gen.py").read_text()
    assert '"scheduler:ticks"' in generated
    assert '"scheduler:nights"' not in generated


@pytest.mark.parametrize(
    ("wiring", "code"),
    [
        ('wire_scheduler(name="a b", schedule="@daily", func=trigger)', "PKU940"),
        ('wire_scheduler(name="x", schedule="0 24 * * *", func=trigger)', "PKU941"),
        ('wire_scheduler(name="x", schedule="@reboot", func=trigger)', "PKU941"),
        ('wire_scheduler(name="x", schedule="@daily", timezone="CEST", func=trigger)', "PKU942"),
        ('wire_scheduler(name="x", schedule="@daily", misfire="all", func=trigger)', "PKU943"),
        ('wire_scheduler(name="x", schedule="@daily", overlap="no", func=trigger)', "PKU943"),
        ('wire_scheduler(name="x", schedule="@daily", jitter="soon", func=trigger)', "PKU943"),
        ('wire_scheduler(name="x", schedule="@daily", func=send)', "PKU944"),
    ],
)
def test_what_is_not_well_formed_is_a_diagnostic(
    project_of: ProjectOf, wiring: str, code: str
) -> None:
    project = project_of({"app.py": FUNCTIONS.rstrip() + f"\n    {wiring}\n"}, generate=False)
    assert code in [found for found, _ in project.problems()]


def test_calls_that_nothing_would_make_are_a_diagnostic(project_of: ProjectOf) -> None:
    alone = FUNCTIONS.partition("    wire_scheduler(")[0]
    project = project_of({"app.py": alone}, generate=False)
    assert {found for found, _ in project.problems()} == {"PKU945"}
    queue = alone.rstrip() + '\n\n    wire_queue_worker(name="mails", func=send)\n'
    project.write({"app.py": queue})
    assert "PKU945" not in [found for found, _ in project.problems()]
