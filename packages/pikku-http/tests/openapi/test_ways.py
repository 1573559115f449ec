"""What the document says of how callers say who they are, by the middleware of the routes alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import DocumentOf


AUTH = """
from app.ways import KEY_HEADER, account, made_key
from pikku_core import global_middleware, pikku_session, tag_middleware
from pikku_core.services import Claims
from pikku_http import api_key, bearer, cookie_session, csrf, http_middleware, stored_session

@pikku_session
class Session(BaseModel):
    user: str = ""

def session_of(claims: Claims) -> Session:
    return Session()

@pikku_sessionless_func
async def free() -> None: ...

@pikku_func(readonly=True)
async def needs() -> None: ...

wire_http(method="get", route="/a/needs", func=needs)
wire_http(method="post", route="/free", func=free)
"""

WAYS = """
from pikku_http import api_key, bearer

KEY_HEADER = "x-shop-key"
account = [bearer(None, scheme="Token"), bearer(None)]
made_key = api_key(None, query=f"{KEY_HEADER}-2")
"""

SERVICES = """
from pikku_core import pikku_service
from pikku_core.services import (
    MemorySessionStore, SessionStore, Signer, StaticTokens, TokenReader,
)

@pikku_service
def tokens() -> TokenReader:
    return StaticTokens({})

@pikku_service
def api_keys() -> TokenReader:
    return StaticTokens({})

@pikku_service
def cookie_signer() -> Signer:
    return Signer(["s" * 32])

@pikku_service
def session_store() -> SessionStore:
    return MemorySessionStore()
"""

FILES = {"ways": WAYS, "services": SERVICES}

BEARER = {"type": "http", "scheme": "bearer"}
COOKIE = {"type": "apiKey", "in": "cookie", "name": "__Host-session"}


def key(name: str, place: str = "header") -> dict[str, str]:
    return {"type": "apiKey", "in": place, "name": name}


@pytest.mark.parametrize(
    ("wired", "schemes"),
    [
        ("global_middleware([bearer(session_of)])", {"bearer": BEARER}),
        ('http_middleware("/a/*", [bearer(session_of, realm="shop")])', {"bearer": BEARER}),
        (
            'http_middleware("/a/*", [bearer(session_of, scheme="DPoP")])',
            {"dpop": {"type": "http", "scheme": "dpop"}},
        ),
        ('http_middleware("/a/*", [api_key(session_of)])', {"x-api-key": key("x-api-key")}),
        (
            'http_middleware("/a/*", [api_key(session_of, header=KEY_HEADER)])',
            {"x-shop-key": key("x-shop-key")},
        ),
        (
            'http_middleware("/a/*", [api_key(session_of, header="k", query="k")])',
            {"k": key("k"), "k_2": key("k", "query")},
        ),
        (
            'http_middleware("/a/*", [api_key(session_of, query="k!")])',
            {"k-": key("k!", "query")},
        ),
        ('http_middleware("/a/*", [csrf(), cookie_session(Session)])', {"session": COOKIE}),
        ("global_middleware([stored_session(Session)])", {"session": COOKIE}),
        (
            "global_middleware([stored_session(Session, secure=False)])",
            {"session": COOKIE | {"name": "session"}},
        ),
        (
            'global_middleware([cookie_session(Session, name="sid")])',
            {"sid": COOKIE | {"name": "sid"}},
        ),
        (
            "global_middleware(account)",
            {"token": {"type": "http", "scheme": "token"}, "bearer": BEARER},
        ),
        (
            "global_middleware([*account])",
            {"token": BEARER | {"scheme": "token"}, "bearer": BEARER},
        ),
        ("global_middleware([made_key])", {"x-shop-key-2": key("x-shop-key-2", "query")}),
        ("here = bearer(session_of)\nglobal_middleware([here])", {"bearer": BEARER}),
        (
            (
                '@pikku_func(readonly=True, middleware=[api_key(session_of)], tags=["a:b"])\n'
                "async def own() -> None: ...\n"
                'tag_middleware("a", [cookie_session(Session)])\n'
                'wire_http(method="get", route="/own", func=own, middleware=[bearer(session_of)])\n'
            ),
            {"bearer": BEARER, "session": COOKIE, "x-api-key": key("x-api-key")},
        ),
        (
            (
                "from pikku_http import http_route, wire_http_routes\n"
                'wire_http_routes(base_path="/own", middleware=[bearer(session_of)], routes=[\n'
                'http_route(method="get", route="", func=needs, middleware=[api_key(session_of)])])\n'
            ),
            {"bearer": BEARER, "x-api-key": key("x-api-key")},
        ),
    ],
)
def test_the_middleware_of_a_route_says_who_calls(
    document_of: DocumentOf, wired: str, schemes: dict[str, Any]
) -> None:
    document = document_of(AUTH + wired, files=FILES)
    route = "/own" if "/own" in wired else "/a/needs"
    security = document["paths"][route]["get"]["security"]
    assert security == [{name: []} for name in sorted(schemes)]
    known = document["components"]["securitySchemes"]
    assert {name: known[name] for name in schemes} == schemes


def test_a_route_that_middleware_does_not_cover_has_not_its_way(document_of: DocumentOf) -> None:
    document = document_of(
        AUTH
        + 'http_middleware("/a/*", [cookie_session(Session)])\n'
        + 'wire_http(method="get", route="/b/needs", func=needs)\n',
        files=FILES,
    )
    assert document["paths"]["/a/needs"]["get"]["security"] == [{"session": []}]
    assert document["paths"]["/b/needs"]["get"]["security"] == [{"bearer": []}]


def test_who_declares_a_way_names_it(document_of: DocumentOf) -> None:
    document = document_of(
        AUTH
        + "global_middleware([bearer(session_of), api_key(session_of)])\n"
        + 'http_security("login", scheme="Bearer", description="From the login.")\n'
        + 'http_security("x-api-key", cookie="other", pattern="/none")\n',
        files=FILES,
    )
    assert document["paths"]["/a/needs"]["get"]["security"] == [{"login": []}, {"x-api-key_2": []}]
    assert document["components"]["securitySchemes"] == {
        "login": {"type": "http", "scheme": "Bearer", "description": "From the login."},
        "x-api-key_2": key("x-api-key"),
    }


@pytest.mark.parametrize(
    ("middleware", "statuses"),
    [
        ("bearer(session_of)", ["401"]),
        ("api_key(session_of)", ["401"]),
        ("csrf()", ["403"]),
        ("cookie_session(Session)", []),
        ("stored_session(Session)", ["503"]),
    ],
)
def test_what_middleware_answers_by_itself_is_documented_where_no_session_is_needed(
    document_of: DocumentOf, middleware: str, statuses: list[str]
) -> None:
    document = document_of(AUTH + f"global_middleware([{middleware}])\n", files=FILES)
    operation = document["paths"]["/free"]["post"]
    found = [one for one in operation["responses"] if one in {"401", "403", "409", "503"}]
    assert (operation["security"], found) == ([], statuses)


def test_a_function_that_changes_a_stored_session_may_come_second(document_of: DocumentOf) -> None:
    document = document_of(
        AUTH
        + "from pikku_core import Sessions\n"
        + "global_middleware([csrf(), stored_session(Session)])\n"
        + "@pikku_sessionless_func\n"
        + "async def login(*, sessions: Sessions[Session]) -> None: ...\n"
        + 'wire_http(method="post", route="/login", func=login)\n',
        files=FILES,
    )
    statuses = {"401", "403", "409", "503"}
    found = {
        route: sorted(statuses & set(document["paths"][route]["post"]["responses"]))
        for route in ("/free", "/login")
    }
    assert found == {"/free": ["403", "503"], "/login": ["401", "403", "409", "503"]}
    unavailable = document["components"]["responses"]["ServiceUnavailable"]
    assert unavailable["description"] == "The service is not available now."
