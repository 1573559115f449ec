"""The routes: in groups and by themselves, with paths of every kind."""

from __future__ import annotations

from pydantic import BaseModel

from app.functions import (
    another,
    away,
    bounded,
    by_cookie,
    by_key,
    by_token,
    cancel_order,
    change_order,
    create_card_v1,
    create_card_v2,
    create_order,
    double,
    events,
    fails,
    file,
    get_order,
    greet,
    guarded,
    hello,
    lengths,
    lines,
    lines_of_a_thread,
    list_orders,
    log_in,
    log_out,
    names,
    nested,
    news,
    optional,
    parts,
    path,
    perhaps,
    perhaps_report,
    plain,
    point,
    raw,
    report,
    texts,
)
from app.sessions import Session, session_of
from pikku_http import (
    ErrorAnswer,
    ErrorReport,
    api_key,
    bearer,
    cookie_session,
    csrf,
    define_http_routes,
    http_errors,
    http_middleware,
    http_route,
    http_security,
    stored_session,
    wire_http,
    wire_http_routes,
)


class Problem(BaseModel):
    title: str
    status: int


def as_problem(report: ErrorReport) -> ErrorAnswer:
    return ErrorAnswer(body=Problem(title=report.message, status=report.status).model_dump())


http_errors(as_problem, body=Problem)
http_security("token", scheme="bearer", description="A token.", pattern="/orders*")
http_security("tokens", scheme="bearer", pattern="/sessions/token*")
http_security("known", scheme="bearer", pattern="/rpc/*")
http_security("key", header="x-api-key", pattern="/sessions/key")
http_security("signed", cookie="__Host-session", pattern="/sessions/signed*")
http_security("stored", cookie="__Host-session", pattern="/sessions/stored*")
http_middleware("/rpc/*", [bearer(session_of)])

data = define_http_routes(
    base_path="/data",
    tags=["data"],
    routes=[
        http_route(method="post", route="/plain", func=plain),
        http_route(method="post", route="/bounded", func=bounded, query=["dry_run", "tags"]),
        http_route(method="put", route="/bounded/{label}/{count}", func=bounded, query=["price"]),
        http_route(method="post", route="/nested", func=nested, status=201),
        http_route(method="patch", route="/path", func=path),
        http_route(method="put", route="/point/{x}", func=point),
        http_route(method="put", route="/names", func=names),
        http_route(method="post", route="/double", func=double),
        http_route(method="post", route="/lengths", func=lengths),
        http_route(method="get", route="/texts", func=texts),
        http_route(method="delete", route="/texts/{id}", func=texts),
        http_route(method="get", route="/optional", func=optional),
        http_route(method="post", route="/optional", func=optional),
    ],
)
orders = define_http_routes(
    base_path="/orders",
    tags=["shop"],
    middleware=[bearer(session_of)],
    routes=[
        http_route(method="post", route="", func=create_order, status=201),
        http_route(method="get", route="", func=list_orders),
        define_http_routes(
            base_path="/{id}",
            routes=[
                http_route(method="get", route="", func=get_order),
                http_route(method="patch", route="", func=change_order, query=["notify"]),
                http_route(method="delete", route="", func=cancel_order),
            ],
        ),
    ],
)
sessions = define_http_routes(
    base_path="/sessions",
    tags=["sessions"],
    routes=[
        http_route(method="get", route="/token", func=by_token, middleware=[bearer(session_of)]),
        http_route(method="get", route="/token/any", func=greet, middleware=[bearer(session_of)]),
        http_route(
            method="get", route="/token/guarded", func=guarded, middleware=[bearer(session_of)]
        ),
        http_route(method="get", route="/key", func=by_key, middleware=[api_key(session_of)]),
        define_http_routes(
            base_path="/signed",
            middleware=[csrf(), cookie_session(Session)],
            routes=[
                http_route(method="post", route="", func=log_in),
                http_route(method="get", route="", func=by_cookie),
                http_route(method="delete", route="", func=log_out),
            ],
        ),
        define_http_routes(
            base_path="/stored",
            middleware=[csrf(), stored_session(Session)],
            routes=[
                http_route(method="post", route="", func=log_in),
                http_route(method="get", route="", func=by_cookie),
                http_route(method="delete", route="", func=log_out),
            ],
        ),
    ],
)
answers = define_http_routes(
    base_path="/answers",
    tags=["answers"],
    routes=[
        http_route(method="get", route="/bytes", func=raw),
        http_route(method="get", route="/files/{path:path}", func=file),
        http_route(method="post", route="/files/{path:path}", func=file),
        http_route(method="get", route="/made/{path:path}", func=file, status=201),
        http_route(method="get", route="/away", func=away),
        http_route(method="get", route="/perhaps", func=perhaps),
        http_route(method="get", route="/another", func=another),
        http_route(method="get", route="/fails", func=fails, errors=[409]),
        http_route(method="get", route="/lines", func=lines),
        http_route(method="get", route="/lines-of-a-thread", func=lines_of_a_thread),
        http_route(method="get", route="/parts", func=parts),
        http_route(method="get", route="/events", func=events, sse=True),
        http_route(method="post", route="/report", func=report, sse=True),
        http_route(method="post", route="/news", func=news, sse=True),
        http_route(method="post", route="/report/perhaps", func=perhaps_report, sse=True),
    ],
)

wire_http_routes(routes=[data, orders, sessions, answers])
wire_http(method="get", route="/hello", func=hello, summary="Hello", description="A *greeting*.")
wire_http(method="get", route="/v1/hello", func=hello, deprecated=True, tags=["old"])
wire_http(method="head", route="/café", func=hello)
wire_http(method="options", route="/choices", func=hello)
wire_http(method="post", route="/v1/cards", func=create_card_v1, deprecated=True)
wire_http(method="post", route="/v2/cards", func=create_card_v2)
