"""The sources that core has itself, and how the sources of a project are put in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from pikku_core.environment.dotenv import DotenvError, parse_dotenv
from pikku_core.environment.names import OWN_SOURCES
from pikku_core.nearest import nearest_name
from pikku_core.settled import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pikku_core.environment.opening import Opening, Source
    from pikku_core.plugin.declarations import Target
    from pikku_core.plugin.registry import Registry


class SourceError(Exception):
    """A source that cannot be read; the message is a sentence without its end.

    Attributes:
        found: What could be read of it all the same.
    """

    def __init__(self, message: str, found: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.found = found or {}


@dataclass(frozen=True, slots=True)
class ProcessSource:
    """The environment of the process."""

    variables: Mapping[str, str] = field(repr=False)

    def read(self, keys: frozenset[str]) -> Mapping[str, str]:
        """The variables of these names."""
        return {key: self.variables[key] for key in keys if key in self.variables}


@dataclass(frozen=True, slots=True)
class FilesSource:
    """A folder with a file for each value, as Docker and Kubernetes mount secrets.

    A file has the name of the key, or that in lower case. A line break at its end and a byte order mark do not count.
    """

    folder: Path

    def read(self, keys: frozenset[str]) -> Mapping[str, str]:
        """The content of the files of these names; a folder that is not there has none."""
        found: dict[str, str] = {}
        faults: list[str] = []
        for key in sorted(keys):
            for name in (key, key.lower()):
                text, fault = self._text(self.folder / name)
                if fault:
                    faults.append(fault)
                if text:
                    found[key] = text
                if text or fault:
                    break
        if faults:
            raise SourceError(", ".join(faults), found)
        return found

    def _text(self, file: Path) -> tuple[str, str]:
        """What a file holds, or why that cannot be told."""
        try:
            # Line breaks inside stay as they are.
            text = file.read_bytes().decode("utf-8-sig")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return "", ""
        except OSError as error:
            return "", f'"{file}" cannot be read: {error.strerror}'
        except UnicodeDecodeError:
            return "", f'"{file}" is not UTF-8'
        return text.removesuffix("\n").removesuffix("\r"), ""


@dataclass(frozen=True, slots=True)
class DotenvSource:
    """A `.env` file; see `pikku_core.environment.dotenv`."""

    file: Path

    def read(self, keys: frozenset[str]) -> Mapping[str, str]:
        """What the file says of these keys; one that is not there says nothing."""
        try:
            values = parse_dotenv(self.file.read_text(encoding="utf-8-sig"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SourceError(f'"{self.file}" cannot be read: {error.strerror}') from error
        except DotenvError as error:
            raise SourceError(f'"{self.file}", {error}') from error
        except UnicodeDecodeError:
            reason = f'"{self.file}" is not UTF-8'
        else:
            return {key: values[key] for key in keys if key in values}
        raise SourceError(reason)


@dataclass(frozen=True, slots=True)
class LateSource:
    """A source that is opened when it is asked: what it takes to open one is for who needs it."""

    open: Callable[[], Source]

    async def read(self, keys: frozenset[str]) -> Mapping[str, str]:
        """What the opened source reads."""
        return await settled(self.open().read(keys))


def fault_of_names(names: Sequence[str], registry: Registry) -> str:
    """What is wrong with the setting `environment.sources`, as the rest of a sentence; empty where nothing is."""
    known = [*OWN_SOURCES, *registry.value_sources]
    for name in names:
        if name not in known:
            near = nearest_name(name, known)
            listed = ", ".join(f'"{one}"' for one in known)
            hint = f'did you mean "{near}"?' if near else f"the sources are {listed}."
            return f'names the source "{name}", which is not there: {hint}'
    return ""


def open_sources(registry: Registry, opening: Opening) -> dict[str, Source]:
    """The sources of a project by name, in the order in which they are asked; those of plugins are opened later.

    The settings `environment.sources`, `environment.dotenv` and `environment.secrets_dir` of the opening say which.
    """
    own = opening.settings.get("environment", {})
    found: dict[str, Source] = {
        "process": ProcessSource(opening.variables),
        "files": FilesSource(opening.root / str(own.get("secrets_dir", "/run/secrets"))),
        "dotenv": DotenvSource(opening.root / str(own.get("dotenv", ".env"))),
    }
    for name, declared in registry.value_sources.items():
        found[name] = LateSource(partial(_opened, declared.source, opening))
    chosen: Sequence[str] | None = own.get("sources")
    return found if chosen is None else {name: found[name] for name in chosen}


def _opened(target: Target, opening: Opening) -> Source:
    from pikku_core.plugin.target import TargetError, resolve

    try:
        opened = resolve(target)(opening)
    except TargetError as error:
        raise SourceError(str(error).rstrip(".")) from error
    if not callable(getattr(opened, "read", None)):
        raise SourceError(
            f'"{target}" gave a "{type(opened).__name__}", which has no method "read"'
        )
    source: Source = opened
    return source
