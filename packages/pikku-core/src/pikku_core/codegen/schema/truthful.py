"""JSON Schemas that say what is accepted and what is written, where pydantic's say something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import GenerateJsonSchema

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

DECIMAL: Final = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,17})?$"
"""What a decimal is written like, in an expression that every implementation of JSON Schema can read."""


class TruthfulJsonSchema(GenerateJsonSchema):
    """Pydantic's JSON Schema, but for what does not hold of the values."""

    def get_decimal_pattern(self, schema: core_schema.DecimalSchema) -> str | None:
        """The pattern of a decimal: no text that is none."""
        return super().get_decimal_pattern(schema) or DECIMAL

    def set_schema(self, schema: core_schema.SetSchema) -> JsonSchemaValue:
        """The schema of a set: what stands in it twice is accepted, and written once."""
        return self._accepting(super().set_schema(schema))

    def frozenset_schema(self, schema: core_schema.FrozenSetSchema) -> JsonSchemaValue:
        """The schema of a frozen set; see `set_schema`."""
        return self._accepting(super().frozenset_schema(schema))

    def timedelta_schema(self, schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:
        """The schema of a duration: as text `P1Y2D` is written, which is none by RFC 3339, the format's definition."""
        found = super().timedelta_schema(schema)
        return found if self.mode == "validation" else _without(found, "format")

    def _accepting(self, schema: JsonSchemaValue) -> JsonSchemaValue:
        return _without(schema, "uniqueItems") if self.mode == "validation" else schema


def _without(schema: dict[str, Any], keyword: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != keyword}
