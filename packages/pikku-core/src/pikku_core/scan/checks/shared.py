"""Values that wirings and functions of one module use: production makes those of the wirings again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.plugin.expression import Call, Name, Shared
from pikku_core.plugin.spelling import walk
from pikku_core.scan.constants import is_empty
from pikku_core.scan.reads import reader_of

if TYPE_CHECKING:
    from pikku_core.plugin.expression import Expression
    from pikku_core.plugin.model import Project
    from pikku_core.scan.link import Linker

EQUAL: Final = frozenset(
    {
        *(f"builtins.{name}" for name in ("bool", "bytes", "complex", "float", "frozenset", "int")),
        *("builtins.range", "builtins.str", "builtins.tuple"),
        *("datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta"),
        *("decimal.Decimal", "fractions.Fraction", "uuid.UUID", "zoneinfo.ZoneInfo"),
        *("logging.getLogger", "os.getenv", "pathlib.Path", "pathlib.PurePath", "re.compile"),
    }
)
"""What gives, called twice, the same value or one that nobody can tell from it."""


def check_shared(project: Project, linker: Linker) -> None:
    """Reports values that a function reads while the wirings of its module have another instance."""
    if not linker.resolver.has_shared:
        return
    seen: set[tuple[str, str]] = set()
    used = [
        (declaration, part)
        for declaration in project.declarations
        for part in walk(declaration.call)
        if isinstance(part, Shared)
    ]
    for declaration, part in sorted(used, key=lambda found: found[0].location):
        if (part.module, part.attribute) in seen:
            continue
        if not _has_identity(part.value) and not _is_filled(part, declaration.call):
            continue
        seen.add((part.module, part.attribute))
        module = linker.modules.get(part.module)
        read = None if module is None else reader_of(module, part.attribute)
        if module is None or read is None:
            continue
        reader, line = read
        linker.report.add(
            "PKU717",
            f'"{part.attribute}" would be made twice: for the wirings, and for "{reader}", which reads it in '
            f'"{module.name}".',
            declaration.location,
            hint="Move it to a module without wirings, or make it a service.",
            related=[module.at(line)],
        )


def _is_filled(shared: Shared, declaration: Call) -> bool:
    """Whether an empty value is handed to something that a declaration calls, which may fill it."""
    return is_empty(shared.value) and any(
        part == shared
        for call in walk(declaration)
        if isinstance(call, Call) and call is not declaration
        for part in walk(call)
    )


def _has_identity(value: Expression) -> bool:
    """Whether two of a value can differ: something in it is called that may keep state."""
    return any(
        isinstance(part, Call)
        and not (
            isinstance(part.function, Name)
            and f"{part.function.module}.{part.function.attribute}" in EQUAL
        )
        for part in walk(value)
    )
