"""What a plugin brings to a project, from its hooks to an answer."""

from __future__ import annotations

import sys
from importlib import import_module
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from pikku_core.plugin.loader import registry_of
from pikku_http import plugin as http

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.conftest import ProjectOf

    from pikku_core.plugin.registry import Registry

pytestmark = pytest.mark.anyio

PLUGIN = """
    from pikku_core import pikku_service
    from pikku_core.plugin import (
        Diagnostic, DiagnosticCode, GeneratedFile, Generator, ProjectCheck, ServiceDeclaration, WireParameter, hookimpl,
    )

    pikku_plugin_api = 1

    @pikku_service
    def greeter() -> str:
        return "the plugin's"

    def names(project):
        text = "".join(f"{function}\\n" for function in project.functions)
        return [GeneratedFile(path="acme/names.txt", content=text)]

    def types(project):
        text = "class Greeter(str): ...\\n"
        return [GeneratedFile(path="types/pikku_app/acme/greeters.pyi", content=text)]

    def no_shouting(project):
        for function in project.functions.values():
            if function.id.isupper():
                yield Diagnostic(code="ACME001", message=f'"{function.id}" shouts.', location=function.location)

    def broken(project):
        raise ZeroDivisionError("in the plugin")

    @hookimpl
    def pikku_services():
        return [ServiceDeclaration(name="greeter", factory="acme_greet:greeter")]

    @hookimpl
    def pikku_generators():
        typed = Generator(
            name="acme.types",
            outputs=("types/pikku_app/acme/greeters.pyi",),
            render="acme_greet:types",
            exports=(("Greeter", "pikku_app.acme.greeters"),),
        )
        return [Generator(name="acme.names", outputs=("acme/*",), render="acme_greet:names"), typed]

    @hookimpl
    def pikku_wire_parameters():
        return [WireParameter(name="greeter", type="pikku_app:Greeter", sync_type="pikku_app:SyncGreeter")]

    @hookimpl
    def pikku_diagnostic_codes():
        return [DiagnosticCode(code="ACME001", title="Shouting", explanation="Use small letters.")]

    @hookimpl
    def pikku_project_checks():
        return [ProjectCheck(name="acme.shouting", check="acme_greet:no_shouting")]
    """
FUNCTIONS = """
    from pikku_core import pikku_sessionless_func
    from pikku_http import wire_http

    @pikku_sessionless_func
    async def greet(*, greeter: str) -> str:
        return greeter

    wire_http(method="get", route="/", func=greet)
    """
OWN = """
    from pikku_core import pikku_service

    @pikku_service
    def greeter() -> str:
        return "the project's"
    """


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """HTTP and a stranger's plugin."""
    folder = tmp_path / "installed"
    folder.mkdir()
    (folder / "acme_greet.py").write_text(dedent(PLUGIN))
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    monkeypatch.delitem(sys.modules, "acme_greet", raising=False)
    return registry_of(http, import_module("acme_greet"))


async def test_a_service_of_a_plugin_is_given_to_who_asks(
    acme: Registry, project_of: ProjectOf
) -> None:
    project = project_of({"app.py": FUNCTIONS}, registry=acme)
    async with project.serve(check_fresh=False) as client:
        assert (await client.get("/")).json() == "the plugin's"


async def test_a_service_of_the_project_goes_before_a_plugins(
    acme: Registry, project_of: ProjectOf
) -> None:
    project = project_of({"app.py": FUNCTIONS, "own.py": OWN}, registry=acme)
    async with project.serve(check_fresh=False) as client:
        assert (await client.get("/")).json() == "the project's"


def test_a_generator_of_a_plugin_writes_beside_ours(acme: Registry, project_of: ProjectOf) -> None:
    project = project_of({"app.py": FUNCTIONS}, registry=acme)
    assert (project.generated / "acme" / "names.txt").read_text() == "greet\n"


def test_a_type_of_a_plugin_is_a_name_of_pikku_app(acme: Registry, project_of: ProjectOf) -> None:
    project = project_of({"app.py": FUNCTIONS}, registry=acme)
    root = (project.generated / "types/pikku_app/__init__.pyi").read_text()
    assert "from pikku_app.acme.greeters import Greeter as Greeter\n" in root


def test_a_sync_function_that_asks_for_the_awaited_form_is_told(
    acme: Registry, project_of: ProjectOf
) -> None:
    source = FUNCTIONS.replace("async def", "def").replace("greeter: str", "greeter: Greeter")
    source = source.replace("from pikku_http", "from pikku_app import Greeter\n    from pikku_http")
    project = project_of({"app.py": source}, registry=acme, generate=False)
    assert project.problems() == [("PKU752", "app.py:6")]


def test_what_a_plugin_no_longer_generates_is_removed(
    acme: Registry, registry: Registry, project_of: ProjectOf
) -> None:
    files = {"app.py": FUNCTIONS, "own.py": OWN}
    project_of(files, registry=acme)
    project = project_of(files, registry=registry)
    assert not (project.generated / "acme").exists()


def test_a_check_of_a_plugin_reports_at_the_place(acme: Registry, project_of: ProjectOf) -> None:
    files = {"app.py": FUNCTIONS.replace("greet(", "GREET(").replace("func=greet", "func=GREET")}
    project = project_of(files, registry=acme, generate=False)
    assert project.problems() == [("ACME001", "app.py:5")]


@pytest.mark.parametrize("hook", ["names", "no_shouting"], ids=["generator", "check"])
def test_a_plugin_that_raises_is_named_and_nothing_is_written(
    hook: str, acme: Registry, project_of: ProjectOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = import_module("acme_greet")
    monkeypatch.setattr(plugin, hook, plugin.broken)
    project = project_of({"app.py": FUNCTIONS}, registry=acme, generate=False)
    (found,) = project.build().diagnostics
    assert "acme_greet" in found.message
    assert "ZeroDivisionError: in the plugin" in found.message
    assert not (project.generated / "pikku_bootstrap_gen.py").exists()
