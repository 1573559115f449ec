"""What serves a project is the runtime and the project alone: no plugin manager, no scanner, no module of wirings."""

from __future__ import annotations

import json
import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from pikku_core.build import build
from pikku_core.plugin.loader import load_plugins
from pikku_core.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

MODULES = {
    "pyproject.toml": '[project]\nname = "shop"\n',
    "shop/__init__.py": "",
    "shop/functions.py": """
        from __future__ import annotations

        import sys
        from typing import TYPE_CHECKING

        from pikku_core import pikku_sessionless_func

        if TYPE_CHECKING:
            from pikku_app import Rpc

        def stack() -> list[str]:
            frame = sys._getframe(1)
            files: list[str] = []
            while frame:
                files.append(frame.f_code.co_filename)
                frame = frame.f_back
            return files

        @pikku_sessionless_func
        async def inner(*, clock: str) -> list[str]:
            return stack()

        @pikku_sessionless_func
        async def outer(*, rpc: Rpc) -> list[str]:
            return await rpc.inner()

        @pikku_sessionless_func
        async def modules() -> list[str]:
            return sorted(sys.modules)
        """,
    "shop/services.py": """
        from pikku_core import pikku_service

        @pikku_service
        def clock() -> str:
            return "noon"
        """,
    "shop/guards.py": """
        from typing import Any

        from pikku_core import Next, pikku_middleware

        @pikku_middleware
        async def passing(next: Next) -> Any:
            return await next()
        """,
    "shop/wirings.py": """
        from pikku_core import global_middleware
        from pikku_http import wire_http
        from shop.functions import inner, modules, outer
        from shop.guards import passing

        wire_http(method="get", route="/inner", func=inner)
        wire_http(method="get", route="/outer", func=outer)
        wire_http(method="get", route="/modules", func=modules)
        global_middleware([passing])
        """,
    "shop/unused.py": """
        from pikku_core import pikku_sessionless_func

        @pikku_sessionless_func
        async def unused() -> str:
            return "unused"
        """,
}
ASK = """
import asyncio, json, sys
from httpx2 import ASGITransport, AsyncClient

async def ask(application, path):
    async with AsyncClient(transport=ASGITransport(application), base_url="http://shop") as client:
        answer = await client.get(path)
        return answer.raise_for_status().json()
"""
BY_APP = (
    ASK
    + """
from pikku_core import App
from pikku_http import HttpApplication

async def main(path):
    async with App.load(".pikku", check_fresh={fresh}) as app:
        application = HttpApplication(app)
        application.open()
        return await ask(application, path)

print(json.dumps(asyncio.run(main(sys.argv[1]))))
"""
)
BY_FACTORY = (
    ASK
    + """
from pikku_http import create_app

async def main(path):
    application = create_app()
    started, done = asyncio.Event(), asyncio.Event()

    async def receive():
        if started.is_set():
            await done.wait()
            return {"type": "lifespan.shutdown"}
        return {"type": "lifespan.startup"}

    async def send(message):
        started.set()

    lifespan = asyncio.create_task(application({"type": "lifespan"}, receive, send))
    await started.wait()
    answer = await ask(application, path)
    done.set()
    await lifespan
    return answer

print(json.dumps(asyncio.run(main(sys.argv[1]))))
"""
)
PROGRAMS = {
    "App.load": BY_APP.replace("{fresh}", "True"),
    "App.load of a bundle": BY_APP.replace("{fresh}", "False"),
    "create_app": BY_FACTORY,
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated project."""
    root = tmp_path_factory.mktemp("shop")
    for path, text in MODULES.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(dedent(text))
    registry = load_plugins()
    result = build(root, settings=load_settings(root, registry), registry=registry)
    assert not result.failed, result.diagnostics
    return root


def asked(shop: Path, program: str, path: str) -> list[str]:
    """What a process of its own answers to one request."""
    command = [sys.executable, "-c", PROGRAMS[program], path]
    result = subprocess.run(command, cwd=shop, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    answer: list[str] = json.loads(result.stdout)
    return answer


@pytest.mark.parametrize("path", ["/inner", "/outer"])
def test_no_frame_of_the_plugin_manager_is_in_a_call(path: str, shop: Path) -> None:
    frames = asked(shop, "create_app", path)
    assert any(frame.endswith("pikku_http/http/application.py") for frame in frames)
    assert not [frame for frame in frames if "pluggy" in frame or "pikku_core/plugin" in frame]


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_serving_process_has_neither_scanner_nor_generator(program: str, shop: Path) -> None:
    loaded = asked(shop, program, "/modules")
    tools = ("pikku_core.build", "pikku_core.codegen.", "pikku_core.scan.", "typer")
    found = {name for name in loaded if name.startswith(tools)}
    # The texts of diagnostics are constants.
    assert not {name for name in found if "codes" not in name.split(".")}


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_module_of_wirings_is_imported(program: str, shop: Path) -> None:
    loaded = asked(shop, program, "/modules")
    own = [name for name in loaded if name.partition(".")[0] == "shop"]
    assert own == ["shop", "shop.functions", "shop.guards", "shop.services"]


def test_a_process_without_plugins_loads_no_plugin_manager(shop: Path) -> None:
    assert "pluggy" not in asked(shop, "App.load of a bundle", "/modules")
