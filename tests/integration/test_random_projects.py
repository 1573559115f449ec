"""Whatever names, types and imports a project has: a request answers what a direct call of the function answers."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, get_type_hints

import anyio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn
    from tests.integration.conftest import Project

Make: TypeAlias = Callable[[Mapping[str, str]], AbstractContextManager["Project"]]

# Names that hide a builtin, a module of the standard library or a keyword of other places, and plain ones.
MODULES = [
    "http",
    "json",
    "types",
    "asyncio",
    "logging",
    "rpc",
    "match",
    "größe",
    "plain",
    "_private",
]
NAMES = [
    "print",
    "id",
    "type",
    "match",
    "case",
    "wire_http",
    "größe",
    "_hidden",
    "Upper",
    "plain",
    "next",
]
FIELDS = {
    "count": "int",
    "ratio": "float",
    "text": "str",
    "flag": "bool",
    "labels": "list[str]",
    "note": "str | None",
}
PATH_FIELDS = ["count", "text", "flag"]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "count": st.integers(-(2**31), 2**31),
    "ratio": st.floats(allow_nan=False, allow_infinity=False, width=32),
    "text": st.from_regex(r"[a-zß-ÿ %+&=.~-]{1,12}", fullmatch=True),
    "flag": st.booleans(),
    "labels": st.lists(st.text("abcä ,", max_size=4), min_size=1, max_size=3),
    "note": st.text("abcä ,", min_size=1, max_size=4),
}
RESULTS = {
    "Data": "data",
    "list[Data]": "[data, data]",
    "Data | None": "data",
    "dict[str, Data]": '{"it": data}',
    "str": "repr(data)",
    "tuple[int, str]": "(len(repr(data)), repr(data))",
}
STYLES = {
    "name": ("from app.{module} import {name}", "{name}"),
    "renamed": ("from app.{module} import {name} as renamed_{number}", "renamed_{number}"),
    "relative": ("from .{module} import {name} as relative_{number}", "relative_{number}"),
    "module": ("import app.{module}", "app.{module}.{name}"),
    "module renamed": ("import app.{module} as module_{number}", "module_{number}.{name}"),
    "module from package": ("from app import {module} as part_{number}", "part_{number}.{name}"),
    "assigned": (
        "import app.{module} as source_{number}\nassigned_{number} = source_{number}.{name}",
        "assigned_{number}",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One function, its route, and one call of it."""

    number: int
    module: str
    name: str
    is_async: bool
    dataclass: bool
    future: bool
    uses_service: bool
    fields: tuple[str, ...]
    result: str
    method: str
    path: tuple[str, ...]
    query: tuple[str, ...]
    style: str
    data: Mapping[str, Any]

    @property
    def route(self) -> str:
        """The route of the wiring."""
        return "".join([f"/case-{self.number}", *(f"/{{{name}}}" for name in self.path)])

    def source(self) -> str:
        """The module of the function."""
        head = "from __future__ import annotations\n" if self.future else ""
        base = "@dataclass\nclass Data:" if self.dataclass else "class Data(BaseModel):"
        service = ", *, offset: int" if self.uses_service else ""
        change = (
            "data.count += offset\n    " if self.uses_service and "count" in self.fields else ""
        )
        fields = "\n".join(f"    {name}: {FIELDS[name]}" for name in self.fields)
        keyword = "async def" if self.is_async else "def"
        return (
            f"{head}from dataclasses import dataclass\n"
            "from pikku_core import pikku_sessionless_func\n"
            "from pydantic import BaseModel\n\n"
            f"{base}\n{fields}\n\n"
            f'@pikku_sessionless_func(name="case_{self.number}")\n'
            f"{keyword} {self.name}(data: Data{service}) -> {self.result}:\n"
            f"    {change}return {RESULTS[self.result]}\n"
        )

    def wiring(self) -> str:
        """The lines of the module of wirings."""
        imports, reference = (
            text.format(module=self.module, name=self.name, number=self.number)
            for text in STYLES[self.style]
        )
        return (
            f"{imports}\n"
            f'wire(method="{self.method}", route="{self.route}", func={reference}, query={list(self.query)!r})\n'
        )


@st.composite
def cases(draw: DrawFn, number: int, module: str, name: str) -> Case:
    """A function that can be wired: what it reads from path and query is text that can become it."""
    fields = draw(st.lists(st.sampled_from(list(FIELDS)), min_size=1, unique=True))
    method = draw(st.sampled_from(["get", "post", "put", "patch", "delete"]))
    path = [name for name in fields if name in PATH_FIELDS and draw(st.booleans())]
    rest = [name for name in fields if name not in path]
    query = rest if method in {"get", "delete"} else [name for name in rest if draw(st.booleans())]
    return Case(
        number=number,
        module=module,
        name=name,
        is_async=draw(st.booleans()),
        dataclass=draw(st.booleans()),
        future=draw(st.booleans()),
        uses_service=draw(st.booleans()),
        fields=tuple(fields),
        result=draw(st.sampled_from(list(RESULTS))),
        method=method,
        path=tuple(path),
        query=tuple(query),
        style=draw(st.sampled_from(list(STYLES))),
        data={name: draw(VALUES[name]) for name in fields},
    )


@st.composite
def projects(draw: DrawFn) -> list[Case]:
    """Some modules of one function each."""
    pairs = st.tuples(st.sampled_from(MODULES), st.sampled_from(NAMES))
    drawn = draw(st.lists(pairs, min_size=1, max_size=5, unique_by=(module_of, name_of)))
    return [draw(cases(number, *pair)) for number, pair in enumerate(drawn)]


def module_of(pair: tuple[str, str]) -> str:
    return pair[0]


def name_of(pair: tuple[str, str]) -> str:
    return pair[1]


def files_of(project: list[Case], folder: str) -> dict[str, str]:
    wirings = "from pikku_http import wire_http as wire\n" + "".join(
        case.wiring() for case in project
    )
    service = """
        from pikku_core import pikku_service

        @pikku_service
        def offset() -> int:
            return 7
        """
    files = {f"{folder}app/{case.module}.py": case.source() for case in project}
    initial = {f"{folder}app/__init__.py": ""}
    return (
        initial | files | {f"{folder}app/wirings.py": wirings, f"{folder}app/services.py": service}
    )


async def direct(case: Case) -> object:
    """What the function itself answers, as JSON."""
    module = importlib.import_module(f"app.{case.module}")
    function = getattr(module, case.name)
    data = TypeAdapter[Any](module.Data).validate_python(dict(case.data))
    answer = function(data, **({"offset": 7} if case.uses_service else {}))
    if inspect.isawaitable(answer):
        answer = await answer
    result_type = get_type_hints(function)["return"]
    return TypeAdapter[Any](result_type).dump_python(answer, mode="json")


def text(value: Any) -> Any:
    """A value as a path or a query string has it; a list of texts stays one."""
    if type(value) in {str, list}:
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


async def requested(project: Project, cases: list[Case]) -> list[object]:
    """What requests answer."""
    answers: list[object] = []
    async with project.serve() as client:
        for case in cases:
            path = f"/case-{case.number}"
            for name in case.path:
                path += "/" + "".join(f"%{byte:02X}" for byte in text(case.data[name]).encode())
            query = {name: text(case.data[name]) for name in case.query}
            body = {
                name: value
                for name, value in case.data.items()
                if name not in (*case.path, *case.query)
            }
            sent = body if case.method in {"post", "put", "patch"} else None
            answer = await client.request(case.method, path, params=query, json=sent)
            assert answer.status_code == 200, (case, answer.text)
            answers.append(answer.json())
    return answers


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases=projects(), folder=st.sampled_from(["", "src/"]))
def test_a_request_answers_what_a_direct_call_answers(
    cases: list[Case], folder: str, a_project: Make
) -> None:
    async def compared(project: Project) -> None:
        answers = await requested(project, cases)
        assert answers == [await direct(case) for case in cases]

    with a_project(files_of(cases, folder)) as project:
        anyio.run(compared, project)
