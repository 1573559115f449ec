"""Which names new code may have: what is refused here would not be found, or would hide something."""

from __future__ import annotations

import builtins
import re
import sys
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path
from typing import Final

from pikku_cli.exits import CommandError, ExitCode
from pikku_core.plugin import Naming
from pikku_core.sources import is_module

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*")
_DEVICE: Final = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
_LONGEST: Final = 100


def check_name(name: str) -> Naming:
    """The forms of a name that a function, a service or a module may have.

    Raises:
        CommandError: It may not.
    """
    if not _NAME.fullmatch(name):
        raise _refused(
            f'"{name}" is no name: use letters and digits, with "-" or "_" between words, and begin with a letter.'
        )
    if len(name) > _LONGEST:
        raise _refused(f'"{name[:20]}..." is too long: use {_LONGEST} characters at most.')
    naming = Naming(name=name, package="", folder="")
    if _DEVICE.fullmatch(naming.snake):
        raise _refused(f'"{naming.snake}" is a device on Windows, not a file: choose another name.')
    for form in (naming.snake, naming.pascal):
        if iskeyword(form):
            raise _refused(f'"{form}" is a keyword of Python: choose another name.')
        if hasattr(builtins, form):
            raise _refused(f'"{form}" would hide what Python calls so: choose another name.')
    if not is_module(f"{naming.snake}.py"):
        raise _refused(f'"{naming.snake}.py" would not be read as source: choose another name.')
    return naming


def check_package_name(name: str) -> Naming:
    """The forms of a name that a new top-level package may have.

    Raises:
        CommandError: It may not, or another package has it.
    """
    snake = check_name(name).snake
    if snake in sys.stdlib_module_names:
        raise _refused(
            f'"{snake}" would hide the module of Python\'s library: choose another name.'
        )
    if snake in {"src", "tests"}:
        raise _refused(f'"{snake}" is the name of a folder of the project: choose another name.')
    if _is_installed(snake):
        raise _refused(f'"{snake}" would hide the installed package: choose another name.')
    return Naming(name=name, package=snake, folder=f"src/{snake}")


def _is_installed(package: str) -> bool:
    """Whether a package can be imported, other than from the working directory."""
    spec = find_spec(package)
    if spec is None:
        return False
    places = [*(spec.submodule_search_locations or ()), *([spec.origin] if spec.origin else ())]
    here = Path.cwd()
    return not any(Path(place).absolute().parent == here for place in places)


def _refused(message: str) -> CommandError:
    return CommandError(message, ExitCode.USAGE)
