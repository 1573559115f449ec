"""JSON files for people and tools: what fits stands on one line."""

from __future__ import annotations

import math
import re
from json import JSONEncoder
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Final

from pikku_core.codegen.layout import WIDTH

if TYPE_CHECKING:
    from pikku_core.plugin.model import Json

INDENT: Final = "  "
MOST_ON_A_LINE: Final = WIDTH // 3
"""More items than this need more than a line, whatever they are."""

_SURROGATES: Final = re.compile("[\ud800-\udfff]")

_encode: Final = JSONEncoder(ensure_ascii=False).encode


def json_text(value: Json) -> str:
    """A JSON document; the order of keys is the value's own.

    NaN and the infinities, which JSON does not have, become null; half a surrogate pair, which UTF-8 does not have,
    is written as an escape.
    """
    text = _place(value, "", 0)
    if "NaN" in text or "Infinity" in text:
        text = _place(_finite(value), "", 0)
    return _SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _finite(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _place(value: Json, indent: str, taken: int) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if not isinstance(value, (dict, list)):
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
