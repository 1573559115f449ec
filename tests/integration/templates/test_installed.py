"""A plugin and an addon that `pikku new` wrote, installed, and used by a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.templates.conftest import Folder

USE = """
from __future__ import annotations

from typing import TYPE_CHECKING

from acme_addon.functions import Message
from acme_plugin import wire_acme_plugin
from pikku_core import pikku_sessionless_func, wire_addon

if TYPE_CHECKING:
    from pikku_app import Rpc

wire_addon(name="mail", package="acme_addon")


@pikku_sessionless_func
async def announce(data: list[str], *, rpc: Rpc) -> list[int]:
    sent = [await rpc.mail.send(Message(to=name, text="Hello")) for name in data]
    return [receipt.number for receipt in sent]


wire_acme_plugin(name="announce", func=announce)
"""
CALL = """
import asyncio
from acme_plugin.runner import Runner
from pikku_core import App

async def main():
    async with App.load(".pikku") as app:
        print((await Runner(app).answer(b'announce ["ada", "grace"]')).decode())

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def site(written: dict[str, Folder], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder that both are installed into, apart from the environment that runs the tests."""
    target = tmp_path_factory.mktemp("site")
    for name in ("addon", "plugin"):
        options = ("--quiet", "--no-build-isolation", "--no-deps", "--target", str(target))
        written[name].run("pip", "install", *options, ".")
    return str(target)


def test_a_project_calls_the_addon_behind_the_transport(
    written: dict[str, Folder], site: str, tmp_path: Path
) -> None:
    folder = type(written["project"])(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.pikku]\nsource = ["shop"]\n')
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/main.py").write_text(USE.lstrip())
    assert "2 functions, 1 acme_plugin, 1 service" in folder.pikku(PYTHONPATH=site)
    folder.pikku("check", "--runtime", PYTHONPATH=site)
    (tmp_path / "call.py").write_text(CALL)
    assert folder.run("call", PYTHONPATH=site) == "ok [1,2]\n"
