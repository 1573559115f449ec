"""The bodies of error answers: the default one, and problem details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pikku_http.http.openapi.components import Schema

PROBLEM_JSON: Final = "application/problem+json"

DETAIL: Final = {
    "type": "object",
    "description": "One thing that is wrong with the data.",
    "properties": {
        "location": {
            "type": "array",
            "description": "The way to the value: names of fields and positions in lists.",
            "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        },
        "code": {"type": "string"},
        "message": {"type": "string"},
    },
    "required": ["location", "code", "message"],
}

ERROR: Final[Schema] = {
    "type": "object",
    "description": "An error that ended a request.",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string", "description": "A stable identifier for programs."},
                "message": {"type": "string", "description": "One sentence for people."},
                "trace_id": {"type": "string", "description": "What the server logged it under."},
                "details": {"type": "array", "items": DETAIL},
                "payload": {"type": "object", "description": "Facts that the error carries."},
            },
            "required": ["code", "message", "trace_id"],
        }
    },
    "required": ["error"],
}
"""The body of an error answer where a project has no `http_errors`."""

FAULT: Final = {
    "type": "object",
    "description": "One thing that is wrong with the data.",
    "properties": {
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "pointer": {"type": "string", "description": "The JSON Pointer of the field (RFC 6901)."},
    },
    "required": ["detail", "code", "pointer"],
}

PROBLEM: Final[Schema] = {
    "type": "object",
    "description": "An error that ended a request (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence for people."},
        "code": {"type": "string", "description": "A stable identifier for programs."},
        "trace_id": {"type": "string", "description": "What the server logged it under."},
        "errors": {"type": "array", "items": FAULT},
        "payload": {"type": "object", "description": "Facts that the error carries."},
    },
    "required": ["type", "title", "status", "detail", "code", "trace_id"],
}
"""The body of an error answer where the setting `http.problem_details` holds."""
