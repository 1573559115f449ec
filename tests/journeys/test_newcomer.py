"""The first ten minutes hold what the page promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.newcomer import journey

if TYPE_CHECKING:
    from pathlib import Path


def test_somebody_new_gets_through_the_first_page(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    result = journey(folder, tmp_path / "wheels")
    assert result.returncode == 0, result.stdout + result.stderr
    assert (folder / "shop" / ".pikku").is_dir()
