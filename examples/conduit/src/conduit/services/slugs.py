from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from unicodedata import normalize

RESERVED = {"", "feed"}
"""No slug, and the one that `/articles/feed` would hide."""


def slugs(title: str) -> Iterator[str]:
    """Candidates without end: `how-to-train`, then `how-to-train-9f86d081` and its like."""
    ascii_title = normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", ascii_title)[:80].strip("-")
    if stem not in RESERVED:
        yield stem
    while True:
        yield f"{stem or 'article'}-{secrets.token_hex(4)}"
