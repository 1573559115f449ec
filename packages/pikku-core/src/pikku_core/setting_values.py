"""Reading one value of the settings: what stands in the file or in a variable, checked against its type."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from pikku_core.nearest import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SettingValue: TypeAlias = str | int | float | bool | tuple[str, ...] | None

FILE: Final = "pyproject.toml"

_FORMS: Final[Mapping[str, str]] = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "true or false",
    "list[str]": "a list of strings",
    "table": "a table",
}


class SettingsError(Exception):
    """A setting that cannot be honoured: the message names the file or variable, the key, and what to write.

    Args:
        message: One sentence.
        key: The key of the file that it is about: `tool.pikku.http.max_body`; empty where it is about none.
    """

    def __init__(self, message: str, *, key: str = "") -> None:
        super().__init__(message)
        self.key = key


def typed(value: object, of: str, key: str) -> SettingValue:
    """A value of the file, of the type that its `Setting` states."""
    match of:
        case "list[str]":
            return strings(value, key)
        case "float" if isinstance(value, (int, float)) and not isinstance(value, bool):
            return float(value)
        case "str" | "int" | "bool" if type(value).__name__ == of:
            return cast("SettingValue", value)
        case _:
            raise wrong(value, of, key)


def from_text(text: str, of: str, variable: str) -> SettingValue:
    """The value of a variable: a list is separated by commas, a boolean is `true`, `false`, `1` or `0`."""
    try:
        match of:
            case "list[str]":
                return names(text)
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "bool":
                return {"1": True, "true": True, "0": False, "false": False}[text.lower()]
            case _:
                return text
    except (ValueError, KeyError):
        message = f'The variable "{variable}" must be {_FORMS[of]}, and is "{text}".'
        raise SettingsError(message) from None


def names(text: str) -> tuple[str, ...]:
    """The parts of a text that is separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def table(value: object, key: str) -> dict[str, Any]:
    """A table of the file."""
    if not isinstance(value, dict):
        raise wrong(value, "table", key)
    return cast("dict[str, Any]", value)


def strings(value: object, key: str) -> tuple[str, ...]:
    """A list of strings of the file."""
    if not isinstance(value, list):
        raise wrong(value, "list[str]", key)
    items = cast("list[object]", value)
    found = tuple(item for item in items if isinstance(item, str))
    if len(found) < len(items):
        raise wrong(items, "list[str]", key)
    return found


def inner_path(value: object, key: str, *, variable: str = "") -> str:
    """A path below the project, POSIX."""
    if not isinstance(value, str):
        raise wrong(value, "str", key)
    path = PurePosixPath(value)
    if not path.parts or ".." in path.parts or path.is_absolute():
        where = f'The variable "{variable}"' if variable else f'"{key}" of "{FILE}"'
        raise SettingsError(f'{where} must be a path below the project, and is "{value}".', key=key)
    return str(path)


def source_paths(entries: tuple[str, ...], *, variable: str = "") -> tuple[str, ...]:
    """The entries of `source`: paths below the project, or `.` for the project's folder itself."""
    for entry in entries:
        if PurePosixPath(entry).parts:
            inner_path(entry, "" if variable else "tool.pikku.source", variable=variable)
    return entries


def refuse_unknown(given: Iterable[str], known: Iterable[str], key: str) -> None:
    """Refuses names that nobody declares.

    Args:
        key: The table that they stand in: `tool.pikku.http`.
    """
    expected = sorted(known)
    for name in given:
        if name not in expected:
            near = nearest_name(name, expected)
            listed = ", ".join(f'"{one}"' for one in expected)
            hint = f'did you mean "{near}"?' if near else f"the keys are {listed or 'none'}."
            unknown = f"{key}.{name}"
            raise SettingsError(f'"{FILE}" has the unknown key "{unknown}": {hint}', key=unknown)


def refuse_other(
    value: SettingValue, choices: tuple[str, ...], where: str, *, key: str = ""
) -> None:
    """Refuses a value that is none of the choices, where a setting has some."""
    if choices and value not in choices:
        near = nearest_name(str(value), choices)
        hint = f', did you mean "{near}"?' if near else "."
        listed = " or ".join(f'"{choice}"' for choice in choices)
        raise SettingsError(f'{where} must be {listed}, and is "{value}"{hint}', key=key)


def wrong(value: object, of: str, key: str) -> SettingsError:
    """The error for a value of another type."""
    message = f'"{key}" of "{FILE}" must be {_FORMS[of]}, and is {value!r}.'
    return SettingsError(message, key=key)
