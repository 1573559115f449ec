"""Keys are added to a `pyproject.toml`, and all else stays as it is."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_cli.scaffold.project_file import ProjectFile


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[tool.mypy]\nmypy_path = "x"\n'),
        ("\n\n", '[tool.mypy]\nmypy_path = "x"\n'),
        ("# mine\n", '# mine\n\n[tool.mypy]\nmypy_path = "x"\n'),
        ("[tool.mypy]", '[tool.mypy]\nmypy_path = "x"\n'),
        (
            "[ tool.mypy ] # mine\nstrict = true\n",
            '[ tool.mypy ] # mine\nmypy_path = "x"\nstrict = true\n',
        ),
        (
            "[[tool.mypy.overrides]]\nmodule = 1\n",
            '[[tool.mypy.overrides]]\nmodule = 1\n\n[tool.mypy]\nmypy_path = "x"\n',
        ),
        (
            "[tool.mypy.x]\n[tool.mypy]\n[a]\n",
            '[tool.mypy.x]\n[tool.mypy]\nmypy_path = "x"\n[a]\n',
        ),
    ],
)
def test_a_key_goes_into_its_table(before: str, after: str) -> None:
    project = ProjectFile(before)
    assert project.add("tool.mypy", {"mypy_path": "x"})
    assert project.text == after
    assert project.get("tool.mypy") == tomllib.loads(after)["tool"]["mypy"]


@pytest.mark.parametrize(
    "text",
    [
        "tool.mypy = {strict = true}\n",
        "[tool]\nmypy.strict = true\n",
        "tool = 1\n",
        "[tool]\nmypy = 1\n",
        'x = """\n[tool.mypy]\n"""\n',
    ],
)
def test_where_nothing_can_be_put_in_nothing_changes(text: str) -> None:
    project = ProjectFile(text)
    assert not project.add("tool.mypy", {"mypy_path": "x"})
    assert project.text == text


def test_a_table_without_keys_is_a_header() -> None:
    project = ProjectFile("")
    assert project.add("tool.pikku", {})
    assert project.text == "[tool.pikku]\n"


LINES = st.sampled_from(
    ["[tool]", "[tool.mypy]", "[[tool.x]]", "[a.tool.mypy]", "b = 1", "# c", "", "x = '''", "'''"]
)


@given(st.lists(LINES).map("\n".join), st.sampled_from(["tool.mypy", "tool.x"]))
def test_the_document_is_what_it_was_with_the_key(text: str, table: str) -> None:
    try:
        project = ProjectFile(text)
    except tomllib.TOMLDecodeError:
        return
    done = project.add(table, {"key": ["ä", "b"]})
    document = tomllib.loads(project.text)
    if done:
        own = document["tool"][table.partition(".")[2]]
        assert own.pop("key") == ["ä", "b"]
        left = [line for line in text.splitlines() if line.strip()]
        now = [line for line in project.text.splitlines() if line.strip()]
        assert [line for line in now if line in left] == left
    else:
        assert project.text == text
