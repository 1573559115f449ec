"""A light import is a feature: each case is measured in an interpreter of its own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PLUGINS = ["pikku_cli", "pikku_http", "pikku_mcp", "pikku_queue"]
# What `pikku_core.plugin` itself stands on; `zipp` comes with `importlib_metadata`.
PLATFORM = {"importlib_metadata", "pikku_core", "pluggy", "typing_extensions", "zipp"}
HEAVY = {
    "celery",
    "httptools",
    "joserfc",
    "mcp",
    "opentelemetry",
    "pikku_cli",
    "pikku_http",
    "pikku_mcp",
    "pikku_queue",
    "pydantic",
    "redis",
    "rich",
    "typer",
    "uvicorn",
    "uvloop",
    "watchfiles",
}


def loaded_by(statement: str) -> set[str]:
    """The modules that a statement adds to those of a bare interpreter."""
    program = (
        "import json, sys\n"
        "before = set(sys.modules)\n"
        f"{statement}\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))\n"
    )
    command = [sys.executable, "-c", program]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout))


def top_level(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names)


def test_importing_the_core_loads_no_transport_and_no_heavy_library() -> None:
    assert top_level(loaded_by("import pikku_core")) & HEAVY == set()


def test_importing_the_core_loads_neither_scanner_nor_generator_nor_runtime() -> None:
    parts = {".".join(module.split(".")[:2]) for module in loaded_by("import pikku_core")}
    assert parts & {"pikku_core.scan", "pikku_core.codegen", "pikku_core.runtime"} == set()


def test_importing_the_codecs_protocol_loads_no_pydantic() -> None:
    assert "pydantic" not in top_level(loaded_by("import pikku_core.schema"))


def test_importing_the_plugin_platform_loads_only_what_it_stands_on() -> None:
    assert top_level(loaded_by("import pikku_core.plugin")) - PLATFORM == set()


@pytest.mark.parametrize("package", PLUGINS)
def test_importing_a_plugin_loads_only_the_plugin_platform(package: str) -> None:
    modules = top_level(loaded_by(f"import {package}.plugin"))
    assert modules - PLATFORM == {package}


@pytest.mark.parametrize("package", PLUGINS)
def test_importing_a_plugin_loads_no_other_module_of_its_package(package: str) -> None:
    own = {module for module in loaded_by(f"import {package}.plugin") if module.startswith(package)}
    assert own == {package, f"{package}.plugin"}
