from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import DocumentOf

SOURCE = """
from pikku_core import Sessions, pikku_session, tag_permissions

@pikku_session
class Session(BaseModel):
    user: str = ""

@pikku_permission
async def may(*, session: Session | None = None) -> bool:
    return True

@pikku_sessionless_func
async def free() -> None: ...

@pikku_sessionless_func
async def looks(*, session: Session | None = None) -> None: ...

@pikku_func
async def needs() -> None: ...

@pikku_func(readonly=True)
async def reads() -> None: ...

@pikku_func(scopes=["a:b"])
async def scoped() -> None: ...

@pikku_sessionless_func(permissions=[may])
async def guarded() -> None: ...

@pikku_permission
async def ever() -> bool:
    return True

@pikku_sessionless_func(permissions=[ever])
async def asked() -> None: ...

@pikku_sessionless_func
async def changes(*, sessions: Sessions[Session]) -> None: ...

@pikku_sessionless_func(tags=["admin:users"])
async def tagged() -> None: ...

tag_permissions("admin", [may])
"""


def wired(func: str, options: str = "") -> str:
    return SOURCE + f'wire_http(method="get", route="/x", func={func}{options})\n'


def facts(document: Any) -> tuple[Any, list[str]]:
    operation = document["paths"]["/x"]["get"]
    return operation["security"], [
        status for status in operation["responses"] if status in {"401", "403"}
    ]


GATES: list[tuple[str, str, list[Any], list[str]]] = [
    ("free", "", [], []),
    ("looks", "", [{}, {"bearer": []}], ["401"]),
    ("needs", "", [{"bearer": []}], ["401", "403"]),
    ("reads", "", [{"bearer": []}], ["401"]),
    ("scoped", "", [{"bearer": ["a:b"]}], ["401", "403"]),
    ("free", ", auth=True", [{"bearer": []}], ["401", "403"]),
    ("free", ', scopes=["c"]', [{"bearer": ["c"]}], ["401", "403"]),
    ("guarded", "", [{}, {"bearer": []}], ["401", "403"]),
    ("tagged", "", [{}, {"bearer": []}], ["401", "403"]),
    ("asked", "", [], ["403"]),
    ("changes", "", [{}, {"bearer": []}], ["401"]),
]


@pytest.mark.parametrize(("func", "options", "security", "statuses"), GATES)
def test_a_gate_is_a_requirement_and_an_answer(
    document_of: DocumentOf, func: str, options: str, security: list[Any], statuses: list[str]
) -> None:
    assert facts(document_of(wired(func, options))) == (security, statuses)


@pytest.mark.parametrize(
    "guard",
    [
        "from pikku_core import global_permissions\nglobal_permissions([may])\n",
        'from pikku_http import http_permissions\nhttp_permissions("/x*", {"some": [ever, may]})\n',
    ],
)
def test_a_permission_that_asks_who_calls_is_a_requirement_too(
    document_of: DocumentOf, guard: str
) -> None:
    found = facts(document_of(wired("free") + guard))
    assert found == ([{}, {"bearer": []}], ["401", "403"])


def test_ways_to_say_who_calls_are_alternatives(document_of: DocumentOf) -> None:
    document = document_of(
        wired("needs")
        + 'http_security("token", scheme="bearer", description="From the login.")\n'
        + 'http_security("key", header="x-api-key")\n'
        + 'http_security("page", cookie="session")\n'
    )
    assert facts(document)[0] == [{"key": []}, {"page": []}, {"token": []}]
    assert document["components"]["securitySchemes"] == {
        "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
        "page": {"type": "apiKey", "in": "cookie", "name": "session"},
        "token": {"type": "http", "scheme": "bearer", "description": "From the login."},
    }


def test_a_pattern_chooses_the_routes_of_a_way(document_of: DocumentOf) -> None:
    document = document_of(
        wired("needs")
        + 'wire_http(method="get", route="/admin/x", func=reads)\n'
        + 'http_security("token", scheme="bearer")\n'
        + 'http_security("key", header="x-api-key", pattern="/admin/*")\n'
    )
    assert facts(document)[0] == [{"token": []}]
    assert document["paths"]["/admin/x"]["get"]["security"] == [{"key": []}, {"token": []}]


def test_a_document_without_gates_has_no_schemes(document_of: DocumentOf) -> None:
    assert "securitySchemes" not in document_of(wired("free"))["components"]
