"""A wrong command line is one sentence."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import pytest
import typer

from pikku_cli.usage import sentence


class Colour(StrEnum):
    RED = "red"


def paint(
    name: str,
    *,
    coats: Annotated[int, typer.Option("--coats", min=1)] = 1,
    colour: Annotated[Colour, typer.Option("--colour")] = Colour.RED,
    dry: Annotated[bool, typer.Option("--dry")] = False,
) -> None:
    """A command."""


def refusal(*arguments: str) -> str:
    app = typer.Typer(add_completion=False)
    app.command()(paint)
    with pytest.raises(typer.TyperException) as caught:
        app(list(arguments), prog_name="pikku paint", standalone_mode=False)
    assert caught.value.exit_code == 2
    return sentence(caught.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["x", "--coat"], 'There is no option "--coat" of "pikku paint". Did you mean "--coats"?'),
        (
            ["x", "--nopugins"],
            'There is no option "--nopugins" of "pikku paint". Did you mean "--no-plugins"?',
        ),
        (
            ["x", "--zzz"],
            'There is no option "--zzz" of "pikku paint". "pikku paint --help" lists them.',
        ),
        (["x", "-z"], 'There is no option "-z" of "pikku paint". "pikku paint --help" lists them.'),
        (
            ["x", "-5"],
            'There is no option "-5" of "pikku paint". Before a value that begins with "-" stands "--": "pikku paint -- -5".',
        ),
        ([], '"pikku paint" needs "NAME": "pikku paint --help" says more.'),
        (
            ["x", "y", "z"],
            '"pikku paint" has no use for "y z": "pikku paint --help" says what it takes.',
        ),
        (
            ["x", "--coats", "0"],
            'The value of "--coats" is wrong: input should be greater than or equal to 1.',
        ),
        (
            ["x", "--colour", "blue"],
            'The value of "--colour" is wrong: "blue" is not one of "red".',
        ),
        (["x", "--coats"], 'The option "--coats" needs a value.'),
        (
            ["x", "--version"],
            'There is no option "--version" of "pikku paint". "pikku paint --help" lists them.',
        ),
        (["x", "--dry=1"], 'Option "--dry" does not take a value.'),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(arguments: list[str], words: str) -> None:
    assert refusal(*arguments) == words
