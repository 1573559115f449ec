"""The HTTP transport of Pikku: `wire_http` puts a typed function behind a route.

Every name is imported when it is first used, so that neither the plugin nor a module of wirings loads a server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pikku_http.http.application import HttpApplication as HttpApplication
    from pikku_http.http.auth.api_key import api_key as api_key
    from pikku_http.http.auth.bearer import bearer as bearer
    from pikku_http.http.auth.cookie_session import cookie_session as cookie_session
    from pikku_http.http.auth.csrf import csrf as csrf
    from pikku_http.http.auth.stored_session import stored_session as stored_session
    from pikku_http.http.bodies.stream import BodyStream as BodyStream
    from pikku_http.http.bodies.upload import UploadFile as UploadFile
    from pikku_http.http.bodies.upload_rules import ContentTypes as ContentTypes
    from pikku_http.http.bodies.upload_rules import MaxSize as MaxSize
    from pikku_http.http.create import create_app as create_app
    from pikku_http.http.files.answer import FileAnswer as FileAnswer
    from pikku_http.http.files.static import HttpStatic as HttpStatic
    from pikku_http.http.files.static import http_static as http_static
    from pikku_http.http.groups import HttpRoute as HttpRoute
    from pikku_http.http.groups import HttpRoutes as HttpRoutes
    from pikku_http.http.groups import define_http_routes as define_http_routes
    from pikku_http.http.groups import http_route as http_route
    from pikku_http.http.groups import wire_http_routes as wire_http_routes
    from pikku_http.http.health.readiness import HttpReadiness as HttpReadiness
    from pikku_http.http.health.readiness import http_readiness as http_readiness
    from pikku_http.http.http import Http as Http
    from pikku_http.http.layers.compression import HttpCompression as HttpCompression
    from pikku_http.http.layers.compression import http_compression as http_compression
    from pikku_http.http.layers.cors import HttpCors as HttpCors
    from pikku_http.http.layers.cors import http_cors as http_cors
    from pikku_http.http.layers.layer import HttpLayer as HttpLayer
    from pikku_http.http.layers.layer import LayerContext as LayerContext
    from pikku_http.http.layers.response_headers import HttpHeaders as HttpHeaders
    from pikku_http.http.layers.response_headers import http_headers as http_headers
    from pikku_http.http.mounts.mount import HttpMount as HttpMount
    from pikku_http.http.mounts.mount import http_mount as http_mount
    from pikku_http.http.options import HttpOptions as HttpOptions
    from pikku_http.http.permissions import HttpPermissions as HttpPermissions
    from pikku_http.http.permissions import http_permissions as http_permissions
    from pikku_http.http.problem import problem_details as problem_details
    from pikku_http.http.rate_limit import rate_limit as rate_limit
    from pikku_http.http.rate_limit_key import CountBy as CountBy
    from pikku_http.http.rate_limit_key import by_client as by_client
    from pikku_http.http.rate_limit_key import by_header as by_header
    from pikku_http.http.rate_limit_key import by_session as by_session
    from pikku_http.http.redirect import Redirect as Redirect
    from pikku_http.http.report import ErrorAnswer as ErrorAnswer
    from pikku_http.http.report import ErrorReport as ErrorReport
    from pikku_http.http.security import HttpSecurity as HttpSecurity
    from pikku_http.http.security import http_security as http_security
    from pikku_http.http.streams.event import ServerSentEvent as ServerSentEvent
    from pikku_http.http.streams.event_stream import EventChannel as EventChannel
    from pikku_http.http.wiring import HttpErrors as HttpErrors
    from pikku_http.http.wiring import HttpMiddleware as HttpMiddleware
    from pikku_http.http.wiring import HttpWiring as HttpWiring
    from pikku_http.http.wiring import Method as Method
    from pikku_http.http.wiring import http_errors as http_errors
    from pikku_http.http.wiring import http_middleware as http_middleware
    from pikku_http.http.wiring import wire_http as wire_http

__version__ = "0.1.0"

__all__ = [
    "CountBy",
    "BodyStream",
    "ContentTypes",
    "ErrorAnswer",
    "ErrorReport",
    "EventChannel",
    "FileAnswer",
    "Http",
    "HttpApplication",
    "HttpCompression",
    "HttpCors",
    "HttpErrors",
    "HttpHeaders",
    "HttpLayer",
    "HttpMiddleware",
    "HttpMount",
    "HttpOptions",
    "HttpPermissions",
    "HttpReadiness",
    "HttpRoute",
    "HttpRoutes",
    "HttpSecurity",
    "HttpStatic",
    "HttpWiring",
    "LayerContext",
    "MaxSize",
    "Method",
    "Redirect",
    "UploadFile",
    "api_key",
    "bearer",
    "by_client",
    "by_header",
    "by_session",
    "cookie_session",
    "create_app",
    "csrf",
    "http_compression",
    "http_cors",
    "http_errors",
    "http_headers",
    "http_middleware",
    "http_permissions",
    "http_mount",
    "http_readiness",
    "http_security",
    "http_static",
    "problem_details",
    "rate_limit",
    "stored_session",
    "define_http_routes",
    "http_route",
    "wire_http",
    "wire_http_routes",
]

_MODULES = {
    "CountBy": "rate_limit_key",
    "BodyStream": "bodies.stream",
    "ContentTypes": "bodies.upload_rules",
    "ErrorAnswer": "report",
    "ErrorReport": "report",
    "EventChannel": "streams.event_stream",
    "FileAnswer": "files.answer",
    "Http": "http",
    "HttpApplication": "application",
    "HttpCompression": "layers.compression",
    "HttpCors": "layers.cors",
    "HttpErrors": "wiring",
    "HttpHeaders": "layers.response_headers",
    "HttpLayer": "layers.layer",
    "HttpMiddleware": "wiring",
    "HttpMount": "mounts.mount",
    "HttpOptions": "options",
    "HttpPermissions": "permissions",
    "HttpReadiness": "health.readiness",
    "HttpRoute": "groups",
    "HttpRoutes": "groups",
    "HttpSecurity": "security",
    "HttpStatic": "files.static",
    "HttpWiring": "wiring",
    "LayerContext": "layers.layer",
    "MaxSize": "bodies.upload_rules",
    "Method": "wiring",
    "Redirect": "redirect",
    "ServerSentEvent": "streams.event",
    "UploadFile": "bodies.upload",
    "api_key": "auth.api_key",
    "bearer": "auth.bearer",
    "by_client": "rate_limit_key",
    "by_header": "rate_limit_key",
    "by_session": "rate_limit_key",
    "cookie_session": "auth.cookie_session",
    "create_app": "create",
    "csrf": "auth.csrf",
    "http_compression": "layers.compression",
    "http_cors": "layers.cors",
    "http_errors": "wiring",
    "http_headers": "layers.response_headers",
    "http_middleware": "wiring",
    "http_permissions": "permissions",
    "http_mount": "mounts.mount",
    "http_readiness": "health.readiness",
    "http_security": "security",
    "http_static": "files.static",
    "problem_details": "problem",
    "rate_limit": "rate_limit",
    "stored_session": "auth.stored_session",
    "define_http_routes": "groups",
    "http_route": "groups",
    "wire_http": "wiring",
    "wire_http_routes": "groups",
}


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f'module "pikku_http" has no attribute "{name}"')
    from importlib import import_module

    value = getattr(import_module(f"pikku_http.http.{module}"), name)
    globals()[name] = value
    return value
