"""What an operation answers: by its function's return type, and by every error that its route can end in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core import errors as tree
from pikku_core.plugin.expression import Constant
from pikku_core.plugin.model import CallableKind
from pikku_http.http.answer import NO_CONTENT
from pikku_http.http.openapi.components import keywords
from pikku_http.http.openapi.limits import HEADERS
from pikku_http.http.openapi.request import JSON
from pikku_http.http.redirect import SCHEMA as REDIRECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin import FunctionModel, Project, WiringModel
    from pikku_http.http.openapi.components import Components, Schema

STREAMS: Final = frozenset({CallableKind.SYNC_GENERATOR, CallableKind.ASYNC_GENERATOR})
BYTES: Final = {"type": "string", "format": "binary"}
FILE: Final = {
    "title": "File",
    "type": "string",
    "contentMediaType": "application/octet-stream",
}
NULL: Final = {"type": "null"}


def success(wiring: WiringModel, project: Project, components: Components) -> dict[str, Schema]:
    """The answers of a function that returns, by status."""
    function = project.functions[wiring.function]
    status = cast("int", wiring.meta["status"])
    empty = str(204 if status == 200 else status)
    if wiring.meta["sse"]:
        return {"200": _events(function, project, components)}
    if function.kind in STREAMS:
        return {str(status): _stream(function, project, components)}
    answers: dict[str, Schema] = {}
    takes_http = any(one.provider == "http" for one in function.parameters)
    for choice in _choices(function, project, components):
        if choice == REDIRECT:
            location = {"schema": {"type": "string", "format": "uri-reference"}}
            answers["3XX"] = {"description": "Elsewhere.", "headers": {"Location": location}}
        elif choice == NULL:
            answers.setdefault(empty, {"description": "Done; there is no content."})
        elif choice == FILE:
            answers |= {
                str(status): {"description": "The file.", "content": {"*/*": {}}},
                "206": {"description": "Parts of the file.", "content": {"*/*": {}}},
                "304": {"description": "The client has the file."},
            }
        elif choice == BYTES:
            media = "*/*" if takes_http else "application/octet-stream"
            _add(answers, str(status), media, {})
        else:
            _add(answers, str(status), JSON, choice)
    if takes_http and (main := answers.get(str(status)) or answers.get(empty)):
        # The function may set another status.
        answers["2XX"] = main
    return answers


def _events(function: FunctionModel, project: Project, components: Components) -> Schema:
    """The answer of a route with events; who does not accept these gets JSON."""
    type_ = project.result_type(function.id)
    schema: Schema = {}
    if type_ is not None and function.kind not in STREAMS:
        schema = components.schema(type_, "output")
    elif function.kind in STREAMS:
        schema = {"type": "array"}
    return {
        "description": "Events, or all of it as JSON for who does not accept them.",
        "content": {"text/event-stream": {}, JSON: {"schema": schema}},
    }


def _stream(function: FunctionModel, project: Project, components: Components) -> Schema:
    """The answer of a generator function; the schema is that of one item, for OpenAPI 3.1 has none of a stream."""
    type_ = project.result_type(function.id)
    if type_ is not None and type_.output_schema == BYTES:
        return {"description": "A stream of bytes.", "content": {"application/octet-stream": {}}}
    schema: Schema = {} if type_ is None else components.schema(type_, "output")
    return {
        "description": "A stream: each line is an item.",
        "content": {"application/x-ndjson": {"schema": schema}},
    }


def _choices(function: FunctionModel, project: Project, components: Components) -> list[Schema]:
    """What a function may return: the choices of its type, those that are answered as JSON in one."""
    if function.result == Constant(None):
        return [NULL]
    type_ = project.result_type(function.id)
    if type_ is None:
        return [{}, NULL]
    schema: Schema = type_.output_schema
    special = (NULL, REDIRECT, BYTES, FILE)
    if schema in special:
        return [schema]
    choices: list[Schema] = keywords(schema).get("anyOf", [])
    found = [one for one in choices if one in special]
    if not found:
        return [components.schema(type_, "output")]
    rest = [one for one in choices if one not in special]
    if not rest:
        return found
    other = {key: value for key, value in keywords(schema).items() if key != "anyOf"}
    document = {**other, **rest[0]} if len(rest) == 1 else {**other, "anyOf": rest}
    return [components.part(schema, document), *found]


def _add(answers: dict[str, Schema], status: str, media: str, schema: Schema) -> None:
    if int(status) in NO_CONTENT:
        answers[status] = {"description": "Done; there is no content."}
        return
    answer = answers.setdefault(status, {"description": "The result.", "content": {}})
    answer.setdefault("content", {})[media] = (
        {"schema": schema} if schema != {} or media == JSON else {}
    )


def failures(
    *, reads: bool, has_body: bool, has_names: bool, session: bool, may_refuse: bool
) -> Iterator[int]:
    """The statuses of the errors that a route answers by itself.

    Args:
        reads: Whether anything of the request is read.
        has_names: Whether its path names something, which may not be there.
        session: Whether who calls is asked for, or looked at.
        may_refuse: Whether the caller may be known and still be refused.
    """
    if reads:
        yield from (400, 422)
    if has_body:
        yield from (413, 415)
    if session:
        yield 401
    if may_refuse:
        yield 403
    if has_names:
        yield 404
    yield 500


def failure(status: int, content: Schema) -> tuple[str, Schema]:
    """The name and the shared answer of an error, given its bodies by media type."""
    name, message = _KNOWN.get(status, (f"Error{status}", _phrase(status)))
    headers: dict[str, Schema] = {
        "X-Request-Id": {
            "description": "The trace id of the request.",
            "schema": {"type": "string"},
        }
    }
    if status == 401:
        headers["WWW-Authenticate"] = {
            "description": "How to say who calls (RFC 9110, 11.6.1).",
            "schema": {"type": "string"},
        }
    if status == 429:
        headers |= HEADERS
    return name, {
        "description": message,
        "headers": headers,
        "content": content,
    }


def _known() -> Mapping[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {500: ("InternalError", tree.PikkuError.default_message)}
    for name, value in vars(tree).items():
        known: Any = value
        if isinstance(value, type) and known.__base__ is tree.PikkuError and known.status != 500:
            found[known.status] = (name.removesuffix("Error"), known.default_message)
    return found


def _phrase(status: int) -> str:
    try:
        return f"{HTTPStatus(status).phrase}."
    except ValueError:
        return f"An error of status {status}."


_KNOWN: Final = _known()
