"""The diagnostics of filters and deploy targets."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode, Severity

IDLE_PATTERN: Final = DiagnosticCode(
    code="PKU792",
    title="A pattern of a filter matches nothing",
    explanation="Other patterns of the filters chose something, and this one had no part in it: it is misspelt, or what "
    "it named is gone. A flag that matches nothing at all is an error.",
    severity=Severity.WARNING,
    example="pikku --tags=admin,usres",
    mended="pikku --tags=admin,users",
)
NOT_SERVERLESS: Final = DiagnosticCode(
    code="PKU793",
    title="A serverless function needs a service that is not",
    explanation="The setting `deploy.serverless_incompatible` names services that only work in a process that stays, "
    "such as a pool of workers. A function that needs one, itself or through a service, its middleware or its "
    "permissions, cannot state that it is deployed serverless.",
    example="""# deploy.serverless_incompatible = ["sockets"]
@pikku_func(deploy="serverless")
async def push(data: Message, *, sockets: Sockets) -> None: ...
""",
    mended="""@pikku_func(deploy="server")
async def push(data: Message, *, sockets: Sockets) -> None: ...
""",
)
NO_SUCH_SERVICE: Final = DiagnosticCode(
    code="PKU794",
    title="A setting names a service that does not exist",
    explanation="`deploy.serverless_incompatible` lists services by their names. A misspelt one would keep nothing out "
    "of serverless deployments.",
    example="""[tool.pikku.deploy]
serverless_incompatible = ["socket"]
""",
    mended="""[tool.pikku.deploy]
serverless_incompatible = ["sockets"]
""",
)
CODES: Final[tuple[DiagnosticCode, ...]] = (IDLE_PATTERN, NOT_SERVERLESS, NO_SUCH_SERVICE)
