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


class MalformedError(Exception):
    """A text that does not stand for a value of its type; the message says why, and never what it is."""


def read_text(text: str, of: Any, adapters: Sequence[CodecAdapter] = (), *, hidden: bool) -> Any:
    """The value of a type that a text stands for.

    A model, a list or a mapping is JSON; a string is the text itself; anything else is converted as a query parameter
    is, by the type's own validation.

    Args:
        of: The type.
        adapters: Makers of codecs for types that pydantic does not know.
        hidden: Whether nothing of the text may be in an error, because it is a secret's.

    Raises:
        MalformedError: It stands for none.
        DeclarationError: Nobody can read the type.
    """
    # What was validated hangs on pydantic's error, and would hang on ours if that were raised while it is handled.
    value, fault = _read(text, of, adapters, hidden=hidden)
    if fault:
        raise MalformedError(fault)
    return value


def check_default(value: Any, of: Any, adapters: Sequence[CodecAdapter] = ()) -> Any:
    """The default of a variable, validated by its type; raises `MalformedError`."""
    from pikku_core.errors import InvalidDataError
    from pikku_core.schema import codec_for

    try:
        return codec_for(of, adapters).read_value(value)
    except InvalidDataError as error:
        raise MalformedError("; ".join(fault.message for fault in error.details)) from None


def _read(text: str, of: Any, adapters: Sequence[CodecAdapter], *, hidden: bool) -> tuple[Any, str]:
    """The value, or why there is none."""
    from pydantic import ValidationError

    from pikku_core.errors import InvalidDataError

    for adapter in adapters:
        codec = adapter(of)
        if codec is not None:
            is_json = _looks_like_json(text)
            try:
                return (codec.read_json(text.encode()) if is_json else codec.read_value(text)), ""
            except InvalidDataError as error:
                messages = [fault.message for fault in error.details]
                return None, "it is refused by its type" if hidden else "; ".join(messages)
    validate, fields = reader(of)
    try:
        return validate(text), ""
    except ValidationError as error:
        return None, "; ".join(_messages(error, fields, hidden=hidden))


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

    if fault["type"] in {"assertion_error", "value_error"} or fault["type"] not in get_args(
        ErrorType
    ):
        return "it is refused by its type"
    if fault["type"] == "union_tag_invalid":
        return "its tag is unknown"
    if fault["type"] == "json_invalid":
        return "it is no JSON"
    return fault["msg"].partition(",")[0]
