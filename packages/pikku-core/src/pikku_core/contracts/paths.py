"""Paths to the parts of a type, as text: `$.lines[].price`.

`$` is the type itself, `.name` a property (`["a b"]` where that is no word), `[]` any item of an array, `[0]` the
first, `{}` any other property, `{"^x-"}` those whose name matches, `|1` a choice, `&1` a part that must fit as well,
`<not>` the schema of another keyword.
"""

from __future__ import annotations

import json
import re
from typing import Final

ROOT: Final = "$"
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
_WORD: Final = re.compile(r"[^\W\d]\w*")
"""Narrower than an identifier, which may have marks that combine with the letter before."""
_STEP: Final = re.compile(
    rf"\$|\.{_WORD.pattern}|\[{_STRING}\]|\[\d*\]|\{{(?:{_STRING})?\}}|[|&]\d+|<\w+>"
)


def property_step(name: str) -> str:
    """The step to a property."""
    return f".{name}" if _WORD.fullmatch(name) else f"[{json.dumps(name, ensure_ascii=False)}]"


def pattern_step(pattern: str) -> str:
    """The step to the properties whose name matches."""
    return f"{{{json.dumps(pattern)}}}"


def is_property(step: str) -> bool:
    """Whether a step leads to something that is there or not: a property, or the type itself."""
    return step == ROOT or step.startswith((".", '["'))


def is_item(step: str) -> bool:
    """Whether a step leads to an item of an array."""
    return step.startswith("[") and not step.startswith('["')


def split_path(path: str) -> list[str]:
    """The steps of a path.

    Raises:
        ValueError: It is none.
    """
    steps: list[str] = []
    at = 0
    while at < len(path):
        found = _STEP.match(path, at)
        if found is None:
            raise ValueError(f'"{path}" is no path')
        steps.append(found[0])
        at = found.end()
    return steps
