"""What the tool itself reports."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import DiagnosticCode

CODES: Final = (
    DiagnosticCode(
        code="PKU790",
        title="Something is injected that has another type",
        explanation="`pikku check --types` lets a type checker compare what a function, service, middleware or "
        "permission asks for with what the service of that name gives. Annotate the parameter with the type that the "
        "service returns, or ask for another service.",
        example="""@pikku_service
def clock() -> SystemClock: ...

@pikku_func
async def now(*, clock: FakeClock) -> str: ...
""",
        mended="""@pikku_service
def clock() -> SystemClock: ...

@pikku_func
async def now(*, clock: SystemClock) -> str: ...
""",
    ),
)
