"""Adding keys to a `pyproject.toml` that somebody else wrote: all else stays as it is, comments too."""

from __future__ import annotations

import json
import re
import tomllib
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

Value: TypeAlias = str | list[str]


@dataclass(slots=True)
class ProjectFile:
    """The text of a `pyproject.toml`, and what it says.

    Raises:
        tomllib.TOMLDecodeError: It is not TOML.
    """

    text: str
    document: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.document = tomllib.loads(self.text)

    def get(self, table: str) -> dict[str, Any] | None:
        """A table by its dotted name; None where there is none."""
        found: Any = self.document
        for name in table.split("."):
            found = cast("dict[str, Any]", found).get(name) if isinstance(found, dict) else None
        return cast("dict[str, Any]", found) if isinstance(found, dict) else None

    def add(self, table: str, values: dict[str, Value]) -> bool:
        """Adds keys to a table, which is made where there is none.

        Returns:
            Whether it could be done: what is there may be written in a form, such as an inline table, that nothing can
            be put into. Then nothing has changed.
        """
        end = line_end(self.text)
        lines = "".join(
            f"{key} = {json.dumps(value, ensure_ascii=False)}{end}" for key, value in values.items()
        )
        header = re.compile(rf"^\[\s*{re.escape(table)}\s*\][^\n]*\n?", re.MULTILINE)
        found = header.search(self.text)
        if found is None:
            above = f"{self.text.rstrip()}{end}{end}" if self.text.strip() else ""
            text = f"{above}[{table}]{end}{lines}"
        else:
            line = found[0] if found[0].endswith("\n") else f"{found[0]}{end}"
            text = f"{self.text[: found.start()]}{line}{lines}{self.text[found.end() :]}"
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return False
        if document != self._with(table, values):
            return False
        self.text, self.document = text, document
        return True

    def _with(self, table: str, values: dict[str, Value]) -> dict[str, Any]:
        """The document as it should be then."""
        expected = deepcopy(self.document)
        inner = expected
        for name in table.split("."):
            below: Any = inner.setdefault(name, {})
            if not isinstance(below, dict):
                return {}
            inner = cast("dict[str, Any]", below)
        inner |= values
        return expected


def line_end(text: str) -> str:
    """How the lines of a text end: what is added to it ends in the same way."""
    return "\r\n" if "\r\n" in text else "\n"
