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

_SURROGATES: Final = re.compile("[\ud800-\udfff]")

_encode: Final = JSONEncoder(ensure_ascii=False).encode


def json_text(value: Json) -> str:
    """A JSON document; the order of keys is the value's own.

    NaN and the infinities, which JSON does not have, become null; half a surrogate pair, which UTF-8 does not have,
    is written as an escape.
    """
    text = _placed(value)
    if "NaN" in text or "Infinity" in text:
        text = _placed(_finite(value))
    return _SURROGATES.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _finite(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _placed(value: Json) -> str:
    line = _encode(value)
    return line if len(line) <= WIDTH else _place(value, "", 0)


def _place(value: Json, indent: str, taken: int) -> str:
    """A value as text, on one line where it fits behind what is taken of the line.

    The parts come first: what holds one that needs several lines needs several itself.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if not isinstance(value, (dict, list)):
        return _encode(value)
    inner = indent + INDENT
    if isinstance(value, dict):
        opening, closing = "{", "}"
        starts = [f"{encode_basestring(key)}: " for key in value]
        texts = [
            f"{start}{_place(item, inner, len(start) + 1)}"
            for start, item in zip(starts, value.values(), strict=True)
        ]
    else:
        opening, closing = "[", "]"
        texts = [_place(item, inner, 1) for item in value]
    flat = f"{opening}{', '.join(texts)}{closing}"
    fits = len(indent) + taken + len(flat) <= WIDTH and "\n" not in flat
    if fits or not texts:
        return flat
    body = f",\n{inner}".join(texts)
    return f"{opening}\n{inner}{body}\n{indent}{closing}"
