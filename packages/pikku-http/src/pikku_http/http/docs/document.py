"""The OpenAPI document of a generated project, where it is to be served."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pikku_core import DeclarationError
from pikku_http.http.openapi import PATH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core import App


def served_document(
    app: App, settings: Mapping[str, Any], *, development: bool = False
) -> bytes | None:
    """The document, where the setting `http.docs` wants it served; None elsewhere, and where there is none.

    An App that was made by hand has none, nor one without HTTP wirings.

    Raises:
        DeclarationError: It is wanted and not there.
    """
    wanted = settings["docs"] == "always" or (settings["docs"] == "dev" and development)
    if not wanted or app.directory is None or not app.wirings("http"):
        return None
    file = _file(Path(app.directory))
    try:
        return file.read_bytes()
    except OSError as error:
        raise DeclarationError(
            f'The OpenAPI document "{file.name}" cannot be read: {error.strerror}. Run "pikku", or set '
            '"http.docs" to "never".'
        ) from error


def _file(directory: Path) -> Path:
    """Where the document lies: the setting `outputs` may have moved it."""
    file = directory / PATH
    if file.is_file():
        return file
    from pikku_core.settings import SettingsError, find_root, read_raw

    try:
        root = find_root(directory)
        moved = read_raw(root).tables.get("outputs", {}).get(PATH)
    except SettingsError:
        return file
    return root / moved if isinstance(moved, str) else file
