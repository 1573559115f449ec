"""The keys of `[tool.pikku.http]`."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import Setting

SETTINGS: Final = (
    Setting(
        name="http.access_log",
        type="str",
        default="dev",
        choices=("dev", "always", "never"),
        help="Where requests are logged, by pikku.http.access: by pikku dev alone, by every server, or by none.",
    ),
    Setting(
        name="http.body_timeout",
        type="float",
        default=30.0,
        help="Seconds in which pikku serve must get at least 100 bytes each of a body: else 408.",
        check="pikku_http.http.setting_checks:timeout",
    ),
    Setting(
        name="http.docs",
        type="str",
        default="dev",
        choices=("dev", "always", "never"),
        help="Where /openapi.json and /docs are served: by pikku dev alone, by every server, or by none.",
    ),
    Setting(
        name="http.drain_delay",
        type="float",
        default=0.0,
        help="Seconds after SIGTERM in which pikku serve says that it is not ready, and still takes requests.",
        check="pikku_http.http.setting_checks:drain_delay",
    ),
    Setting(
        name="http.header_timeout",
        type="float",
        default=10.0,
        help="Seconds in which pikku serve must get the request line and all headers: else 408.",
        check="pikku_http.http.setting_checks:timeout",
    ),
    Setting(
        name="http.health",
        type="str",
        default="/healthz",
        help="The path that answers as long as the process lives; empty: none does.",
        check="pikku_http.http.setting_checks:health",
    ),
    Setting(
        name="http.heartbeat",
        type="float",
        default=15.0,
        help="Seconds without an event after which a stream of server-sent events sends a comment.",
        check="pikku_http.http.setting_checks:heartbeat",
    ),
    Setting(
        name="http.keep_alive",
        type="float",
        default=5.0,
        help="Seconds without a request after which pikku serve closes a connection.",
        check="pikku_http.http.setting_checks:timeout",
    ),
    Setting(
        name="http.lazy",
        type="bool",
        default=False,
        help="Whether a function is imported with its first request instead of when the server starts.",
    ),
    Setting(
        name="http.max_body",
        type="int",
        default=10 * 1024 * 1024,
        help="The largest body of a request, in bytes.",
        check="pikku_http.http.setting_checks:at_least_one",
    ),
    Setting(
        name="http.max_connections",
        type="int",
        default=10_000,
        help="How many connections pikku serve has at once: one more is answered 503. 0: any number.",
        check="pikku_http.http.setting_checks:max_connections",
    ),
    Setting(
        name="http.max_fields",
        type="int",
        default=1000,
        help="The most fields of a form, files not counted.",
        check="pikku_http.http.setting_checks:at_least_one",
    ),
    Setting(
        name="http.max_fields_size",
        type="int",
        default=1024 * 1024,
        help="The most bytes of the fields of a form together, files not counted.",
        check="pikku_http.http.setting_checks:at_least_one",
    ),
    Setting(
        name="http.max_files",
        type="int",
        default=100,
        help="The most files of a form.",
        check="pikku_http.http.setting_checks:at_least_one",
    ),
    Setting(
        name="http.max_head",
        type="int",
        default=32 * 1024,
        help="The largest request line with its headers that pikku serve takes, in bytes: else 431.",
        check="pikku_http.http.setting_checks:max_head",
    ),
    Setting(
        name="http.observe_query",
        type="bool",
        default=False,
        help="Whether access log and spans tell the query string, which may hold what is secret.",
    ),
    Setting(
        name="http.openapi_servers",
        type="list[str]",
        default=(),
        help="Where the OpenAPI document says that the API is: URLs. Default: where the document comes from.",
    ),
    Setting(
        name="http.openapi_title",
        type="str",
        default="",
        help="The title of the OpenAPI document. Default: the name in [project].",
    ),
    Setting(
        name="http.openapi_version",
        type="str",
        default="",
        help="The version of the API in the OpenAPI document. Default: the version in [project].",
    ),
    Setting(
        name="http.problem_details",
        type="bool",
        default=False,
        help="Whether errors are answered as application/problem+json (RFC 9457) where there is no http_errors.",
    ),
    Setting(
        name="http.readiness",
        type="str",
        default="/readyz",
        help="The path that says whether requests are taken; empty: none does.",
        check="pikku_http.http.setting_checks:health",
    ),
    Setting(
        name="http.request_ids",
        type="str",
        default="errors",
        choices=("errors", "always"),
        help="Whether errors alone carry x-request-id, or every answer, and what functions log the trace id.",
    ),
    Setting(
        name="http.rpc",
        type="str",
        default="/rpc",
        help="Below which path functions that are exposed answer by their name; empty: none does.",
        check="pikku_http.http.setting_checks:rpc",
    ),
    Setting(
        name="http.send_timeout",
        type="float",
        default=60.0,
        help="Seconds after which pikku serve lets a client go that takes nothing of its answer.",
        check="pikku_http.http.setting_checks:timeout",
    ),
    Setting(
        name="http.telemetry",
        type="str",
        default="auto",
        choices=("auto", "always", "never"),
        help="Whether OpenTelemetry is told of requests: where a provider has been set up, always, or never.",
    ),
    Setting(
        name="http.trusted_proxies",
        type="list[str]",
        default=(),
        help="Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.",
        check="pikku_http.http.setting_checks:trusted_proxies",
    ),
    Setting(
        name="http.unobserved",
        type="list[str]",
        default=None,
        help=(
            "Routes and paths of which neither access log nor telemetry tell. Default: those of http.health and "
            "http.readiness."
        ),
        check="pikku_http.http.setting_checks:unobserved",
    ),
    Setting(
        name="http.upload_memory",
        type="int",
        default=1024 * 1024,
        help="How many bytes of a request's files are kept in memory; the rest goes to disk.",
        check="pikku_http.http.setting_checks:not_negative",
    ),
)
