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
    from collections.abc import Iterable, Iterator

    from pikku_core.plugin.registry import Registry

INTRODUCTION = (
    "`pikku COMMAND --help` shows the same. `pikku` without a command is `pikku all`. Commands of plugins stand among "
    "these; `pikku --help` lists those of what is installed."
)
OWN = "pikku-cli"
DEFAULT = re.compile(
    r"\s*\[(?:(?P<before>[^\[\]]*); )?default: (?P<value>[^;\]]*)(?P<after>;[^\]]*)?\]"
)
Row = tuple[str, str, str]


def render(registry: Registry) -> str:
    """The page."""
    tool = command_line(registry)
    context = tool.make_context("pikku", [], resilient_parsing=True)
    flags = {f"--{form}": name for name in registry.filters for form in (name, f"exclude-{name}")}
    filters: dict[str, Row] = {}
    takers: list[str] = []
    sections: list[str] = []
    for name, leaf in leaves(tool):
        inside = leaf.make_context(name, [], resilient_parsing=True)
        found = dict(rows(inside.command, inside))
        taken = {flag: found.pop(flag) for flag in [*flags, "--filter"] if flag in found}
        if taken:
            takers.append(code(f"pikku {name}"))
            filters |= taken
        sections += [
            f"## pikku {name}",
            provided(registry, name),
            described(registry, name, leaf, inside),
        ]
        sections += [fragment(usage(name, inside), "text"), options(found.values())]
        sections.append("And the [filters](#filters)." if taken else "")
    both = [
        joined(filters[f"--{name}"], f"--exclude-{name}") for name in registry.filters if filters
    ]
    both += [filters["--filter"]] if filters else []
    return page(
        "Commands",
        INTRODUCTION,
        "## For every command",
        "They may stand before or after the command.",
        options(row for _, row in rows(tool, context)),
        "## Filters",
        f"{', '.join(takers)} take these; [filters](../filters.md) says what they keep. Patterns stand between commas, or "
        "the option is repeated.",
        options(both),
        "## Exit codes",
        exit_codes(),
        *sections,
    )


def leaves(group: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The commands of a group and of the groups in it, by their whole names."""
    for word, command in group.commands.items():
        name = f"{path} {word}".strip()
        if hasattr(command, "commands"):
            yield from leaves(command, name)
        else:
            yield name, command


def provided(registry: Registry, name: str) -> str:
    """Who brings a command; nothing for the tool's own."""
    declaration = registry.commands.get(name) or registry.templates[name.removeprefix("new ")]
    owner = registry.provider(declaration).distribution
    return "" if owner == OWN else f"Comes with {owner}."


def described(registry: Registry, name: str, leaf: Any, inside: Any) -> str:
    """What a command does; what a template writes comes first, for its command is that of others too."""
    text: str = inside.command.help
    return text if name in registry.commands else f"{leaf.help}\n\n{text}"


def joined(row: Row, other: str) -> Row:
    """A row about an option and its opposite."""
    form, meaning, default = row
    return f"{form}, {code(other)}", meaning, default


def usage(name: str, context: Any) -> str:
    """How a command is called."""
    return " ".join(["pikku", name, *context.command.collect_usage_pieces(context)])


def options(found: Iterable[Row]) -> str:
    """A table of arguments and options: how they are written, what they mean, what holds without them."""
    shown = list(found)
    return table(("option", "meaning", "default"), shown) if shown else ""


def rows(command: Any, context: Any) -> Iterator[tuple[str, Row]]:
    """A row for each argument and option that is shown, by its long form."""
    for parameter in command.params:
        if getattr(parameter, "hidden", False) or "--help" in parameter.opts:
            continue
        form, text = parameter.get_help_record(context)
        found = DEFAULT.search(text)
        bounds = [found["before"], (found["after"] or "").strip("; ")] if found else []
        limits = ", ".join(filter(None, bounds))
        plain = text.replace(found[0], f"  [{limits}]" if limits else "") if found else text
        yield (
            max(parameter.opts, key=len),
            (code(form), plain, code(found["value"]) if found else ""),
        )


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
