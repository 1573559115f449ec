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
    from pikku_http.http.create import create_app as create_app
    from pikku_http.http.event import ServerSentEvent as ServerSentEvent
    from pikku_http.http.event_stream import EventChannel as EventChannel
    from pikku_http.http.file_answer import FileAnswer as FileAnswer
    from pikku_http.http.groups import HttpRoute as HttpRoute
    from pikku_http.http.groups import HttpRoutes as HttpRoutes
    from pikku_http.http.groups import define_http_routes as define_http_routes
    from pikku_http.http.groups import http_route as http_route
    from pikku_http.http.groups import wire_http_routes as wire_http_routes
    from pikku_http.http.http import Http as Http
    from pikku_http.http.layers import HttpLayer as HttpLayer
    from pikku_http.http.options import HttpOptions as HttpOptions
    from pikku_http.http.problem import problem_details as problem_details
    from pikku_http.http.redirect import Redirect as Redirect
    from pikku_http.http.report import ErrorAnswer as ErrorAnswer
    from pikku_http.http.report import ErrorReport as ErrorReport
    from pikku_http.http.security import HttpSecurity as HttpSecurity
    from pikku_http.http.security import http_security as http_security
    from pikku_http.http.wiring import HttpErrors as HttpErrors
    from pikku_http.http.wiring import HttpMiddleware as HttpMiddleware
    from pikku_http.http.wiring import HttpWiring as HttpWiring
    from pikku_http.http.wiring import Method as Method
    from pikku_http.http.wiring import http_errors as http_errors
    from pikku_http.http.wiring import http_middleware as http_middleware
    from pikku_http.http.wiring import wire_http as wire_http

__version__ = "0.1.0"

__all__ = [
    "ErrorAnswer",
    "ErrorReport",
    "EventChannel",
    "FileAnswer",
    "Http",
    "HttpApplication",
    "HttpErrors",
    "HttpLayer",
    "HttpMiddleware",
    "HttpOptions",
    "HttpRoute",
    "HttpRoutes",
    "HttpSecurity",
    "HttpWiring",
    "Method",
    "Redirect",
    "api_key",
    "bearer",
    "cookie_session",
    "create_app",
    "csrf",
    "http_errors",
    "http_middleware",
    "http_security",
    "problem_details",
    "stored_session",
    "define_http_routes",
    "http_route",
    "wire_http",
    "wire_http_routes",
]

_MODULES = {
    "ErrorAnswer": "report",
    "ErrorReport": "report",
    "EventChannel": "event_stream",
    "FileAnswer": "file_answer",
    "Http": "http",
    "HttpApplication": "application",
    "HttpErrors": "wiring",
    "HttpLayer": "layers",
    "HttpMiddleware": "wiring",
    "HttpOptions": "options",
    "HttpRoute": "groups",
    "HttpRoutes": "groups",
    "HttpSecurity": "security",
    "HttpWiring": "wiring",
    "Method": "wiring",
    "Redirect": "redirect",
    "ServerSentEvent": "event",
    "api_key": "auth.api_key",
    "bearer": "auth.bearer",
    "cookie_session": "auth.cookie_session",
    "create_app": "create",
    "csrf": "auth.csrf",
    "http_errors": "wiring",
    "http_middleware": "wiring",
    "http_security": "security",
    "problem_details": "problem",
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
