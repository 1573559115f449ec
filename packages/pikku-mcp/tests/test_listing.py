"""What clients are told of tools, resources and prompts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from pikku_mcp.described import schema_of
from pikku_mcp.listing import choices_of, prompt_row, resource_row, tool_row


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@dataclass
class Order:
    colour: Colour
    size: Literal["s", "m"] | None = None
    gift: bool = False
    number: int = 1


def test_a_result_that_is_no_object_is_wrapped() -> None:
    row = tool_row(
        "count",
        title="",
        description="",
        data=None,
        optional=False,
        result={"type": "integer"},
        hints={},
    )
    assert row["inputSchema"] == {"type": "object", "additionalProperties": False}
    assert row["outputSchema"]["properties"] == {"result": {"type": "integer"}}
    assert row["wrapped"]


def test_data_that_is_no_object_is_wrapped_and_may_be_optional() -> None:
    row = tool_row(
        "one",
        title="One",
        description="",
        data={"type": "string"},
        optional=True,
        result=None,
        hints={"readOnlyHint": None},
    )
    assert row["inputSchema"]["properties"] == {"data": {"type": "string"}}
    assert "required" not in row["inputSchema"]
    assert "annotations" not in row
    assert "outputSchema" not in row


def test_a_template_is_told_apart_from_a_resource() -> None:
    said: dict[str, Any] = {"name": "n", "title": "", "description": "", "mime_type": "", "size": 7}
    assert resource_row("a://b", **said) == {"uri": "a://b", "name": "n", "size": 7}
    assert resource_row("a://{b}", **said)["uriTemplate"] == "a://{b}"


def test_the_arguments_of_a_prompt_are_the_properties_of_its_data() -> None:
    schema = schema_of(Order)
    row = prompt_row("order", title="", description="", data=schema, optional=False)
    assert [one["name"] for one in row["arguments"]] == ["colour", "size", "gift", "number"]
    assert [one["name"] for one in row["arguments"] if one.get("required")] == ["colour"]
    assert choices_of(schema) == {
        "colour": ["red", "blue"],
        "size": ["s", "m"],
        "gift": ["true", "false"],
    }
