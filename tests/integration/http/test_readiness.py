"""Checks of readiness in generated projects: they go where their services go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2 as httpx
import pytest
from tests.integration.http.conftest import SERVE, running

from pikku_http import create_app
from pikku_http.testing.client import concurrent_client

if TYPE_CHECKING:
    from tests.integration.conftest import Project, ProjectOf
    from tests.integration.http.conftest import Generated

pytestmark = pytest.mark.anyio

FILES = {
    "app/__init__.py": "",
    "app/shop.py": """
        from pikku_core import pikku_sessionless_func
        from pikku_http import wire_http

        @pikku_sessionless_func(tags=["shop"])
        async def browse() -> str:
            return "tea"

        wire_http(method="get", route="/goods", func=browse)
        """,
    "app/office.py": """
        from pikku_core import pikku_service, pikku_sessionless_func
        from pikku_http import http_readiness, wire_http

        class Ledger:
            pass

        @pikku_service
        def ledger() -> Ledger:
            return Ledger()

        @pikku_sessionless_func(tags=["office"])
        async def total(*, ledger: Ledger) -> int:
            return 3

        async def answers(ledger: Ledger) -> bool:
            return True

        wire_http(method="get", route="/total", func=total)
        http_readiness("ledger", answers, timeout=1)
        """,
}


async def readiness(project: Project) -> object:
    application = create_app(project.generated)
    async with application.running(), concurrent_client(application) as http:
        return (await http.get("/readyz")).json()


async def test_the_services_of_a_project_are_asked(project_of: ProjectOf) -> None:
    found = await readiness(project_of(FILES))
    assert found == {"status": "ready", "checks": {"ledger": "ok"}}


async def test_a_part_without_the_service_has_no_check_of_it(project_of: ProjectOf) -> None:
    project = project_of(FILES, generate=False)
    project.generate({"tags": ("shop",)})
    assert await readiness(project) == {"status": "ready"}
    generated = [file.read_text() for file in project.generated.rglob("*.py")]
    assert not any("office" in text for text in generated)


async def test_a_check_of_no_service_is_a_diagnostic_at_its_line(project_of: ProjectOf) -> None:
    files = FILES | {"app/office.py": FILES["app/office.py"].replace('("ledger"', '("legder"')}
    project = project_of(files, generate=False)
    (found,) = project.build().diagnostics
    assert (found.code, str(found.location)) == ("PKU915", "app/office.py:19")
    assert 'Did you mean "ledger"' in found.hint


def test_a_server_stops_although_a_check_hangs(generated: Generated) -> None:
    office = FILES["app/office.py"].replace("timeout=1", "timeout=0.1")
    office = office.replace("async def answers", "def answers")
    office = office.replace("return True", "return threading.Event().wait()")
    office = office.replace("from pikku_core", "import threading\n        from pikku_core", 1)
    root = generated(FILES | {"app/office.py": office})
    with running(root, SERVE) as server:
        asked = httpx.get(f"{server.url}/readyz")
        assert asked.json() == {"status": "not ready", "checks": {"ledger": "timed out"}}
        server.stop()
