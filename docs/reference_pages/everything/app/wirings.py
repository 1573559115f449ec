"""Where the functions are called from."""

from __future__ import annotations

from app.functions import delete_card, get_card, list_cards, save_card, save_card_v2
from app.guards import at_most, is_admin, timing
from pikku_core import global_middleware, tag_permissions, wire_addon
from pikku_http import http_middleware, wire_http

limiter = at_most(10)

wire_addon(name="mail", package="acme_mail")
wire_http(method="get", route="/cards", func=list_cards, middleware=[limiter])
wire_http(method="get", route="/cards/{card_id}", func=get_card, middleware=[limiter])
wire_http(method="put", route="/cards/{card_id}", func=save_card)
wire_http(method="put", route="/v2/cards/{card_id}", func=save_card_v2)
wire_http(method="delete", route="/cards/{card_id}", func=delete_card, tags=["admin"])
global_middleware([timing])
http_middleware("/cards/*", [timing])
tag_permissions("admin", [is_admin])
