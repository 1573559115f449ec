"""Faults of plugins: what they raise where they should report."""

from __future__ import annotations

from pikku_core.codegen import codes
from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.plugin.fault import fault_place


def raised(what: str, owner: str, error: Exception) -> Diagnostic:
    """The diagnostic for something of a plugin that raised.

    Args:
        what: `check "http.names"`.
        owner: The plugin's distribution and version.
    """
    return Diagnostic(
        code=codes.CHECK_RAISED.code,
        message=f'The {what} of {owner} raised "{type(error).__name__}: {error}".',
        location=fault_place(error),
        hint="Turn the plugin off and report it.",
    )
