"""Arguments and options that several commands have in common."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import typer

Queue: TypeAlias = Annotated[str, typer.Argument(metavar="QUEUE", help="The name of the queue.")]
Job: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The id of the job.")]
Limit: TypeAlias = Annotated[
    int, typer.Option("--limit", min=1, max=100_000, help="How many are shown at most.")
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
