"""Options that several commands have in common: one name, one meaning, one help text."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

from pikku_cli.server.levels import LogLevel
from pikku_cli.server.log_format import LogFormat

Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Strict: TypeAlias = Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")]
Host: TypeAlias = Annotated[str, typer.Option("--host", help="The address to listen on.")]
Port: TypeAlias = Annotated[
    int | None,
    typer.Option(
        "--port", "-p", min=0, max=65535, help="The port; 0 takes a free one. Default: 8000."
    ),
]
Grace: TypeAlias = Annotated[
    float,
    typer.Option(
        "--grace",
        min=0,
        max=86_400,
        help="Seconds that requests have to finish before they are cut off.",
    ),
]
Log: TypeAlias = Annotated[
    LogLevel, typer.Option("--log-level", help="What is logged to standard error.")
]
LogForm: TypeAlias = Annotated[
    LogFormat,
    typer.Option("--log-format", help="How: as text for people, or as a line of JSON each."),
]
