"""The keys of `[tool.pikku]` that are no plugin's: what reads them and what documents them takes them from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreSetting:
    """A key of `[tool.pikku]` itself.

    Attributes:
        name: `source`; `plugins.disabled` is the key `disabled` of the table `plugins`; `<preset>` stands for any name.
        type: `str` or `list[str]`, as in `Setting`.
        default: What holds where it is not given, in words or as it is written.
        variable: The variable that says the same for one process; empty where there is none.
        help: One sentence.
    """

    name: str
    type: str
    default: str
    help: str
    variable: str = ""


CORE_SETTINGS: Final = (
    CoreSetting(
        name="filter",
        type="list[str]",
        default="[]",
        variable="PIKKU_FILTER",
        help="The presets that hold where a command is given no filters.",
    ),
    CoreSetting(
        name="filters.<preset>.<flag>",
        type="list[str]",
        default="none",
        help='Patterns of a filter, under a name that "--filter" takes.',
    ),
    CoreSetting(
        name="out",
        type="str",
        default='".pikku"',
        variable="PIKKU_OUT",
        help="The folder of the generated files.",
    ),
    CoreSetting(
        name="outputs.<path>",
        type="str",
        default="the path in the folder of the generated files",
        help="Another path for a generated stub or JSON file, by its path in that folder.",
    ),
    CoreSetting(
        name="plugins.disabled",
        type="list[str]",
        default="[]",
        help="Plugins that are not loaded, by their names or their distributions'.",
    ),
    CoreSetting(
        name="source",
        type="list[str]",
        default='the packages under "src/", or beside "pyproject.toml" where there is no "src/"',
        variable="PIKKU_SOURCE",
        help="Folders and modules to scan.",
    ),
)
"""Sorted by name. A key that is not among these, nor a plugin's, is refused."""

CORE_TABLES: Final = frozenset(setting.name.partition(".")[0] for setting in CORE_SETTINGS)
"""The keys at the top of `[tool.pikku]` that belong to core."""
