"""The diagnostics that core's scan reports: what each means, source that causes it, and the same source put right."""

from __future__ import annotations

from typing import Final

from pikku_core.plugin.diagnostics import DiagnosticCode

CODES: Final[tuple[DiagnosticCode, ...]] = ()
