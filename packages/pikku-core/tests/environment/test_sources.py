"""The sources that core has, and in which order they are asked."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pikku_core.environment import Opening
from pikku_core.environment.resolve import Texts, look_up
from pikku_core.environment.sources import (
    DotenvSource,
    FilesSource,
    LateSource,
    ProcessSource,
    SourceError,
    open_sources,
)
from pikku_core.plugin import ValueSource
from pikku_core.plugin.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pikku_core.environment import Source

KEYS = frozenset({"A", "B"})


def looked_up(sources: Mapping[str, Source], *keys: str) -> Texts:
    return asyncio.run(look_up(keys, sources))


def found_by(texts: Texts) -> dict[str, tuple[str, str]]:
    return {key: (text.reveal(), source) for key, (text, source) in texts.found.items()}


class Given:
    def __init__(self, **texts: str) -> None:
        self.texts = texts
        self.asked: list[frozenset[str]] = []

    def read(self, keys: frozenset[str]) -> Mapping[str, str]:
        self.asked.append(keys)
        return self.texts


class Later:
    def __init__(self, **texts: str) -> None:
        self.given = Given(**texts)

    async def read(self, keys: frozenset[str]) -> Mapping[str, str]:
        await asyncio.sleep(0)
        return self.given.read(keys)


class Broken:
    def read(self, keys: frozenset[str]) -> Mapping[str, str]:
        raise ConnectionError(f"refused {len(keys)}")


def test_the_process_has_its_variables() -> None:
    assert ProcessSource({"A": "1", "C": "3"}).read(KEYS) == {"A": "1"}


def test_a_mounted_file_has_the_name_of_its_key_or_that_in_lower_case(tmp_path: Path) -> None:
    (tmp_path / "A").write_bytes(b"\xef\xbb\xbfone\n")
    (tmp_path / "b").write_bytes(b" two\r\nlines\r\n")
    assert FilesSource(tmp_path).read(frozenset({"A", "B", "C"})) == {
        "A": "one",
        "B": " two\r\nlines",
    }


def test_a_folder_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    assert FilesSource(tmp_path / "none").read(KEYS) == {}
    (tmp_path / "A").mkdir()
    assert FilesSource(tmp_path).read(KEYS) == {}


def test_files_that_are_no_text_are_all_named_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "A").write_bytes(b"sk_live\xff")
    (tmp_path / "b").write_bytes(b"\xff")
    (tmp_path / "C").write_text("1")
    with pytest.raises(SourceError) as caught:
        FilesSource(tmp_path).read(frozenset({"A", "B", "C"}))
    assert str(caught.value) == f'"{tmp_path}/A" is not UTF-8, "{tmp_path}/b" is not UTF-8'
    assert caught.value.__context__ is None
    texts = looked_up({"files": FilesSource(tmp_path)}, "A", "B", "C")
    assert found_by(texts) == {"C": ("1", "files")}
    assert len(texts.failures) == 1


def test_a_dotenv_file_says_what_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("\ufeffA=1\nC=3\n")
    assert DotenvSource(tmp_path / ".env").read(KEYS) == {"A": "1"}
    assert DotenvSource(tmp_path / "none").read(KEYS) == {}


def test_a_dotenv_file_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\nsk_live_1\n")
    with pytest.raises(SourceError, match=r'\.env", line 2 is no assignment'):
        DotenvSource(tmp_path / ".env").read(KEYS)


def test_a_source_is_asked_for_what_those_before_it_lack() -> None:
    first, second, third = Given(A="1", B=""), Later(A="2", B="2"), Given(B="3")
    texts = looked_up({"first": first, "second": second, "third": third}, "A", "B")
    assert found_by(texts) == {"A": ("1", "first"), "B": ("2", "second")}
    assert (first.asked, second.given.asked, third.asked) == ([KEYS], [frozenset({"B"})], [])


def test_what_a_source_raises_is_said_with_its_name() -> None:
    texts = looked_up({"vault": Broken(), "rest": Given(A="1")}, "A")
    assert texts.failures == ['The source "vault" failed: ConnectionError: refused 1.']
    assert found_by(texts) == {"A": ("1", "rest")}


@pytest.mark.parametrize(
    ("gives", "fault"),
    [
        ("sk_live_1", "it gave no mapping, but str"),
        ({"A": b"sk_live_1"}, 'what it gave for "A" is no text, but bytes'),
        ({"A": 5}, 'what it gave for "A" is no text, but int'),
    ],
)
def test_a_source_that_gives_no_texts_has_failed(gives: Any, fault: str) -> None:
    class Odd:
        def read(self, keys: frozenset[str]) -> Any:
            return gives if keys else {}

    texts = looked_up({"odd": Odd(), "rest": Given(A="1")}, "A")
    assert texts.failures == [f'The source "odd" failed: {fault}.']
    assert found_by(texts) == {"A": ("1", "rest")}


def test_a_late_source_is_opened_when_it_is_asked() -> None:
    opened: list[Source] = []

    def open_() -> Source:
        opened.append(Later(A="1"))
        return opened[0]

    source = LateSource(open_)
    assert opened == []
    assert found_by(looked_up({"late": source}, "A")) == {"A": ("1", "late")}
    assert len(opened) == 1


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("builtins:id", '"builtins:id" gave a "int", which has no method "read"'),
        ("builtins:nowhere", '"builtins:nowhere" cannot be imported: "builtins" has no "nowhere"'),
    ],
)
def test_what_is_no_source_is_one_sentence(target: str, message: str, tmp_path: Path) -> None:
    declared = ValueSource(name="vault", source=target)
    sources = open_sources(
        Registry(value_sources={"vault": declared}),
        Opening(root=tmp_path, settings=settings(sources=["vault"])),
    )
    assert looked_up(sources, "A").failures == [f'The source "vault" failed: {message}.']


def settings(**own: Any) -> Mapping[str, Mapping[str, Any]]:
    return {"environment": {"sources": None, "dotenv": ".env", "secrets_dir": "/run", **own}}


def test_the_process_comes_before_mounted_files_and_these_before_dotenv(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "b").write_text("file")
    (tmp_path / "run" / "a").write_text("file")
    (tmp_path / "local.env").write_text("A=dotenv\nB=dotenv\nC=dotenv\n")
    opening = Opening(
        root=tmp_path,
        settings=settings(secrets_dir="run", dotenv="local.env"),
        variables={"A": "process"},
    )
    sources = open_sources(Registry(), opening)
    assert list(sources) == ["process", "files", "dotenv"]
    assert found_by(looked_up(sources, "A", "B", "C")) == {
        "A": ("process", "process"),
        "B": ("file", "files"),
        "C": ("dotenv", "dotenv"),
    }


def test_the_setting_says_which_sources_and_in_which_order(tmp_path: Path) -> None:
    opening = Opening(root=tmp_path, settings=settings(sources=("dotenv", "process")))
    assert list(open_sources(Registry(), opening)) == ["dotenv", "process"]
