"""The files that `pikku` generated for the project of this process: `import pikku_app.http` is `.pikku/http`.

They are looked for once, when this package is first imported: in `PIKKU_DIR`; else in the working directory and the
folders above it, up to the first that has a `pyproject.toml`; else likewise from the folder of the main program. The
folder is put on this package's path and never on `sys.path`, where its `http` would hide the standard library's.

The types that `pikku` generates, such as `Rpc`, exist for type checkers only:

```python
if TYPE_CHECKING:
    from pikku_app import Rpc
```
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Final

MARK: Final = "pikku_bootstrap_gen.py"
"""The file that every folder of generated files has."""


def use(folder: str | os.PathLike[str]) -> Path:
    """Says which folder of generated files this process works with, and returns the one it has.

    Raises:
        ImportError: PKU802, it is not the folder that was found: one process has one `pikku_app`. A second project is
            loaded with `App.load(folder)`, which does not need it.
    """
    wanted = Path(folder).resolve()
    if wanted != directory:
        raise ImportError(
            f'PKU802 "pikku_app" is "{directory}" in this process and cannot be "{wanted}" too: '
            "load a second project with App.load(folder).",
            name=__name__,
        )
    return directory


def _find() -> Path:
    """The folder of generated files."""
    own = Path(__file__).parent
    if (own / MARK).is_file():
        return own  # A bundle has them in this very package.
    chosen = os.environ.get("PIKKU_DIR")
    if chosen:
        folder = Path(chosen).resolve()
        found = next(
            (each for each in (folder, folder / ".pikku") if (each / MARK).is_file()), None
        )
        searched = f'in "{chosen}", which PIKKU_DIR names'
    else:
        starts = [Path.cwd()]
        main = getattr(sys.modules.get("__main__"), "__file__", None)
        if main:
            starts.append(Path(main).resolve().parent)
        found = next((each for start in starts if (each := _upwards(start)) is not None), None)
        searched = f'from "{starts[0]}" upwards'
    if found is None:
        raise ImportError(
            f'PKU803 No generated files were found {searched}: run "pikku" in the project\'s folder.',
            name=__name__,
        )
    return found


def _upwards(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        project = folder / "pyproject.toml"
        out = folder / (_out(project) if project.is_file() else ".pikku")
        if (out / MARK).is_file():
            return out
        if project.is_file():
            return None
    return None


def _out(project: Path) -> str:
    """Where a project has its generated files: its setting `out`, which `PIKKU_OUT` overrules."""
    if overruled := os.environ.get("PIKKU_OUT"):
        return overruled
    import tomllib

    try:
        table: Any = tomllib.loads(project.read_text(encoding="utf-8"))
        out: Any = table["tool"]["pikku"]["out"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError):
        return ".pikku"
    return out if isinstance(out, str) else ".pikku"


directory: Final = _find()
"""The folder of generated files."""

if str(directory) not in __path__:
    __path__.append(str(directory))


def __getattr__(name: str) -> Any:
    # Python asks for a submodule here before it imports one: the error for it must be an AttributeError.
    if name[:1].isupper():
        raise ImportError(
            f'PKU801 "{name}" of "{__name__}" exists for type checkers only: import it under "if TYPE_CHECKING:".',
            name=__name__,
        )
    raise AttributeError(f'module "{__name__}" has no attribute "{name}"')
