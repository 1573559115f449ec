"""From what is needed and where it may be found to values, and to all that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeAlias, cast, get_origin

from pikku_core.environment.sources import SourceError
from pikku_core.environment.text import MalformedError, check_default, text_reader
from pikku_core.secret import Secret
from pikku_core.settled import settled
from pikku_core.variable import NO_DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pikku_core.definition import Definition
    from pikku_core.environment.opening import Source
    from pikku_core.environment.record import DefinitionRecord
    from pikku_core.schema import CodecAdapter

Status: TypeAlias = Literal["set", "default", "optional", "missing", "malformed"]
"""Read from a source, left to its default, missing and allowed to be, or one of the two that keep an App from starting."""

FAULTS: Final = frozenset({"malformed", "missing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What became of one secret or variable.

    Attributes:
        definition: As it was declared.
        status: See `Status`.
        source: The name of the source that has it; empty where none does.
        value: What it is, that of a secret in a `Secret`; None where it is not known.
        fault: What is wrong, as a sentence; empty where nothing is.
    """

    record: DefinitionRecord
    definition: Definition
    status: Status
    source: str = ""
    value: Any = None
    fault: str = ""

    @property
    def type_name(self) -> str:
        """Its type as people write it."""
        return type_name(self.definition.type)


@dataclass(slots=True)
class Texts:
    """What the sources said.

    Attributes:
        found: The text of each key, which may be a secret's, and the source that had it.
        failures: The sources that could not be read, each as a sentence.
    """

    found: dict[str, tuple[Secret[str], str]] = field(
        default_factory=dict[str, "tuple[Secret[str], str]"]
    )
    failures: list[str] = field(default_factory=list[str])


async def look_up(keys: Iterable[str], sources: Mapping[str, Source]) -> Texts:
    """Asks sources, one after another, for what those before them do not have."""
    texts, missing = Texts(), frozenset(keys)
    for name, source in sources.items():
        if not missing:
            break
        try:
            found = await _ask(source, missing)
        except SourceError as error:
            texts.failures.append(f'The source "{name}" failed: {error}.')
            found = {key: Secret(text) for key, text in error.found.items()}
        except Exception as error:  # noqa: BLE001 - a plugin's source may raise anything
            texts.failures.append(f'The source "{name}" failed: {type(error).__name__}: {error}.')
            continue
        texts.found |= {key: (text, name) for key, text in found.items()}
        missing -= found.keys()
    return texts


async def _ask(source: Source, keys: frozenset[str]) -> dict[str, Secret[str]]:
    """What a source has of some keys."""
    read = cast("object", await settled(source.read(keys)))
    if not isinstance(read, Mapping):
        raise SourceError(f"it gave no mapping, but {type(read).__name__}")
    texts = cast("Mapping[str, object]", read)
    found = {key: text for key in keys if (text := texts.get(key))}
    for key in sorted(found):
        if not isinstance(found[key], str):
            raise SourceError(
                f'what it gave for "{key}" is no text, but {type(found[key]).__name__}'
            )
    return {key: Secret(str(text)) for key, text in found.items()}


async def resolve_all(
    records: Sequence[DefinitionRecord],
    sources: Mapping[str, Source],
    adapters: Sequence[CodecAdapter] = (),
) -> tuple[list[Resolved], list[str]]:
    """What becomes of each definition, and which sources failed.

    Raises:
        DeclarationError: Nobody can read the type of one.
    """
    # Before there is a text: what fails here has no secret in its frames.
    definitions = [record.load() for record in records]
    readers = [
        text_reader(definition.type, adapters, hidden=record.is_secret)
        for record, definition in zip(records, definitions, strict=True)
    ]
    texts = await look_up([record.key for record in records], sources)
    resolved = [
        _resolve(record, definition, reader, texts, adapters)
        for record, definition, reader in zip(records, definitions, readers, strict=True)
    ]
    return resolved, texts.failures


def _resolve(
    record: DefinitionRecord,
    definition: Definition,
    reader: Callable[[str], Any],
    texts: Texts,
    adapters: Sequence[CodecAdapter],
) -> Resolved:
    text, source = texts.found.get(record.key, (None, ""))
    try:
        if text is not None:
            value = reader(text.reveal())
            if record.is_secret:
                value = Secret(value)
            return Resolved(
                record=record, definition=definition, status="set", source=source, value=value
            )
        default = getattr(definition, "default", NO_DEFAULT)
        if default is not NO_DEFAULT:
            value = check_default(default, definition.type, adapters)
            return Resolved(record=record, definition=definition, status="default", value=value)
    except MalformedError as error:
        whence = f'"{record.key}" of the source "{source}"' if source else "its default"
        fault = _sentence(record, definition, f"is malformed in {whence}: {error}")
        return Resolved(
            record=record, definition=definition, status="malformed", source=source, fault=fault
        )
    if record.optional:
        return Resolved(record=record, definition=definition, status="optional")
    fault = _sentence(record, definition, f'is missing: set "{record.key}"')
    return Resolved(record=record, definition=definition, status="missing", fault=fault)


def _sentence(record: DefinitionRecord, definition: Definition, what: str) -> str:
    users = record.users
    needed = f", needed by {', '.join(users)}" if users else ""
    url = f" See {definition.docs_url}" if definition.docs_url else ""
    noun = "secret" if record.is_secret else "variable"
    return f'The {noun} "{record.name}" ({type_name(definition.type)}{needed}) {what}.{url}'


def type_name(type_: Any) -> str:
    """A type as people write it, without what `Annotated` adds to it."""
    from pikku_core.schema_pydantic import name_of

    return name_of(type_.__origin__ if get_origin(type_) is Annotated else type_)
