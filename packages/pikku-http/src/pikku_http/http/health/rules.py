"""The scan rule of checks of readiness."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin import ScanRule

READINESS_RULE: Final = ScanRule(
    name="http.readiness",
    kind="http",
    calls=dict.fromkeys(
        ("pikku_http.http_readiness", "pikku_http.http.health.readiness.http_readiness"),
        ("service", "check", "*", "timeout"),
    ),
    read="pikku_http.http.health.scan:read_readiness",
)
