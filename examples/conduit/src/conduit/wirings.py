"""The contract: which function answers which request."""

from __future__ import annotations

from conduit.errors import in_contract_form
from conduit.functions.articles import (
    create_article,
    delete_article,
    favorite_article,
    get_article,
    get_feed,
    list_articles,
    unfavorite_article,
    update_article,
)
from conduit.functions.comments import create_comment, delete_comment, list_comments
from conduit.functions.profiles import follow_user, get_profile, unfollow_user
from conduit.functions.tags import list_tags
from conduit.functions.users import get_current_user, login, register, update_current_user
from conduit.session import session_of
from pikku_http import bearer, http_errors, http_middleware, wire_http

http_errors(in_contract_form)

# The contract says `Authorization: Token …`; clients made by its OpenAPI document send `Bearer …`.
account = [bearer(session_of, scheme="Token"), bearer(session_of)]

# Registering, logging in and the tags stay outside: a stale token must not keep anybody from a new one.
http_middleware("/api/user", account)
http_middleware("/api/profiles/*", account)
http_middleware("/api/articles*", account)

wire_http(method="post", route="/api/users", func=register, status=201)
wire_http(method="post", route="/api/users/login", func=login)
wire_http(method="get", route="/api/user", func=get_current_user)
wire_http(method="put", route="/api/user", func=update_current_user)

wire_http(method="get", route="/api/profiles/{username}", func=get_profile)
wire_http(method="post", route="/api/profiles/{username}/follow", func=follow_user)
wire_http(method="delete", route="/api/profiles/{username}/follow", func=unfollow_user)

wire_http(method="get", route="/api/articles", func=list_articles)
wire_http(method="post", route="/api/articles", func=create_article, status=201)
wire_http(method="get", route="/api/articles/feed", func=get_feed)
wire_http(method="get", route="/api/articles/{slug}", func=get_article)
wire_http(method="put", route="/api/articles/{slug}", func=update_article)
wire_http(method="delete", route="/api/articles/{slug}", func=delete_article)
wire_http(method="post", route="/api/articles/{slug}/favorite", func=favorite_article)
wire_http(method="delete", route="/api/articles/{slug}/favorite", func=unfavorite_article)

wire_http(method="get", route="/api/articles/{slug}/comments", func=list_comments)
wire_http(method="post", route="/api/articles/{slug}/comments", func=create_comment, status=201)
wire_http(method="delete", route="/api/articles/{slug}/comments/{id}", func=delete_comment)

wire_http(method="get", route="/api/tags", func=list_tags)
