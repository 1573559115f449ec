"""Every key of `[tool.pikku]`: core's own, then those of plugins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pikku_core.core_settings import CORE_SETTINGS
from reference_pages.markdown import code, fragment, page, table

if TYPE_CHECKING:
    from pikku_core.plugin.declarations import Setting
    from pikku_core.plugin.registry import Registry

COLUMNS = ("key", "variable", "type", "default", "meaning")
INTRODUCTION = (
    "A value comes from the first of these that has one: a flag of the command, the variable, `[tool.pikku]` of the "
    "project's `pyproject.toml`, the default. In a variable the items of a list stand between commas. An unknown key and a "
    "value of another type are errors."
)
EXAMPLE = """
[tool.pikku]
source = ["app"]
plugins.disabled = ["mcp"]

[tool.pikku.filters.admin]
tags = ["admin"]

[tool.pikku.http]
max_body = 1048576
"""


def render(registry: Registry) -> str:
    """The page."""
    core = [
        (code(one.name), code(one.variable), code(one.type), written(one.default), one.help)
        for one in CORE_SETTINGS
    ]
    plugins = [
        (code(one.name), code(variable(one)), code(one.type), code(default(one)), one.help)
        for one in registry.settings.values()
    ]
    return page(
        "Settings",
        INTRODUCTION,
        fragment(EXAMPLE, "toml"),
        "## Of every project",
        table(COLUMNS, core),
        "## Of what is installed",
        "`http.max_body` is the key `max_body` of the table `[tool.pikku.http]`. "
        "`pikku plugins` lists who declares them.",
        table(COLUMNS, plugins),
    )


def variable(setting: Setting) -> str:
    """The variable that says the same."""
    return f"PIKKU_{setting.name.replace('.', '_')}".upper()


def default(setting: Setting) -> str:
    """The default as it is written in TOML; nothing where there is none."""
    if setting.default is None:
        return ""
    value = setting.default
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def written(text: str) -> str:
    """A default of core's: what is no sentence is code."""
    return code(text) if text.startswith(('"', "[")) else text
