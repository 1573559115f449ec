"""The flags of filters on the command line, from presets and from settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import copy_context
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING, Annotated, Any

import pytest
import typer
from typer.testing import CliRunner

from pikku_cli.exits import CommandError, ExitCode
from pikku_cli.filters import with_filters
from pikku_core.plugin import CommandContext, Filter, current_command
from pikku_core.plugin.context import set_current_command
from pikku_core.plugin.registry import Registry
from pikku_core.select import FilterError
from pikku_core.settings import RawSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

Run = Callable[..., CompletedProcess[str]]

FILTERS = {
    "tags": Filter(name="tags", help="Tags of things.", values="a:b"),
    "target": Filter(name="target", help="Where.", values="a:b", choices=("here", "there")),
}
PRESETS = {"filters": {"calm": {"tags": ["calm"]}, "loud": {"exclude-tags": ["calm", "dull"]}}}


def filters_of(*arguments: str) -> Mapping[str, tuple[str, ...]]:
    """The filters that a command is given by a command line."""
    seen: list[Mapping[str, tuple[str, ...]]] = []

    def command(name: str, *, strict: bool = False) -> None:
        seen.append(current_command().filters)
        assert (name, strict) == ("x", True)

    def run() -> Any:
        registry = Registry(filters=FILTERS)
        raw = RawSettings(root=Path("/"), tables=PRESETS)
        set_current_command(CommandContext(registry=registry, raw=raw))
        app = typer.Typer()
        app.command()(with_filters(command, FILTERS))
        return CliRunner().invoke(app, ["x", "--strict", *arguments])

    result = copy_context().run(run)
    if result.exception is not None:
        raise result.exception
    return seen[0]


@pytest.mark.parametrize("name", ["strict", "filter", "project", "loud-colour", "clr"])
def test_a_filter_whose_flag_the_command_has_itself_is_refused(name: str) -> None:
    def command(
        *,
        strict: bool = False,
        loud_colour: str = "",
        colour: Annotated[str, typer.Option("--colour", "--clr")] = "",
    ) -> None:
        raise AssertionError((strict, loud_colour, colour))

    filters = {name: Filter(name=name, help="", values="a:b")}
    with pytest.raises(CommandError, match=f'"--{name}", which is an option') as refused:
        with_filters(command, filters)
    assert refused.value.code is ExitCode.PLUGINS


@pytest.mark.parametrize(
    ("arguments", "filters"),
    [
        ([], {}),
        (["--tags=a"], {"tags": ("a",)}),
        (["--tags", "a,b", "--tags", "c, a"], {"tags": ("a", "b", "c")}),
        (["--exclude-tags=a", "--target=here"], {"exclude-tags": ("a",), "target": ("here",)}),
        (["--filter=calm"], {"tags": ("calm",)}),
        (
            ["--filter=calm,loud", "--tags=a"],
            {"tags": ("a", "calm"), "exclude-tags": ("calm", "dull")},
        ),
        (
            ["--filter", "calm", "--filter", "loud"],
            {"tags": ("calm",), "exclude-tags": ("calm", "dull")},
        ),
    ],
)
def test_flags_and_presets_add_up(arguments: list[str], filters: object) -> None:
    assert filters_of(*arguments) == filters


def test_a_flag_without_a_value_is_refused() -> None:
    with pytest.raises(CommandError, match='The option "--tags" needs a value'):
        filters_of("--tags=")
    with pytest.raises(CommandError, match='The option "--filter" needs a value'):
        filters_of("--filter", ",")


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(FilterError, match=r'no preset "clam" \(did you mean "calm"'):
        filters_of("--filter=clam")


MORE = """
from pikku_core import pikku_sessionless_func


@pikku_sessionless_func(tags=["billing"], deploy="server")
async def bill() -> None: ...
"""


@pytest.fixture
def shop(project: Path) -> Path:
    """Three functions in two folders, and presets."""
    (project / "app/billing").mkdir()
    (project / "app/billing/functions.py").write_text(MORE.lstrip())
    (project / "pyproject.toml").write_text(
        '[tool.pikku]\nsource = ["app"]\nfilters.bills = { tags = ["billing"] }\n'
    )
    return project


def generated(project: Path) -> list[str]:
    meta = json.loads((project / ".pikku/function/pikku-functions-meta.gen.json").read_text())
    return sorted(meta)


def contents(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".cache" not in path.parts)
    return {path: path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("arguments", "functions"),
    [
        (["--tags=billing"], ["bill"]),
        (["--exclude-tags=billing"], ["greet", "leave"]),
        (["--names", "greet,bill"], ["bill", "greet"]),
        (["--exclude-names=l*"], ["bill", "greet"]),
        (["--wires=rpc"], ["bill", "greet", "leave"]),
        (["--exclude-wires=http", "--names=*e*"], ["greet", "leave"]),
        (["--directories=app/billing"], ["bill"]),
        (["--exclude-directories", "app/billing"], ["greet", "leave"]),
        (["--target=serverless"], ["greet", "leave"]),
        (["--exclude-target=serverless"], ["bill"]),
        (["--filter=bills"], ["bill"]),
        (["all", "--filter=bills"], ["bill"]),
    ],
)
@pytest.mark.usefixtures("shop")
def test_pikku_writes_what_the_flags_choose(
    project: Path, pikku: Run, arguments: list[str], functions: list[str]
) -> None:
    result = pikku(*arguments)
    warned = "PKU792" in result.stdout
    assert (result.returncode, warned) == (0, "--exclude-wires=http" in arguments), result.stdout
    assert generated(project) == functions


@pytest.mark.usefixtures("shop")
def test_the_summary_says_what_was_kept(pikku: Run) -> None:
    lines = pikku("--tags=billing").stdout.splitlines()
    assert lines[:2] == [
        "Found 3 functions, 1 service.",
        "Kept 1 function, 0 services with --tags=billing.",
    ]


@pytest.mark.usefixtures("shop")
def test_json_has_the_filters(pikku: Run) -> None:
    facts = json.loads(pikku("--tags=billing", "--json").stdout)
    assert facts["filters"] == {"tags": ["billing"]}
    assert facts["found"]["functions"] == 1


def test_the_setting_and_the_variable_hold_where_no_flag_does(shop: Path, pikku: Run) -> None:
    assert pikku(PIKKU_FILTER="bills").returncode == 0
    assert generated(shop) == ["bill"]
    with (shop / "pyproject.toml").open("a") as file:
        file.write('filter = ["bills"]\n')
    assert pikku("--names=greet").returncode == 0
    assert generated(shop) == ["greet"]
    assert pikku().returncode == 0
    assert generated(shop) == ["bill"]
    assert pikku(PIKKU_FILTER="").returncode == 0
    assert generated(shop) == ["bill", "greet", "leave"]


def test_without_filters_everything_is_generated_again(shop: Path, pikku: Run) -> None:
    pikku()
    before = contents(shop / ".pikku")
    pikku("--tags=billing")
    assert generated(shop) == ["bill"]
    result = pikku()
    assert "Found 3 functions" in result.stdout
    assert contents(shop / ".pikku") == before


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        (["--tags=billng"], {}, '"--tags=billng" matches nothing (did you mean "billing"?)'),
        (["--tags="], {}, 'The option "--tags" needs a value.'),
        (["--tgas=x"], {}, 'There is no option "--tgas" of "pikku all". Did you mean "--tags"?'),
        (["--filter=bill"], {}, 'There is no preset "bill" (did you mean "bills"?)'),
        (["--target=moon"], {}, '"--target=moon" can match nothing'),
        (
            ["--tags=billing", "--names=greet"],
            {},
            "The filters select nothing: of 3 wirings and functions",
        ),
        ([], {"PIKKU_FILTER": "bill"}, 'The variable "PIKKU_FILTER" names the preset "bill"'),
        (
            [],
            {"PIKKU_DEPLOY_DEFAULT_TARGET": "moon"},
            'The variable "PIKKU_DEPLOY_DEFAULT_TARGET" must be "server" or "serverless", and is "moon".',
        ),
    ],
)
def test_what_cannot_be_honoured_is_one_sentence_and_nothing_is_written(
    shop: Path, pikku: Run, arguments: list[str], variables: dict[str, str], message: str
) -> None:
    result = pikku(*arguments, **variables)
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"Error: {message}")
    assert result.returncode == 2
    assert not (shop / ".pikku/function").exists()


@pytest.mark.usefixtures("shop")
def test_a_pattern_without_effect_fails_where_warnings_do(pikku: Run) -> None:
    result = pikku("check", "--tags=billing,greting", "--strict")
    assert (
        'PKU792 (warning) "--tags=greting" matches nothing. Did you mean "greeting"?'
        in result.stdout
    )
    assert result.returncode == 1


@pytest.mark.parametrize("command", ["all", "check", "dev", "info", "watch"])
def test_commands_that_work_on_a_part_list_the_flags(pikku: Run, command: str) -> None:
    text = pikku(command, "--help").stdout
    for flag in ("--tags", "--exclude-tags", "--target", "--filter"):
        assert f" {flag} " in text


def test_other_commands_do_not(pikku: Run) -> None:
    assert "--tags" not in pikku("plugins", "--help").stdout


def test_an_error_in_the_source_is_said_before_a_filter_that_finds_nothing(
    shop: Path, pikku: Run
) -> None:
    (shop / "app/billing/functions.py").write_text(
        "from pikku_core import pikku_func\n\ndef broken(\n"
    )
    result = pikku("--tags=billing")
    assert "app/billing/functions.py:3: PKU701" in result.stdout
    assert result.returncode == 1


def test_a_serverless_function_that_needs_a_server_is_found(shop: Path, pikku: Run) -> None:
    file = shop / "app/functions.py"
    file.write_text(file.read_text().replace('(tags=["greeting"])', '(deploy="serverless")'))
    with (shop / "pyproject.toml").open("a") as settings:
        settings.write('deploy.serverless_incompatible = ["clock"]\n')
    result = pikku("check")
    assert "app/functions.py:10: PKU793" in result.stdout
    file.write_text(file.read_text().replace('"serverless"', '"lambda"'))
    result = pikku("check")
    assert (
        'app/functions.py:9: PKU124 "deploy" of "greet" must be "server" or "serverless".'
        in result.stdout
    )


@pytest.mark.usefixtures("shop")
def test_info_shows_what_the_filters_leave(pikku: Run) -> None:
    facts = json.loads(pikku("info", "--json", "--tags=billing").stdout)
    assert [each["id"] for each in facts["functions"]] == ["bill"]
    assert facts["services"] == []


@pytest.mark.usefixtures("shop")
def test_info_says_why_something_is_generated(pikku: Run) -> None:
    lines = pikku("info", "--why", "clock", "--tags=greeting").stdout.splitlines()
    assert lines[:3] == [
        'The service "clock" (app/functions.py:5) is generated.',
        "Because of:",
        "  greet > clock (app/functions.py:10): chosen by --tags=greeting",
    ]


@pytest.mark.usefixtures("shop")
def test_info_says_why_something_is_left_out_and_as_json(pikku: Run) -> None:
    (facts,) = json.loads(pikku("info", "--why", "bill", "--tags=greeting", "--json").stdout)
    assert facts["kept"] is False
    assert facts["ways"][0]["dropped"] == "--tags=greeting"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--why", "gret"], 'Nothing in this project is called "gret" (did you mean "greet"?)'),
        (["functions", "--why", "greet"], '"--why" explains one thing: leave "functions" out.'),
        (["--why", "greet", "--tags=zzz"], '"--tags=zzz" matches nothing'),
    ],
)
@pytest.mark.usefixtures("shop")
def test_what_cannot_be_explained_is_one_sentence(
    pikku: Run, arguments: list[str], message: str
) -> None:
    result = pikku("info", *arguments)
    assert result.stderr.startswith(f"Error: {message}")
    assert result.returncode == 2
