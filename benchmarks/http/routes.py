"""What middleware and the number of routes cost a request, in the process and without sockets.

```console
$ pip install packages/pikku-core packages/pikku-http
$ python benchmarks/http/routes.py
```

Four applications answer the same requests by turns: one route; the same with four middleware that set a header each; 5 routes; 500 routes, of which the
last is asked for. The last two are asked for 4,096 different paths, so that no cache of paths could help. Each figure is the
smallest of many rounds and, in brackets, their median, in microseconds of CPU for a request.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any

from pydantic import BaseModel

from pikku_core import App, Next, pikku_middleware, pikku_sessionless_func
from pikku_http import Http, HttpApplication, http_middleware, wire_http

PATHS = 4096
ROUNDS = 40


class Item(BaseModel):
    org_id: int
    item_id: int


@pikku_sessionless_func
async def item(data: Item) -> Item:
    return data


@pikku_middleware
async def first(next: Next, *, http: Http) -> Any:
    http.set_header("x-first", "1")
    return await next()


@pikku_middleware
async def second(next: Next, *, http: Http) -> Any:
    http.set_header("x-second", "1")
    return await next()


@pikku_middleware
async def third(next: Next, *, http: Http) -> Any:
    http.set_header("x-third", "1")
    return await next()


@pikku_middleware
async def fourth(next: Next, *, http: Http) -> Any:
    http.set_header("x-fourth", "1")
    return await next()


def application(routes: int, *declarations: Any) -> App:
    """An application of that many routes."""
    return App(
        [
            *declarations,
            *(
                wire_http(
                    method="get", route=f"/api/v1/res{i}/{{org_id}}/items/{{item_id}}", func=item
                )
                for i in range(routes)
            ),
        ]
    )


def scopes_of(resource: int) -> list[dict[str, Any]]:
    """A request for each of the paths."""
    paths = [f"/api/v1/res{resource}/{one % 64}/items/{one}" for one in range(PATHS)]
    return [
        {
            "type": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(b"host", b"localhost")],
        }
        for path in paths
    ]


async def receive() -> Any:
    return {"type": "http.request", "body": b"", "more_body": False}


async def round_of(app: HttpApplication, scopes: list[dict[str, Any]]) -> float:
    """Microseconds of CPU for a request, over one round of all paths."""
    statuses: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    started = time.process_time()
    for scope in scopes:
        await app(scope, receive, send)
    spent = time.process_time() - started
    if statuses != [200] * len(scopes):
        raise SystemExit(f"another answer: {set(statuses)}")
    return spent / len(scopes) * 1e6


async def main() -> None:
    everywhere = http_middleware("*", [first, second, third, fourth])
    apps = {
        "1 route": (application(1), 0),
        "1 route, 4 middleware": (application(1, everywhere), 0),
        "5 routes, the last": (application(5), 4),
        "500 routes, the last": (application(500), 499),
    }
    found: dict[str, list[float]] = {name: [] for name in apps}
    opened: dict[str, tuple[HttpApplication, list[dict[str, Any]]]] = {}
    for name, (app, resource) in apps.items():
        await app.start()
        served = HttpApplication(app)
        served.open()
        opened[name] = served, scopes_of(resource)
    for _ in range(ROUNDS):
        for name, (served, scopes) in opened.items():
            found[name].append(await round_of(served, scopes))
    for name, values in found.items():
        print(f"{name:24} {min(values):6.2f} ({statistics.median(values):.2f}) µs")
    for app, _ in apps.values():
        await app.stop()


if __name__ == "__main__":
    asyncio.run(main())
