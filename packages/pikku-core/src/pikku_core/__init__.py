"""Typed Python functions, written once and run on any transport.

Everything that a project writes comes from here, transports add their own `wire_*` calls. Importing it loads no
transport, no scanner and no pydantic.
"""

from __future__ import annotations

from collections.abc import Mapping
from logging import Logger
from typing import TYPE_CHECKING, Any, TypeAlias

from pikku_core.addon import AddonDeclaration, wire_addon
from pikku_core.config import pikku_config
from pikku_core.declaration import Declaration, Wiring
from pikku_core.errors import (
    BadGatewayError,
    BadRequestError,
    ConflictError,
    DeclarationError,
    EnvironmentFaultsError,
    FieldError,
    ForbiddenError,
    FunctionNotFoundError,
    GatewayTimeoutError,
    GoneError,
    InternalError,
    InvalidDataError,
    InvalidResultError,
    LockedError,
    MethodNotAllowedError,
    MissingScopeError,
    MissingServiceError,
    NotAcceptableError,
    NotFoundError,
    NotSupportedError,
    PayloadTooLargeError,
    PaymentRequiredError,
    PikkuError,
    PreconditionFailedError,
    ReadonlySessionError,
    RequestTimeoutError,
    RpcDepthError,
    ServiceStartError,
    ServiceUnavailableError,
    TooManyRequestsError,
    UnauthorizedError,
    UnsupportedMediaTypeError,
)
from pikku_core.function import pikku_func, pikku_sessionless_func
from pikku_core.middleware import (
    Middleware,
    Next,
    Priority,
    global_middleware,
    pikku_middleware,
    tag_middleware,
)
from pikku_core.permissions import (
    Permission,
    PermissionGroup,
    global_permissions,
    pikku_permission,
    tag_permissions,
)
from pikku_core.rpc import Rpc, SyncRpc
from pikku_core.secret import Secret, SecretDefinition, define_secret
from pikku_core.service import HasBlockingTwin, pikku_service
from pikku_core.session import Sessions, pikku_session
from pikku_core.tracing import TraceFilter
from pikku_core.variable import VariableDefinition, define_variable
from pikku_core.wire import Wire

if TYPE_CHECKING:
    from pikku_core.runtime.app import App as App

Variables: TypeAlias = Mapping[str, str]
"""The wire thing `variables` as a mapping: the environment of the process, without the keys of declared secrets.

`pikku_app.Variables` has the declared ones as attributes, too.
"""

__version__ = "0.1.0"

__all__ = [
    "AddonDeclaration",
    "App",
    "BadGatewayError",
    "BadRequestError",
    "ConflictError",
    "Declaration",
    "DeclarationError",
    "EnvironmentFaultsError",
    "FieldError",
    "ForbiddenError",
    "FunctionNotFoundError",
    "GatewayTimeoutError",
    "GoneError",
    "HasBlockingTwin",
    "InternalError",
    "InvalidDataError",
    "InvalidResultError",
    "LockedError",
    "Logger",
    "MethodNotAllowedError",
    "Middleware",
    "MissingScopeError",
    "MissingServiceError",
    "Next",
    "NotAcceptableError",
    "NotFoundError",
    "NotSupportedError",
    "PayloadTooLargeError",
    "PaymentRequiredError",
    "Permission",
    "PermissionGroup",
    "PikkuError",
    "PreconditionFailedError",
    "Priority",
    "ReadonlySessionError",
    "RequestTimeoutError",
    "Rpc",
    "RpcDepthError",
    "Secret",
    "SecretDefinition",
    "ServiceStartError",
    "ServiceUnavailableError",
    "Sessions",
    "SyncRpc",
    "TooManyRequestsError",
    "TraceFilter",
    "UnauthorizedError",
    "UnsupportedMediaTypeError",
    "VariableDefinition",
    "Variables",
    "Wire",
    "Wiring",
    "define_secret",
    "define_variable",
    "global_middleware",
    "global_permissions",
    "pikku_config",
    "pikku_func",
    "pikku_middleware",
    "pikku_permission",
    "pikku_service",
    "pikku_session",
    "pikku_sessionless_func",
    "tag_middleware",
    "tag_permissions",
    "wire_addon",
]


def __getattr__(name: str) -> Any:
    # App brings anyio and asyncio with it, which a module of plain functions has no use for.
    if name == "App":
        from pikku_core.runtime.app import App

        return App
    raise AttributeError(f'module "pikku_core" has no attribute "{name}"')
