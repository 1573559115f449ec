"""Asking clients: by a request of the server up to revision 2025-11-25, by the answer of the call from 2026-07-28 on."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final, cast

from mcp_types import (
    ClientCapabilities,
    CreateMessageRequest,
    CreateMessageRequestParams,
    CreateMessageResult,
    ElicitationCapability,
    ElicitRequest,
    ElicitRequestFormParams,
    ElicitResult,
    InputRequiredResult,
    ListRootsRequest,
    ListRootsResult,
    RootsCapability,
    SamplingCapability,
    SamplingMessage,
)
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import BaseModel, ValidationError

from pikku_core.errors import BadRequestError, InvalidDataError
from pikku_core.schema import codec_for
from pikku_mcp import content
from pikku_mcp.block import block_of
from pikku_mcp.described import schema_of
from pikku_mcp.question import ClientLacksError, Elicit, Elicited, ListRoots, Root, Sample, Sampled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mcp.server.context import ServerRequestContext
    from mcp_types import InputRequest

    from pikku_mcp.question import Question


CAPABILITIES: Final[Mapping[type, tuple[str, ClientCapabilities]]] = {
    Elicit: ("elicitation", ClientCapabilities(elicitation=ElicitationCapability())),
    Sample: ("sampling", ClientCapabilities(sampling=SamplingCapability())),
    ListRoots: ("roots", ClientCapabilities(roots=RootsCapability())),
}
"""What a client must say of itself before it is asked something."""


class InputRequired(BaseException):
    """Ends a call whose client is asked something. It is no `Exception`: a function that catches those lets it pass.

    Attributes:
        result: What the client is answered.
    """

    def __init__(self, result: InputRequiredResult) -> None:
        super().__init__()
        self.result = result


class Round:
    """One of the times that a client sends the same call, each time with more answers.

    Args:
        responses: What it answers now, by key.
        state: What it was given to keep: its earlier answers. The SDK seals it, so that it comes back as it was.
    """

    def __init__(self, responses: Mapping[str, Any] | None, state: str | None) -> None:
        self._answers: dict[str, Any] = json.loads(state) if state else {}
        self._answers |= {key: _plain(one) for key, one in (responses or {}).items()}
        self._asked = 0

    def next_key(self) -> str:
        """What identifies a question that has no key of its own: functions ask in the same order each time."""
        self._asked += 1
        return f"question_{self._asked}"

    async def ask(
        self, context: ServerRequestContext[Any, Any], questions: Mapping[str, Question]
    ) -> list[Any]:
        """The answers to some questions.

        Raises:
            ClientLacksError: The client cannot be asked one of them.
            InputRequired: It has to be asked first.
        """
        for question in questions.values():
            _check_capability(context, question)
        if context.protocol_version not in MODERN_PROTOCOL_VERSIONS:
            return [await _asked_now(context, one) for one in questions.values()]
        known = {}
        for key, one in questions.items():
            if key in self._answers:
                try:
                    known[key] = _answer(one, self._answers[key])
                except (InvalidDataError, ValidationError):
                    del self._answers[key]  # It is asked again.
        missing = {key: one for key, one in questions.items() if key not in known}
        if missing:
            state = json.dumps(self._answers)
            requests = {key: _request(one) for key, one in missing.items()}
            raise InputRequired(InputRequiredResult(input_requests=requests, request_state=state))
        return [known[key] for key in questions]


def _plain(answer: Any) -> Any:
    if isinstance(answer, BaseModel):
        return answer.model_dump(mode="json", by_alias=True, exclude_none=True)
    return answer


def _check_capability(context: ServerRequestContext[Any, Any], question: Question) -> None:
    name, wanted = CAPABILITIES[type(question)]
    if not context.session.check_client_capability(wanted):
        required = wanted.model_dump(mode="json", by_alias=True, exclude_none=True)
        raise ClientLacksError(
            f'The client must be one that has the capability "{name}".',
            payload={"requiredCapabilities": required},
        )


def _request(question: Question) -> InputRequest:
    match question:
        case Elicit():
            form = _form(schema_of(question.form))
            params = ElicitRequestFormParams(message=question.message, requested_schema=form)
            return ElicitRequest(params=params)
        case Sample():
            messages = [
                SamplingMessage.model_validate({"role": one.role, "content": block_of(_block(one))})
                for one in question.messages
            ]
            return CreateMessageRequest(
                params=CreateMessageRequestParams(
                    messages=messages,
                    max_tokens=question.max_tokens,
                    system_prompt=question.system or None,
                )
            )
        case ListRoots():
            return ListRootsRequest()


async def _asked_now(context: ServerRequestContext[Any, Any], question: Question) -> Any:
    from mcp.shared.message import ServerMessageMetadata

    results: dict[type, type[BaseModel]] = {
        Elicit: ElicitResult,
        Sample: CreateMessageResult,
        ListRoots: ListRootsResult,
    }
    answer = await context.session.send_request(
        _request(question),
        results[type(question)],
        metadata=ServerMessageMetadata(related_request_id=context.request_id),
    )
    return _answer(question, _plain(answer))


def _answer(question: Question, answer: Any) -> Any:
    match question:
        case Elicit():
            result = ElicitResult.model_validate(answer)
            data = None
            if result.action == "accept":
                data = codec_for(question.form).read_json(json.dumps(result.content or {}).encode())
            return Elicited(result.action, data)
        case Sample():
            sampled = CreateMessageResult.model_validate(answer)
            return Sampled(_of_block(sampled.content), sampled.model, sampled.stop_reason or "")
        case ListRoots():
            roots = ListRootsResult.model_validate(answer).roots
            return [Root(str(one.uri), one.name or "") for one in roots]


def _form(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a form as clients take it: flat, without references to enums."""
    definitions = schema.get("$defs", {})

    def flat(value: Any) -> Any:
        if isinstance(value, list):
            return [flat(one) for one in cast("Sequence[Any]", value)]
        if not isinstance(value, dict):
            return value
        inner = cast("dict[str, Any]", value)
        reference = inner.get("$ref")
        if reference:
            found = definitions[reference.removeprefix("#/$defs/")]
            return flat(found | {key: one for key, one in inner.items() if key != "$ref"})
        return {key: flat(one) for key, one in inner.items() if key != "$defs"}

    found: dict[str, Any] = flat(schema)
    return {key: one for key, one in found.items() if key in {"type", "properties", "required"}}


def _block(message: content.Message) -> content.Content:
    return content.Text(message.content) if isinstance(message.content, str) else message.content


def _of_block(block: Any) -> content.Text | content.Image | content.Audio:
    if block.type == "text":
        return content.Text(block.text)
    if block.type not in {"audio", "image"}:
        raise BadRequestError(
            f'The client answered with "{block.type}", which is none of text, image and audio.'
        )
    made = content.Image if block.type == "image" else content.Audio
    return made(base64.b64decode(block.data), block.mime_type)
