"""`.env` files: what each line means, and what is no such file."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.environment.dotenv import DotenvError, parse_dotenv

FILE = r"""
# a comment
PLAIN=value
export EXPORTED = spaced out    # a comment
EMPTY=
EMPTY_WITH_COMMENT= # nothing
COLOUR=#fff
URL=postgres://u:p@h/db?a=b#frag
SINGLE='as $it is \n # too'
DOUBLE="a \"quote\", a tab\t, a \\ and a line\nbreak # no comment" # comment
MULTI="-----BEGIN-----
  two
-----END-----"
CONTINUED="one \
line"
dotted.name-too=1
PLAIN=the last wins
"""


def test_each_form_of_a_line_means_what_it_says() -> None:
    assert parse_dotenv(FILE) == {
        "PLAIN": "the last wins",
        "EXPORTED": "spaced out",
        "EMPTY": "",
        "EMPTY_WITH_COMMENT": "",
        "COLOUR": "#fff",
        "URL": "postgres://u:p@h/db?a=b#frag",
        "SINGLE": r"as $it is \n # too",
        "DOUBLE": 'a "quote", a tab\t, a \\ and a line\nbreak # no comment',
        "MULTI": "-----BEGIN-----\n  two\n-----END-----",
        "CONTINUED": "one line",
        "dotted.name-too": "1",
    }


def test_line_breaks_of_windows_are_no_part_of_a_value() -> None:
    assert parse_dotenv("A=1\r\nB='2'\r\n\r\nC=\"3\"\r\n") == {"A": "1", "B": "2", "C": "3"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A=1\nnonsense\n", "line 2 is no assignment"),
        ("A=1\n\n=1", "line 3 is no assignment"),
        ("2A=1", "line 1 is no assignment"),
        ("export A\n", "line 1 is no assignment"),
        ("A=1\nB='open\nC=2\n", "line 2 opens a quote that is never closed"),
        ('A="open\\"\n', "line 1 opens a quote that is never closed"),
        ("A='1' 2\n", "line 1 has something behind the closing quote"),
    ],
)
def test_what_is_no_assignment_is_named_by_its_line(text: str, message: str) -> None:
    with pytest.raises(DotenvError, match=message) as caught:
        parse_dotenv(text)
    assert caught.value.line == int(message.split()[1])


def test_an_error_does_not_show_the_line() -> None:
    with pytest.raises(DotenvError) as caught:
        parse_dotenv("A='sk_live_1")
    assert "sk_live_1" not in str(caught.value)


KEYS = st.text(string.ascii_letters + "_", min_size=1).map(lambda key: f"K{key}")
# What universal newlines would have made of it does not reach the parser.
VALUES = st.text(st.characters(exclude_categories=["Cs"]))


def double(value: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


@given(st.dictionaries(KEYS, VALUES), st.booleans())
def test_what_is_written_in_double_quotes_is_read_back(
    values: dict[str, str], export: bool
) -> None:
    start = "export " if export else ""
    text = "".join(f"{start}{key}={double(value)} # {key}\n" for key, value in values.items())
    assert parse_dotenv(text) == values


@given(st.dictionaries(KEYS, VALUES.map(lambda value: value.replace("'", ""))))
def test_what_is_written_in_single_quotes_is_read_back(values: dict[str, str]) -> None:
    text = "\n".join(f"{key} = '{value}'" for key, value in values.items())
    assert parse_dotenv(text) == values


WORDS = st.text(string.ascii_letters + string.digits + "#'\"$:/=\\", min_size=1)


@given(st.dictionaries(KEYS, st.lists(WORDS, min_size=1).map(" ".join)))
def test_what_is_written_without_quotes_ends_before_a_comment(values: dict[str, str]) -> None:
    plain = {key: value for key, value in values.items() if value[0] not in "'\""}
    text = "\n".join(f"{key}={value}" for key, value in plain.items())
    assert parse_dotenv(text) == {
        key: re.split(r"[ \t]+#", value)[0] for key, value in plain.items()
    }


@given(st.text())
def test_any_text_is_read_or_refused_by_line(text: str) -> None:
    line, values = 1, dict[str, str]()
    try:
        values = parse_dotenv(text)
    except DotenvError as error:
        line = error.line
    assert 1 <= line <= text.count("\n") + 1
    assert all(values)
