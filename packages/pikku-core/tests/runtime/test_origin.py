"""Where an error comes from, for the sentence about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core import DeclarationError, global_middleware
from pikku_core.runtime.origin import origin, sentence

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOT_A_LIST: Any = print


def raised(source: str, file: Path) -> Exception:
    """What running a module raises."""
    file.write_text(source)
    code = compile(source, str(file), "exec")
    with pytest.raises(Exception) as caught:  # noqa: PT011 -- whatever it is
        exec(code, {"__name__": "app"})
    return without_caller(caught.value)


def without_caller(error: Exception) -> Exception:
    """The error as the project's own code left it: this file is a project's too."""
    assert error.__traceback__ is not None
    return error.with_traceback(error.__traceback__.tb_next)


def test_a_place_below_the_working_directory_is_relative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = raised("value = 1\nvalue / 0\n", tmp_path / "services.py")
    assert origin(error) == f"{tmp_path / 'services.py'}:2"
    monkeypatch.chdir(tmp_path)
    assert sentence(error) == "ZeroDivisionError: division by zero (services.py:2)"


@pytest.mark.parametrize(
    "source",
    [
        "import json\njson.loads('{')\n",
        "import nosuchmodule\n" * 2,
        "from pydantic import TypeAdapter\nTypeAdapter(int).validate_python('x')\n",
        "from pikku_core import global_middleware\nglobal_middleware(print)\n",
    ],
    ids=["library", "import", "installed", "pikku"],
)
def test_the_line_is_the_projects_and_not_the_one_of_what_it_calls(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = raised(source, tmp_path / "services.py")
    assert (origin(error) or "").startswith("services.py:")


@pytest.mark.parametrize(
    "call",
    [lambda: json.loads("{"), lambda: global_middleware(NOT_A_LIST)],
    ids=["library", "pikku"],
)
def test_an_error_that_passed_nothing_of_a_project_has_no_place(
    call: Callable[[], object],
) -> None:
    with pytest.raises((ValueError, DeclarationError)) as caught:
        call()
    own = without_caller(without_caller(caught.value))
    assert origin(own) is None
    assert sentence(own) == f"{type(own).__name__}: {own}"
