"""What queues add to Pikku."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.plugin import (
    DiagnosticCode,
    DoctorCheck,
    Filter,
    Generator,
    ProjectCheck,
    ScanRule,
    ServeComponent,
    ServiceDeclaration,
    Setting,
    Template,
    WireParameter,
    WiringKind,
    hookimpl,
)

if TYPE_CHECKING:
    from pikku_core import App
    from pikku_core.plugin import Command

pikku_plugin_api = 1

MAP = "pikku_app.queue.pikku_queue_map_gen"
SCHEDULES_MAP = "pikku_app.scheduler.pikku_scheduler_map_gen"


@hookimpl
def pikku_wiring_kinds() -> list[WiringKind]:
    """The kinds `queue` and `scheduler`."""
    return [
        WiringKind(
            name="queue",
            title="Queues",
            gives=("job",),
            needs=("queue_connection",),
            concerns="pikku_queue.queue.scan:concerns",
        ),
        WiringKind(
            name="scheduler",
            title="Schedules",
            gives=("scheduled_task",),
            needs=("queue_connection", "schedule_connection"),
        ),
    ]


@hookimpl
def pikku_scan_rules() -> list[ScanRule]:
    """The readers of `wire_queue_worker`, `wire_queue` and `wire_scheduler`."""
    common = ("auth", "scopes", "permissions", "middleware", "tags")
    worker = ("*", "name", "func", "config", *common, "final")
    queue = ("*", "name", "data", "result", "config")
    options = ("overlap", "misfire", "jitter", "enabled", "attempts", "timeout")
    scheduler = ("*", "name", "schedule", "func", "timezone", *options, *common)
    return [
        ScanRule(
            name="queue.workers",
            kind="queue",
            calls={
                "pikku_queue.wire_queue_worker": worker,
                "pikku_queue.queue.wiring.wire_queue_worker": worker,
            },
            read="pikku_queue.queue.scan:read_worker",
        ),
        ScanRule(
            name="queue.queues",
            kind="queue",
            calls={
                "pikku_queue.wire_queue": queue,
                "pikku_queue.queue.wiring.wire_queue": queue,
            },
            read="pikku_queue.queue.scan:read_queue",
        ),
        ScanRule(
            name="scheduler.schedules",
            kind="scheduler",
            calls={
                "pikku_queue.wire_scheduler": scheduler,
                "pikku_queue.scheduler.wiring.wire_scheduler": scheduler,
            },
            read="pikku_queue.scheduler.scan:read_scheduler",
        ),
    ]


@hookimpl
def pikku_project_checks() -> list[ProjectCheck]:
    """The checks of names and declarations, and that calls which are scheduled are made."""
    return [
        ProjectCheck(name="queue.names", check="pikku_queue.queue.scan:names"),
        ProjectCheck(name="queue.declared", check="pikku_queue.queue.scan:declared"),
        ProjectCheck(name="scheduler.worked_off", check="pikku_queue.scheduler.checks:worked_off"),
    ]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """The codes of the rules."""
    from pikku_queue.queue import codes as queue
    from pikku_queue.scheduler import codes as scheduler

    return (*queue.CODES, *scheduler.CODES)


@hookimpl
def pikku_generators() -> list[Generator]:
    """The typed `Queue` and `Schedule`, and what Celery's own commands are given."""
    return [
        Generator(
            name="queue.map",
            kind="queue",
            outputs=("types/pikku_app/queue/pikku_queue_map_gen.pyi",),
            render="pikku_queue.queue.codegen:render_map",
            exports=(("Queue", MAP), ("SyncQueue", MAP)),
        ),
        Generator(
            name="queue.celery",
            kind="queue",
            outputs=("queue/celery.py",),
            render="pikku_queue.queue.codegen:render_celery",
        ),
        Generator(
            name="scheduler.map",
            kind="scheduler",
            outputs=("types/pikku_app/scheduler/pikku_scheduler_map_gen.pyi",),
            render="pikku_queue.scheduler.codegen:render_map",
            exports=(("Schedule", SCHEDULES_MAP), ("SyncSchedule", SCHEDULES_MAP)),
        ),
    ]


@hookimpl
def pikku_wire_parameters() -> list[WireParameter]:
    """The current job and what adds jobs; the current firing and what schedules calls."""
    return [
        WireParameter(name="job", type="pikku_queue:Job", sync_type="pikku_queue:SyncJob"),
        WireParameter(name="queue", type="pikku_app:Queue", sync_type="pikku_app:SyncQueue"),
        WireParameter(
            name="schedule", type="pikku_app:Schedule", sync_type="pikku_app:SyncSchedule"
        ),
        WireParameter(name="scheduled_task", type="pikku_queue:ScheduledTask"),
    ]


@hookimpl
def pikku_services() -> list[ServiceDeclaration]:
    """What adds jobs, what schedules calls, and the connections behind them."""
    module, schedules = "pikku_queue.queue.connection", "pikku_queue.scheduler.connection"
    return [
        ServiceDeclaration(name="schedule", factory=f"{schedules}:schedule"),
        ServiceDeclaration(name="schedule_connection", factory=f"{schedules}:schedule_connection"),
        ServiceDeclaration(name="queue", factory=f"{module}:queue"),
        ServiceDeclaration(name="queue_connection", factory=f"{module}:queue_connection"),
    ]


@hookimpl
def pikku_filters() -> list[Filter]:
    """What queues can be chosen by."""
    return [
        Filter(
            name="queues",
            help="Names of queues; pikku-schedules is that of schedules.",
            values="pikku_queue.queue.filters:names",
        )
    ]


@hookimpl
def pikku_commands() -> tuple[Command, ...]:
    """`pikku worker`, `pikku beat`, and what looks at jobs and schedules."""
    from pikku_queue.commands import COMMANDS

    return COMMANDS


@hookimpl
def pikku_serve_components() -> list[ServeComponent]:
    """The worker and the beat that run in `pikku dev` and `pikku serve`."""
    return [
        ServeComponent(name="queue", kind="queue", serve="pikku_queue.queue.serve:serve"),
        ServeComponent(
            name="scheduler", kind="scheduler", serve="pikku_queue.scheduler.serve:serve"
        ),
    ]


@hookimpl
def pikku_settings() -> list[Setting]:
    """The keys of `[tool.pikku.queue]` and `[tool.pikku.scheduler]`."""
    return [
        Setting(
            name="queue.broker",
            type="str",
            default="embedded",
            help='Where jobs are: "embedded", a SQLite file, or the URL of a broker.',
            check="pikku_queue.queue.setting_checks:broker",
        ),
        Setting(
            name="queue.concurrency",
            type="int",
            default=200,
            help="How many jobs a process runs at once, over all queues.",
            check="pikku_queue.queue.setting_checks:concurrency",
        ),
        Setting(
            name="queue.database",
            type="str",
            default="pikku-queue.db",
            help='The file of the broker "embedded", relative to the project.',
        ),
        Setting(
            name="queue.lenient",
            type="bool",
            default=False,
            help="Whether an option that the broker cannot honour is a warning, and not an error.",
        ),
        Setting(
            name="queue.job_log",
            type="str",
            default="dev",
            choices=("dev", "always", "never"),
            help="Where jobs are logged, by pikku.queue.jobs: by pikku dev alone, by every process, or by none.",
        ),
        Setting(
            name="scheduler.lease",
            type="float",
            default=15.0,
            help="Seconds after which another process fires the schedules when the one that did has died.",
            check="pikku_queue.scheduler.setting_checks:lease",
        ),
    ]


@hookimpl
def pikku_doctor_checks() -> list[DoctorCheck]:
    """What the broker can do."""
    return [DoctorCheck(name="queue.broker", check="pikku_queue.queue.doctor:broker")]


@hookimpl
def pikku_templates() -> list[Template]:
    """`pikku new wiring queue` and `pikku new schedule`."""
    return [
        Template(
            name="schedule",
            help="A function that is called at certain times.",
            files="pikku_queue.scheduler.templates:schedule",
        ),
        Template(
            name="wiring queue",
            help="A function behind a queue.",
            files="pikku_queue.queue.templates:wiring",
        ),
    ]


@hookimpl
async def pikku_startup(app: App) -> None:
    """Opens the queues."""
    from pikku_queue.queue.opening import open_queues

    await open_queues(app)


@hookimpl
async def pikku_shutdown(app: App) -> None:
    """Closes the queues."""
    from pikku_queue.queue.opening import close_queues

    await close_queues(app)
