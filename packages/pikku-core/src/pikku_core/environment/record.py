"""What the runtime knows of a secret or variable before it makes the definition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from pikku_core.definition import Definition

WORDS: Final[Mapping[str, str]] = {
    "function": 'function "{}"',
    "service": 'service "{}"',
    "callable": '"{}"',
    "declaration": '"{}"',
    "": "{}",
}
"""How each kind of user is called; one without a kind is in words already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionRecord:
    """A secret or variable of an App.

    Attributes:
        name: What the program calls it; an addon's is `acme:api_key`.
        key: What the environment calls it.
        needed_by: Who reads it, by kind: `{"function": [...], "service": [...], "callable": [...],
            "declaration": [...]}`.
        load: Makes the definition; this imports its type.
    """

    is_secret: bool
    name: str
    key: str
    optional: bool
    load: Callable[[], Definition]
    needed_by: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    @classmethod
    def of_row(
        cls, row: Mapping[str, Any], *, is_secret: bool, load: Callable[[], Any]
    ) -> DefinitionRecord:
        """What a generated literal says."""
        return cls(
            is_secret=is_secret,
            name=row["name"],
            key=row["key"],
            optional=row["optional"],
            needed_by=row["needed_by"],
            load=load,
        )

    @property
    def kind(self) -> str:
        """`secrets` or `variables`."""
        return "secrets" if self.is_secret else "variables"

    @property
    def users(self) -> list[str]:
        """Who reads it, in words."""
        return [
            "the configuration" if (kind, user) == ("service", "config") else words.format(user)
            for kind, words in WORDS.items()
            for user in self.needed_by.get(kind, ())
        ]

    def is_needed(self, replaced: AbstractSet[str]) -> bool:
        """Whether anything reads it, services aside that an App was given ready made."""
        return any(
            kind != "service" or user not in replaced
            for kind, users in self.needed_by.items()
            for user in users
        )
