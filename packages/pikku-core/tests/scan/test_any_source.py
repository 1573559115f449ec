"""Whatever is valid Python is read without an exception, and whatever is not is a diagnostic."""

from __future__ import annotations

import marshal
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.scan.collect import collect

if TYPE_CHECKING:
    from collections.abc import Callable

    from pikku_core.plugin.model import Project
    from pikku_core.scan.facts import ModuleFacts

STDLIB = Path(sysconfig.get_path("stdlib"))
PACKAGES = [
    "asyncio",
    "email",
    "importlib",
]
# Words that the standard library uses everywhere, so that the deep reader goes everywhere too.
WORDS = ["property", "classmethod", "wraps", "namedtuple", "print", "contextmanager", "append"]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_standard_library_is_read(package: str) -> None:
    for path in sorted((STDLIB / package).rglob("*.py")):
        facts = collect(path.read_bytes(), WORDS)
        assert facts["error"] is None, path
        plain: Any = facts
        assert marshal.loads(marshal.dumps(plain)) == facts


def test_the_standard_library_is_linked(scan_source: Callable[..., Project]) -> None:
    """Modules of all sorts under the project's roof, every name in them made to look like a declaration's."""
    text = "# app/__init__.py\n"
    for path in sorted((STDLIB / "asyncio").glob("*.py")) + sorted((STDLIB / "email").glob("*.py")):
        source = path.read_text().replace("functools.wraps", "pikku_core.pikku_func")
        text += f"# app/{path.parent.name}/{path.name}\n{source}\n# pikku\n"
    project = scan_source(text)
    assert len(project.modules) > 50
    assert all(found.location is not None for found in project.diagnostics)


@given(st.binary(max_size=60))
def test_any_bytes_give_facts(source: bytes) -> None:
    facts: ModuleFacts = collect(source, WORDS)
    assert facts["error"] is None or facts["error"][0] >= 1


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"x = 1\ny = (\n", 2),
        (b"def f(:\n    pass\n", 1),
        (b"x = '\xff'\n", 1),
        (b"\x00", 1),
        (b"# coding: klingon\nx = 1\n", 1),
        (b"x = 1\n  y = 2\n", 2),
        (b"(" * 1000 + b")" * 1000, 1),
    ],
)
def test_a_file_that_cannot_be_read_says_where(source: bytes, line: int) -> None:
    error = collect(source, WORDS)["error"]
    assert error is not None
    assert error[0] == line


def test_a_deep_expression_is_an_error_of_its_file(tmp_path: Path) -> None:
    facts = collect(b"x = " + b"-" * 50_000 + b"y\n", WORDS)
    assert facts["error"] is not None


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = "# coding: latin-1\nname = 'é'\n" if encoding == "latin-1" else "name = 'é'\n"
    facts = collect(text.encode(encoding), WORDS)
    assert facts["bindings"]["name"][0][3] == ("c", "é")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_do_not_move_lines(ending: str) -> None:
    source = ending.join(["def f():", "    x = 1", "    print(x)", ""]).encode()
    assert collect(source, ["print"])["hidden"] == [(("n", "print", 3), 3, "function")]
