"""The value that a text of the environment stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from pikku_core.schema import CodecAdapter
    from pikku_core.schema_text import CoreSchema, Schema

JSON: Final = frozenset(
    {
        *("list", "set", "frozenset", "tuple", "dict", "generator"),
        *("model", "model-fields", "dataclass", "dataclass-args", "typed-dict", "tagged-union"),
        *("arguments", "named-tuple", "call"),
    }
)
"""Core schemas of what text cannot be but as JSON."""
INNER: Final = ("schema", "json_schema", "lax_schema")
"""Where a core schema that only wraps another has it."""

_REFUSED: Final = "it is refused by its type"
_QUOTING: Final = frozenset({"assertion_error", "bytes_invalid_encoding", "value_error"})
"""Faults of pydantic whose message quotes the value, or what a validator of the project's says of it."""


class MalformedError(Exception):
    """A text that does not stand for a value of its type; the message says why, and never what it is."""


def text_reader(
    of: Any, adapters: Sequence[CodecAdapter] = (), *, hidden: bool
) -> Callable[[str], Any]:
    """What makes values of a type of the texts that stand for them, and raises `MalformedError` for others.

    A model, a list or a mapping is JSON; a string is the text itself; anything else is converted as a query parameter
    is, by the type's own validation.

    Args:
        of: The type.
        adapters: Makers of codecs for types that pydantic does not know.
        hidden: Whether nothing of a text may be in an error, because it is a secret's.

    Raises:
        DeclarationError: Nobody can read the type.
    """
    attempt = _attempt(of, adapters, hidden=hidden)

    def read(text: str) -> Any:
        # What was validated hangs on the error, and would hang on ours if that were raised while it is handled.
        try:
            value, fault = attempt(text)
        except Exception as error:  # noqa: BLE001 - a validator of the project's may raise anything
            value, fault = None, _REFUSED if hidden else f"{type(error).__name__}: {error}"
        if fault:
            raise MalformedError(fault)
        return value

    return read


def check_default(value: Any, of: Any, adapters: Sequence[CodecAdapter] = ()) -> Any:
    """The default of a variable, validated by its type; raises `MalformedError`."""
    from pikku_core.errors import InvalidDataError
    from pikku_core.schema import codec_for

    codec = codec_for(of, adapters)
    try:
        return codec.read_value(value)
    except InvalidDataError as error:
        raise MalformedError("; ".join(fault.message for fault in error.details)) from None
    except Exception as error:  # noqa: BLE001 - a validator of the project's may raise anything
        raise MalformedError(f"{type(error).__name__}: {error}") from None


def _attempt(
    of: Any, adapters: Sequence[CodecAdapter], *, hidden: bool
) -> Callable[[str], tuple[Any, str]]:
    """What gives the value of a text, or why there is none."""
    from pydantic import ValidationError

    from pikku_core.errors import InvalidDataError

    codec = next((made for adapter in adapters if (made := adapter(of)) is not None), None)
    if codec is not None:

        def decode(text: str) -> tuple[Any, str]:
            try:
                if _looks_like_json(text):
                    return codec.read_json(text.encode()), ""
                return codec.read_value(text), ""
            except InvalidDataError as error:
                messages = [fault.message for fault in error.details]
                return None, _REFUSED if hidden else "; ".join(messages)

        return decode
    validate, fields = reader(of)

    def attempt(text: str) -> tuple[Any, str]:
        try:
            return validate(text), ""
        except ValidationError as error:
            return None, "; ".join(_messages(error, fields, hidden=hidden))

    return attempt


def reader(of: Any) -> tuple[Callable[[str], Any], frozenset[str]]:
    """What reads the texts of a type, and the names of the type's own fields."""
    from pydantic import TypeAdapter
    from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
    from pydantic_core import to_json

    from pikku_core.errors import DeclarationError
    from pikku_core.schema_pydantic import unusable
    from pikku_core.schema_text import CoreSchema

    try:
        adapter: TypeAdapter[Any] = TypeAdapter(of)
        adapter.rebuild(raise_errors=True)
    except (PydanticUserError, PydanticUndefinedAnnotation) as error:
        raise DeclarationError(unusable(of, error)) from error
    core = CoreSchema(adapter.core_schema)
    fields = core.fields() or {}
    names = frozenset(key for name, field in fields.items() for key in (name, *field.keys))
    strict = core.is_strict()
    kinds = frozenset(_kinds(core, core.schema))
    # A query may repeat a key, and makes a list of one text; a text of the environment is one value.
    convert = None if kinds & JSON else core.converter(core.schema, strict=strict)

    def read(text: str) -> Any:
        if kinds <= JSON or (kinds & JSON and "str" not in kinds and _looks_like_json(text)):
            return adapter.validator.validate_json(text)
        value = text if convert is None else convert(text)
        if strict:
            return adapter.validator.validate_json(to_json(value))
        return adapter.validator.validate_python(value)

    return read, names


def _kinds(core: CoreSchema, schema: Schema) -> Iterator[str]:
    """The types of core schema that a text may have to be, those in a union each."""
    from pikku_core.schema_text import unlabelled

    schema = core.resolve(schema)
    if schema["type"] == "union":
        for choice in schema["choices"]:
            yield from _kinds(core, unlabelled(choice))
        return
    wraps = schema["type"] not in JSON or schema.get("root_model")
    inner = next((schema[key] for key in INNER if key in schema), None) if wraps else None
    if inner is None and schema["type"] == "chain":
        inner = schema["steps"][0]
    if inner is None:
        yield schema["type"]
    else:
        yield from _kinds(core, cast("Schema", inner))


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in {"[", "{"}


def _messages(error: ValidationError, fields: frozenset[str], *, hidden: bool) -> Iterator[str]:
    """What is wrong, each fault with the way to it."""
    for fault in error.errors(include_url=False, include_input=False, include_context=not hidden):
        location = _public(fault["loc"], fields) if hidden else fault["loc"]
        where = f'"{".".join(map(str, location))}": ' if location else ""
        yield where + (_public_message(fault) if hidden else fault["msg"])


def _public(location: tuple[int | str, ...], fields: frozenset[str]) -> tuple[int | str, ...]:
    """The way to a fault as far as it names fields of the type: the keys of a mapping are part of a secret."""
    return location[:1] if location and location[0] in fields else ()


def _public_message(fault: ErrorDetails) -> str:
    """What is wrong, without what a message may quote: a character, a tag, or what a validator of the project's says."""
    from pydantic_core.core_schema import ErrorType

    if fault["type"] in _QUOTING or fault["type"] not in get_args(ErrorType):
        return _REFUSED
    if fault["type"] == "union_tag_invalid":
        return "its tag is unknown"
    if fault["type"] == "json_invalid":
        return "it is no JSON"
    return fault["msg"].partition(",")[0]
