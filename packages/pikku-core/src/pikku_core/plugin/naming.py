"""The name of something new, in the forms that templates need."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a template is asked to write.

    Attributes:
        name: As it was given: `send-welcome`, `SendWelcome`, `send_welcome`.
        package: The package of the project that it goes into: `app`; for a new project or package, its own.
        folder: Where that package is, POSIX, relative to the project: `app`, `src/app`.
    """

    name: str
    package: str
    folder: str

    @property
    def words(self) -> tuple[str, ...]:
        """The name's words, in lower case: `("send", "welcome")`."""
        parts = re.split(r"[\W_]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", self.name))
        return tuple(part.lower() for part in parts if part)

    @property
    def snake(self) -> str:
        """`send_welcome`."""
        return "_".join(self.words)

    @property
    def kebab(self) -> str:
        """`send-welcome`."""
        return "-".join(self.words)

    @property
    def pascal(self) -> str:
        """`SendWelcome`."""
        return "".join(word.capitalize() for word in self.words)

    @property
    def title(self) -> str:
        """`Send welcome`."""
        return " ".join(self.words).capitalize()
