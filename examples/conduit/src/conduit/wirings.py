"""The contract: which function answers which request, and which ones work off what follows from it."""

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
from conduit.functions.mails import announce_article, send_digests, send_mail
from conduit.functions.profiles import follow_user, get_profile, unfollow_user
from conduit.functions.tags import list_tags
from conduit.functions.users import get_current_user, login, register, update_current_user
from conduit.models.errors import Errors
from conduit.session import session_of
from pikku_http import (
    bearer,
    define_http_routes,
    http_errors,
    http_route,
    wire_http_routes,
)
from pikku_queue import WorkerConfig, exponential, wire_queue_worker, wire_scheduler

http_errors(in_contract_form, body=Errors)

# The contract says `Authorization: Token …`; clients made by its OpenAPI document send `Bearer …`.
account = [bearer(session_of, scheme="Token"), bearer(session_of)]

# Registering, logging in and the tags stay outside: a stale token must not keep anybody from a new one.
users = define_http_routes(
    base_path="/users",
    routes=[
        http_route(method="post", route="", func=register, status=201, errors=[409]),
        http_route(method="post", route="/login", func=login, errors=[401]),
    ],
)
user = define_http_routes(
    base_path="/user",
    routes=[
        http_route(method="get", route="", func=get_current_user),
        http_route(method="put", route="", func=update_current_user, errors=[409]),
    ],
)
profiles = define_http_routes(
    base_path="/profiles/{username}",
    routes=[
        http_route(method="get", route="", func=get_profile),
        http_route(method="post", route="/follow", func=follow_user),
        http_route(method="delete", route="/follow", func=unfollow_user),
    ],
)
comments = define_http_routes(
    base_path="/{slug}/comments",
    routes=[
        http_route(method="get", route="", func=list_comments),
        http_route(method="post", route="", func=create_comment, status=201),
        http_route(method="delete", route="/{id}", func=delete_comment),
    ],
)
articles = define_http_routes(
    base_path="/articles",
    routes=[
        http_route(method="get", route="", func=list_articles),
        http_route(method="post", route="", func=create_article, status=201),
        http_route(method="get", route="/feed", func=get_feed),
        http_route(method="get", route="/{slug}", func=get_article),
        http_route(method="put", route="/{slug}", func=update_article),
        http_route(method="delete", route="/{slug}", func=delete_article),
        http_route(method="post", route="/{slug}/favorite", func=favorite_article),
        http_route(method="delete", route="/{slug}/favorite", func=unfavorite_article),
        comments,
    ],
)
tags = http_route(method="get", route="/tags", func=list_tags)
known = define_http_routes(middleware=account, routes=[user, profiles, articles])

wire_http_routes(base_path="/api", routes=[users, known, tags])

wire_queue_worker(
    name="announcements",
    func=announce_article,
    config=WorkerConfig(attempts=5, backoff=exponential("200ms")),
)
wire_queue_worker(
    name="mails",
    func=send_mail,
    config=WorkerConfig(concurrency=10, attempts=8, backoff=exponential("5s", limit="1h")),
)
wire_scheduler(
    name="daily-digest", schedule="0 7 * * *", func=send_digests, misfire="once", attempts=5
)
