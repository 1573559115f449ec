"""What can follow the words of a command line."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pikku_cli.completion.words import candidates
from pikku_cli.main import command_line
from pikku_core.plugin import Command, CommandContext, Filter, WiringKind
from pikku_core.plugin.context import set_current_command
from pikku_core.plugin.registry import PluginRow, PluginStatus, Provider, Registry
from pikku_core.settings import read_raw

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = '''
from enum import StrEnum
from typing import Annotated
import typer
from pikku_cli.completion.values import function_names

class Colour(StrEnum):
    RED = "red"
    ROSE = "rose"

def every(*, strict: bool = False) -> None:
    """All."""

def paint(
    name: Annotated[str, typer.Argument(autocompletion=function_names)],
    more: Annotated[list[str] | None, typer.Argument()] = None,
    *,
    colour: Annotated[Colour, typer.Option("--colour", "-c", help="Which.")] = Colour.RED,
    tag: Annotated[list[str] | None, typer.Option("--tag")] = None,
    dry: bool = False,
) -> None:
    """Paint."""
'''
SETTINGS = """
[tool.pikku.filters]
admin.names = ["a"]
public.names = ["p"]
"""
FUNCTIONS = {"greet": {"tags": ["a", "b"]}, "leave": {"tags": ["b"]}}


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A tool with three commands in a project that was generated."""
    (tmp_path / "acme_paint.py").write_text(COMMANDS)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "acme_paint", raising=False)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    meta = tmp_path / ".pikku/function/pikku-functions-meta.gen.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps(FUNCTIONS))
    named = {
        "all": Command(name="all", help="All.", target="acme_paint:every", filters=True),
        "wall list": Command(name="wall list", help="Lists.", target="acme_paint:every"),
        "wall paint": Command(name="wall paint", help="Paints.", target="acme_paint:paint"),
    }
    filters = {
        "names": Filter(name="names", help="Names.", values="a:b"),
        "tags": Filter(name="tags", help="Tags.", values="a:b"),
        "target": Filter(name="target", help="Where.", values="a:b", choices=("server", "edge")),
    }
    provider = Provider(distribution="acme-paint", plugin="paint", version="1")
    row = PluginRow(provider=provider, status=PluginStatus.ACTIVE)
    made = Registry(commands=named, filters=filters, plugins=(row,))
    set_current_command(CommandContext(registry=made, raw=read_raw(tmp_path)))
    return made


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "all wall"),
        ("a", "all"),
        ("wall ", "list paint"),
        ("wall p", "paint"),
        ("nowhere ", "all wall"),
        ("wall paint --", "--colour --disable-plugin --dry --no-dry --no-plugins --project --tag"),
        ("wall paint --colour ", "red rose"),
        ("wall paint --colour=ro", "--colour=rose"),
        ("wall paint --colour = ro", "rose"),
        ("wall paint -c r", "red rose"),
        ("wall paint ", "greet leave"),
        ("wall paint g", "greet"),
        ("wall paint greet ", ""),
        ("wall paint --colour red g", "greet"),
        ("wall paint --dry --dr", ""),
        ("wall paint --tag x --ta", "--tag"),
        ("wall paint -- --", ""),
        ("--strict", "--strict"),
        ("--version", "--version"),
        ("wall list --vers", ""),
        ("--disable-plugin ", "paint"),
        ("--project x wall l", "list"),
        ("all --filter ", "admin public"),
        ("all --filter admin,p", "admin,public"),
        ("--tags ", "a b"),
        ("--exclude-tags a,", "a,a a,b"),
        ("all --names l", "leave"),
        ("all --target ", "server edge"),
    ],
)
def test_what_can_follow(registry: Registry, line: str, words: str) -> None:
    found = candidates(command_line(registry), line.split(" "))
    assert [one.word for one in found] == words.split()


def test_each_candidate_says_what_it_means(registry: Registry) -> None:
    (found,) = candidates(command_line(registry), ["wall", "paint", "--col"])
    assert found == ("--colour", "Which.")
    (found,) = candidates(command_line(registry), ["wall", "p"])
    assert found == ("paint", "Paints.")


def test_without_generated_files_no_functions_are_known(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / ".pikku/function/pikku-functions-meta.gen.json").write_text("{")
    assert candidates(command_line(registry), ["wall", "paint", ""]) == []


def test_only_kinds_that_the_project_has_wirings_of_are_offered(
    registry: Registry, tmp_path: Path
) -> None:
    kinds = {name: WiringKind(name=name, title=name) for name in ("line", "post")}
    wires = Filter(name="wires", help="Wires.", values="a:b")
    made = replace(registry, wiring_kinds=kinds, filters={**registry.filters, "wires": wires})
    set_current_command(CommandContext(registry=made, raw=read_raw(tmp_path)))
    meta = tmp_path / ".pikku/post/pikku-post-wirings-meta.gen.json"
    meta.parent.mkdir()
    meta.write_text("{}")
    found = candidates(command_line(made), ["all", "--wires", ""])
    assert [one.word for one in found] == ["post", "rpc"]
