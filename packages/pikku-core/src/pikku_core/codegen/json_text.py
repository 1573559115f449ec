"""JSON files for people and tools: what fits stands on one line."""

from __future__ import annotations

from json import JSONEncoder
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final

from pikku_core.codegen.layout import WIDTH

if TYPE_CHECKING:
    from pikku_core.plugin.model import Json

INDENT: Final = "  "
MOST_ON_A_LINE: Final = WIDTH // 3
"""More items than this need more than a line, whatever they are."""

_encode: Final = JSONEncoder(ensure_ascii=False).encode


def json_text(value: Json) -> str:
    """A JSON document; the order of keys is the value's own."""
    return _place(value, "", 0) + "\n"


def _place(value: Json, indent: str, taken: int) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if not isinstance(value, dict | list):
        return _encode(value)
    if len(value) <= MOST_ON_A_LINE:
        flat = _encode(value)
        if len(indent) + taken + len(flat) <= WIDTH or not value:
            return flat
    inner = indent + INDENT
    if isinstance(value, dict):
        opening, closing = "{", "}"
        starts = [f"{encode_basestring(key)}: " for key in value]
        items = list(value.values())
    else:
        opening, closing = "[", "]"
        starts, items = [""] * len(value), value
    lines = [
        f"{inner}{start}{_place(item, inner, len(start) + 1)}"
        for start, item in zip(starts, items, strict=True)
    ]
    body = ",\n".join(lines)
    return f"{opening}\n{body}\n{indent}{closing}"
