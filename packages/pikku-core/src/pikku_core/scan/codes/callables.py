"""Middleware, permissions and the wire things that they and functions ask for."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode, Severity

_IMPORT = (
    "from pikku_core import Next, pikku_middleware, pikku_permission, pikku_service, pikku_sessionless_func\n"
    "from pikku_queue import wire_queue_worker\n\n"
)


def _source(text: str) -> str:
    return f"{_IMPORT}{text}\n"


def _tagged(tag: str) -> str:
    return (
        "from pikku_core import pikku_permission, pikku_sessionless_func, tag_permissions\n\n"
        "@pikku_permission\nasync def is_admin() -> bool: ...\n\n"
        '@pikku_sessionless_func(tags=["admin"])\nasync def remove() -> None: ...\n\n'
        f'tag_permissions("{tag}", [is_admin])\n'
    )


_WORK = '@pikku_service(scope="call")\ndef work() -> int: ...\n\n'

CODES: Final = (
    DiagnosticCode(
        code="PKU727",
        title="a permission for another type of data",
        explanation="A permission is given the data of the function that it guards. Of the type checkers only pyright finds this.",
        example=_source(
            "@pikku_permission\nasync def is_even(data: int) -> bool: ...\n\n"
            "@pikku_sessionless_func(permissions=[is_even])\nasync def greet(data: str) -> str: ..."
        ),
        mended=_source(
            "@pikku_permission\nasync def is_even(data: int) -> bool: ...\n\n"
            "@pikku_sessionless_func(permissions=[is_even])\nasync def half(data: int) -> int: ..."
        ),
    ),
    DiagnosticCode(
        code="PKU735",
        title="middleware or a permission asks for a call service",
        explanation="Call services are made after middleware and permissions have run, nearest the function.",
        example=_source(
            f"{_WORK}@pikku_middleware\nasync def timing(next: Next, *, work: int) -> object: ..."
        ),
        mended=_source(
            "@pikku_service\ndef work() -> int: ...\n\n"
            "@pikku_middleware\nasync def timing(next: Next, *, work: int) -> object: ..."
        ),
    ),
    DiagnosticCode(
        code="PKU750",
        title="a wiring does not give what is asked for",
        explanation=(
            "A function, or what runs with it, asks for a wire thing of one transport and is wired to another, directly "
            "or through `rpc`; or it is exposed, and so called by its name over any. A default makes it optional."
        ),
        example=_source(
            "@pikku_sessionless_func\nasync def send(*, http: object) -> None: ...\n\n"
            'wire_queue_worker(name="emails", func=send)'
        ),
        mended=_source(
            "@pikku_sessionless_func\nasync def send(*, http: object | None = None) -> None: ...\n\n"
            'wire_queue_worker(name="emails", func=send)'
        ),
    ),
    DiagnosticCode(
        code="PKU754",
        title="middleware that is not async",
        explanation="Middleware awaits `next()`, so it is written with `async def`.",
        example=_source("@pikku_middleware\ndef timing(next: Next) -> object: ..."),
        mended=_source("@pikku_middleware\nasync def timing(next: Next) -> object: ..."),
    ),
    DiagnosticCode(
        code="PKU755",
        title="middleware without `next`",
        explanation="The first parameter of middleware runs what is inside it.",
        example=_source("@pikku_middleware\nasync def timing() -> object: ..."),
        mended=_source("@pikku_middleware\nasync def timing(next: Next) -> object: ..."),
    ),
    DiagnosticCode(
        code="PKU875",
        title="a gate that asks nothing",
        explanation=(
            "`global_permissions` and `tag_permissions` name permissions. An empty list guards nothing, and reads as if it did."
        ),
        example=_tagged("admin").replace("[is_admin]", "[]"),
        mended=_tagged("admin"),
    ),
    DiagnosticCode(
        code="PKU767",
        title="a tag that nothing has",
        severity=Severity.WARNING,
        explanation=(
            "Middleware or permissions are declared for a tag that no function and no wiring has, so they never run. A "
            "misspelt tag leaves open what it was meant to guard. A tag covers those below it: `users` covers `users:admin`."
        ),
        example=_tagged("admni"),
        mended=_tagged("admin"),
    ),
)
