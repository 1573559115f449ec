"""Which transport calls which function."""

from __future__ import annotations

from acme_line import connection_session, wire_line

from app.functions import add, caller, fail, leave, order, read_pipe, sign_in
from app.models import Sum
from app.session import bearer
from pikku_core import global_middleware, wire_addon
from pikku_http import wire_http

wire_addon(name="acme", package="acme_mail")
global_middleware([bearer, connection_session])

wire_http(method="post", route="/add", func=add)
wire_line(verb="ADD", func=add, example=Sum(left=1, right=2))

wire_http(method="get", route="/caller", func=caller)
wire_line(verb="CALLER", func=caller)

wire_http(method="post", route="/orders", func=order)
wire_line(verb="ORDER", func=order)

wire_line(verb="SIGNIN", func=sign_in)
wire_line(verb="FAIL", func=fail)
wire_line(verb="LEAVE", func=leave)
wire_line(verb="READPIPE", func=read_pipe)
wire_line(verb="GUARDED", func=caller, auth=True)
