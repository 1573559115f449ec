"""The public names of each package and their signatures, read statically and compared with `tests/surface/`.

A change of what users and plugin authors see is thereby a visible line of the diff. After an intended change:

    python tests/guards/test_public_surface.py
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import griffe
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SURFACE = ROOT / "tests" / "surface"
SOURCES = sorted(ROOT.glob("packages/*/src"))
PACKAGES = ["pikku_cli", "pikku_core", "pikku_http", "pikku_mcp", "pikku_queue"]


def public_modules(module: griffe.Module) -> Iterator[griffe.Module]:
    """The package and its subpackages that say with `__all__` what they offer."""
    if module.exports is not None:
        yield module
    for name in sorted(module.modules):
        below = module.members[name]
        if isinstance(below, griffe.Module) and below.is_init_module and not name.startswith("_"):
            yield from public_modules(below)


def described(path: str, member: griffe.Object | griffe.Alias) -> Iterator[str]:
    """One line for a name, and below it one for each public member of a class."""
    package = path.partition(".")[0]
    if isinstance(member, griffe.Alias) and not member.target_path.startswith(f"{package}."):
        yield f"{path} = {member.target_path}"
        return
    target = member.final_target if isinstance(member, griffe.Alias) else member
    if isinstance(target, griffe.Class):
        bases = ", ".join(str(base) for base in target.bases)
        yield f"class {path}({bases})" if bases else f"class {path}"
        for name, below in sorted(target.members.items()):
            if not name.startswith("_") or name in {"__call__", "__init__"}:
                yield from described(f"{path}.{name}", below)
    elif isinstance(target, griffe.Function):
        for overload in target.parent.overloads.get(target.name, []) if target.parent else []:
            yield overload.signature(name=path)
        labels = target.labels & {"async", "classmethod", "staticmethod"}
        yield f"{' '.join(sorted(labels))} {target.signature(name=path)}".strip()
    elif isinstance(target, griffe.Attribute):
        annotation = f": {target.annotation}" if target.annotation else ""
        value = f" = {target.value}" if target.value is not None else ""
        yield f"{path}{annotation}{value}"
    else:
        yield f"{target.kind.value} {path}"


def surface(package: str) -> str:
    """What a package offers, one name a line, sorted."""
    loaded = griffe.load(
        package, search_paths=SOURCES, allow_inspection=False, resolve_aliases=True
    )
    assert isinstance(loaded, griffe.Module)
    lines: list[str] = []
    for module in public_modules(loaded):
        for name in sorted({str(export) for export in module.exports or ()}):
            lines += described(f"{module.path}.{name}", module[name])
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_public_surface_is_the_recorded_one(package: str) -> None:
    recorded = SURFACE / f"{package}.txt"
    assert recorded.is_file(), "run: python tests/guards/test_public_surface.py"
    assert surface(package) == recorded.read_text(), (
        "the public surface has changed; if that is intended, "
        "run: python tests/guards/test_public_surface.py"
    )


if __name__ == "__main__":
    SURFACE.mkdir(exist_ok=True)
    for one in PACKAGES:
        (SURFACE / f"{one}.txt").write_text(surface(one))
