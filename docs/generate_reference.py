"""Writes docs/reference/*.md from the code: `python docs/generate_reference.py`.

`tests/guards/test_reference_pages.py` fails when a page is out of date.
"""

from __future__ import annotations

import inspect
from dataclasses import MISSING, fields
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from pikku_core.plugin import hooks
from pikku_core.plugin.contributions import REGISTRIES
from pikku_core.plugin.loader import Selection, load_plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pikku_core.plugin.diagnostics import DiagnosticCode
    from pikku_core.plugin.registry import PluginDeclaration, Registry

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/generate_reference.py from the code. -->"
PLUGINS = frozenset({"pikku-cli", "pikku-http", "pikku-mcp", "pikku-queue"})


def hooks_page(_: Registry) -> str:
    """Every hook with its signature and docstring, and the declaration that it returns."""
    calls = (
        f"The hook API has number {hooks.PLUGIN_API}. A hook that declares is called once, at boot; "
        "`pikku_startup` and `pikku_shutdown` once in the life of each App."
    )
    parts = [f"# Hooks\n\n{NOTE}\n\n{calls}"]
    for name, hook in sorted(vars(hooks).items()):
        if name.startswith("pikku_"):
            signature = str(inspect.signature(hook)).replace("'", "")
            text = inspect.cleandoc(hook.__doc__ or "")
            parts += [f"## {name}", fragment(f"def {name}{signature}"), text]
            if name in REGISTRIES:
                parts.append(declaration(REGISTRIES[name]))
    return "\n\n".join(parts) + "\n"


def declaration(kind: type[PluginDeclaration]) -> str:
    """What a hook returns: its fields, and what its docstring says."""
    lines = [f"class {kind.__name__}:"]
    for one in fields(kind):
        default = "" if one.default is MISSING else f" = {literal(one.default)}"
        lines.append(f"    {one.name}: {one.type}{default}")
    return (
        f"{fragment(chr(10).join(lines))}\n\n```text\n{inspect.cleandoc(kind.__doc__ or '')}\n```"
    )


def literal(value: object) -> str:
    """A default as it is written in the source."""
    return f"{type(value).__name__}.{value.name}" if isinstance(value, Enum) else repr(value)


def diagnostics_page(registry: Registry) -> str:
    """Every diagnostic code: what it means, source that causes it, the same source put right."""
    parts = [f"# Diagnostics\n\n{NOTE}"]
    parts += [diagnostic(code) for code in registry.diagnostic_codes.values()]
    return "\n\n".join(parts) + "\n"


def diagnostic(code: DiagnosticCode) -> str:
    """The section of one code."""
    text = f"## {code.code} {code.title}\n\n*{code.severity.capitalize()}.* {code.explanation}"
    if code.example:
        text += f"\n\n{fragment(code.example)}"
    if code.mended:
        text += f"\n\nInstead:\n\n{fragment(code.mended)}"
    return text


def fragment(code: str) -> str:
    """A block that is read and not run."""
    return f"```py\n{code.strip()}\n```"


def settings_page(registry: Registry) -> str:
    """Every key of `[tool.pikku.<plugin>]`."""
    rows = [
        f"| `{setting.name}` | `{setting.type}` | `{setting.default!r}` | {setting.help} |"
        for setting in registry.settings.values()
    ]
    return table("Settings", ("key", "type", "default", "meaning"), rows)


def commands_page(registry: Registry) -> str:
    """Every command of the tool."""
    rows = [
        f"| `pikku {command.name}` | {command.help} | {registry.provider(command).distribution} |"
        for command in registry.commands.values()
    ]
    return table("Commands", ("command", "what it does", "from"), rows)


def table(title: str, columns: tuple[str, ...], rows: Iterable[str]) -> str:
    """A page that is one table."""
    head = f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"
    return "\n".join([f"# {title}\n\n{NOTE}\n\n{head}", *rows]) + "\n"


PAGES: dict[str, Callable[[Registry], str]] = {
    "commands.md": commands_page,
    "diagnostics.md": diagnostics_page,
    "hooks.md": hooks_page,
    "settings.md": settings_page,
}


def pages() -> dict[str, str]:
    """The text of every page by its file's name, from the plugins of this repository and no others."""
    registry = load_plugins(Selection(only=PLUGINS))
    return {name: render(registry) for name, render in PAGES.items()}


def main() -> None:
    """Writes all pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
