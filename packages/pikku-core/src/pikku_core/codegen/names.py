"""Names of generated factories: made of what they are about, never of where it stands."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SLUG_LENGTH = 60
DIGITS = 6


def factory_names(subjects: Mapping[str, str]) -> dict[str, str]:
    """A name for each id: the letters and digits of its subject, and as much of its hash as tells it from others.

    Args:
        subjects: What each id is about: `{"http:get:/users/{id}": "get:/users/{id}"}`, which gives
            `get_users_id_1a2b3c`.
    """
    names: dict[str, str] = {}
    pending, digits = dict(subjects), DIGITS
    while pending:
        candidates = {
            identity: f"{slug(subject)}_{short_hash(identity, digits)}"
            for identity, subject in pending.items()
        }
        counts = Counter(candidates.values())
        names |= {identity: name for identity, name in candidates.items() if counts[name] == 1}
        pending = {
            identity: subject for identity, subject in pending.items() if identity not in names
        }
        digits += 2
    return names


def slug(subject: str) -> str:
    """The ASCII letters and digits of a text, in lower case, joined by underscores; never empty."""
    text = "_".join(re.findall(r"[0-9a-z]+", subject.lower()))[:SLUG_LENGTH].rstrip("_")
    return text if text[:1].isalpha() else f"unnamed_{text}".rstrip("_")


def short_hash(identity: str, digits: int = DIGITS) -> str:
    """The first hexadecimal digits of an id's SHA-256."""
    return sha256(identity.encode()).hexdigest()[:digits]
