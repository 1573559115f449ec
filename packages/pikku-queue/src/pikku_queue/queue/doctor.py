"""What `pikku doctor` says of queues: what the broker can do, of all that may be asked of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core import DeclarationError
from pikku_core.plugin import CommandError, Diagnostic, Severity, current_tool
from pikku_core.services.clock import SystemClock
from pikku_queue.queue.connection import backend_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin import Project
    from pikku_queue.queue.backend import Level, Support

TABLE: Final = "PKU957"
UNUSABLE: Final = "PKU958"


def broker(project: Project) -> Iterator[Diagnostic]:
    """The table of capabilities, a line for each level; nothing where the project has neither queues nor schedules."""
    if not any(wiring.kind in {"queue", "scheduler"} for wiring in project.wirings):
        return
    try:
        backend = backend_of(current_tool().load_app(), SystemClock(), {})
    except CommandError:
        yield _note('What the broker can do is looked at when "generated" is mended.')
    except DeclarationError as error:
        yield Diagnostic(code=UNUSABLE, message=str(error))
    else:
        yield from table_of(backend.name, backend.capabilities)


def table_of(name: str, capabilities: Mapping[str, Support]) -> Iterator[Diagnostic]:
    """What becomes of each option on a backend."""
    said: tuple[tuple[Level, str], ...] = (
        ("honoured", "honours"),
        ("approximated", "approximates"),
        ("refused", "refuses"),
    )
    for level, verb in said:
        options = [
            f"{option} ({support.note})" if support.note else option
            for option, support in sorted(capabilities.items())
            if support.level == level
        ]
        if options:
            yield _note(f'The broker "{name}" {verb} {", ".join(options)}.')


def _note(message: str) -> Diagnostic:
    return Diagnostic(code=TABLE, message=message, severity=Severity.INFO)
