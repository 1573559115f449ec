"""What an operation answers: by its function's return type, and by every error that its route can end in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from pikku_core import errors as tree
from pikku_core.plugin.expression import Constant
from pikku_http.http.answer import NO_CONTENT
from pikku_http.http.openapi.components import keywords
from pikku_http.http.openapi.request import JSON
from pikku_http.http.redirect import SCHEMA as REDIRECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pikku_core.plugin import FunctionModel, Project, WiringModel
    from pikku_http.http.openapi.components import Components, Schema

BYTES: Final = {"type": "string", "format": "binary"}
FILE: Final = {
    "title": "File",
    "type": "string",
    "contentMediaType": "application/octet-stream",
}
NULL: Final = {"type": "null"}

LIMITED: Final[Mapping[str, Schema]] = {
    "Retry-After": {
        "description": "The seconds until the call is let in (RFC 9110, 10.2.3).",
        "schema": {"type": "integer", "minimum": 1},
    },
    "RateLimit-Policy": {
        "description": "The limits of the operation: how much (q) within how many seconds (w).",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "What is left of them (r), and the seconds until that grows (t).",
        "schema": {"type": "string"},
    },
}
"""The headers of a 429."""


def success(wiring: WiringModel, project: Project, components: Components) -> dict[str, Schema]:
    """The answers of a function that returns, by status."""
    function = project.functions[wiring.function]
    status = cast("int", wiring.meta["status"])
    if not function.kind.is_generator:
        answers = _results(wiring, project, components)
    elif wiring.meta["sse"]:
        answers = {"200": {"description": "", "content": {JSON: {"schema": {"type": "array"}}}}}
    else:
        answers = {str(status): _stream(function, project, components)}
    if wiring.meta["sse"]:
        answers = {"200": _with_events(answers.pop("200", {})), **answers}
    empty = str(204 if status == 200 else status)
    main = answers.get(str(status)) or answers.get(empty)
    if main and _takes_http(function):
        # The function may set another status.
        answers["2XX"] = main
    return answers


def file_failures(wiring: WiringModel, project: Project) -> Iterator[int]:
    """The statuses of the errors that only a route with files answers: its conditions and ranges (RFC 9110, 13 and 14)."""
    function = project.functions[wiring.function]
    type_ = project.result_type(function.id)
    schema: Schema = {} if type_ is None else type_.output_schema
    if function.kind.is_generator or FILE not in (schema, *keywords(schema).get("anyOf", ())):
        return
    yield 404
    if wiring.meta["status"] == 200 or _takes_http(function):
        yield 412
        if wiring.meta["method"] == "get":
            yield 416


def _results(wiring: WiringModel, project: Project, components: Components) -> dict[str, Schema]:
    """The answers that a result makes."""
    function = project.functions[wiring.function]
    status = cast("int", wiring.meta["status"])
    answers: dict[str, Schema] = {}
    for choice in _choices(function, project, components):
        if choice == REDIRECT:
            location = {"schema": {"type": "string", "format": "uri-reference"}}
            answers["3XX"] = {"description": "Elsewhere.", "headers": {"Location": location}}
        elif choice == NULL:
            empty = str(204 if status == 200 else status)
            answers.setdefault(empty, {"description": "Done; there is no content."})
        elif choice == FILE:
            answers |= _file(wiring, function)
        elif choice == BYTES:
            media = "*/*" if _takes_http(function) else "application/octet-stream"
            _add(answers, str(status), media, {})
        else:
            _add(answers, str(status), JSON, choice)
    return answers


def _file(wiring: WiringModel, function: FunctionModel) -> dict[str, Schema]:
    """The answers that a file makes: only one of status 200 has versions and parts that can be asked for."""
    method, status = wiring.meta["method"], wiring.meta["status"]
    answers: dict[str, Schema] = {
        str(status): {"description": "The file.", "content": {"*/*": {}}},
    }
    is_read = method in {"get", "head"} and (status == 200 or _takes_http(function))
    if is_read and method == "get":
        answers["206"] = {"description": "Parts of the file.", "content": {"*/*": {}}}
    if is_read:
        answers["304"] = {"description": "The client has the file."}
    return answers


def _with_events(answer: Schema) -> Schema:
    """The answer of a route with events; who does not accept these gets what there is beside them."""
    return {
        "description": "Events, or all of it as JSON for who does not accept them.",
        "content": {"text/event-stream": {}, **answer.get("content", {})},
    }


def _takes_http(function: FunctionModel) -> bool:
    return any(one.provider == "http" for one in function.parameters)


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
        headers |= LIMITED
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
