"""Writes docs/reference/*.md from the code: `python docs/generate_reference.py`.

`tests/guards/test_reference_pages.py` fails when a page is out of date.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from pathlib import Path

from pikku_core.plugin import hooks
from pikku_core.plugin.diagnostics import DiagnosticCode
from pikku_core.plugin.registry import Registry

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/generate_reference.py from the code. -->"


def hooks_page(_: Registry) -> str:
    """Every hook with its signature and docstring, and the declaration that it returns."""
    parts = [
        f"# Hooks\n\n{NOTE}\n\nThe hook API has number {hooks.PLUGIN_API}. Each hook is called once, at boot.",
    ]
    for name, hook in sorted(vars(hooks).items()):
        if not name.startswith("pikku_"):
            continue
        signature = str(inspect.signature(hook)).replace("'", "")
        parts.append(
            f"## {name}\n\n`def {name}{signature}`\n\n{inspect.cleandoc(hook.__doc__ or '')}"
        )
    return "\n\n".join(parts) + "\n"


def diagnostics_page(registry: Registry) -> str:
    """Every diagnostic code: what it means, source that causes it, the same source put right."""
    parts = [f"# Diagnostics\n\n{NOTE}"]
    parts += [diagnostic(code) for code in registry.diagnostic_codes.values()]
    return "\n\n".join(parts) + "\n"


def diagnostic(code: DiagnosticCode) -> str:
    """The section of one code."""
    text = f"## {code.code} {code.title}\n\n*{code.severity.capitalize()}.* {code.explanation}"
    if code.example:
        text += f"\n\n{source(code.example)}"
    if code.mended:
        text += f"\n\nInstead:\n\n{source(code.mended)}"
    return text


def source(code: str) -> str:
    """A block that is read and not run: it is a fragment."""
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


def main() -> None:
    """Writes all pages from the plugins of this repository."""
    from pikku_core.plugin.loader import load_registry

    registry = load_registry()
    FOLDER.mkdir(exist_ok=True)
    for name, render in PAGES.items():
        (FOLDER / name).write_text(render(registry), encoding="utf-8")


if __name__ == "__main__":
    main()
