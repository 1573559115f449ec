"""Services, configuration and session."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode

_IMPORT = "from pikku_core import pikku_service, pikku_session, pikku_sessionless_func\n\n"
_CLOCK = "@pikku_service\ndef clock() -> int: ...\n\n"


def _source(text: str) -> str:
    return f"{_IMPORT}{text}\n"


CODES: Final = (
    DiagnosticCode(
        code="PKU725",
        title="a second session or configuration",
        explanation="A project has one class of sessions and one configuration.",
        example=_source("@pikku_session\nclass Session: ...\n\n@pikku_session\nclass Visit: ..."),
        mended=_source("@pikku_session\nclass Session: ..."),
    ),
    DiagnosticCode(
        code="PKU730",
        title="a service under a reserved name",
        explanation=(
            "`session`, `sessions`, `wire`, `rpc`, `config`, `logger`, `secrets` and `variables` are given by core. A "
            "plugin's reserved names yield to a project's service."
        ),
        example=_source("@pikku_service\ndef logger() -> int: ..."),
        mended=_source('@pikku_service(name="app_logger")\ndef logger() -> int: ...'),
    ),
    DiagnosticCode(
        code="PKU731",
        title="two services of one name",
        explanation="The name of a service is what functions ask for; there can be one of each. The same holds for addons.",
        example=_source(f'{_CLOCK}@pikku_service(name="clock")\ndef other() -> int: ...'),
        mended=_source(f'{_CLOCK}@pikku_service(name="watch")\ndef other() -> int: ...'),
    ),
    DiagnosticCode(
        code="PKU732",
        title="nothing provides what is asked for",
        explanation=(
            "A keyword-only parameter without a default names neither a service of the project, of its addons or of a "
            "plugin, nor a wire thing."
        ),
        example=_source("@pikku_sessionless_func\nasync def now(*, watch: int) -> int: ..."),
        mended=_source(
            "@pikku_service\ndef watch() -> int: ...\n\n"
            "@pikku_sessionless_func\nasync def now(*, watch: int) -> int: ..."
        ),
    ),
    DiagnosticCode(
        code="PKU733",
        title="services need each other in a circle",
        explanation="None of them could be started first.",
        example=_source(
            "@pikku_service\ndef clock(*, watch: int) -> int: ...\n\n"
            "@pikku_service\ndef watch(*, clock: int) -> int: ..."
        ),
        mended=_source(f"{_CLOCK}@pikku_service\ndef watch(*, clock: int) -> int: ..."),
    ),
    DiagnosticCode(
        code="PKU734",
        title="a singleton asks for a call service",
        explanation="A singleton lives as long as the process, a call service as long as one invocation.",
        example=_source(
            '@pikku_service(scope="call")\ndef work() -> int: ...\n\n'
            "@pikku_service\ndef clock(*, work: int) -> int: ..."
        ),
        mended=_source(
            '@pikku_service(scope="call")\ndef work() -> int: ...\n\n'
            '@pikku_service(scope="call")\ndef clock(*, work: int) -> int: ...'
        ),
    ),
    DiagnosticCode(
        code="PKU753",
        title="what lives long asks for what an invocation has",
        explanation=(
            "A singleton is made before any invocation and has no `session`, `rpc` or the like; the configuration is "
            "made before any service and may ask for `secrets`, `variables` and `logger`."
        ),
        example=_source("@pikku_service\ndef clock(*, session: int) -> int: ..."),
        mended=_source("@pikku_service\ndef clock(*, variables: dict[str, str]) -> int: ..."),
    ),
)
