"""The commands as Typer sees them: a tree whose leaves are imported when they run, never to be listed."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from difflib import get_close_matches
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from pikku_cli.absent import LeanCommand, LeanGroup
from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.scaffold.choices import template_commands
from pikku_core.plugin.target import TargetError, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.plugin import Command, Filter
    from pikku_core.plugin.registry import Registry

Guard = Callable[["Command"], None]
"""Called before a command runs; raises `CommandError` where it must not."""


GROUPS: Final = {
    "new": "Write code to begin with.",
    "new wiring": "Let a transport call a function.",
    "secrets": "What the project needs and nobody is to see.",
    "variables": "What the project is told by its environment.",
    "versions": "Keep the contracts of functions.",
}
"""What the help says about the tool's own groups."""


class LazyCommand(TyperCommand):
    """A command that is known by name and help; what it does is imported when it is called.

    Args:
        filters: The filters of all plugins, for a command that takes their flags.
    """

    def __init__(
        self,
        declaration: Command,
        guard: Guard,
        *,
        rich: bool,
        filters: Mapping[str, Filter],
    ) -> None:
        super().__init__(
            declaration.name.rpartition(" ")[2],
            help=_escaped(declaration.help, rich=rich),
            rich_markup_mode="rich" if rich else None,
        )
        self._declaration = declaration
        self._guard = guard
        self._rich = rich
        self._filters = filters

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Parses the arguments of the real command, which is imported now."""
        return self._loaded().make_context(info_name, args, parent=parent, **extra)

    def _loaded(self) -> Any:
        declaration = self._declaration
        try:
            target: Callable[..., object] = resolve(declaration.target)
        except TargetError as error:
            raise CommandError(f'The command "{declaration.name}" cannot run: {error}') from error

        command = target
        if declaration.serves:
            from pikku_cli.serving_options import with_serving

            command = with_serving(command)
        if declaration.filters:
            from pikku_cli.filters import with_filters

            command = with_filters(command, self._filters)

        @wraps(command)
        def run(*arguments: Any, **options: Any) -> None:
            self._guard(declaration)
            command(*arguments, **options)

        app = typer.Typer(add_completion=False, rich_markup_mode="rich" if self._rich else None)
        app.command(
            declaration.name.rpartition(" ")[2],
            cls=LeanCommand,
            help=_escaped(_described(target) or declaration.help, rich=self._rich),
            context_settings={"help_option_names": ["--help", "-h"]},
        )(run)
        return get_command(app)


class LazyGroup(LeanGroup):
    """A group of commands; a name that is not there is met with the nearest ones."""

    missing: str = ""
    """What is added to the error for an unknown command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Shows what there is where no command is named."""
        if not args and not ctx.resilient_parsing:
            if text := ctx.get_help():  # empty where it was printed already, as a rich page
                typer.echo(text)
            raise typer.Exit(ExitCode.USAGE)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Finds the command that the first argument names."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is not None:
            return name, command, args[1:]
        near = get_close_matches(name, list(self.commands), n=3)
        listed = ", ".join(f'"{one}"' for one in near or sorted(self.commands))
        hint = f"Did you mean {listed}?" if near else f"The commands are {listed}."
        raise CommandError(
            f'There is no command "{ctx.command_path} {name}". {hint}{self.missing}', ExitCode.USAGE
        )


def command_tree(registry: Registry, root: TyperGroup, guard: Guard, *, rich: bool) -> TyperGroup:
    """Puts the commands of all plugins into `root`, sorted; `queue list` is `list` of the group `queue`."""
    groups: dict[str, TyperGroup] = {"": root}
    for name, declaration in {**registry.commands, **template_commands(registry)}.items():
        parent = _group(name.rpartition(" ")[0], groups, registry, rich=rich)
        parent.add_command(LazyCommand(declaration, guard, rich=rich, filters=registry.filters))
    for group in groups.values():
        group.commands = dict(sorted(group.commands.items()))
    return root


def root_group(callback: Callable[..., Any], *, rich: bool, missing: str) -> LazyGroup:
    """The group of the tool itself; the callback has the options that are shown by `pikku --help`."""
    app = typer.Typer(
        add_completion=False,
        cls=LazyGroup,
        rich_markup_mode="rich" if rich else None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(callback)
    group = cast("LazyGroup", get_command(app))
    group.missing = missing
    return group


def _group(
    path: str, groups: dict[str, TyperGroup], registry: Registry, *, rich: bool
) -> TyperGroup:
    if path in groups:
        return groups[path]
    above, _, name = path.rpartition(" ")
    kind = registry.wiring_kinds.get(name)
    title = kind.title if kind is not None else name
    group = LazyGroup(
        name=name,
        help=_escaped(GROUPS.get(path, f"Commands of {title}."), rich=rich),
        rich_markup_mode="rich" if rich else None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    _group(above, groups, registry, rich=rich).add_command(group)
    groups[path] = group
    return group


def _described(target: Callable[..., object]) -> str:
    """The docstring without the parts that are meant for readers of the code."""
    text = inspect.getdoc(target) or ""
    for section in ("Args:", "Raises:", "Returns:"):
        text = text.partition(f"\n\n{section}")[0]
    return text


def _escaped(text: str, *, rich: bool) -> str:
    return text.replace("[", r"\[") if rich else text
