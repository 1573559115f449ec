"""Codecs by pydantic: one bound validator and one bound serializer per type."""

from __future__ import annotations

import dataclasses
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn, cast

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
from pydantic_core import PydanticSerializationError, from_json, to_json

from pikku_core.errors import DeclarationError, FieldError, InvalidDataError, InvalidResultError
from pikku_core.schema_json import Rules, missed_integers, reading_validator, with_integers
from pikku_core.schema_strict import quick_serializer
from pikku_core.schema_text import Convert, CoreSchema, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic.plugin._schema_validator import PluggableSchemaValidator
    from pydantic_core import ErrorDetails, SchemaValidator

SCALARS = frozenset({bool, float, int, str, type(None)})
MOST_FAULTS = 1_000
UNEXPECTED = re.compile(r"Expected `([^`]+)`[^\[\n]*\[(?:field_name='([^']+)')?")


class PydanticCodec:
    """The `TypeCodec` of a model, dataclass, TypedDict, container, union or plain type.

    Raises:
        DeclarationError: Pydantic has no schema for the type.
    """

    def __init__(self, type: Any) -> None:
        self.type = type
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(type)
            adapter.rebuild(raise_errors=True)
        except (PydanticUserError, PydanticUndefinedAnnotation) as error:
            raise DeclarationError(unusable(type, error)) from error
        self._adapter = adapter
        self._fields: Mapping[str, tuple[str, ...]] | None = None
        self._fields_known = False
        exact = exact_class(type)
        self.read_value: Callable[[Any], Any] = value_reader(adapter, exact)
        self.write_json: Callable[[Any], bytes] = json_writer(adapter, exact)
        self.check_result: Callable[[Any], Any] = result_checker(adapter, exact)

    @cached_property
    def _reading_text(self) -> SchemaValidator | PluggableSchemaValidator:
        # Made when it is asked for: what is only written needs none.
        return reading_validator(self._adapter, Rules(text=True))

    @cached_property
    def _read_json(self) -> Callable[[bytes], Any]:
        return json_reader(reading_validator(self._adapter, Rules()).validate_json)

    @property
    def read_json(self) -> Callable[[bytes], Any]:
        """The value of a JSON text."""
        return self._read_json

    @property
    def fields(self) -> Mapping[str, tuple[str, ...]] | None:
        """The fields, each with the keys that it is accepted under."""
        if not self._fields_known:
            fields = CoreSchema(self._adapter.core_schema).fields()
            self._fields = None if fields is None else {name: f.keys for name, f in fields.items()}
            self._fields_known = True
        return self._fields

    def mapping_reader(
        self, *, text: frozenset[str], json: bool
    ) -> Callable[[dict[str, Any]], Any]:
        """A function that reads a merged mapping; what can be worked out before is worked out now."""
        core = CoreSchema(self._adapter.core_schema)
        strict = core.is_strict()
        prepare = text_preparer(core, text, strict=strict)
        texts = core.holding(text)
        through_text = strict or (json and not core.is_same_in_python(texts))
        validator = self._reading_text
        if json:
            validator = reading_validator(self._adapter, Rules(texts=texts))
        validate_python, validate_json = validator.validate_python, validator.validate_json
        read_document = json_reader(validate_json)

        def read(mapping: dict[str, Any]) -> Any:
            if prepare is not None:
                mapping = prepare(mapping)
            if through_text:
                return read_document(to_json(mapping, inf_nan_mode="constants"))
            try:
                return validate_python(mapping)
            except ValidationError as error:
                if not json or not missed_integers(error):
                    raise invalid_data(error) from None
            return read_document(to_json(mapping, inf_nan_mode="constants"))

        return read


def parse_json(text: bytes) -> Any:
    """The value of a JSON text, for a transport that merges it with other sources.

    Raises:
        InvalidDataError: It is no JSON, no UTF-8, nested too deeply, or holds NaN or Infinity.
    """
    try:
        return from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidDataError([FieldError((), "json_invalid", f"Invalid JSON: {error}")]) from None


def exact_class(type_: Any) -> type[Any] | None:
    """The class whose instances are known to fit: a model, a dataclass, a plain scalar; None for any other type."""
    if not isinstance(type_, type):
        return None
    cls = cast("type[Any]", type_)
    fits = issubclass(cls, BaseModel) or dataclasses.is_dataclass(cls) or cls in SCALARS
    return cls if fits else None


def json_reader(validate: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """The type's validator on a JSON text."""

    def read_json(text: bytes) -> Any:
        # Looking for one letter first is many times faster, and most bodies have none.
        if (b"N" in text and b"NaN" in text) or (b"I" in text and b"Infinity" in text):
            parse_json(text)  # A string may hold the word; the number is refused.
        try:
            return validate(text)
        except ValidationError as error:
            places = [] if error.error_count() > MOST_FAULTS else missed_integers(error)
            if not places:
                raise invalid_data(error) from None
        try:
            return validate(with_integers(text, places))
        except ValidationError as error:
            raise invalid_data(error) from None

    return read_json


def value_reader(adapter: TypeAdapter[Any], exact: type[Any] | None) -> Callable[[Any], Any]:
    """The type's validator on a Python object; an instance of `exact` passes as it is."""
    validate = adapter.validator.validate_python

    def read_value(value: Any) -> Any:
        if type(value) is exact:
            return value
        try:
            return validate(value, by_alias=True, by_name=True)
        except ValidationError as error:
            raise invalid_data(error) from None

    return read_value


def json_writer(adapter: TypeAdapter[Any], exact: type[Any] | None) -> Callable[[Any], bytes]:
    """The type's serializer, after its validator for what is no instance of `exact`."""
    to_json = adapter.serializer.to_json
    check = result_checker(adapter, exact)

    def write_or_refuse(result: Any) -> bytes:
        try:
            return to_json(result, by_alias=True, warnings="error")
        except PydanticSerializationError as error:
            refuse_result(adapter, result, unserializable(error))

    write = quick_serializer(to_json, write_or_refuse)

    def write_json(result: Any) -> bytes:
        return write(result if type(result) is exact else check(result))

    return write_json


def result_checker(adapter: TypeAdapter[Any], exact: type[Any] | None) -> Callable[[Any], Any]:
    """The type's validator on a result; an instance of `exact` passes as it is."""
    validate = adapter.validator.validate_python

    def check_result(result: Any) -> Any:
        if type(result) is exact:
            return result
        try:
            return validate(result, by_alias=True, by_name=True)
        except ValidationError as error:
            details = invalid_data(error).details
            faults = [f"{'.'.join(map(str, d.location)) or 'it'}: {d.message}" for d in details]
            refuse_result(adapter, result, "; ".join(faults))

    return check_result


def refuse_result(adapter: TypeAdapter[Any], result: Any, faults: str) -> NoReturn:
    """Raises `InvalidResultError`; the value itself does not get into the log."""
    declared = getattr(adapter, "_type", Any)
    raise InvalidResultError(
        f'A result of type "{name_of(type(result))}" does not fit the return type "{name_of(declared)}": {faults}'
    ) from None


def text_preparer(
    core: CoreSchema, text: frozenset[str], *, strict: bool
) -> Callable[[dict[str, Any]], dict[str, Any]] | None:
    """What renames and converts the text values of a mapping; None where nothing needs it."""
    converters: dict[str, Convert] = {}
    renamed: dict[str, str] = {}
    fields = core.fields() or {}
    accepted = {key for field in fields.values() for key in field.keys}
    for name, field in fields.items():
        # What is shared with other fields is strict for them.
        is_shared = any(part.get("type") == "definition-ref" for part in parts(field.schema))
        convert = core.converter(field.schema, strict=strict or is_shared)
        # A name stands for the field's alias, unless it is the alias of another field.
        if name in text - accepted and field.keys:
            renamed[name] = field.keys[0]
        for key in text & {*field.keys, *({name} - accepted)}:
            if convert is not None:
                converters[key] = convert
    if not converters and not renamed:
        return None

    def prepare(mapping: dict[str, Any]) -> dict[str, Any]:
        return {
            renamed.get(key, key): converters[key](value) if key in converters else value
            for key, value in mapping.items()
        }

    return prepare


def invalid_data(error: ValidationError) -> InvalidDataError:
    """The faults that pydantic found, without the values, which may be secrets.

    More than `MOST_FAULTS` are only counted: listed they take a hundred times the memory of the body that has them.
    """
    count = error.error_count()
    if count > MOST_FAULTS:
        message = f"There are {count} faults, too many to list."
        return InvalidDataError([FieldError((), "too_many_faults", message)])
    return InvalidDataError(
        [
            FieldError(fault["loc"], fault["type"], message_of(fault))
            for fault in error.errors(include_url=False, include_input=False)
        ]
    )


def message_of(fault: ErrorDetails) -> str:
    """Pydantic's sentence about a fault; the one that repeats the value is put in other words."""
    if fault["type"] == "union_tag_invalid":
        context = fault.get("ctx", {})
        return f"The tag {context['discriminator']} is none of {context['expected_tags']}"
    return fault["msg"]


def unserializable(error: PydanticSerializationError) -> str:
    """What pydantic says about a result that does not fit, without the values."""
    text = str(error)
    if not text.startswith("Pydantic serializer warnings"):
        return text
    found = UNEXPECTED.findall(text)
    return "; ".join(f"{field or 'it'}: expected {expected}" for expected, field in found)


def unusable(type_: Any, error: Exception) -> str:
    """Why a type cannot be the data or the result of a function, in one sentence."""
    name = name_of(type_)
    if isinstance(error, PydanticUserError) and error.code == "typed-dict-version":
        return (
            f'The type "{name}" is or holds a TypedDict of the standard library, which Python 3.11 does not describe '
            'fully: import TypedDict from "typing_extensions".'
        )
    if isinstance(error, PydanticUndefinedAnnotation):
        return f'The type "{name}" names "{error.name}", which is not defined: import it at run time, not only under TYPE_CHECKING.'
    return f'The type "{name}" cannot be read or written: {str(error).splitlines()[0]}'


def name_of(type_: Any) -> str:
    """A type as people write it."""
    if isinstance(type_, type) and not hasattr(type_, "__args__"):
        return type_.__qualname__
    return str(type_).replace("typing.", "")
