"""The diagnostics that core's scan reports: what each means, source that causes it, and the same source put right.

An example is one module, or several, each under a comment with its path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pikku_core.scan.codes import (
    addons,
    callables,
    calls,
    definitions,
    functions,
    names,
    services,
    source,
)

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import DiagnosticCode

CODES: Final[tuple[DiagnosticCode, ...]] = tuple(
    sorted(
        (
            *addons.CODES,
            *callables.CODES,
            *calls.CODES,
            *definitions.CODES,
            *functions.CODES,
            *names.CODES,
            *services.CODES,
            *source.CODES,
        ),
        key=lambda found: found.code,
    )
)
