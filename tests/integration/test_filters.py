"""A part of a project: it serves what was kept, knows nothing of the rest, and imports and starts nothing of it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.errors import FunctionNotFoundError, ServiceStartError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.integration.conftest import Project, ProjectOf

pytestmark = pytest.mark.anyio

FILES = {
    "app/__init__.py": "",
    "app/models.py": """
        from pydantic import BaseModel

        class Order(BaseModel):
            item: str

        class Report(BaseModel):
            text: str
        """,
    "app/reports/__init__.py": "",
    "app/reports/types.py": """
        from pydantic import BaseModel

        class Period(BaseModel):
            month: str
        """,
    "app/reports/functions.py": """
        from __future__ import annotations

        from pikku_core import pikku_sessionless_func
        from app.models import Report
        from app.reports.types import Period
        from app.reports import heavy

        @pikku_sessionless_func(tags=["admin:reports"])
        async def report(data: Period, *, warehouse: heavy.Warehouse) -> Report:
            return Report(text=data.month)
        """,
    "app/reports/heavy.py": """
        from pikku_core import pikku_service

        raise RuntimeError("the warehouse was imported")

        class Warehouse: ...

        @pikku_service
        def warehouse() -> Warehouse:
            return Warehouse()
        """,
    "app/reports/guards.py": """
        from pikku_core import pikku_middleware

        raise RuntimeError("the guards of reports were imported")

        @pikku_middleware
        async def counted(next):
            return await next()
        """,
    "app/shop.py": """
        from __future__ import annotations

        from typing import TYPE_CHECKING

        from pikku_core import pikku_sessionless_func
        from app.models import Order

        if TYPE_CHECKING:
            from pikku_app import Rpc
            from app.services import Stock

        @pikku_sessionless_func(tags=["shop"])
        async def order(data: Order, *, stock: Stock, rpc: Rpc) -> str:
            return f"{data.item}: {stock.count}, {await rpc.thank(data)}"

        @pikku_sessionless_func
        async def thank(data: Order) -> str:
            return f"thank you for {data.item}"

        @pikku_sessionless_func(expose=True)
        async def version() -> str:
            return "1"
        """,
    "app/services.py": """
        from __future__ import annotations

        from dataclasses import dataclass

        from pikku_core import pikku_service

        STARTED: list[str] = []

        @dataclass
        class Stock:
            count: int

        @pikku_service
        def stock() -> Stock:
            STARTED.append("stock")
            return Stock(3)

        @pikku_service
        def idle() -> Stock:
            STARTED.append("idle")
            return Stock(0)
        """,
    "app/wirings.py": """
        from pikku_core import tag_middleware
        from pikku_http import http_middleware, wire_http
        from app.reports.functions import report
        from app.reports.guards import counted
        from app.shop import order, thank, version

        tag_middleware("admin", [counted])
        http_middleware("/reports*", [counted])
        wire_http(method="get", route="/reports/{month}", func=report)
        wire_http(method="post", route="/orders", func=order)
        wire_http(method="post", route="/orders/thanks", func=thank)
        wire_http(method="get", route="/version", func=version)
        """,
}


@pytest.fixture
def shop(project_of: ProjectOf) -> Project:
    """A shop whose reports cannot even be imported."""
    return project_of(FILES, generate=False)


def modules_of(project: Project) -> set[str]:
    """The project's modules that are imported."""
    return {name for name in sys.modules if name.startswith("app.")}


async def answers(project: Project) -> dict[str, int]:
    """The status of each route."""
    async with project.serve() as client:
        return {
            "report": (await client.get("/reports/may")).status_code,
            "order": (await client.post("/orders", json={"item": "tea"})).status_code,
            "thanks": (await client.post("/orders/thanks", json={"item": "tea"})).status_code,
            "version": (await client.get("/version")).status_code,
        }


async def test_the_whole_project_cannot_even_start(shop: Project) -> None:
    shop.generate()
    with pytest.raises(ServiceStartError, match="the warehouse was imported"):
        await answers(shop)


@pytest.mark.parametrize(
    ("filters", "statuses", "modules"),
    [
        (
            {"tags": ("shop",)},
            {"report": 404, "order": 200, "thanks": 404, "version": 404},
            {"app.models", "app.services", "app.shop"},
        ),
        (
            {"http-routes": ("/orders",)},
            {"report": 404, "order": 200, "thanks": 200, "version": 404},
            {"app.models", "app.services", "app.shop"},
        ),
        (
            {"http-routes": ("/orders/thanks",)},
            {"report": 404, "order": 404, "thanks": 200, "version": 404},
            {"app.models", "app.shop"},
        ),
        (
            {"http-methods": ("POST",), "exclude-names": ("thank",)},
            {"report": 404, "order": 200, "thanks": 404, "version": 404},
            {"app.models", "app.services", "app.shop"},
        ),
        (
            {"exclude-tags": ("admin",)},
            {"report": 404, "order": 200, "thanks": 200, "version": 200},
            {"app.models", "app.services", "app.shop"},
        ),
        (
            {"exclude-directories": ("app/reports",), "names": ("version",)},
            {"report": 404, "order": 404, "thanks": 404, "version": 200},
            {"app.models", "app.shop"},
        ),
    ],
)
async def test_what_was_kept_is_served_and_the_rest_is_neither_known_nor_imported(
    shop: Project,
    filters: Mapping[str, tuple[str, ...]],
    statuses: dict[str, int],
    modules: set[str],
) -> None:
    shop.generate(filters)
    assert await answers(shop) == statuses
    assert modules_of(shop) == modules


async def test_a_function_that_is_called_by_name_comes_along(shop: Project) -> None:
    shop.generate({"tags": ("shop",)})
    async with shop.serve() as client:
        answer = await client.post("/orders", json={"item": "tea"})
    assert answer.json() == "tea: 3, thank you for tea"


async def test_only_services_that_are_needed_are_started(shop: Project) -> None:
    shop.generate({"tags": ("shop",)})
    async with shop.load():
        assert sys.modules["app.services"].STARTED == ["stock"]


async def test_what_was_dropped_cannot_be_called_by_name(shop: Project) -> None:
    shop.generate({"names": ("version",)})
    async with shop.load() as app:
        assert app.functions() == ("version",)
        with pytest.raises(FunctionNotFoundError):
            app.record("report")


async def test_types_that_only_dropped_functions_have_are_not_imported(shop: Project) -> None:
    file = shop.root / "app/reports/types.py"
    file.write_text(f"{file.read_text()}\nraise RuntimeError('types of reports')\n")
    assert shop.build().failed
    result = shop.build({"exclude-directories": ("app/reports",)})
    assert not result.failed, result.diagnostics


def names_in(folder: Path) -> dict[str, Any]:
    """What generated files for tools say there is."""
    read = {path.name: json.loads(path.read_text()) for path in folder.rglob("*-meta*.gen.json")}
    return {name: sorted(content) for name, content in read.items()}


async def test_files_of_kinds_that_are_gone_are_removed(shop: Project) -> None:
    shop.generate()
    assert (shop.generated / "http").is_dir()
    settings = '[project]\nname = "shop"\n[tool.pikku.http]\nrpc = ""\n'
    shop.write({"pyproject.toml": settings})
    shop.generate({"exclude-wires": ("http",)})
    assert not (shop.generated / "http").exists()
    assert not (shop.generated / "middleware").exists()
    assert names_in(shop.generated)["pikku-functions-meta.gen.json"] == ["version"]


async def test_a_part_of_exposed_functions_serves_nothing_but_these(shop: Project) -> None:
    shop.generate({"wires": ("rpc",)})
    async with shop.serve() as client:
        assert (await client.post("/rpc/version")).json() == "1"
        assert (await client.get("/version")).status_code == 404
    shop.generate({"exclude-wires": ("rpc",), "http-routes": ("/version",)})
    async with shop.serve() as client:
        assert (await client.post("/rpc/version")).status_code == 404
        assert (await client.get("/version")).json() == "1"


async def test_the_same_filters_give_the_same_bytes_and_none_give_all_again(
    shop: Project,
) -> None:
    whole = {file.path: file.content for file in shop.build().files}
    part = shop.build({"tags": ("shop",), "exclude-names": ("thank",)})
    other = shop.build({"exclude-names": ("thank",), "tags": ("shop",)})
    assert (part.files, other.written) == (other.files, ())
    assert {file.path: file.content for file in shop.build().files} == whole
    again = shop.build({"tags": ("shop",), "exclude-names": ("thank",)})
    assert again.files == part.files


async def test_a_project_is_fresh_with_the_filters_that_made_it(shop: Project) -> None:
    shop.generate({"tags": ("shop",)})
    async with shop.serve(check_fresh=True) as client:
        assert (await client.get("/version")).status_code == 404
