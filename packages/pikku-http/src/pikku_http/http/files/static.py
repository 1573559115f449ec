"""A folder of files below a prefix: `http_static("/assets", directory="public")`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, ClassVar, Final

from pikku_core import Declaration, DeclarationError
from pikku_core.declaration import names
from pikku_http.http.header import header_value
from pikku_http.http.route import mount_prefix_problem

if TYPE_CHECKING:
    from collections.abc import Sequence

REVALIDATE: Final = "no-cache"
"""A cache keeps the file, and asks each time whether it is still the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpStatic(Declaration):
    """A folder of files below a prefix; what `http_static` returns."""

    kind: ClassVar[str] = "http"
    prefix: str
    directory: str
    index: bool = False
    fallback: str = ""
    cache_control: str = REVALIDATE
    precompressed: bool = False
    follow_symlinks: bool = False
    tags: tuple[str, ...] = ()


def http_static(
    prefix: str,
    *,
    directory: str,
    index: bool = False,
    fallback: str = "",
    cache_control: str = REVALIDATE,
    precompressed: bool = False,
    follow_symlinks: bool = False,
    tags: Sequence[str] = (),
) -> HttpStatic:
    """Declares that GET and HEAD below a prefix are answered with the files of a folder.

    Files and folders whose names begin with a dot are not there, but for `.well-known`; folders are never listed.

    ```python
    http_static("/assets", directory="public", cache_control="public, max-age=31536000, immutable")
    http_static("/", directory="dist", fallback="index.html")
    ```

    Args:
        prefix: `/assets`; `/` for everything that no route answers.
        directory: The folder, relative to the project's.
        index: Whether a folder is answered with its `index.html`.
        fallback: A file in the folder that is answered in place of one that is not there, to those who ask for HTML:
            what an application of a single page needs, whose paths are known to the browser alone.
        cache_control: The header `Cache-Control`. HTML is always `no-cache`, since it names the files to be loaded.
        precompressed: Whether `app.js.br` and `app.js.gz` are sent in place of `app.js` to those who take them.
        follow_symlinks: Whether links may lead out of the folder.
        tags: Labels for filters.

    Raises:
        DeclarationError: The prefix, a path or the header is not well-formed.
    """
    problem = mount_prefix_problem(prefix) or static_problem(directory, fallback, cache_control)
    if problem:
        raise DeclarationError(problem)
    return HttpStatic(
        prefix=prefix,
        directory=directory,
        index=index,
        fallback=fallback,
        cache_control=cache_control,
        precompressed=precompressed,
        follow_symlinks=follow_symlinks,
        tags=names("tags", tags),
    )


def static_problem(directory: str, fallback: str, cache_control: str) -> str:
    """What is wrong with the paths or the header of a folder, or nothing."""
    if not _is_below(directory):
        return (
            f'The directory "{directory}" must be a folder below the project\'s, such as "public".'
        )
    if fallback and not _is_below(fallback):
        return (
            f'The fallback "{fallback}" must be a file below the directory, such as "index.html".'
        )
    try:
        header_value(cache_control)
    except ValueError:
        return f'The value {cache_control!r} of "cache_control" is none of a header.'
    return ""


def _is_below(path: str) -> bool:
    parts = PurePosixPath(path).parts
    windows = PureWindowsPath(path)
    anchored = path.startswith("/") or bool(windows.drive or windows.root)
    return (
        bool(parts) and not anchored and ".." not in parts and "\\" not in path and "\0" not in path
    )
