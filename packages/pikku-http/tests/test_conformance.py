"""HTTP passes the suite of transports: a real server on a socket, a real client."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from httpx2 import AsyncClient

from pikku_core import Sessions, pikku_middleware
from pikku_core.testing import plugin_registry
from pikku_core.testing.conformance import Answer, Call, Caller, TransportConformance, serving
from pikku_http import Http, plugin, wire_http

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

    from pikku_core import App, Middleware, Next, Wiring

REGISTRY = plugin_registry(plugin)


@pikku_middleware
async def caller_in_header(next: Next, *, http: Http, sessions: Sessions[Caller]) -> Any:
    header = http.header("x-caller")
    if header is not None:
        sessions.set(Caller(**json.loads(header)))
    return await next()


class TestHttp(TransportConformance):
    def middleware(self) -> Sequence[Middleware]:
        return [caller_in_header]

    def wire(self, name: str, func: Callable[..., Any], **options: Any) -> Wiring:
        return wire_http(method="post", route=f"/{name}", func=func, **options)

    @asynccontextmanager
    async def serve(self, app: App) -> AsyncGenerator[Call]:
        async with AsyncClient() as client, serving(app, "http", registry=REGISTRY) as address:

            async def call(
                name: str, data: Mapping[str, Any] | None = None, *, caller: Caller | None = None
            ) -> Answer:
                headers = {} if caller is None else {"x-caller": json.dumps(asdict(caller))}
                answer = await client.post(
                    f"{address}/{name}",
                    content=None if data is None else json.dumps(data),
                    headers=headers
                    | ({} if data is None else {"content-type": "application/json"}),
                )
                return read(answer.status_code, answer.text)

            yield call


def read(status: int, text: str) -> Answer:
    body: Any = json.loads(text) if text else None
    if status < 400:
        return Answer(text=text, value=body)
    error: Any = body["error"]
    return Answer(
        text=text,
        code=error["code"],
        message=error["message"],
        locations=tuple(tuple(one["location"]) for one in error.get("details", ())),
    )
