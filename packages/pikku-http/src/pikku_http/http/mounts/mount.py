"""Another ASGI application below a prefix: `http_mount("/legacy", app)`."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pikku_core import Declaration, DeclarationError
from pikku_core.declaration import names
from pikku_http.http.route import mount_prefix_problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pikku_http.http.asgi import ASGIApp


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMount(Declaration):
    """An application below a prefix; what `http_mount` returns."""

    kind: ClassVar[str] = "http"
    prefix: str
    app: ASGIApp | Callable[[], ASGIApp]
    factory: bool = False
    websockets: bool = False
    tags: tuple[str, ...] = ()

    def application(self) -> ASGIApp:
        """The application; made where `app` is a factory.

        Raises:
            DeclarationError: The factory gives something else than an ASGI application.
        """
        if not self.factory:
            app: Any = self.app
            return app  # type: ignore[no-any-return]  # which of the two it is says the flag
        make: Any = self.app
        made = make()
        problem = application_problem(made)
        if problem:
            raise DeclarationError(f'The factory of the mount "{self.prefix}" gives {problem}')
        return made  # type: ignore[no-any-return]  # what a user's callable gives


def http_mount(
    prefix: str,
    app: ASGIApp | Callable[[], ASGIApp],
    *,
    factory: bool = False,
    websockets: bool = False,
    tags: Sequence[str] = (),
) -> HttpMount:
    """Declares that another ASGI application answers everything at a prefix and below it.

    It gets requests as ASGI 3 says: the whole path in `path`, and the prefix in `root_path`. Its lifespan begins once
    the services have started, and ends before they stop. Middleware, sessions and permissions of the project are not
    asked: it is a program of its own.

    ```python
    from legacy.main import app

    http_mount("/legacy", app)
    ```

    Args:
        prefix: `/legacy`; `/` for everything that no route answers.
        app: The application, or what makes it.
        factory: Whether `app` makes it: it is called without arguments, each time the application opens.
        websockets: Whether it is given websockets too; without it they are refused. `pikku serve` needs the package
            `websockets` or `wsproto` for them.
        tags: Labels for filters.

    Raises:
        DeclarationError: The prefix is not well-formed, or `app` is no ASGI application.
    """
    problem = mount_prefix_problem(prefix)
    if problem:
        raise DeclarationError(problem)
    problem = _factory_problem(app) if factory else application_problem(app)
    if problem:
        raise DeclarationError(f'What is mounted at "{prefix}" is {problem}')
    labels = names("tags", tags)
    return HttpMount(prefix=prefix, app=app, factory=factory, websockets=websockets, tags=labels)


def application_problem(app: object) -> str:
    """What something is instead of an ASGI application, as the end of a sentence; empty where it may be one."""
    if not callable(app):
        return f'no ASGI application: "{type(app).__name__}" cannot be called.'
    required = 3 if _takes_any(app) else _required(app)
    if required == 0:
        return "called without arguments: write factory=True where it makes the application."
    if required == 2:
        return (
            "a WSGI application: give it to WSGIMiddleware of the package a2wsgi, and mount that."
        )
    return ""


def _factory_problem(make: object) -> str:
    if not callable(make):
        return f'no factory: "{type(make).__name__}" cannot be called.'
    if _required(make):
        return "no factory: that is called without arguments."
    if inspect.iscoroutinefunction(make):
        return "an async factory: make it a plain function."
    return ""


def _takes_any(call: Callable[..., Any]) -> bool:
    """Whether a call takes any number of arguments, as what decorators make does."""
    signature = _signature(call)
    kinds = () if signature is None else (one.kind for one in signature.parameters.values())
    return inspect.Parameter.VAR_POSITIONAL in kinds


def _required(call: Callable[..., Any]) -> int | None:
    """How many arguments a call cannot do without; None where nobody can tell."""
    signature = _signature(call)
    if signature is None:
        return None
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(
        each.kind in kinds and each.default is inspect.Parameter.empty
        for each in signature.parameters.values()
    )


def _signature(call: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(call)
    except (TypeError, ValueError):
        return None
