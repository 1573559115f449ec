"""Versions of functions: how an id states one, and which of several a name without one means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pikku_core.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Iterable

_STATED: Final = re.compile(r"(?P<base>.+)@v(?P<version>[1-9][0-9]*)", re.DOTALL)
_MEANT: Final = re.compile(r"(?P<base>.+)(?:@v|_v)(?P<version>[0-9]+)", re.DOTALL)


def versioned(name: str, version: int) -> str:
    """The id of a version: `create_card@v2`; the name itself for version 0, which stands for none."""
    return f"{name}@v{version}" if version else name


def split_version(function: str) -> tuple[str, int]:
    """An id's base and version: `("create_card", 2)` of `create_card@v2`, `("ping", 0)` of one that states none."""
    # A scan asks this of every function, several times.
    found = _STATED.fullmatch(function) if "@v" in function else None
    return (found["base"], int(found["version"])) if found else (function, 0)


def own_name(name: str, version: int) -> str:
    """The name that a `def` gives a function: without a trailing `_v2` where that is its version."""
    ending = f"_v{version}"
    return name.removesuffix(ending) or name if version else name


def newest_versions(functions: Iterable[str]) -> dict[str, str]:
    """The newest version of each function that has versions, by its base: `{"create_card": "create_card@v2"}`."""
    newest: dict[str, int] = {}
    for function in functions:
        base, version = split_version(function)
        if version:
            newest[base] = max(version, newest.get(base, 0))
    return {base: versioned(base, newest[base]) for base in sorted(newest)}


def versions_meant(name: str, functions: Iterable[str]) -> list[str]:
    """The versions that there are of what `name` asks a version of, the oldest first.

    Args:
        name: As a caller writes it: `create_card@v3`, or the attribute `create_card_v3`.
    """
    found = _MEANT.fullmatch(name)
    if found is None:
        return []
    wanted = re.sub(r"\W+", "_", found["base"])
    known = {function: split_version(function) for function in functions}
    return sorted(
        (
            function
            for function, (base, version) in known.items()
            if version and re.sub(r"\W+", "_", base) == wanted
        ),
        key=lambda function: known[function],
    )


def checked_version(version: Any) -> int | None:
    """The option `version` as it was given.

    Raises:
        DeclarationError: It is no whole number from 1 on.
    """
    if version is None or (type(version) is int and version > 0):
        return version
    raise DeclarationError(
        f'The option "version" must be a whole number from 1 on, not {version!r}.'
    )
