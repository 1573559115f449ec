"""A wrong value in any option, argument or setting is one sentence, and nothing is done.

The cases are made of what the plugins declare, so that what is new is tested too.
"""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pikku_cli.main import command_line, main
from pikku_core.plugin.loader import Selection, load_plugins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.cli.conftest import Project

    from pikku_core.plugin import Setting

TIMEOUT = 60
PACKAGES = frozenset(each.name for each in Path(__file__).parents[3].glob("packages/pikku-*"))
REGISTRY = load_plugins(Selection(only=PACKAGES))


@dataclass(frozen=True, slots=True)
class Case:
    """A command line that cannot be honoured.

    Attributes:
        named: What the sentence must name.
    """

    arguments: tuple[str, ...]
    named: str

    def __str__(self) -> str:
        return " ".join(self.arguments)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands with their names, each as Typer parses it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            context = command.make_context(name, [], resilient_parsing=True)
            yield (*path, name), context.command


def fillers(command: Any) -> list[str]:
    """Values for the arguments without which a command is refused anyway."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    choices = [one.type_descriptor.choices for one in arguments if one.required]
    return [str(next(iter(each))) if each else "x" for each in choices]


def cases_of(path: tuple[str, ...], command: Any) -> Iterator[Case]:
    start = (*path, *fillers(command))
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    yield Case((*start, "--nosuchoption"), "--nosuchoption")
    if any(one.type_descriptor.choices for one in arguments):
        yield Case((*path, "nosuchchoice"), "nosuchchoice")
    elif all(one.nargs == 1 for one in arguments):
        yield Case((*path, *["x"] * len(arguments), "toomany"), "toomany")
    for parameter in command.params:
        option = max(parameter.opts, key=len)
        if option.startswith("--") and option != "--help":
            for values in wrong_values(parameter):
                named = values[0] if values and values[0].startswith("nosuch") else option
                yield Case((*start, option, *values), named)


def wrong_values(parameter: Any) -> Iterator[tuple[str, ...]]:
    """What must not follow an option; nothing where a value is missing."""
    if parameter.is_flag:
        return  # `--strict=1` is a case of its own
    yield ()
    descriptor = parameter.type_descriptor
    if parameter.name.startswith("filter_"):
        yield (",",)
        name = parameter.name.removeprefix("filter_").removeprefix("exclude_").replace("_", "-")
        has_choices = name in REGISTRY.filters and bool(REGISTRY.filters[name].choices)
        if (
            has_choices or "exclude" not in parameter.name
        ):  # to leave out what is not there is no error
            yield ("nosuchvalue",)
    elif descriptor.choices:
        yield ("nosuchchoice",)
    elif descriptor.annotation in {int, float}:
        yield ("many",)
        if descriptor.parameter_info.min is not None:
            yield ("-1",)
        if descriptor.parameter_info.max is not None:
            yield ("99999999",)


def flags() -> Iterator[Case]:
    """Values for options that take none."""
    for path, command in commands(command_line(REGISTRY)):
        for one in command.params:
            option = max(one.opts, key=len)
            if getattr(one, "is_flag", False) and option != "--help":
                yield Case((*path, *fillers(command), f"{option}=1"), option)


SHARED = [
    Case(("--project",), "--project"),
    Case(("--project", "/no/such/folder"), "/no/such/folder"),
    Case(("--disable-plugin",), "--disable-plugin"),
    Case(("--disable-plugin", "nosuchplugin"), "nosuchplugin"),
    Case(("nosuchcommand",), "nosuchcommand"),
    Case(("secrets", "nosuchcommand"), "nosuchcommand"),
]
CASES = [
    *SHARED,
    *flags(),
    *(
        case
        for path, command in commands(command_line(REGISTRY))
        for case in cases_of(path, command)
    ),
]


@pytest.fixture(autouse=True)
def end_what_should_not_run() -> Iterator[None]:
    """Lets a test fail where a server starts in spite of a wrong value."""

    def give_up(*_: object) -> None:
        raise AssertionError("It runs.")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(TIMEOUT)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def assert_refused(
    capsys: pytest.CaptureFixture[str], project: Project, *arguments: str, named: str
) -> None:
    """The command ends with 2 and one sentence, and no file has changed."""
    before = files(project)
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    out, error = capsys.readouterr()
    assert ended.value.code == 2, out + error
    assert out in {"", f"Watching {project.root}\n"}
    (line,) = error.splitlines()
    assert line.startswith("Error: ")
    assert named in line
    assert files(project) == before


def files(project: Project) -> dict[Path, bytes]:
    """The content of all files, but for what runs keep to be faster."""
    found = (file for file in project.root.rglob("*") if file.is_file())
    return {file: file.read_bytes() for file in found if ".cache" not in file.parts}


def test_there_are_cases_of_every_command() -> None:
    tested = {case.arguments[0] for case in CASES}
    assert {name.split()[0] for name in REGISTRY.commands} <= tested
    assert len(CASES) > 150


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_wrong_command_line_is_one_sentence(
    project: Project,
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project.root)
    assert_refused(capsys, project, *case.arguments, named=case.named)


WRONG: dict[str, list[object]] = {
    "str": [1, True, ["x"]],
    "int": ["many", 1.5, True],
    "float": ["many", True],
    "bool": ["yes", 1],
    "list[str]": ["x", [1]],
}
FAULTY: dict[str, list[object]] = {
    "environment.sources": [["nosuchsource"]],
    "http.drain_delay": [-1.0, 3601.0],
    "http.health": ["healthz", "/health/", "/{name}", "/"],
    "http.body_timeout": [0.0, -1.0],
    "http.header_timeout": [0.0, -1.0],
    "http.heartbeat": [0.0, -1.0],
    "http.keep_alive": [0.0, -1.0],
    "http.max_body": [0, -1],
    "http.max_fields": [0],
    "http.max_fields_size": [0],
    "http.max_files": [0],
    "http.readiness": ["readyz", "/ready/", "/{name}", "/"],
    "http.max_connections": [-1],
    "http.max_head": [0, 100],
    "http.rpc": ["rpc", "/rpc/", "/{name}"],
    "http.send_timeout": [0.0, -1.0],
    "http.trusted_proxies": [["localhost"]],
    "http.unobserved": [["healthz"]],
    "http.upload_memory": [-1],
    "queue.broker": ["kafka://here", "redis"],
    "queue.concurrency": [0],
    "mcp.page_size": [-1],
    "mcp.path": ["mcp", "/mcp/", "/{name}", "/"],
    "mcp.resource": ["example.com", "ftp://example.com"],
    "scheduler.lease": [0.5, -1.0],
}
"""Values of the right type that a check refuses."""
OWN = [
    ("source = 1", "tool.pikku.source"),
    ('source = ["../elsewhere"]', "tool.pikku.source"),
    ("out = 1", "tool.pikku.out"),
    ('out = "/tmp"', "tool.pikku.out"),
    ("outputs = 1", "tool.pikku.outputs"),
    ('outputs."a.json" = 1', "tool.pikku.outputs.a.json"),
    ('outputs."a.json" = "../a"', "tool.pikku.outputs.a.json"),
    ("filter = 1", "tool.pikku.filter"),
    ('filter = ["nosuchpreset"]', "nosuchpreset"),
    ("filters = 1", "tool.pikku.filters"),
    ("filters.admin = 1", "tool.pikku.filters.admin"),
    ("filters.admin.tags = 1", "tool.pikku.filters.admin.tags"),
    ("filters.admin.nosuchflag = []", "nosuchflag"),
    ("plugins = 1", "tool.pikku.plugins"),
    ("plugins.nosuchkey = 1", "nosuchkey"),
    ("plugins.disabled = 1", "tool.pikku.plugins.disabled"),
    ('plugins.disabled = ["nosuchplugin"]', "nosuchplugin"),
    ("nosuchkey = 1", "nosuchkey"),
    ("http = 1", "tool.pikku.http"),
    ("http.nosuchkey = 1", "nosuchkey"),
]
DECLARED = [
    (f"{name} = {json.dumps(value)}", f"tool.pikku.{name}")
    for name, setting in REGISTRY.settings.items()
    for value in [
        *WRONG[setting.type],
        *FAULTY.get(name, ()),
        *(["nosuchchoice"] if setting.choices else []),
    ]
]


def test_each_setting_that_checks_its_values_has_one_that_it_refuses() -> None:
    checked = {name for name, setting in REGISTRY.settings.items() if setting.check}
    assert set(FAULTY) == checked


@pytest.mark.parametrize(("line", "named"), [*OWN, *DECLARED])
def test_a_wrong_setting_is_one_sentence_with_its_line(
    project: Project,
    line: str,
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (project.root / "pyproject.toml").write_text(f"[tool.pikku]\n\n{line}\n")
    monkeypatch.chdir(project.root)
    assert_refused(capsys, project, named=named)
    if "nosuchplugin" not in line:  # which is said after the file was read
        with pytest.raises(SystemExit):
            main(["all"])
        assert '"pyproject.toml:3"' in capsys.readouterr().err


def texts(setting: Setting) -> Iterator[str]:
    """Wrong texts for the variable of a setting; any text is a string, and a list of strings."""
    if setting.type in {"bool", "float", "int"}:
        yield "many"
    if setting.choices:
        yield "nosuchchoice"
    for value in FAULTY.get(setting.name, ()):
        yield json.dumps(value).strip('[]"')


VARIABLES = [
    ("PIKKU_SOURCE", "../elsewhere"),
    ("PIKKU_OUT", "/tmp"),
    ("PIKKU_FILTER", "nosuchpreset"),
    ("PIKKU_PLUGINS", "nosuchplugin"),
    *(
        (f"PIKKU_{name.replace('.', '_')}".upper(), text)
        for name, setting in REGISTRY.settings.items()
        for text in texts(setting)
    ),
]


@pytest.mark.parametrize(("variable", "text"), VARIABLES)
def test_a_wrong_variable_is_one_sentence(
    project: Project,
    variable: str,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(project.root)
    monkeypatch.setenv(variable, text)
    assert_refused(capsys, project, named=f'"{variable}"')
