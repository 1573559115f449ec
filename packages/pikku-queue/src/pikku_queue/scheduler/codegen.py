"""`types/pikku_app/scheduler/pikku_scheduler_map_gen.pyi`: the typed `Schedule`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.plugin import GeneratedFile
from pikku_core.plugin.model import CallableKind
from pikku_core.plugin.spelling import modules_of, type_key
from pikku_core.rpc import invoked_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin import Project
    from pikku_core.plugin.model import FunctionModel

MAP_PATH: Final = "types/pikku_app/scheduler/pikku_scheduler_map_gen.pyi"
OVERLOADS: Final = 200
"""Up to so many functions `rpc` is overloaded; beyond, overloads take type checkers seconds."""
STREAMS: Final = frozenset({CallableKind.SYNC_GENERATOR, CallableKind.ASYNC_GENERATOR})

HEADING: Final = '''\
"""The schedules of this project, and what can be called later."""

from collections.abc import Sequence
from typing import Any, Literal, Protocol, TypeAlias, Unpack, overload

from pikku_queue import CallOptions, FiringRecord, JobHandle, ScheduleRecord, SyncJobHandle
'''


def render_map(project: Project) -> Iterator[GeneratedFile]:
    """What type checkers see: `schedule.rpc("remind", Reminder(...), after="3d")`, `schedule.pause("digest")`."""
    functions = {
        name: project.functions[identity]
        for name, identity in sorted(invoked_names(project.rpc_names).items())
        if identity in project.functions and project.functions[identity].kind not in STREAMS
    }
    names = sorted(str(one.meta["name"]) for one in project.wirings if one.kind == "scheduler")
    typed = functions if len(functions) <= OVERLOADS else {}
    modules = {
        module
        for function in typed.values()
        for expression in (function.data, function.result)
        for module in modules_of(expression)
    }
    literals = ", ".join(f'"{name}"' for name in names)
    lines = [
        HEADING.rstrip("\n"),
        *(f"import {module}" for module in sorted(modules)),
        "",
        f"Name: TypeAlias = {f'Literal[{literals}]' if names else 'str'}",
        *_schedule("Schedule", "JobHandle", "async def", typed),
        *_schedule("SyncSchedule", "SyncJobHandle", "def", typed),
    ]
    yield GeneratedFile(path=MAP_PATH, content="\n".join(lines) + "\n")


def _schedule(
    name: str, handle: str, keyword: str, functions: Mapping[str, FunctionModel]
) -> Iterator[str]:
    yield ""
    yield f"class {name}(Protocol):"
    for function, model in functions.items():
        if len(functions) > 1:
            yield "    @overload"
        result = f"{handle}[{'Any' if model.result is None else type_key(model.result)}]"
        data = "None" if model.data is None else type_key(model.data)
        default = " = ..." if model.data is None or model.data_optional else ""
        yield (
            f'    {keyword} rpc(self, name: Literal["{function}"], data: {data}{default}, /, '
            f"**options: Unpack[CallOptions]) -> {result}: ..."
        )
    if not functions:
        yield (
            f"    {keyword} rpc(self, name: str, data: Any = ..., /, "
            f"**options: Unpack[CallOptions]) -> {handle}[Any]: ..."
        )
    yield f"    {keyword} unschedule(self, id: str) -> bool: ..."
    yield f"    {keyword} calls(self, *, limit: int = ...) -> Sequence[FiringRecord]: ..."
    yield f"    {keyword} firings(self, name: Name | Literal[''] = ..., *, limit: int = ...) -> Sequence[FiringRecord]: ..."
    yield f"    {keyword} pause(self, name: Name) -> bool: ..."
    yield f"    {keyword} resume(self, name: Name) -> bool: ..."
    yield f"    {keyword} trigger(self, name: Name) -> {handle}[Any]: ..."
    yield f"    {keyword} list(self) -> Sequence[ScheduleRecord]: ..."
