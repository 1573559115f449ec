"""What every transport does, whatever it carries calls with."""

from __future__ import annotations

from pikku_core.testing.conformance.data import DataConformance
from pikku_core.testing.conformance.gates import GatesConformance
from pikku_core.testing.conformance.harness import Answer, Call, Caller
from pikku_core.testing.conformance.lifecycle import LifecycleConformance
from pikku_core.testing.conformance.steps import StepsConformance

__all__ = ["Answer", "Call", "Caller", "TransportConformance"]


class TransportConformance(
    DataConformance, GatesConformance, StepsConformance, LifecycleConformance
):
    """The suite of a transport: the subclass says how a function is wired and how an App is served and called.

    ```python
    class TestLine(TransportConformance):
        def middleware(self) -> Sequence[Middleware]:
            return [session_of_the_connection]

        def wire(self, name: str, func: Callable[..., Any], **options: Any) -> Wiring:
            return wire_line(verb=name.upper(), func=func, **options)

        @asynccontextmanager
        async def serve(self, app: App) -> AsyncIterator[Call]:
            async with serving(app, "line", registry=plugin_registry(acme_line.plugin)) as address:
                yield partial(ask, address)
    ```

    See `TransportHarness` for what each of them is given and returns.
    """
