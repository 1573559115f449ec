"""Links between pages lead somewhere, and the list of pages names all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
PAGES = sorted(
    {*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("*/*.md"), *ROOT.glob("*/*/README.md")}
)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")


def links(page: Path) -> list[tuple[Path, str]]:
    """The files that a page links to, each with the heading."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    return [
        ((page.parent / file).resolve() if file else page, anchor)
        for file, anchor in LINK.findall(text)
    ]


def anchors(page: Path) -> set[str]:
    """The headings of a page, as forges link to them."""
    titles = re.findall(
        r"^#+ (.+)$", FENCED.sub("", page.read_text(encoding="utf-8")), re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = [str(file.relative_to(ROOT)) for file, _ in links(page) if not file.exists()]
    assert dead == []
    lost = [
        f"{file.name}#{anchor}"
        for file, anchor in links(page)
        if anchor and anchor not in anchors(file)
    ]
    assert lost == []


def test_the_index_lists_every_page() -> None:
    listed = {file for file, _ in links(INDEX)}
    pages = {page for page in DOCS.rglob("*.md") if page.parent.name != "decisions"} - {INDEX}
    assert sorted(page.name for page in pages - listed) == []
