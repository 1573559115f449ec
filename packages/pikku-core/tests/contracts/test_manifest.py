"""`versions.pikku.json`: what is written is read again, and anything else is refused at its line."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pikku_core.contracts.contract import Contract
from pikku_core.contracts.manifest import Manifest, ManifestError, parse_manifest, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CARD = Contract(
    input={"$": {"required": True, "type": "object"}, "$.size": {"maximum": 3, "type": "integer"}},
    output={"$": {"type": "string"}},
)
PING = Contract(input={}, output={})
MANIFEST = Manifest(functions={"create_card": {1: PING, 2: CARD, 10: CARD}, "ping": {1: PING}})


def test_what_is_written_is_read_again() -> None:
    assert parse_manifest(MANIFEST.text()) == MANIFEST


def test_versions_are_ordered_by_number() -> None:
    document = json.loads(MANIFEST.text())
    assert document["manifest_version"] == 1
    assert list(document["functions"]["create_card"]["versions"]) == ["1", "2", "10"]
    assert document["functions"]["create_card"]["latest"] == 10


def test_each_function_has_its_line() -> None:
    lines = MANIFEST.text().splitlines()
    for base, line in parse_manifest(MANIFEST.text()).lines.items():
        assert lines[line - 1].startswith(f'    "{base}": ')


def test_a_file_that_is_not_there_is_no_manifest(tmp_path: Path) -> None:
    assert read_manifest(tmp_path / "versions.pikku.json") is None


@pytest.mark.parametrize("content", [b"\xff", b""], ids=["no UTF-8", "empty"])
def test_a_file_that_is_no_text_is_damaged(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "versions.pikku.json").write_bytes(content)
    with pytest.raises(ManifestError):
        read_manifest(tmp_path / "versions.pikku.json")


def changed(change: Callable[[Any], object]) -> str:
    document = json.loads(MANIFEST.text())
    change(document)
    return json.dumps(document)


def card(document: Any) -> Any:
    return document["functions"]["create_card"]


BROKEN: dict[str, tuple[str, str]] = {
    "no object": ("[]", "it is no object"),
    "too many levels": ("[" * 100_000, "it is nested too deeply"),
    "no functions": ('{"manifest_version": 1}', 'has no "functions"'),
    "another version": (
        '{"manifest_version": 2, "functions": {}}',
        'its "manifest_version" is not 1',
    ),
    "a function that is no object": (
        '{"manifest_version": 1, "functions": {"a": 1}}',
        '"a" is no object',
    ),
    "no versions": (
        '{"manifest_version": 1, "functions": {"a": {"latest": 1, "versions": {}}}}',
        '"a" has versions that are not counted',
    ),
    "a version 0": (
        '{"manifest_version": 1, "functions": {"a": {"latest": 0, "versions": {"0": {}}}}}',
        '"a" has versions that are not counted',
    ),
    "a version that is no number": (
        '{"manifest_version": true, "functions": {}}',
        'its "manifest_version" is not 1',
    ),
    "a latest that is no whole number": (
        changed(lambda found: card(found).update(latest=10.0)),
        'has 10 as its highest version, and another as its "latest"',
    ),
    "another latest": (
        changed(lambda found: card(found).update(latest=2)),
        'has 10 as its highest version, and another as its "latest"',
    ),
    "a version without output": (
        changed(lambda found: card(found)["versions"]["2"].pop("output")),
        "a version 2 whose output is missing",
    ),
    "a row that is no object": (
        changed(lambda found: card(found)["versions"]["2"]["output"].update({"$": 1})),
        "a version 2 whose output is broken",
    ),
    "a path that is none": (
        changed(lambda found: card(found)["versions"]["2"]["output"].update({"x": {}})),
        'a version 2 whose output is broken: "x" is no path',
    ),
    "another type": (
        changed(lambda found: card(found)["versions"]["2"]["output"]["$"].update(type="null")),
        "a version 2 whose output is not what its hash is of",
    ),
    "another hash": (
        changed(lambda found: card(found)["versions"]["2"].update(input_hash="0")),
        "a version 2 whose input is not what its hash is of",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_damaged_manifest_is_refused(case: str) -> None:
    text, message = BROKEN[case]
    with pytest.raises(ManifestError) as raised:
        parse_manifest(text)
    assert message in str(raised.value)


def test_what_is_no_json_is_found_at_its_line() -> None:
    lines = MANIFEST.text().splitlines()
    lines.insert(4, "?")
    with pytest.raises(ManifestError, match="it is no JSON") as raised:
        parse_manifest("\n".join(lines))
    assert raised.value.line == 5


def test_a_merge_that_was_not_resolved_is_to_be_resolved() -> None:
    lines = MANIFEST.text().splitlines()
    lines[4:4] = ["<<<<<<< ours", "=======", ">>>>>>> theirs"]
    with pytest.raises(ManifestError, match="it has the markers of a merge") as raised:
        parse_manifest("\n".join(lines))
    assert raised.value.line == 5
    assert raised.value.hint.startswith("Resolve the merge")


def test_both_sides_of_a_merge_are_found() -> None:
    text = MANIFEST.text().replace('"ping"', '"create_card"')
    with pytest.raises(ManifestError, match='has the key "create_card" twice'):
        parse_manifest(text)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_a_manifest_or_refused(document: Any) -> None:
    for text in (json.dumps(document), json.dumps({"manifest_version": 1, "functions": document})):
        with suppress(ManifestError):
            assert parse_manifest(text).functions == {}
