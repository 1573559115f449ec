"""The facts of files, kept between scans."""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import re
import sys
import time
import zlib
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from pikku_core.scan.collect import collect
from pikku_core.scan.facts import FACTS_VERSION, ModuleFacts, empty_facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pikku_core.sources import SourceFile

_FILE: Final = "scan-facts.bin"
_MARKS: Final = ("pikku", "wire_")
_RACY_NS: Final = 2_000_000_000
"""A file changed so shortly before it was read could change again without its time changing: FAT counts 2 s."""

_IMPORTS: Final = "?imports"
"""What follows the name of a file under which its imports are kept."""

_CHECKSUM_SIZE: Final = 4
_DIGEST_SIZE: Final = 16
_CLASS: Final = re.compile(rb"\nclass (\w+)")

_Entry: TypeAlias = tuple[int, int, int, bytes, ModuleFacts | list[str]]
"""When it changed, size, when it was read (in ns), content hash, facts; of a file that was not parsed the names of its classes."""


class FactStore:
    """Facts per file: from the cache where the file has not changed, else read from its source.

    A file is unchanged if time and size are, or if its content hash is. The cache is bound to this Python, to the form
    of the facts and to the words that mark declarations; one that does not fit, or cannot be read, is not used.

    Args:
        folder: Where the cache lies; None keeps nothing.
        words: See `collect`.
    """

    def __init__(self, folder: Path | None, words: Sequence[str]) -> None:
        self._words = tuple(sorted(words))
        self._marks = tuple(word.encode() for word in (*_MARKS, *self._words))
        self._path = None if folder is None else folder / _FILE
        self._key = (FACTS_VERSION, sys.version, self._words)
        self._known: dict[str, _Entry] = self._load()
        self._used: dict[str, _Entry] = {}
        self._changed = False

    def facts(self, source: SourceFile) -> ModuleFacts | None:
        """The facts of a file; None if nothing in it can declare anything and it was never asked for with `demand`.

        A file is parsed at once if it has the word `pikku` or `wire_`, or one of the words that mark declarations.
        """
        facts = self._entry(source)[4]
        return None if isinstance(facts, list) else facts

    def defines_class(self, source: SourceFile, name: str) -> bool:
        """Whether a file that was not parsed has such a class at its top level; unlike `demand` this costs nothing."""
        facts = self._entry(source)[4]
        return isinstance(facts, list) and name in facts

    def demand(self, source: SourceFile) -> ModuleFacts:
        """The facts of a file, whatever is in it."""
        entry = self._entry(source)
        facts = entry[4]
        if isinstance(facts, list):
            try:
                facts = collect(_read(source), self._words)
            except OSError as error:
                return _unreadable(error)
            self._put(source.file, (*entry[:4], facts))
        return facts

    def facts_with(self, source: SourceFile, words: Sequence[str]) -> ModuleFacts:
        """The facts of a file in which other words mark declarations; kept beside those by the store's own words."""
        key = f"{source.file}?{','.join(words)}"
        state = self._entry(source)[:4]
        known = self._known.get(key)
        if known is not None and known[3] == state[3]:
            facts = cast("ModuleFacts", known[4])
        else:
            try:
                facts = collect(_read(source), words)
            except OSError as error:
                return _unreadable(error)
            self._changed = True
        self._used[key] = (*state, facts)
        return facts

    def imports(self, source: SourceFile) -> ModuleFacts:
        """The facts of a file as far as they are its imports. Unlike `demand` this does not make it a file that is parsed."""
        facts = self.facts(source)
        if facts is not None:
            return facts
        key = f"{source.file}{_IMPORTS}"
        known = self._used.get(key)
        if known is not None:
            return cast("ModuleFacts", known[4])
        try:
            text = _read(source)
        except OSError as error:
            return _unreadable(error)
        facts = empty_facts()
        facts["imports"] = collect(text, self._words)["imports"]
        state = self._entry(source)[:4]
        if state[3] == _digest(text):  # else it has changed since the scan began
            self._put(key, (*state, facts))
        return facts

    def mentions(self, source: SourceFile, names: Sequence[str]) -> bool:
        """Whether the text of a file has one of the names."""
        try:
            text = _read(source)
        except OSError:
            return False
        return any(name.encode() in text for name in names)

    def save(self) -> None:
        """Writes the cache if anything in it changed; a folder that cannot be written is no error."""
        if self._path is None or not (self._changed or self._known.keys() != self._used.keys()):
            return
        temporary = self._path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            content = marshal.dumps((self._key, self._used))
            temporary.write_bytes(_checksum(content) + content)
            temporary.replace(self._path)
            self._known, self._changed = dict(self._used), False

    def _entry(self, source: SourceFile) -> _Entry:
        entry = self._used.get(source.file)
        if entry is not None:
            return entry
        entry = self._known.get(source.file)
        if entry is None or not _is_current(entry, source):
            entry = self._put(source.file, self._fresh(source, entry))
        self._used[source.file] = entry
        imports = self._known.get(f"{source.file}{_IMPORTS}")
        if imports is not None and imports[3] == entry[3]:
            self._used[f"{source.file}{_IMPORTS}"] = imports
        return entry

    def _fresh(self, source: SourceFile, known: _Entry | None) -> _Entry:
        read_at = time.time_ns()
        try:
            text = _read(source)
        except OSError as error:
            return (0, 0, 0, b"", _unreadable(error))
        digest = _digest(text)
        state = (source.changed_ns, len(text), read_at, digest)
        if known is not None and known[3] == digest:
            return (*state, known[4])
        if any(mark in text for mark in self._marks):
            return (*state, collect(text, self._words))
        return (*state, [name.decode() for name in _CLASS.findall(b"\n" + text)])

    def _put(self, file: str, entry: _Entry) -> _Entry:
        self._used[file] = entry
        self._changed = True
        return entry

    def _load(self) -> dict[str, _Entry]:
        if self._path is None:
            return {}
        try:
            # Views: a copy of what may be megabytes would take as long as the checksum.
            whole = memoryview(self._path.read_bytes())
            content = whole[_CHECKSUM_SIZE:]
            if bytes(whole[:_CHECKSUM_SIZE]) != _checksum(content):
                return {}
            loaded: tuple[Any, Any] = marshal.loads(content)  # noqa: S302 - our own file, like a .pyc
            key, known = loaded
        except (OSError, ValueError, EOFError, TypeError):
            return {}
        # Whoever wrote this key wrote the rest in this form.
        return cast("dict[str, _Entry]", known) if key == self._key else {}


def _is_current(entry: _Entry, source: SourceFile) -> bool:
    changed_at, size, read_at = entry[:3]
    unchanged = changed_at == source.changed_ns and size == source.size
    return unchanged and changed_at + _RACY_NS < read_at


def _checksum(content: bytes | memoryview) -> bytes:
    """What tells a damaged cache: `marshal` may crash on one. Who would forge one could as well forge a `.pyc`."""
    return zlib.crc32(content).to_bytes(_CHECKSUM_SIZE)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST_SIZE).digest()


def _unreadable(error: OSError) -> ModuleFacts:
    facts = empty_facts()
    facts["error"] = (1, error.strerror or str(error))
    return facts


def _read(source: SourceFile) -> bytes:
    with open(source.path, "rb") as file:  # noqa: PTH123 - a Path per module would cost more than the call
        return file.read()
