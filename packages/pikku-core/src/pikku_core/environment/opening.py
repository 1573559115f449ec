"""What a source of secrets and variables is given, and what it has to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a source is opened with.

    Attributes:
        root: The project's folder; in a bundle, the one that holds its generated files.
        settings: The tables of core and the plugins, defaults filled in: `settings["vault"]["url"]`.
        variables: The environment of the process, for what the source needs itself.
    """

    root: Path
    settings: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict[str, "Mapping[str, Any]"]
    )
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


class Source(Protocol):
    """Somewhere that texts are kept under keys."""

    def read(self, keys: frozenset[str]) -> Mapping[str, str] | Awaitable[Mapping[str, str]]:
        """The texts of those of some keys that it has; an empty text counts as none.

        It is asked once, when an App starts, and only for what no source before it has. What it raises is reported
        with its name beside everything else that is missing.
        """
        ...
