"""What cannot be followed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pikku_core.scan.facts import Binding

SAID: Final = ""
"""The code of what is lost with something that is reported where it is wrong; nothing is reported under it."""


class UnresolvedError(Exception):
    """A name or expression that cannot be followed; whoever asked knows the file.

    Attributes:
        code: The diagnostic's code.
        message: One sentence.
        hint: What to do.
        line: Where it stands; 0 where that is not known yet.
    """

    def __init__(self, code: str, message: str, hint: str, line: int = 0) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.line = line

    def at(self, line: int) -> UnresolvedError:
        """The same error at a line."""
        return UnresolvedError(self.code, self.message, self.hint, line)


def rebound(name: str, bindings: list[Binding], starred: list[str]) -> UnresolvedError:
    """The error for a name that is not bound exactly once: by these bindings and star imports of these modules."""
    lines = " and ".join(str(found[1]) for found in bindings)
    if len(bindings) + len(starred) > 1:
        sources = [f"line {lines}" if len(bindings) == 1 else f"lines {lines}"] if bindings else []
        sources += [f'a star import of "{module}"' for module in starred]
        message = f'"{name}" is bound more than once, by {" and ".join(sources)}.'
    elif bindings[0][0] == "?":
        message = f'"{name}" is bound by {bindings[0][3]} on line {lines}, so its value depends on what runs.'
    else:
        message = f'"{name}" is bound under a condition on line {lines}.'
    return UnresolvedError(
        "PKU710",
        message,
        "Bind it exactly once, or move it to a named value in a module without wirings.",
    )


def said(what: str) -> UnresolvedError:
    """The error for something whose own error is reported elsewhere."""
    return UnresolvedError(SAID, f'"{what}" is lost.', "")
