# label: Pikku (typed functions, return types)
"""Pikku as a peer of the HTTP comparison, written against its public API.

The harness imports it beside its `data` and `models_pd`, and reads the lines above: the packages must be installed in
the environment that it runs, or be named by a further line `pythonpath`.
"""

from __future__ import annotations

import time
from itertools import count
from typing import Any

from data import MODE, N_ROUTES, SESSIONS
from models_pd import (
    Hello,
    ManyArgs,
    ManyOut,
    Order,
    Summary,
    User,
    UserArgs,
    make_summary,
    make_user,
)

from pikku_core import App, Next, Sessions, pikku_func, pikku_middleware, pikku_sessionless_func
from pikku_http import Http, HttpApplication, http_middleware, wire_http


@pikku_sessionless_func
async def hello() -> Hello:
    return Hello(message="hello")


@pikku_sessionless_func
async def user(data: UserArgs) -> User:
    return make_user(data.id, data.verbose)


@pikku_sessionless_func
async def order(data: Order) -> Summary:
    return make_summary(data)


@pikku_sessionless_func
async def many(data: ManyArgs) -> ManyOut:
    return ManyOut(org_id=data.org_id, item_id=data.item_id, n=N_ROUTES - 1)


@pikku_func
async def private_user(data: UserArgs) -> User:
    return make_user(data.id, data.verbose)


requests = count(1)


@pikku_middleware
async def request_id(next: Next, *, http: Http) -> Any:
    http.set_header("x-request-id", f"{requests.__next__()}")
    return await next()


@pikku_middleware
async def timing(next: Next, *, http: Http) -> Any:
    start = time.perf_counter()
    try:
        return await next()
    finally:
        http.set_header("x-elapsed-us", str(int((time.perf_counter() - start) * 1e6)))


@pikku_middleware
async def frame(next: Next, *, http: Http) -> Any:
    http.set_header("x-frame-options", "DENY")
    return await next()


@pikku_middleware
async def bearer(next: Next, *, http: Http, sessions: Sessions[dict[str, Any]]) -> Any:
    value = http.header("authorization") or ""
    session = SESSIONS.get(value[7:]) if value.startswith("Bearer ") else None
    if session is not None:
        sessions.set(session)
    return await next()


if MODE == "many":
    declarations = [
        wire_http(method="get", route=f"/api/v1/res{i}/{{org_id}}/items/{{item_id}}", func=many)
        for i in range(N_ROUTES)
    ]
elif MODE == "mw":
    declarations = [
        http_middleware("/users/*", [request_id, timing, frame, bearer]),
        wire_http(method="get", route="/users/{id}", func=private_user),
    ]
else:
    declarations = [
        wire_http(method="get", route="/hello", func=hello),
        wire_http(method="get", route="/users/{id}", func=user),
        wire_http(method="post", route="/orders", func=order),
    ]
app = HttpApplication(App(declarations))
