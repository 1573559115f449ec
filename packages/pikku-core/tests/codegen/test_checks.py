"""The checks that need more than source: a type checker, or Python itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from pikku_core.build import TypesModule, check_types_module, runtime_differences
from pikku_core.build.structure import Structures
from pikku_core.codegen.files import write_files
from pikku_core.codegen.plan import render_core
from pikku_core.plugin.model import Project

if TYPE_CHECKING:
    from pathlib import Path

    from pikku_core.plugin.registry import Registry

Scan = Callable[[str], Project]

TYPED = """\
# app/services.py
from collections.abc import Iterator
from pikku_core import pikku_service
class Database: ...
class Mailer: ...
@pikku_service
def database() -> Iterator[Database]:
    yield Database()
@pikku_service
def mailer(*, database: Database) -> Mailer:
    return Mailer()
# app/session.py
from dataclasses import dataclass
from pikku_core import pikku_session
@pikku_session
@dataclass
class Session:
    user: str
# app/functions.py
from pikku_core import Sessions, pikku_func, pikku_permission, pikku_sessionless_func
from pikku_app import Rpc, Session, SyncRpc
from app.services import Database, Mailer
@pikku_permission
def allowed(data: int, *, session: Session) -> bool:
    return True
@pikku_func(permissions=[allowed])
async def good(data: int, *, database: Database, mailer: Mailer, session: Session, sessions: Sessions[Session], rpc: Rpc) -> None: ...
@pikku_sessionless_func
def sync(*, session: Session | None = None, rpc: SyncRpc) -> None: ...
"""


@pytest.fixture
def types(
    scan_project: Scan, registry: Registry, tmp_path: Path
) -> Callable[[str], tuple[TypesModule, list[str]]]:
    """The module for a project, and mypy's errors as places in the project."""

    def run(text: str) -> tuple[TypesModule, list[str]]:
        project = scan_project(text)
        module = check_types_module(project, registry)
        write_files(tmp_path / ".pikku", render_core(project))
        (tmp_path / "check.py").write_text(module.text)
        (tmp_path / "mypy.ini").write_text("[mypy]\nstrict = True\nmypy_path = .pikku/types\n")
        done = subprocess.run(
            [sys.executable, "-m", "mypy", "--no-pretty", "check.py"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        errors = [line.split(":", 3) for line in done.stdout.splitlines() if ": error:" in line]
        return module, [
            f"{module.places.get(int(line))}:{message}" if file == "check.py" else f"{file}:{line}"
            for file, line, _, message in errors
        ]

    return run


def test_services_of_the_right_type_pass(
    types: Callable[[str], tuple[TypesModule, list[str]]],
) -> None:
    module, errors = types(TYPED)
    assert errors == []
    assert "good(_0, database=_1, mailer=_2, session=_3, sessions=_4, rpc=_5)" in module.text


@pytest.mark.parametrize(
    ("right", "wrong", "place"),
    [
        (
            "database: Database, mailer: Mailer",
            "database: Mailer, mailer: Mailer",
            "app/functions.py:8",
        ),
        ("def mailer(*, database: Database)", "def mailer(*, database: int)", "app/services.py:9"),
        ("mailer: Mailer, session: Session", "mailer: Mailer, session: str", "app/functions.py:8"),
    ],
)
def test_a_service_of_the_wrong_type_is_found_at_its_function(
    types: Callable[[str], tuple[TypesModule, list[str]]], right: str, wrong: str, place: str
) -> None:
    assert right in TYPED
    _, errors = types(TYPED.replace(right, wrong))
    assert [":".join(error.split(":")[:2]) for error in errors] == [place]


RUNTIME = """\
# app/functions.py
from pikku_core import pikku_sessionless_func
@pikku_sessionless_func(tags=["a"])
async def ping() -> None: ...
# app/limits.py
from typing import Any
from pikku_core import Next, pikku_middleware
def limit(count: int) -> Any:
    @pikku_middleware
    async def check(next: Next) -> Any:
        return count, await next()
    return check
# app/wirings.py
from linekit import wire_line
from pikku_core import tag_middleware
from app.functions import ping
from app.limits import limit
shared = limit(3)
wire_line(verb="a", func=ping, middleware=[shared])
tag_middleware("x", [shared, limit(4)])
"""


@pytest.fixture
def differences(
    scan_project: Scan, registry: Registry, tmp_path: Path
) -> Callable[[str], list[str]]:
    def compare(text: str) -> list[str]:
        project = scan_project(text)
        found = runtime_differences(project, tmp_path, registry=registry, paths=[str(tmp_path)])
        assert {each.code for each in found} <= {"PKU785"}
        return [f"{each.location}: {each.message}" for each in found]

    return compare


def test_a_project_that_says_what_it_does_has_no_differences(
    differences: Callable[[str], list[str]],
) -> None:
    assert differences(RUNTIME) == []


def test_a_wiring_that_only_python_sees_is_found(differences: Callable[[str], list[str]]) -> None:
    (found,) = differences(RUNTIME + 'globals()["wire_line"](verb="hidden", func=ping)\n')
    assert found == (
        'app/wirings.py:8: "line:hidden" is declared when the module is imported, and the scan did not find it.'
    )


def test_a_value_that_another_module_changes_is_found(
    differences: Callable[[str], list[str]],
) -> None:
    source = (
        RUNTIME
        + "# app/settings.py\nVALUES = [1]\n# app/changes.py\nfrom app.settings import VALUES\nVALUES.append(2)\n"
    )
    source = source.replace(
        "shared = limit(3)",
        "from app.settings import VALUES\nimport app.changes\nshared = limit(3)",
    )
    source = source.replace("func=ping,", "func=ping, options=list(VALUES),")
    (found,) = differences(source)
    assert found.endswith('"line:a" is declared with other values than the scan found.')


def test_a_function_that_a_decorator_replaces_is_found(
    differences: Callable[[str], list[str]],
) -> None:
    source = RUNTIME.replace(
        "@pikku_sessionless_func(tags",
        "from app.deco import wider\n@wider\n@pikku_sessionless_func(tags",
    )
    (found,) = differences(
        source + "# app/deco.py\nfrom typing import Any\ndef wider(func: Any) -> Any:\n"
        "    async def inner(*, extra: int) -> None: ...\n    inner.__pikku__ = func.__pikku__\n    return inner\n"
    )
    assert "The function \"ping\" has the parameters ['extra'] when it is imported, and []" in found


def test_wirings_that_raise_are_named(differences: Callable[[str], list[str]]) -> None:
    found = differences(RUNTIME + "print(1 / 0)\n")
    assert found[0] == (
        'app/wirings.py:8: Importing "app.wirings" raised "ZeroDivisionError: division by zero".'
    )


def test_a_module_that_raises_in_another_is_named_where_it_does(
    differences: Callable[[str], list[str]],
) -> None:
    wirings = RUNTIME.replace("shared =", "import app.broken\nshared =")
    found = differences(f"{wirings}# app/broken.py\n\ndef fail() -> None:\n    1 / 0\nfail()\n")
    assert found[0].startswith('app/broken.py:3: Importing "app.wirings" raised')


def test_a_wiring_that_python_does_not_make_is_named_where_the_scan_found_it(
    differences: Callable[[str], list[str]],
) -> None:
    wirings = RUNTIME.replace("shared =", "import app.exits\nshared =")
    found = differences(f"{wirings}# app/exits.py\nraise SystemExit\n")
    assert found[1] == (
        'app/wirings.py:7: "line:a" was found by the scan, and importing the wirings does not declare it.'
    )


def test_a_wiring_that_cannot_be_made_is_named_where_it_stands(
    differences: Callable[[str], list[str]],
) -> None:
    found = differences(RUNTIME.replace("limit(count: int) -> Any:", "limit() -> Any:"))
    assert "app/wirings.py:6: " in found[0]
    assert 'Making "line:a" raised "TypeError' in found[0]


def limiter(count: int) -> Callable[[], int]:
    def check() -> int:
        return count

    return check


def test_functions_that_close_over_other_values_differ() -> None:
    assert Structures().of(limiter(3)) == Structures().of(limiter(3))
    assert Structures().of(limiter(3)) != Structures().of(limiter(4))


def test_one_thing_used_twice_is_told_from_two() -> None:
    shared = limiter(3)
    assert Structures().of([shared, shared]) != Structures().of([limiter(3), limiter(3)])


def test_values_of_different_types_differ() -> None:
    values: list[object] = [1, True, 1.0, "1", b"1", (1,), [1], {1}, {1: 1}, None, int, limiter]
    structures = [repr(Structures().of(value)) for value in values]
    assert len(set(structures)) == len(values)


def test_a_value_that_holds_itself_has_a_structure() -> None:
    class Node:
        def __init__(self) -> None:
            self.inner = self

    assert Structures().of(Node()) == Structures().of(Node())
