"""How an App runs, beside what it consists of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from pikku_core.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pikku_core.environment.opening import Source
    from pikku_core.runtime.app import App
    from pikku_core.schema import CodecAdapter


class AppOptions(TypedDict, total=False):
    """How an App runs.

    Attributes:
        instances: Services that exist already, by name. They stand in for declared ones and are neither started nor
            stopped: a test's fakes.
        variables: The environment: the wire thing `variables`, and where secrets and variables are read first by
            default. Default: `os.environ`.
        sources: Where secrets and variables are read, by name, asked in order. Default: `process`, the environment.
        settings: The tables of the plugins in `[tool.pikku]`, by plugin, which `App.settings` has. Default: none.
        startup: Called in order, each with the App, when its services have started; awaited where they are async.
        shutdown: Called in order, each with the App, before its services are stopped; a failing one is logged.
        scope_things: Wire things that are made of the ASGI scope of a request, each with the target that makes it; see
            `WireParameter.of_scope`. Default: none.
        adapters: Makers of codecs for types that pydantic does not know, asked in order.
        rpc_depth: How deeply functions may call each other. Default: 32.
        threads: How many sync functions may run at once, those aside that threads of a sync function call. Default: 40.
    """

    instances: Mapping[str, Any]
    variables: Mapping[str, str]
    sources: Mapping[str, Source]
    settings: Mapping[str, Mapping[str, Any]]
    startup: Sequence[Callable[[App], object]]
    shutdown: Sequence[Callable[[App], object]]
    scope_things: Mapping[str, str]
    adapters: Sequence[CodecAdapter]
    rpc_depth: int
    threads: int


def check_options(options: AppOptions) -> None:
    """Raises `DeclarationError` for an option that there is not, or a number that would let nothing run."""
    for name in options:
        if name not in AppOptions.__annotations__:
            raise DeclarationError(f'An App has no option "{name}".')
    if options.get("threads", 1) < 1:
        raise DeclarationError('An App needs "threads" of 1 or more.')
    if options.get("rpc_depth", 1) < 0:
        raise DeclarationError('An App needs an "rpc_depth" of 0 or more.')
