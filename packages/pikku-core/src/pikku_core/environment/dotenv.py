r"""`.env` files: texts by key, one assignment after another.

```text
# a comment
export PAGE_SIZE=20            # another one
GREETING='taken as it is, $HOME and \n too'
PRIVATE_KEY="-----BEGIN KEY-----
a value over several lines, with \"escapes\" and \t tabs"
```

Nothing is interpolated. The last assignment of a key wins, as in a shell.
"""

from __future__ import annotations

import re
from typing import Final

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_ASSIGNMENT: Final = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.\-]*)[ \t]*=")
_SINGLE: Final = re.compile(r"'([^']*)'")
_DOUBLE: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_REST: Final = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")
_BARE: Final = re.compile(r"[^\n]*")
_COMMENT: Final = re.compile(r"[ \t]#.*")
_SPACES: Final = re.compile(r"[ \t]*")
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", "\n": ""}


class DotenvError(Exception):
    """A file that is no `.env` file.

    Attributes:
        line: The first line that cannot be read, from 1.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse_dotenv(text: str) -> dict[str, str]:
    r"""The texts of a `.env` file by key.

    In double quotes `\n`, `\r`, `\t` stand for what they do in Python, a backslash before a line break for nothing, and
    one before anything else for that character. In single quotes everything stands for itself. Without quotes a value
    ends with its line or before a `#` after a space.

    Raises:
        DotenvError: A line is no assignment, a quote is not closed, or something follows it.
    """
    values: dict[str, str] = {}
    at = _end(_BLANK, text, 0)
    while at < len(text):
        assignment = _ASSIGNMENT.match(text, at)
        if assignment is None:
            raise _error("is no assignment: write KEY=value", text, at)
        value, at = _value(text, assignment.end())
        values[assignment[1]] = value
        at = _end(_BLANK, text, at)
    return values


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins at a place, and where its line ends."""
    begin = _end(_SPACES, text, at)
    quote = text[begin : begin + 1]
    if quote not in {"'", '"'}:
        end = _end(_BARE, text, at)
        return _COMMENT.sub("", text[at:end]).strip(" \t\r"), end
    quoted = (_SINGLE if quote == "'" else _DOUBLE).match(text, begin)
    if quoted is None:
        raise _error("opens a quote that is never closed", text, at)
    rest = _REST.match(text, quoted.end())
    if rest is None:
        raise _error("has something behind the closing quote", text, quoted.end())
    if quote == "'":
        return quoted[1], rest.end()
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), quoted[1]), rest.end()


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where what a pattern matches at a place ends."""
    found = pattern.match(text, at)
    return at if found is None else found.end()


def _error(what: str, text: str, at: int) -> DotenvError:
    line = text.count("\n", 0, at) + 1
    # Without the line itself: it may hold a secret.
    return DotenvError(f"line {line} {what}", line)
