"""Files are drafted whole, and written all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pikku_cli.exits import CommandError
from pikku_cli.scaffold.files import draft, refuse_taken, with_packages, write
from pikku_core.plugin import Naming, Template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMING = Naming(name="greet", package="shop", folder="src/shop")


def two(naming: Naming) -> Iterator[tuple[str, str]]:
    yield "b.py", naming.snake
    yield "a.py", ""


def twice(naming: Naming) -> Iterator[tuple[str, str]]:
    yield from [("a.py", ""), ("a.py", "")]


def outside(naming: Naming) -> Iterator[tuple[str, str]]:
    yield "src/../../a.py", ""


def absolute(naming: Naming) -> Iterator[tuple[str, str]]:
    yield "/a.py", ""


def no_python(naming: Naming) -> Iterator[tuple[str, str]]:
    yield "a.py", "def class(): ..."


def hiding(naming: Naming) -> Iterator[tuple[str, str]]:
    yield "a.py", f"from typing import Any\nclass {naming.pascal}: ..."


def importing_twice(naming: Naming) -> Iterator[tuple[str, str]]:
    yield "a.py", f"import logging\nfrom shop import {naming.snake}"


def rebinding(naming: Naming) -> Iterator[tuple[str, str]]:
    imports = f"from shop import {naming.snake}\nfrom json import dumps"
    yield "a.py", f"{imports}\ndef test(dumps, caplog):\n    result = {naming.snake}()"


def misspelt(naming: Naming) -> Iterator[tuple[str, str]]:
    yield "a.py", naming.fill("class $pascl: ...")


def raising(naming: Naming) -> Iterator[tuple[str, str]]:
    yield "a.py", naming.fill("costs 5 $")


def template(name: str) -> Template:
    return Template(name="greeting", help="", files=f"{__name__}:{name}")


def test_an_unknown_name_in_a_text_is_one_sentence_with_plugin_and_template() -> None:
    with pytest.raises(CommandError) as caught:
        draft(template("misspelt"), NAMING, plugin="acme")
    assert str(caught.value) == (
        'The template "greeting" of the plugin "acme" has a text with the unknown name "$pascl": '
        'did you mean "$pascal"?'
    )


def test_what_a_template_raises_is_one_sentence() -> None:
    with pytest.raises(
        CommandError, match=r'^The template "greeting" of .* raised ValueError: [^\n]*$'
    ):
        draft(template("raising"), NAMING, plugin="acme")


def test_a_draft_is_what_the_template_gives_sorted() -> None:
    assert list(draft(template("two"), NAMING).items()) == [("a.py", ""), ("b.py", "greet")]


@pytest.mark.parametrize("name", ["twice", "outside", "absolute"])
def test_a_template_writes_each_file_once_and_below_the_folder(name: str) -> None:
    with pytest.raises(CommandError, match='The template "greeting" writes'):
        draft(template(name), NAMING)


def test_a_template_writes_python() -> None:
    with pytest.raises(CommandError, match=r'"greeting" writes .* which is no Python'):
        draft(template("no_python"), NAMING)


def test_a_name_that_hides_an_import_of_its_module_is_refused() -> None:
    assert draft(template("hiding"), NAMING)
    with pytest.raises(CommandError, match='"Any" would hide what'):
        draft(template("hiding"), Naming(name="any", package="shop", folder="shop"))


@pytest.mark.parametrize(
    ("files", "name"),
    [("importing_twice", "logging"), ("rebinding", "result"), ("rebinding", "caplog")],
)
def test_a_name_that_a_module_has_a_use_for_is_refused(files: str, name: str) -> None:
    assert draft(template(files), NAMING)
    with pytest.raises(CommandError, match=f'"{name}" would hide what "a.py" imports'):
        draft(template(files), Naming(name=name, package="shop", folder="shop"))


def test_a_template_that_is_not_there_is_named() -> None:
    with pytest.raises(CommandError, match='The template "greeting" cannot be used'):
        draft(template("nothing"), NAMING)


def test_packages_on_the_way_are_made(tmp_path: Path) -> None:
    drafted = {"src/shop/functions/a/b.py": "", "tests/test_b.py": ""}
    added = ["src/shop/__init__.py", "src/shop/functions/__init__.py"]
    added.append("src/shop/functions/a/__init__.py")
    assert list(with_packages(drafted, tmp_path, "src/shop")) == sorted([*drafted, *added])
    write({added[0]: "", added[1]: "# mine\n"}, tmp_path)
    assert list(with_packages(drafted, tmp_path, "src/shop")) == sorted([*drafted, added[2]])


def test_a_namespace_package_stays_one(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    drafted = {"shop/functions/b.py": ""}
    assert with_packages(drafted, tmp_path, "shop") == drafted


def test_all_that_is_there_already_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    write({"a.py": "mine", "b/c.py": "mine"}, tmp_path)
    with pytest.raises(CommandError, match=r'there already: "a\.py", "b/c\.py"\.'):
        refuse_taken({"a.py": "", "b/c.py": "", "d.py": ""}, tmp_path)


def test_a_broken_link_is_something(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("nowhere")
    with pytest.raises(CommandError, match=r'"a\.py"'):
        refuse_taken({"a.py": ""}, tmp_path)


def test_neither_of_a_module_and_a_package_of_one_name_is_hidden(tmp_path: Path) -> None:
    write({"shop/functions.py": "", "shop/services/clock/x.py": ""}, tmp_path)
    with pytest.raises(CommandError, match=r'would hide the module "shop/functions\.py"'):
        refuse_taken({"shop/functions/greet.py": ""}, tmp_path)
    with pytest.raises(CommandError, match=r'"shop/services/clock\.py" has the name of a package'):
        refuse_taken({"shop/services/clock.py": ""}, tmp_path)


def test_all_is_written_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(CommandError, match=r'Nothing was written, for ".*file/b.py" cannot be'):
        write({"a/b/c.py": "", "file/b.py": ""}, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "mine"


def test_a_file_that_came_into_being_meanwhile_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text("mine")
    with pytest.raises(CommandError, match=r'b.py" cannot be: File exists'):
        write({"a.py": "", "b.py": ""}, tmp_path)
    assert (tmp_path / "b.py").read_text() == "mine"
    assert not (tmp_path / "a.py").exists()
