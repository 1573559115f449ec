"""What a type checker of a generated project passes, and what it finds, each mistake at its line."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.integration.conftest import Project, ProjectOf

Check: TypeAlias = Callable[..., list[str]]

FILES = {
    "pyproject.toml": """
        [project]
        name = "shop"

        [tool.pikku]
        source = ["shop"]

        [tool.mypy]
        strict = true
        mypy_path = ".pikku/types"

        [tool.pyright]
        typeCheckingMode = "strict"
        extraPaths = [".pikku/types"]
        """,
    "shop/__init__.py": "",
    "shop/models.py": """
        from dataclasses import dataclass

        from pydantic import BaseModel


        class Order(BaseModel):
            number: int


        class Receipt(BaseModel):
            text: str


        @dataclass
        class Parcel:
            weight: float
        """,
    "shop/services.py": """
        from __future__ import annotations

        from collections.abc import AsyncIterator

        from pikku_core import Logger, pikku_service


        class Printer:
            def line(self, number: int) -> str:
                return f"order {number}"


        @pikku_service
        async def printer(*, logger: Logger) -> AsyncIterator[Printer]:
            logger.info("warming up")
            yield Printer()
        """,
    "shop/functions.py": """
        from __future__ import annotations

        from typing import TYPE_CHECKING

        from pikku_core import pikku_func, pikku_permission, pikku_sessionless_func
        from pikku_http import Http
        from shop.models import Order, Parcel, Receipt
        from shop.services import Printer
        from shop.session import Session

        if TYPE_CHECKING:
            from pikku_app import Rpc, SyncRpc


        @pikku_sessionless_func(title="Take an order", tags=["orders"])
        async def take_order(data: Order, *, printer: Printer, http: Http | None = None) -> Receipt:
            if http is not None:
                http.set_header("x-number", str(data.number))
            return Receipt(text=printer.line(data.number))


        @pikku_func
        async def weigh(data: Parcel, *, session: Session, rpc: Rpc) -> float:
            receipt = await rpc.take_order(Order(number=len(session.user)))
            return data.weight + len(receipt.text)


        @pikku_sessionless_func
        def ship(*, rpc: SyncRpc) -> list[Receipt]:
            return [rpc.take_order(Order(number=1))]


        @pikku_permission
        async def is_small(data: Parcel) -> bool:
            return data.weight < 1


        @pikku_permission
        async def is_signed_in(*, session: Session | None) -> bool:
            return session is not None
        """,
    "shop/session.py": """
        from pikku_core import pikku_session
        from pydantic import BaseModel


        @pikku_session
        class Session(BaseModel):
            user: str
        """,
    "shop/wirings.py": """
        from pikku_http import wire_http
        from shop.functions import is_signed_in, is_small, ship, take_order, weigh

        wire_http(method="post", route="/orders", func=take_order, permissions=[is_signed_in])
        wire_http(method="post", route="/parcels", func=weigh, permissions={"small": [is_small, is_signed_in]})
        wire_http(method="post", route="/shipments", func=ship)
        """,
    "use.py": """
        from __future__ import annotations

        from typing import TYPE_CHECKING

        from shop.functions import ship, take_order
        from shop.models import Order, Receipt
        from shop.services import Printer

        if TYPE_CHECKING:
            from pikku_app import Rpc, SyncRpc


        async def direct() -> Receipt:
            return await take_order(Order(number=1), printer=Printer())


        async def by_name(rpc: Rpc) -> Receipt:
            return await rpc.take_order(Order(number=1))


        async def by_string(rpc: Rpc) -> Receipt:
            return await rpc.invoke("take_order", Order(number=1))


        def blocking(rpc: SyncRpc) -> list[Receipt]:
            return ship(rpc=rpc)
        """,
}
MISTAKES = {
    "a call by name with other data": "return await rpc.take_order(Parcel(weight=1))",
    "a call by string with other data": 'return await rpc.invoke("take_order", Parcel(weight=1))',
    "a call by name without data": "return await rpc.take_order()",
    "an unknown name": "return await rpc.take_ordr(Order(number=1))",
    "a result taken for another": "text: str = await rpc.take_order(Order(number=1)); return text",
    "a direct call with other data": "return await take_order(Parcel(weight=1), printer=Printer())",
    "a direct call without a service": "return await take_order(Order(number=1))",
    "a direct call with another service": 'return await take_order(Order(number=1), printer="x")',
    "a direct call with an unknown service": "return await take_order(Order(number=1), printer=Printer(), mailer=1)",
}
HEAD = """from __future__ import annotations

from typing import TYPE_CHECKING

from shop.functions import take_order
from shop.models import Order, Parcel
from shop.services import Printer

if TYPE_CHECKING:
    from pikku_app import Rpc


def using() -> object:
    return (Order, Parcel, Printer, take_order)
"""


def mypy(project: Path, *files: str) -> list[str]:
    """Where mypy finds errors: `file:line`, sorted."""
    output = run("mypy", "--no-pretty", "--no-error-summary", *files, cwd=project)
    return sorted(set(re.findall(r"^([^:\n]+:\d+): error:", output, re.MULTILINE)))


def pyright(project: Path, *files: str) -> list[str]:
    """Where pyright finds errors: `file:line`, sorted."""
    python = ("--pythonpath", sys.executable)
    output = json.loads(run("pyright", "--outputjson", *python, *files, cwd=project))
    found: list[str] = []
    for one in output["generalDiagnostics"]:
        if one["severity"] == "error":
            file = Path(one["file"]).relative_to(project).as_posix()
            found.append(f"{file}:{one['range']['start']['line'] + 1}")
    return sorted(set(found))


def run(tool: str, *arguments: str, cwd: Path) -> str:
    """What a tool prints, whether or not it is content."""
    command = [sys.executable, "-m", tool, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def project(shared_project_of: ProjectOf) -> Project:
    return shared_project_of(FILES, name="shop")


@pytest.fixture(scope="module", params=[mypy, pyright], ids=["mypy", "pyright"])
def check(request: pytest.FixtureRequest) -> Check:
    checker: Check = request.param
    return checker


@pytest.fixture(scope="module")
def found(check: Check, project: Project) -> list[str]:
    """What a checker finds in modules with one mistake each."""
    for number, mistake in enumerate(MISTAKES.values()):
        source = f"{HEAD}\n\nasync def wrong(rpc: Rpc) -> object:\n    {mistake}\n"
        (project.root / f"mistake_{number}.py").write_text(source)
    return check(project.root, *sorted(file.name for file in project.root.glob("mistake_*.py")))


def test_a_correct_project_passes(check: Check, project: Project) -> None:
    assert check(project.root, "shop", "use.py") == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_at_its_line(mistake: str, found: list[str]) -> None:
    file = f"mistake_{list(MISTAKES).index(mistake)}.py"
    line = len(HEAD.splitlines()) + 4
    assert [place for place in found if place.startswith(f"{file}:")] == [f"{file}:{line}"]


@pytest.fixture
def copy(project: Project, tmp_path: Path) -> Path:
    """The project, to make a mistake in it."""
    return shutil.copytree(project.root, tmp_path / "shop", ignore=shutil.ignore_patterns("mist*"))


def change(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def test_a_permission_for_other_data_is_found_by_the_scan(
    project: Project, project_of: ProjectOf
) -> None:
    wirings = FILES["shop/wirings.py"].replace("[is_signed_in])", "[is_small])")
    problems = project_of(FILES | {"shop/wirings.py": wirings}, generate=False).problems()
    assert [place for _, place in problems] == ["shop/wirings.py:4"]


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_service_of_another_type_is_found_at_the_function_that_asks_for_it(
    checker: str, copy: Path
) -> None:
    change(
        copy / "shop/functions.py",
        "data: Order, *, printer: Printer",
        "data: Order, *, printer: str",
    )
    change(copy / "shop/functions.py", "printer.line(data.number)", "printer")
    assert checked(copy, checker) == ["shop/functions.py:16"]


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_correct_project_passes_the_check_of_types(checker: str, copy: Path) -> None:
    assert checked(copy, checker) == []


def checked(project: Path, checker: str) -> list[str]:
    """Where `pikku check --types` finds errors with one of the checkers."""
    hidden = "pyright" if checker == "mypy" else "mypy"
    program = (
        "import importlib.util, sys\n"
        "find = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda name, *more: None if name == {hidden!r} else find(name, *more)\n"
        "from pikku_cli.main import main\n"
        "sys.argv = ['pikku', 'check', '--types']\n"
        "main()\n"
    )
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    output = result.stdout + result.stderr
    places = re.findall(r"^(\S+:\d+)\b.*PKU790", output, re.MULTILINE)
    assert bool(places) == bool(result.returncode), output
    return sorted(set(places))
