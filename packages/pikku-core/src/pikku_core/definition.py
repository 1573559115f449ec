"""What secrets and variables have in common: a name in the program, a key in the environment, a type."""

from __future__ import annotations

import re
from dataclasses import dataclass
from keyword import iskeyword
from typing import Any, ClassVar, Final

from pikku_core.declaration import Declaration
from pikku_core.errors import DeclarationError

TAKEN: Final = frozenset({"get", "items", "keys", "reveal", "values"})
"""Names that would hide what `secrets` and `variables` have themselves."""

_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Declaration):
    """A value that a project takes from its environment.

    Attributes:
        name: What the program calls it: `secrets.stripe_key`.
        type: Its type.
        key: What the environment calls it: `STRIPE_KEY`.
        optional: Whether it may be missing; it is None then.
        description, docs_url: For whoever has to supply it.
    """

    name: str
    type: Any
    key: str
    optional: bool = False
    description: str = ""
    docs_url: str = ""


def key_of(name: str) -> str:
    """The key of a definition that states none: `STRIPE_KEY` of `stripe_key`, `ACME_API_KEY` of an addon's `acme:api_key`."""
    return name.replace(":", "_").upper()


def name_fault(name: str) -> str:
    """Why a secret or variable cannot have a name, as a sentence; empty where it can."""
    if not (name.isidentifier() and name.isascii()) or iskeyword(name):
        return f'"{name}" cannot be an attribute: use a Python identifier of ASCII letters, digits and underscores.'
    if name.startswith("_") or name in TAKEN:
        return f'"{name}" would hide an attribute that "secrets" and "variables" have themselves: choose another name.'
    return ""


def key_fault(key: str) -> str:
    """Why the environment cannot have a key, as a sentence; empty where it can."""
    if _KEY.fullmatch(key):
        return ""
    return f'"{key}" cannot be the key of an environment variable: use letters, digits and underscores.'


def checked_key(name: str, key: str | None) -> str:
    """The key of a definition.

    Raises:
        DeclarationError: Its name or its key cannot be honoured.
    """
    found = key_of(name) if key is None else key
    fault = name_fault(name) or key_fault(found)
    if fault:
        raise DeclarationError(fault)
    return found


class DefinedValues:
    """What the wire things `secrets` and `variables` have in common: each value is an attribute.

    Attributes:
        noun: What one of them is called.
    """

    __slots__ = ("_values",)

    noun: ClassVar[str]
    _values: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # a copy that is being made has no attributes yet
            raise AttributeError(name)
        if name in self._values:
            return self._values[name]
        raise self._absent(name)

    def __dir__(self) -> list[str]:
        return sorted(self._values)

    def __repr__(self) -> str:
        return f"{self.noun.title()}s({', '.join(dir(self))})"

    def _absent(self, name: str) -> Exception:
        """What is raised for a name that has no value."""
        known = ", ".join(f'"{each}"' for each in dir(self)) or "none"
        return AttributeError(
            f'There is no {self.noun} "{name}" that anything which runs needs; there is {known}. '
            f'Declare it: define_{self.noun}("{name}", ...).',
            name=name,
            obj=self,
        )
