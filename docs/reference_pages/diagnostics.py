"""Every diagnostic code: what it means, source that causes it, the same source put right."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reference_pages.markdown import cell, fragment, page, table

if TYPE_CHECKING:
    from pikku_core.plugin.diagnostics import DiagnosticCode
    from pikku_core.plugin.registry import Registry

INTRODUCTION = (
    "What `pikku`, `pikku check` and `pikku info` report, each at its file and line. An *error* keeps every file from "
    'being written; a *warning* is shown, and fails with "--strict". Codes of plugins that are not among these '
    "packages are in the documentation of the plugin."
)
LANGUAGES = {"sh": r"\$ |pikku |git ", "toml": r"# \S+\.toml\n", "json": r"\{"}
"""How examples begin that are not Python."""


def render(registry: Registry) -> str:
    """The page."""
    codes = registry.diagnostic_codes.values()
    rows = [
        [
            f"[{one.code}](#{anchor(one)})",
            title(one),
            one.severity,
            registry.provider(one).distribution,
        ]
        for one in codes
    ]
    overview = table(("code", "what is wrong", "severity", "from"), rows)
    return page("Diagnostics", INTRODUCTION, overview, *map(section, codes))


def section(code: DiagnosticCode) -> str:
    """The section of one code."""
    parts = [f"## {heading(code)}", f"*{code.severity.capitalize()}.* {code.explanation}"]
    if code.example:
        parts.append(example(code.example))
    if code.mended:
        parts += ["Instead:", example(code.mended)]
    return "\n\n".join(parts)


def heading(code: DiagnosticCode) -> str:
    """The heading of a section: `PKU118 A value is not a literal`."""
    return f"{code.code} {title(code)}"


def title(code: DiagnosticCode) -> str:
    """What is wrong, as a heading begins."""
    return cell(code.title[0].upper() + code.title[1:])


def anchor(code: DiagnosticCode) -> str:
    """What a link to the section says, as forges make it of the heading."""
    return re.sub(r"[^\w\- ]", "", heading(code).lower()).replace(" ", "-")


def example(text: str) -> str:
    """A block in its language."""
    for language, beginning in LANGUAGES.items():
        if re.match(beginning, text):
            return fragment(text, language)
    return fragment(text)
