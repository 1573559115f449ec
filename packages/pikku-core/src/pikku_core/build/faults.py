"""Faults of plugins: what they raise where they should report."""

from __future__ import annotations

from dataclasses import replace

from pikku_core.codegen import codes
from pikku_core.plugin.diagnostics import Diagnostic, Severity
from pikku_core.plugin.fault import fault_place
from pikku_core.plugin.target import TargetError


def raised(what: str, owner: str, error: Exception) -> Diagnostic:
    """The diagnostic for something of a plugin that raised.

    Args:
        what: `check "http.names"`.
        owner: The plugin's distribution and version.
    """
    said = f'raised "{type(error).__name__}: {error}".'
    return Diagnostic(
        code=codes.CHECK_RAISED.code,
        message=f"The {what} of {owner} {f'is missing: {error}' if isinstance(error, TargetError) else said}",
        location=fault_place(error),
        hint="Turn the plugin off and report it.",
    )


def undeclared(check: str, owner: str, found: Diagnostic) -> Diagnostic:
    """The diagnostic in place of one whose code no plugin declares: nobody could look up what it means."""
    return replace(
        found,
        code=codes.CHECK_RAISED.code,
        severity=Severity.ERROR,
        message=f'The check "{check}" of {owner} reports the code "{found.code}", which no plugin declares: {found.message}',
        hint='Turn the plugin off and report it; it declares its codes with the hook "pikku_diagnostic_codes".',
    )
