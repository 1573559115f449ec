"""How shells ask, and what they are answered."""

from __future__ import annotations

import pytest

from pikku_cli.completion.scripts import Shell, answer, asked
from pikku_cli.completion.words import Candidate


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("pikku ", [""]),
        ("pikku", [""]),
        ("pikku in", ["in"]),
        ("pikku info --j", ["info", "--j"]),
        ('pikku call greet "a b', ["call", "greet", "a b"]),
        ("pikku --filter=a", ["--filter=a"]),
        ("", [""]),
    ],
)
def test_bash_asks_with_its_line(line: str, words: list[str]) -> None:
    assert asked(Shell.BASH, [line]) == words


def test_the_others_ask_with_the_words() -> None:
    for shell in (Shell.ZSH, Shell.FISH):
        assert asked(shell, ["info", "a b", ""]) == ["info", "a b", ""]


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        (Shell.BASH, "admin"),
        (Shell.FISH, "--filter=admin\tWhat: this."),
        (Shell.ZSH, "--filter=admin:What: this."),
    ],
)
def test_each_shell_is_answered_in_its_form(shell: Shell, line: str) -> None:
    found = [Candidate("--filter=admin", "What: this.")]
    assert answer(shell, ["--filter=a"], found) == [line]


def test_bash_gets_the_rest_of_a_word_that_it_cut() -> None:
    assert answer(Shell.BASH, ["acme:s"], [Candidate("acme:send")]) == ["send"]
    assert answer(Shell.BASH, ["card@v"], [Candidate("card@v2")]) == ["v2"]


def test_a_colon_does_not_end_a_word_of_zsh() -> None:
    assert answer(Shell.ZSH, ["a"], [Candidate("acme:send", "Sends.")]) == [r"acme\:send:Sends."]
