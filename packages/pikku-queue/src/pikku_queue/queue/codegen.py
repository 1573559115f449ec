"""`types/pikku_app/queue/pikku_queue_map_gen.pyi`: the typed `Queue`, one attribute for each queue; `queue/celery.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pikku_core.plugin import GeneratedFile
from pikku_core.plugin.spelling import modules_of, type_key
from pikku_queue.queue.wiring import attribute_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin import Project
    from pikku_core.plugin.expression import Expression

MAP_PATH: Final = "types/pikku_app/queue/pikku_queue_map_gen.pyi"

CELERY: Final = '''\
"""The Celery app of this project: `celery -A pikku_app.queue worker`."""

from pathlib import Path

from pikku_queue.queue.celery.hosted import project_app

app = project_app(Path(__file__).parents[1])
'''

HEADING: Final = '''\
"""The queues of this project: what their jobs take and give."""

from collections.abc import Iterable
from typing import Any, Literal, Protocol, Unpack, overload

from pikku_queue import JobHandle, JobOptions, OptionsOfMany, SyncJobHandle
'''


class TypedQueue(NamedTuple):
    """What the jobs of a queue take and give."""

    data: Expression | None
    result: Expression | None
    is_optional: bool


def render_map(project: Project) -> Iterator[GeneratedFile]:
    """The queues, for type checkers: `queue.emails.add(Welcome(...))`."""
    queues = queues_of(project)
    modules = {
        module
        for queue in queues.values()
        for expression in (queue.data, queue.result)
        for module in modules_of(expression)
    }
    lines = [HEADING.rstrip("\n"), *(f"import {module}" for module in sorted(modules))]
    for prefix, handle, keyword in (
        ("", "JobHandle", "async def"),
        ("Sync", "SyncJobHandle", "def"),
    ):
        for name, queue in queues.items():
            lines += _producer(f"_{prefix}{_class_name(name)}", handle, keyword, queue)
        lines += _queue(f"{prefix}Queue", f"_{prefix}", list(queues))
    yield GeneratedFile(path=MAP_PATH, content="\n".join(lines) + "\n")


def render_celery(_: Project) -> Iterator[GeneratedFile]:
    """The module in which Celery looks for an app that it is told of as `pikku_app.queue`."""
    yield GeneratedFile(path="queue/celery.py", content=CELERY)


def queues_of(project: Project) -> dict[str, TypedQueue]:
    """The queues of a project by name, sorted: those that are worked off, and those that are declared alone."""
    found: dict[str, TypedQueue] = {}
    for declaration in project.declarations:
        if declaration.kind == "queue" and declaration.meta["type"] == "queue":
            keywords = dict(declaration.call.keywords)
            result = keywords.get("result")
            found[str(declaration.meta["name"])] = TypedQueue(declaration.type, result, False)
    for wiring in project.wirings:
        if wiring.kind == "queue":
            function = project.functions[wiring.function]
            name = str(wiring.meta["name"])
            found[name] = TypedQueue(function.data, function.result, function.data_optional)
    return dict(sorted(found.items()))


def _producer(name: str, handle: str, keyword: str, queue: TypedQueue) -> Iterator[str]:
    data = "None" if queue.data is None else type_key(queue.data)
    default = " = ..." if queue.data is None or queue.is_optional else ""
    result = f"{handle}[{'Any' if queue.result is None else type_key(queue.result)}]"
    yield ""
    yield f"class {name}(Protocol):"
    yield f"    {keyword} add(self, data: {data}{default}, /, **options: Unpack[JobOptions]) -> {result}: ..."
    yield f"    {keyword} add_many(self, items: Iterable[{data}], /, **options: Unpack[OptionsOfMany]) -> list[{result}]: ..."
    yield f"    def get(self, id: str) -> {result}: ..."


def _queue(name: str, prefix: str, queues: list[str]) -> Iterator[str]:
    yield ""
    yield f"class {name}(Protocol):"
    if not queues:
        yield "    def __getitem__(self, name: str) -> Any: ..."
    for queue in queues:
        yield "    @property"
        yield f"    def {attribute_name(queue)}(self) -> {prefix}{_class_name(queue)}: ..."
    for queue in queues:
        if len(queues) > 1:
            yield "    @overload"
        yield f'    def __getitem__(self, name: Literal["{queue}"]) -> {prefix}{_class_name(queue)}: ...'


def _class_name(queue: str) -> str:
    return f"Queue_{attribute_name(queue)}"
