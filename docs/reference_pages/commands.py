"""Every command with its arguments and options, read from the commands themselves."""

from __future__ import annotations

import ast
import inspect
import re
from typing import TYPE_CHECKING, Any

from pikku_cli.exits import ExitCode
from pikku_cli.main import command_line
from reference_pages.markdown import code, fragment, page, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pikku_core.plugin.registry import Registry

INTRODUCTION = (
    "`pikku COMMAND --help` shows the same. `pikku` without a command is `pikku all`. Commands of plugins stand among "
    "these; `pikku --help` lists those of what is installed."
)
OWN = "pikku-cli"
DEFAULT = re.compile(
    r"\s*\[(?:(?P<before>[^\[\]]*); )?default: (?P<value>[^;\]]*)(?P<after>;[^\]]*)?\]"
)


def render(registry: Registry) -> str:
    """The page."""
    tool = command_line(registry)
    context = tool.make_context("pikku", [], resilient_parsing=True)
    parts = ["## For every command", "They may stand before or after the command."]
    parts += [options(tool, context), "## Exit codes", exit_codes()]
    for name, declaration in registry.commands.items():
        command, inside = loaded(tool, name)
        owner = registry.provider(declaration).distribution
        parts += [f"## pikku {name}", "" if owner == OWN else f"Comes with {owner}.", command.help]
        parts += [fragment(usage(name, command, inside), "text"), options(command, inside)]
    return page("Commands", INTRODUCTION, *parts)


def loaded(tool: Any, name: str) -> tuple[Any, Any]:
    """A command as Typer parses it, and the context in which it describes itself."""
    group = tool
    for word in name.split():
        group = group.commands[word]
    context = group.make_context(name, [], resilient_parsing=True)
    return context.command, context


def usage(name: str, command: Any, context: Any) -> str:
    """How a command is called."""
    return " ".join(["pikku", name, *command.collect_usage_pieces(context)])


def options(command: Any, context: Any) -> str:
    """The arguments and options of a command: how they are written, what they mean, what holds without them."""
    found = list(rows(command, context))
    return table(("option", "meaning", "default"), found) if found else ""


def rows(command: Any, context: Any) -> Iterator[tuple[str, str, str]]:
    """A row for each argument and option that is shown."""
    for parameter in command.params:
        if getattr(parameter, "hidden", False) or "--help" in parameter.opts:
            continue
        form, text = parameter.get_help_record(context)
        found = DEFAULT.search(text)
        bounds = [found["before"], (found["after"] or "").strip("; ")] if found else []
        limits = ", ".join(filter(None, bounds))
        plain = text.replace(found[0], f"  [{limits}]" if limits else "") if found else text
        yield code(form), plain, code(found["value"]) if found else ""


def exit_codes() -> str:
    """The codes, with what their comments say."""
    (definition,) = ast.parse(inspect.getsource(ExitCode)).body
    assert isinstance(definition, ast.ClassDef)
    meanings = {ExitCode.OK.name: "All went well."}
    for member, text in zip(definition.body, definition.body[1:], strict=False):
        match member, text:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(
                value=ast.Constant(value=str(said))
            ):
                meanings[name] = said
            case _:
                pass
    return table(("code", "meaning"), ((str(one.value), meanings[one.name]) for one in ExitCode))
