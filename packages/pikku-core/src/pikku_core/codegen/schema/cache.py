"""Schemas kept between runs: per type, as long as nothing that it can be made of has changed."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypedDict, cast

from pikku_core.codegen.files import write_atomically
from pikku_core.freshness import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikku_core.codegen.schema.exchange import Described
    from pikku_core.codegen.schema.import_effects import Effect
    from pikku_core.plugin.model import Project

FORMAT: Final = 1
FILE: Final = "schemas.json"


class CachedType(TypedDict):
    """A described type and the fingerprint of what it was made of."""

    fingerprint: str
    described: Described


class CachedEffects(TypedDict):
    """What a file did while it was imported, and the hash of its content then."""

    digest: str
    effects: list[Effect]


class SchemaCache:
    """The cache of one project: a file with its own hash on its first line, JSON on its second.

    Args:
        folder: Where it lies; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE if folder else None
        self._loaded = self._load()
        self.types: dict[str, CachedType] = dict(self._loaded.get("types", {}))
        self.effects: dict[str, CachedEffects] = dict(self._loaded.get("effects", {}))

    def save(self) -> None:
        """Writes the cache where anything in it changed; a folder that cannot be written is no error."""
        content = {"format": FORMAT, "types": self.types, "effects": self.effects}
        if self._path is not None and content != self._loaded:
            with suppress(OSError):
                text = json.dumps(content).encode()
                write_atomically(self._path, digest(text).encode() + b"\n" + text)

    def remember(
        self, seen: Iterable[Effect], *, imported_now: Iterable[str], imported: Mapping[str, str]
    ) -> list[Effect]:
        """What importing a project's types does: as seen now, and as seen earlier where that still holds.

        Args:
            seen: What was seen now.
            imported_now: The files whose effects were watched now; what is remembered of them is forgotten.
            imported: The files that are imported for all types, with their hashes.
        """
        for file in imported_now:
            self.effects.pop(file, None)
        passing: list[Effect] = []
        for effect in seen:
            digest = imported.get(effect["file"])
            if digest is None:
                passing.append(effect)
            else:
                entry = self.effects.setdefault(effect["file"], {"digest": digest, "effects": []})
                entry["effects"].append(effect)
        held = [
            effect
            for file, entry in sorted(self.effects.items())
            if imported.get(file) == entry["digest"]
            for effect in entry["effects"]
        ]
        return [*held, *passing]

    def _load(self) -> dict[str, Any]:
        if self._path is None:
            return {}
        try:
            known_by, _, text = self._path.read_bytes().partition(b"\n")
            loaded: object = json.loads(text) if known_by == digest(text).encode() else None
        except (OSError, ValueError):
            return {}
        if not isinstance(loaded, dict):
            return {}
        known = cast("dict[str, Any]", loaded)
        return known if known.get("format") == FORMAT else {}


class Fingerprints:
    """Fingerprints of modules: their content and that of everything that they import.

    Args:
        project: Whose modules and imports are meant.
        root: The project's folder.
        adapters: What describes types beside pydantic.
    """

    def __init__(self, project: Project, root: Path, adapters: Sequence[str] = ()) -> None:
        self._files = project.modules
        self._imports = project.imports
        self._root = root
        self._digests: dict[str, str] = {}
        self._closures: dict[str, frozenset[str]] = {}
        self._prints: dict[frozenset[str], str] = {}
        self._environment = "\n".join([environment(), *adapters])

    def digest(self, module: str) -> str:
        """The hash of a module's file; empty where it has none."""
        if module not in self._digests:
            self._digests[module] = _digest(self._file(module))
        return self._digests[module]

    def closure(self, module: str) -> frozenset[str]:
        """A module, what it imports at run time, their packages, and so on."""
        if module not in self._closures:
            found: set[str] = set()
            pending = [module]
            while pending:
                name = pending.pop()
                if name and name not in found:
                    found.add(name)
                    pending.append(name.rpartition(".")[0])
                    pending += self._imports.get(name, ())
            self._closures[module] = frozenset(found)
        return self._closures[module]

    def of(self, modules: Iterable[str]) -> str:
        """The fingerprint of what importing some modules depends on, installed distributions included."""
        together = frozenset(modules)
        if together not in self._prints:
            closure = set[str]().union(*map(self.closure, together))
            parts = [
                self._environment,
                *[f"{name}={self.digest(name)}" for name in sorted(closure)],
            ]
            self._prints[together] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return self._prints[together]

    def _file(self, module: str) -> Path | None:
        if module in self._files:
            return self._root / self._files[module]
        if module.partition(".")[0] in sys.stdlib_module_names:
            return None
        return _installed_file(module)


def environment() -> str:
    """What stands for the interpreter and all installed distributions: their names and versions."""
    found: set[str] = set()
    for folder in sys.path:
        with suppress(OSError):
            found |= {name for name in os.listdir(folder or ".") if name.endswith(".dist-info")}  # noqa: PTH208 - names only
    return hashlib.sha256("\n".join([sys.version, *sorted(found)]).encode()).hexdigest()


def _installed_file(module: str) -> Path | None:
    # An addon that is being developed changes without its version changing.
    relative = Path(*module.split("."))
    for folder in sys.path:
        for candidate in (relative / "__init__.py", relative.with_suffix(".py")):
            if (path := Path(folder or ".") / candidate).is_file():
                return path
    return None


def _digest(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        return hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""
