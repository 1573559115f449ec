from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pikku_core.build import build
from pikku_core.errors import DeclarationError
from pikku_core.plugin.loader import registry_of
from pikku_core.runtime import Host
from pikku_core.settings import SettingsError, load_settings

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
from pikku_core import pikku_sessionless_func

@pikku_sessionless_func
async def greet(data: str) -> str:
    return f"Hello, {data}!"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIKKU_PLUGINS", "")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "host_project.py").write_text(SOURCE)
    (tmp_path / "pyproject.toml").write_text('[tool.pikku]\nsource = ["host_project.py"]\n')
    generate(tmp_path)
    return tmp_path


def generate(root: Path) -> None:
    registry = registry_of()
    result = build(root, settings=load_settings(root, registry), registry=registry)
    assert result.diagnostics == ()


@pytest.mark.anyio
async def test_a_program_of_its_own_loads_a_project(project: Path) -> None:
    host = Host.load(project / ".pikku")
    async with host.app as app:
        assert await app.invoke("greet", "Ada") == "Hello, Ada!"


@pytest.mark.anyio
async def test_the_modules_of_a_project_with_src_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIKKU_PLUGINS", "")
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/host_in_src.py").write_text(SOURCE)
    generate(tmp_path)
    async with Host.load(tmp_path / ".pikku").app as app:
        assert await app.invoke("greet", "Ada") == "Hello, Ada!"


def test_nothing_is_mounted_where_no_plugin_offers_anything(project: Path) -> None:
    assert Host.load(project / ".pikku").mounts("http") == []


def test_a_plugin_that_the_project_turns_off_is_not_loaded(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIKKU_PLUGINS")
    generate(project)
    everything = [row.provider.plugin for row in Host.load(project / ".pikku").registry.plugins]
    text = (project / "pyproject.toml").read_text()
    off = [name for name in everything if name != "core"]
    (project / "pyproject.toml").write_text(f"{text}plugins.disabled = {off}\n")
    generate(project)
    rows = Host.load(project / ".pikku").registry.plugins
    assert [str(row.status) for row in rows] == ["active", *["disabled"] * len(off)]


def test_a_missing_project_gives_the_command(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="run `pikku`"):
        Host.load(tmp_path / ".pikku")


def test_an_unknown_setting_is_refused(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.pikku]\nsauce = []\n")
    with pytest.raises((SettingsError, DeclarationError), match=r"sauce|settings"):
        Host.load(project / ".pikku")
