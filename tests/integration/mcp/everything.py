"""An application that offers all that `@modelcontextprotocol/conformance` asks a server for, under the names that it asks by.

It is the source of a project of its own: nothing imports it here.
"""

from __future__ import annotations

import asyncio
import base64
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pikku_core import PikkuError, pikku_sessionless_func
from pikku_http import wire_http
from pikku_mcp import (
    Audio,
    Elicit,
    Embedded,
    Image,
    ListRoots,
    Mcp,
    Message,
    Sample,
    Text,
    TextResource,
    Typed,
    wire_mcp_completion,
    wire_mcp_prompt,
    wire_mcp_resource,
)

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg=="
)
WAV = base64.b64decode("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=")
PAUSE = 0.05


class TestFailedError(PikkuError):
    status = 400


class Prompt(BaseModel):
    prompt: str


class Question(BaseModel):
    message: str


class Person(BaseModel):
    username: str = Field(description="User's response")
    email: str = Field(description="User's email address")


class Defaults(BaseModel):
    name: str = "John Doe"
    age: int = 30
    score: float = 95.5
    status: Literal["active", "inactive", "pending"] = "active"
    verified: bool = True


Titled = Annotated[
    str,
    Field(
        json_schema_extra={
            "oneOf": [
                {"const": "value1", "title": "First Option"},
                {"const": "value2", "title": "Second Option"},
                {"const": "value3", "title": "Third Option"},
            ]
        }
    ),
]
LegacyTitled = Annotated[
    Literal["opt1", "opt2", "opt3"],
    Field(json_schema_extra={"enumNames": ["Option One", "Option Two", "Option Three"]}),
]
TitledItem = Annotated[
    str,
    Field(
        json_schema_extra={
            "anyOf": [
                {"const": "value1", "title": "First Choice"},
                {"const": "value2", "title": "Second Choice"},
                {"const": "value3", "title": "Third Choice"},
            ]
        }
    ),
]


class Enums(BaseModel):
    untitledSingle: Literal["option1", "option2", "option3"] = "option1"  # noqa: N815 - the suite's name
    titledSingle: Titled = "value1"  # noqa: N815 - the suite's name
    legacyEnum: LegacyTitled = "opt1"  # noqa: N815 - the suite's name
    untitledMulti: list[Literal["option1", "option2", "option3"]] = []  # noqa: N815 - the suite's name
    titledMulti: list[TitledItem] = []  # noqa: N815 - the suite's name


class Greeted(BaseModel):
    name: str = "world"


class Name(BaseModel):
    name: str


class Colour(BaseModel):
    color: str


class Confirmation(BaseModel):
    ok: bool


class Context(BaseModel):
    context: str


class Item(BaseModel):
    id: str


class ItemData(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    id: str
    template_test: bool = Field(default=True, serialization_alias="templateTest")
    data: str


class Arguments(BaseModel):
    arg1: str = Field(description="First test argument")
    arg2: str = Field(description="Second test argument")


class Reference(BaseModel):
    resourceUri: str = Field(description="URI of the resource to embed")  # noqa: N815 - the suite's name


class Headers(BaseModel):
    region: str = Field(json_schema_extra={"x-mcp-header": "Region"})
    priority: int = Field(1, json_schema_extra={"x-mcp-header": "Priority"})
    verbose: bool = Field(False, json_schema_extra={"x-mcp-header": "Verbose"})


class address(BaseModel):  # noqa: N801 - the suite's name
    model_config = ConfigDict(json_schema_extra={"$anchor": "addressDef"})
    street: str = ""
    city: str = ""


Postal = address


class Contact(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
            "if": {
                "properties": {"contactMethod": {"const": "phone"}},
                "required": ["contactMethod"],
            },
            "then": {"required": ["phone"]},
            "else": {"required": ["email"]},
        },
    )
    name: str = ""
    address: Postal | None = None
    contactMethod: Literal["phone", "email"] = "phone"  # noqa: N815 - the suite's name
    phone: str = ""
    email: str = ""


@pikku_sessionless_func(mcp=True)
async def json_schema_2020_12_tool(data: Contact) -> Text:
    """Tool with JSON Schema 2020-12 features."""
    return Text(data.name)


@pikku_sessionless_func(mcp=True)
async def test_simple_text() -> Text:
    """Returns simple text."""
    return Text("This is a simple text response for testing.")


@pikku_sessionless_func(mcp=True)
async def test_image_content() -> Image:
    """Returns an image."""
    return Image(PNG, "image/png")


@pikku_sessionless_func(mcp=True)
async def test_audio_content() -> Audio:
    """Returns a sound."""
    return Audio(WAV, "audio/wav")


@pikku_sessionless_func(mcp=True)
async def test_embedded_resource() -> Embedded:
    """Returns a resource."""
    text = "This is an embedded resource content."
    return Embedded(TextResource(uri="test://embedded-resource", text=text, mime_type="text/plain"))


@pikku_sessionless_func(mcp=True)
async def test_multiple_content_types() -> list[Text | Image | Embedded]:
    """Returns several types of content."""
    mixed = TextResource(
        uri="test://mixed-content-resource",
        text='{"test":"data","value":123}',
        mime_type="application/json",
    )
    return [Text("Multiple content types test:"), Image(PNG, "image/png"), Embedded(mixed)]


@pikku_sessionless_func(mcp=True)
async def test_tool_with_logging(*, mcp: Mcp) -> Text:
    """Logs while it runs."""
    await mcp.log("info", "Tool execution started")
    await asyncio.sleep(PAUSE)
    await mcp.log("info", "Tool processing data")
    await asyncio.sleep(PAUSE)
    await mcp.log("info", "Tool execution completed")
    return Text("Tool with logging executed successfully")


@pikku_sessionless_func(mcp=True)
async def test_logging_tool(*, mcp: Mcp) -> Text:
    """Logs once."""
    await mcp.log("info", "A message")
    return Text("logged")


@pikku_sessionless_func(mcp=True)
async def test_error_handling() -> Text:
    """Always fails."""
    raise TestFailedError("This tool intentionally returns an error for testing")


@pikku_sessionless_func(mcp=True)
async def test_tool_with_progress(*, mcp: Mcp) -> Text:
    """Says how far it is."""
    for progress in (0, 50, 100):
        await mcp.progress(progress, total=100)
        await asyncio.sleep(PAUSE)
    return Text("done")


@pikku_sessionless_func(mcp=True)
async def test_sampling(data: Prompt, *, mcp: Mcp) -> Text:
    """Asks the model of the client."""
    said = await mcp.sample([Message(data.prompt)], max_tokens=100)
    assert isinstance(said.content, Text)
    return Text(f"LLM response: {said.content.text}")


@pikku_sessionless_func(mcp=True)
async def test_elicitation(data: Question, *, mcp: Mcp) -> Text:
    """Asks the person in front of the client."""
    said = await mcp.elicit(data.message, Person)
    return Text(f"User response: action={said.action}, content={said.data}")


@pikku_sessionless_func(mcp=True)
async def test_elicitation_sep1034_defaults(*, mcp: Mcp) -> Text:
    """Asks with defaults."""
    said = await mcp.elicit("Please review and update the form", Defaults)
    return Text(f"Elicitation completed: action={said.action}, content={said.data}")


@pikku_sessionless_func(mcp=True)
async def test_elicitation_sep1330_enums(*, mcp: Mcp) -> Text:
    """Asks with choices."""
    said = await mcp.elicit("Please choose", Enums)
    return Text(f"Elicitation completed: action={said.action}, content={said.data}")


@pikku_sessionless_func(mcp=True)
async def test_streaming_elicitation(*, mcp: Mcp) -> Text:
    """Says how far it is, and asks."""
    await mcp.progress(1)
    said = await mcp.elicit("What is your name?", Name)
    return Text(f"{said.data}")


@pikku_sessionless_func(mcp=True)
async def test_missing_capability(*, mcp: Mcp) -> Text:
    """Needs the model of the client."""
    await mcp.sample([Message("Hello")])
    return Text("done")


@pikku_sessionless_func(mcp=True)
async def test_trigger_tool_change(*, mcp: Mcp) -> Text:
    """Says that there are other tools."""
    await mcp.list_changed("tools")
    return Text("done")


@pikku_sessionless_func(mcp=True)
async def test_trigger_prompt_change(*, mcp: Mcp) -> Text:
    """Says that there are other prompts."""
    await mcp.list_changed("prompts")
    return Text("done")


@pikku_sessionless_func(mcp=True)
async def test_custom_headers(data: Headers) -> Text:
    """Has arguments that stand in headers too."""
    return Text(data.region)


@pikku_sessionless_func(mcp=True)
async def test_input_required_result_elicitation(*, mcp: Mcp) -> Text:
    """Asks a person."""
    said = await mcp.elicit("What is your name?", Name, key="user_name")
    return Text(f"Hello, {said.data.name}!" if said.data else "Hello!")


@pikku_sessionless_func(mcp=True)
async def test_input_required_result_sampling(*, mcp: Mcp) -> Text:
    """Asks a model."""
    asked = [Message("What is the capital of France?")]
    said = await mcp.sample(asked, max_tokens=100, key="capital_question")
    return Text(f"{said.content}")


@pikku_sessionless_func(mcp=True)
async def test_input_required_result_list_roots(*, mcp: Mcp) -> Text:
    """Asks for the folders of the client."""
    roots = await mcp.roots(key="client_roots")
    return Text(", ".join(root.uri for root in roots))


@pikku_sessionless_func(mcp=True)
async def test_input_required_result_request_state(*, mcp: Mcp) -> Text:
    """Asks, and goes on with what it knew."""
    said = await mcp.elicit("Please confirm", Confirmation, key="confirm")
    return Text(f"state-ok {said.action}")


@pikku_sessionless_func(mcp=True)
async def test_input_required_result_tampered_state(*, mcp: Mcp) -> Text:
    """Asks, and trusts only what it knew."""
    said = await mcp.elicit("Please confirm", Confirmation, key="confirm")
    return Text(f"state-ok {said.action}")


@pikku_sessionless_func(mcp=True)
async def test_input_required_result_multiple_inputs(*, mcp: Mcp) -> Text:
    """Asks three things at once."""
    name, greeting, roots = await mcp.ask(
        {
            "user_name": Elicit("What is your name?", Name),
            "greeting": Sample([Message("Generate a greeting")], max_tokens=50),
            "client_roots": ListRoots(),
        }
    )
    return Text(f"{name.data} {greeting.content} {roots}")


@pikku_sessionless_func(mcp=True)
async def test_input_required_result_multi_round(*, mcp: Mcp) -> Text:
    """Asks twice."""
    name = await mcp.elicit("Step 1: What is your name?", Name, key="step1")
    colour = await mcp.elicit("Step 2: What is your favorite color?", Colour, key="step2")
    return Text(f"{name.data} {colour.data}")


@pikku_sessionless_func(mcp=True)
async def test_input_required_result_capabilities(*, mcp: Mcp) -> Text:
    """Asks what the client can be asked."""
    if mcp.supports("elicitation"):
        await mcp.elicit("What is your name?", Name, key="user_name")
    if mcp.supports("sampling"):
        await mcp.sample([Message("Hello")], key="greeting")
    return Text("done")


@pikku_sessionless_func(mcp=True)
async def greet(data: Greeted) -> Text:
    """Greets."""
    return Text(f"Hello, {data.name}!")


@pikku_sessionless_func(mcp=True)
async def slow_compute() -> Text:
    """Computes, and not slowly: tasks are an extension that this server does not have."""
    return Text("computed")


@pikku_sessionless_func
async def simple_prompt() -> str:
    """A simple prompt."""
    return "This is a simple prompt for testing."


@pikku_sessionless_func
async def prompt_with_arguments(data: Arguments) -> str:
    """A prompt with arguments."""
    return f"Prompt with arguments: arg1='{data.arg1}', arg2='{data.arg2}'"


@pikku_sessionless_func
async def prompt_with_resource(data: Reference) -> list[Message]:
    """A prompt with a resource."""
    text = "Embedded resource content for testing."
    embedded = TextResource(uri=data.resourceUri, text=text, mime_type="text/plain")
    return [Message(Embedded(embedded)), Message("Please process the embedded resource above.")]


@pikku_sessionless_func
async def prompt_with_image() -> list[Message]:
    """A prompt with an image."""
    return [Message(Image(PNG, "image/png")), Message("Please analyze the image above.")]


@pikku_sessionless_func
async def prompt_that_asks(*, mcp: Mcp) -> str:
    """A prompt that asks."""
    said = await mcp.elicit("What context should the prompt use?", Context, key="user_context")
    return f"Use {said.data.context if said.data else 'none'}."


@pikku_sessionless_func
async def complete_argument(data: Typed) -> list[str]:
    return [word for word in ("paris", "park", "party") if word.startswith(data.value)]


@pikku_sessionless_func
async def static_text() -> str:
    return "This is the content of the static text resource."


@pikku_sessionless_func
async def static_binary() -> bytes:
    return PNG


@pikku_sessionless_func
async def item(data: Item) -> ItemData:
    return ItemData(id=data.id, data=f"Data for ID: {data.id}")


@pikku_sessionless_func
async def hello() -> str:
    return "hello"


wire_http(method="get", route="/hello", func=hello)
wire_mcp_prompt(name="test_simple_prompt", func=simple_prompt)
wire_mcp_prompt(name="test_prompt_with_arguments", func=prompt_with_arguments)
wire_mcp_prompt(name="test_prompt_with_embedded_resource", func=prompt_with_resource)
wire_mcp_prompt(name="test_prompt_with_image", func=prompt_with_image)
wire_mcp_prompt(name="test_input_required_result_prompt", func=prompt_that_asks)
wire_mcp_completion(of="test_prompt_with_arguments", argument="arg1", func=complete_argument)
wire_mcp_resource("test://static-text", func=static_text, mime_type="text/plain")
wire_mcp_resource("test://static-binary", func=static_binary, mime_type="image/png")
wire_mcp_resource("test://watched-resource", func=static_text)
wire_mcp_resource("test://template/{id}/data", func=item, mime_type="application/json")
