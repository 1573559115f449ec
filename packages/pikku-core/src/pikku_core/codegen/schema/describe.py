"""What pydantic knows of a type: its JSON Schemas and its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import PydanticUserError, TypeAdapter
from pydantic.errors import PydanticUndefinedAnnotation

from pikku_core.codegen.schema.exchange import Described, Field, Mode, Reason
from pikku_core.codegen.schema.truthful import TruthfulJsonSchema
from pikku_core.schema_text import CoreSchema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pikku_core.schema import CodecAdapter

SCALARS = frozenset({"string", "integer", "number", "boolean", "null"})


class NoSchemaError(Exception):
    """Pydantic cannot describe a type.

    Attributes:
        reason: `typed_dict` where `typing.TypedDict` stands on a Python before 3.12, `undefined` where an annotation names
            what is not defined, and the message is that name, else `schema`.
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason


def describe_type(
    value: Any, modes: Sequence[Mode], adapters: Iterable[CodecAdapter] = ()
) -> Described:
    """The schemas and fields of a type, from the first adapter that knows it, else from pydantic.

    Raises:
        NoSchemaError: It has none.
    """
    for adapter in adapters:
        codec = adapter(value)
        if codec is not None:
            # A codec need not know JSON Schema; without one anything may be in its values.
            make = getattr(codec, "json_schema", None)
            schemas: dict[Mode, Any] = {mode: make(mode) if make else {} for mode in modes}
            return _described(schemas, codec.fields)
    try:
        pydantic: TypeAdapter[Any] = TypeAdapter(value)
        # What an annotation of a model names in vain is told only by a second attempt.
        pydantic.rebuild(raise_errors=True)
        schemas = {
            mode: pydantic.json_schema(
                mode=mode, by_alias=True, schema_generator=TruthfulJsonSchema
            )
            for mode in modes
        }
    except PydanticUndefinedAnnotation as error:
        raise NoSchemaError("undefined", str(error.name)) from error
    except PydanticUserError as error:
        old = error.code == "typed-dict-version"
        message = (error.message or "").partition("\n")[0]
        raise NoSchemaError("typed_dict" if old else "schema", message) from error
    fields = CoreSchema(pydantic.core_schema).fields()
    if fields is None:
        return Described(schemas=schemas, fields=None)
    return _described(schemas, {name: field.keys for name, field in fields.items()})


def _described(schemas: dict[Mode, Any], fields: Mapping[str, Iterable[str]] | None) -> Described:
    schema = next(iter(schemas.values()))
    return Described(
        schemas=schemas,
        fields=None
        if fields is None
        else [_field(name, list(keys), schema) for name, keys in fields.items()],
    )


def _field(name: str, keys: Sequence[str], schema: Mapping[str, Any]) -> Field:
    top = _resolve(schema, schema)
    properties: Mapping[str, Any] = top.get("properties", {})
    written = next((key for key in (*keys, name) if key in properties), None)
    return Field(
        name=name,
        aliases=[key for key in keys if key != name],
        required=written in top.get("required", ()),
        kind="other" if written is None else _kind(properties[written], schema),
    )


def _kind(
    schema: Mapping[str, Any] | bool, root: Mapping[str, Any]
) -> Literal["scalar", "list", "other"]:
    if isinstance(schema, bool):
        return "other"  # `true` accepts everything.
    schema = _resolve(schema, root)
    if "anyOf" in schema:
        kinds: set[Literal["scalar", "list", "other"]] = {
            _kind(choice, root) for choice in schema["anyOf"] if choice.get("type") != "null"
        }
        return kinds.pop() if len(kinds) == 1 else "other"
    if schema.get("type") == "array":
        items: Mapping[str, Any] = schema.get("items", {})
        return "list" if _kind(items, root) == "scalar" else "other"
    scalar = schema.get("type") in SCALARS or "enum" in schema or "const" in schema
    return "scalar" if scalar else "other"


def _resolve(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        resolved = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            resolved = resolved[part.replace("~1", "/").replace("~0", "~")]
        schema = resolved
    return schema
