"""`pikku doctor`: what keeps the tool or the project from working."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

PLUGIN = """
from pikku_core.plugin import Diagnostic, DoctorCheck, Severity, hookimpl

pikku_plugin_api = 1


@hookimpl
def pikku_doctor_checks():
    return [
        DoctorCheck(name="acme.calm", check="acme_doctor:calm"),
        DoctorCheck(name="acme.server", check="acme_doctor:server"),
        DoctorCheck(name="acme.wild", check="acme_doctor:wild"),
    ]


def calm(project):
    return []


def server(project):
    found = f"No server answers {len(project.functions)} functions."
    yield Diagnostic(code="ACM100", message=found, hint="Start one.", severity=Severity.WARNING)


def wild(project):
    raise OSError("no route")
"""
SECRETS = """
from pikku_app import Secrets
from pikku_core import define_secret, pikku_service, pikku_sessionless_func

define_secret("api_key", str)


@pikku_service
def vault(*, secrets: Secrets) -> str:
    return secrets.api_key.reveal()


@pikku_sessionless_func
async def open_it(*, vault: str) -> None: ...
"""


def findings(result: CompletedProcess[str]) -> dict[str, list[tuple[str, str]]]:
    """Level and message of what was found, by check."""
    found: dict[str, list[tuple[str, str]]] = {}
    listed: list[dict[str, Any]] = json.loads(result.stdout)["findings"]
    for one in listed:
        found.setdefault(one["check"], []).append((one["level"], one["message"]))
    return found


def test_a_project_that_was_set_up_and_generated_is_well(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    assert pikku("init").returncode == 0
    assert pikku().returncode == 0
    result = pikku("doctor")
    assert (result.returncode, result.stderr) == (0, "")
    assert {line.split()[0] for line in result.stdout.splitlines()[:-1]} <= {"ok", "note"}
    assert result.stdout.endswith("All is well.\n")


def test_a_variable_that_nothing_reads_is_a_warning_here_and_in_other_commands(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    sentence = 'The variable "PIKKU_SORCE" is read by nothing: did you mean "PIKKU_SOURCE"?'
    found = findings(pikku("doctor", "--json", PIKKU_SORCE="app", PIKKU_COLOUR="red"))
    assert ("warning", sentence) in found["settings"]
    assert any('"PIKKU_COLOUR"' in message for _, message in found["settings"])
    assert pikku("info", PIKKU_SORCE="app", PIKKU_COLOUR="red").stderr == f"Warning: {sentence}\n"


def test_a_function_that_nothing_leads_to_is_a_note(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    functions = project / "app/functions.py"
    functions.write_text(functions.read_text().replace("tags=", "expose=True, tags="))
    assert findings(pikku("doctor", "--json"))["source"][1:] == [
        ("note", 'Neither wired nor exposed nor called by another function: "leave".')
    ]


def test_what_is_missing_is_said_with_the_command(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    result = pikku("doctor", "--json")
    assert result.returncode == 0
    found = findings(result)
    assert found["generated"] == [
        ("warning", 'There are no generated files in ".pikku". Run "pikku" first.')
    ]
    assert found["setup"] == [
        (
            "warning",
            '"pyproject.toml" lacks "tool.mypy.mypy_path", "tool.pyright.extraPaths": "pikku init" adds it.',
        ),
        ("warning", '".gitignore" lacks ".pikku/": "pikku init" adds it.'),
    ]
    assert found["environment"][0][0] == "note"
    assert not (project / ".pikku").exists()
    assert pikku("doctor").stdout.endswith("All works, with 3 warnings.\n")


def test_a_repository_may_ignore_the_generated_files_above_the_project(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    (project.parent / ".gitignore").write_text(".pikku/\n")
    (_, message), *others = findings(pikku("doctor", "--json"))["setup"]
    assert message.startswith('"pyproject.toml" lacks')
    assert others == []


def test_filters_that_the_files_are_made_with_are_said(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    pikku("all", "--tags=greeting")
    ((level, message),) = findings(pikku("doctor", "--json"))["generated"]
    assert (level, message) == (
        "ok",
        '".pikku" is what the source says, with --tags=greeting.',
    )


def test_generated_files_that_are_stale_are_said(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    assert pikku().returncode == 0
    with (project / "app/functions.py").open("a") as source:
        source.write("\n")
    ((level, message),) = findings(pikku("doctor", "--json"))["generated"]
    assert level == "warning"
    assert '"app/functions.py" has changed' in message


def test_errors_in_the_source_fail_it(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    source = project / "app/functions.py"
    source.write_text(source.read_text().replace("clock: int)", "clck: int)"))
    result = pikku("doctor")
    assert result.returncode == 1
    assert 'It has 1 error: "pikku check" shows them.' in result.stdout
    assert result.stderr == "Error: The doctor found 1 error.\n"


def test_a_secret_that_is_missing_is_said_with_who_needs_it(
    pikku: Callable[..., CompletedProcess[str]], project: Path
) -> None:
    (project / "app/more.py").write_text(SECRETS.lstrip())
    assert pikku().returncode == 0
    result = pikku("doctor", "--json")
    assert result.returncode == 1
    ((level, message),) = findings(result)["environment"]
    assert level == "error"
    assert '"API_KEY"' in message
    assert '"vault"' in message
    assert pikku("doctor", API_KEY="x").returncode == 0


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("sauce = []", '"pyproject.toml:2" has the unknown key "tool.pikku.sauce"'),
        ("plugins.disabled = 1", '"tool.pikku.plugins.disabled" of "pyproject.toml:2" must be'),
        ("source = [", "is not TOML"),
        ('plugins.disabled = ["htpp"]', 'names the plugin "htpp", which is not installed'),
    ],
)
def test_it_runs_with_wrong_settings_and_says_so(
    pikku: Callable[..., CompletedProcess[str]], project: Path, table: str, words: str
) -> None:
    (project / "pyproject.toml").write_text(f"[tool.pikku]\n{table}\n")
    result = pikku("doctor")
    assert words in result.stdout
    assert "Python 3." in result.stdout
    assert result.returncode == 1


def test_it_runs_outside_a_project(
    pikku: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    result = pikku("doctor", cwd=tmp_path)
    assert result.returncode == 0
    assert 'There is no "pyproject.toml"' in result.stdout


def test_a_plugin_that_is_broken_or_missing_is_an_error(
    pikku: Callable[..., CompletedProcess[str]],
) -> None:
    result = pikku("doctor", PIKKU_PLUGINS="nowhere")
    assert result.returncode == 1
    assert 'Plugin "nowhere"' in result.stdout


def test_the_checks_of_plugins_report_and_a_broken_one_is_named(
    pikku: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> None:
    site = tmp_path / "site"
    info = site / "acme-2.1.dist-info"
    info.mkdir(parents=True)
    (site / "acme_doctor.py").write_text(PLUGIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 2.1\n")
    (info / "entry_points.txt").write_text("[pikku.plugins]\nacme = acme_doctor\n")
    result = pikku("doctor", "--json", PYTHONPATH=str(site))
    assert result.returncode == 1
    found = findings(result)
    assert found["acme.calm"] == [("ok", "Nothing is wrong.")]
    assert found["acme.server"] == [("warning", "ACM100 No server answers 2 functions. Start one.")]
    ((level, message),) = found["acme.wild"]
    assert level == "error"
    assert message.startswith('The check "acme.wild" of acme 2.1 raised "OSError: no route"')
