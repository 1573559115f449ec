"""`[tool.pikku]`, then variables; whatever cannot be honoured is one clear error."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pikku_core.plugin import Filter, Setting, ValueSource
from pikku_core.plugin.registry import PluginRow, PluginStatus, Provider, Registry
from pikku_core.settings import (
    RawSettings,
    Settings,
    SettingsError,
    find_root,
    load_settings,
    read_raw,
    resolve_settings,
)

HTTP = {
    "http.cors": Setting(name="http.cors", type="bool", default=False, help=""),
    "http.hosts": Setting(name="http.hosts", type="list[str]", default=("localhost",), help=""),
    "http.max_body": Setting(name="http.max_body", type="int", default=100, help=""),
    "http.name": Setting(name="http.name", type="str", default=None, help=""),
    "http.timeout": Setting(name="http.timeout", type="float", default=1.5, help=""),
}
REGISTRY = Registry(settings=HTTP, filters={"tags": Filter(name="tags", help="", values="a:b")})


def project(folder: Path, table: str) -> Path:
    (folder / "pyproject.toml").write_text(f"[tool.pikku]\n{table}\n")
    return folder


def settings_of(folder: Path, table: str, **variables: str) -> Settings:
    return resolve_settings(read_raw(project(folder, table)), REGISTRY, variables=variables)


def error_of(folder: Path, table: str, **variables: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings_of(folder, table, **variables)
    return str(caught.value)


def test_a_project_without_a_table_has_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    settings = load_settings(tmp_path, REGISTRY)
    assert (settings.root, settings.source, settings.out) == (tmp_path, (), ".pikku")
    assert settings.out_path == tmp_path / ".pikku"
    assert settings.plugins == {
        "http": {
            "cors": False,
            "hosts": ("localhost",),
            "max_body": 100,
            "name": None,
            "timeout": 1.5,
        }
    }


def test_what_stands_in_the_file_is_taken(tmp_path: Path) -> None:
    table = """
    source = ["src/app", "jobs.py"]
    out = "build/pikku"
    outputs = { "http/openapi.gen.json" = "docs/openapi.json" }
    filters.small = { tags = ["admin"], exclude-tags = ["slow"] }
    http = { cors = true, hosts = ["a", "b"], max_body = 7, name = "x", timeout = 2 }
    """
    settings = settings_of(tmp_path, table)
    assert settings.source == ("src/app", "jobs.py")
    assert settings.out == "build/pikku"
    assert settings.outputs == {"http/openapi.gen.json": "docs/openapi.json"}
    assert settings.filters == {"small": {"exclude-tags": ("slow",), "tags": ("admin",)}}
    assert dict(settings.plugins["http"]) == {
        "cors": True,
        "hosts": ("a", "b"),
        "max_body": 7,
        "name": "x",
        "timeout": 2.0,
    }


def test_variables_win_over_the_file(tmp_path: Path) -> None:
    settings = settings_of(
        tmp_path,
        'source = ["app"]\nout = "one"\n[tool.pikku.http]\nmax_body = 1',
        PIKKU_OUT="two",
        PIKKU_SOURCE="src/a, src/b",
        PIKKU_HTTP_MAX_BODY="2",
        PIKKU_HTTP_CORS="true",
        PIKKU_HTTP_HOSTS="",
        PIKKU_HTTP_NAME="7",
        PIKKU_HTTP_TIMEOUT="3",
    )
    assert (settings.out, settings.source) == ("two", ("src/a", "src/b"))
    assert dict(settings.plugins["http"]) == {
        "cors": True,
        "hosts": (),
        "max_body": 2,
        "name": "7",
        "timeout": 3.0,
    }


@pytest.mark.parametrize(
    ("table", "key", "hint"),
    [
        ('sources = ["app"]', '"tool.pikku.sources"', 'did you mean "source"?'),
        ("htpp.max_body = 1", '"tool.pikku.htpp"', 'did you mean "http"?'),
        ("http.maxbody = 1", '"tool.pikku.http.maxbody"', 'did you mean "max_body"?'),
        ("plugins.disable = []", '"tool.pikku.plugins.disable"', 'did you mean "disabled"?'),
        ("filters.x.tag = []", '"tool.pikku.filters.x.tag"', 'did you mean "tags"?'),
        (
            "zzz = 1",
            '"tool.pikku.zzz"',
            'the keys are "filter", "filters", "http", "out", "outputs"',
        ),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(
    table: str, key: str, hint: str, tmp_path: Path
) -> None:
    error = error_of(tmp_path, table)
    assert error.startswith('"pyproject.toml:2" has the unknown key')
    assert key in error
    assert hint in error


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('source = "app"', ['"tool.pikku.source"', "a list of strings", "'app'"]),
        ('source = ["app", 1]', ['"tool.pikku.source"', "a list of strings"]),
        ("out = 1", ['"tool.pikku.out"', "a string", "1"]),
        ("http = 1", ['"tool.pikku.http"', "a table"]),
        ('http.max_body = "1"', ['"tool.pikku.http.max_body"', "an integer", "'1'"]),
        ("http.max_body = true", ['"tool.pikku.http.max_body"', "an integer", "True"]),
        ("http.cors = 1", ['"tool.pikku.http.cors"', "true or false"]),
        ("http.timeout = true", ['"tool.pikku.http.timeout"', "a number"]),
        ('plugins.disabled = "http"', ['"tool.pikku.plugins.disabled"', "a list of strings"]),
        ("outputs = []", ['"tool.pikku.outputs"', "a table"]),
    ],
)
def test_a_value_of_another_type_is_refused(table: str, words: list[str], tmp_path: Path) -> None:
    error = error_of(tmp_path, table)
    assert '"pyproject.toml:2"' in error
    assert all(word in error for word in words), error


@pytest.mark.parametrize("out", ["", ".", "/tmp/x", "../x", "a/../../x"])
def test_generated_files_stay_inside_the_project(out: str, tmp_path: Path) -> None:
    assert "below the project" in error_of(tmp_path, f'out = "{out}"')
    assert '"PIKKU_OUT" must be a path below' in error_of(tmp_path, "", PIKKU_OUT=out)


@pytest.mark.parametrize(
    ("variable", "value", "form"),
    [
        ("PIKKU_HTTP_MAX_BODY", "10MB", "an integer"),
        ("PIKKU_HTTP_CORS", "yes", "true or false"),
        ("PIKKU_HTTP_TIMEOUT", "soon", "a number"),
    ],
)
def test_a_variable_that_cannot_be_read_is_refused(
    variable: str, value: str, form: str, tmp_path: Path
) -> None:
    expected = f'The variable "{variable}" must be {form}, and is "{value}".'
    assert error_of(tmp_path, "", **{variable: value}) == expected


def test_the_table_of_a_plugin_that_is_off_is_left_alone(tmp_path: Path) -> None:
    provider = Provider(distribution="pikku-mcp", plugin="mcp", version="1")
    row = PluginRow(provider=provider, status=PluginStatus.DISABLED)
    raw = read_raw(project(tmp_path, "mcp.anything = 1"))
    assert resolve_settings(raw, Registry(plugins=(row,)), variables={}).plugins == {}


@pytest.mark.parametrize("status", [PluginStatus.DISABLED, PluginStatus.FAILED])
def test_a_plugin_that_is_off_may_call_its_table_otherwise_than_itself(
    status: PluginStatus, tmp_path: Path
) -> None:
    provider = Provider(distribution="acme-vault", plugin="acme_vault", version="1")
    registry = Registry(settings=HTTP, plugins=(PluginRow(provider=provider, status=status),))
    raw = read_raw(project(tmp_path, "ini.file = 'a.ini'"))
    assert "ini" not in resolve_settings(raw, registry, variables={}).plugins
    raw = read_raw(project(tmp_path, "htpp.cors = true"))
    with pytest.raises(SettingsError, match='did you mean "http"'):
        resolve_settings(raw, registry, variables={})


def test_the_table_of_a_plugin_that_has_no_settings_is_refused(tmp_path: Path) -> None:
    provider = Provider(distribution="acme-plain", plugin="plain", version="1")
    registry = Registry(plugins=(PluginRow(provider=provider, status=PluginStatus.ACTIVE),))
    raw = read_raw(project(tmp_path, "plain.anything = 1"))
    with pytest.raises(SettingsError, match=r'unknown key "tool\.pikku\.plain"'):
        resolve_settings(raw, registry, variables={})


def test_disabled_plugins_are_known_before_plugins_are(tmp_path: Path) -> None:
    raw = read_raw(project(tmp_path, 'plugins.disabled = ["mcp"]\nnonsense = 1'))
    assert raw.disabled == ("mcp",)


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"[tool", "is not TOML"), (b"\xff", "is not TOML"), (b"tool = 1", "a table")],
)
def test_a_file_that_cannot_be_read_is_one_error(content: bytes, word: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=word):
        read_raw(tmp_path)


def test_the_root_is_the_nearest_folder_with_a_pyproject(tmp_path: Path) -> None:
    inner = tmp_path / "one" / "two"
    inner.mkdir(parents=True)
    project(tmp_path, "")
    assert find_root(inner) == tmp_path
    project(tmp_path / "one", "")
    assert find_root(inner) == tmp_path / "one"


def test_outside_a_project_the_error_says_what_to_do() -> None:
    with pytest.raises(SettingsError, match='"--project"'):
        find_root(Path("/"))


def test_a_bundle_has_settings_without_a_file(tmp_path: Path) -> None:
    settings = resolve_settings(RawSettings(root=tmp_path), REGISTRY, variables={})
    assert settings.plugins["http"]["max_body"] == 100


@pytest.mark.parametrize("source", ["/tmp/x", "../x", "a/../../x"])
def test_source_stays_inside_the_project(source: str, tmp_path: Path) -> None:
    assert "below the project" in error_of(tmp_path, f'source = ["{source}"]')
    assert '"PIKKU_SOURCE" must be a path below' in error_of(tmp_path, "", PIKKU_SOURCE=source)


PRESETS = """
filter = ["small"]
filters.small = { tags = ["admin"] }
filters.large = { exclude-tags = ["slow"] }
"""


def test_presets_are_chosen_in_the_file_or_by_a_variable(tmp_path: Path) -> None:
    assert settings_of(tmp_path, "").filter == ()
    assert settings_of(tmp_path, PRESETS).filter == ("small",)
    assert settings_of(tmp_path, PRESETS, PIKKU_FILTER="large, small").filter == ("large", "small")
    assert settings_of(tmp_path, PRESETS, PIKKU_FILTER="").filter == ()


@pytest.mark.parametrize(
    ("table", "variables", "message"),
    [
        (
            'filter = ["smal"]\nfilters.small = {}',
            {},
            '"tool.pikku.filter" of "pyproject.toml:2" names the preset "smal", which is not there: did you mean "small"?',
        ),
        (
            PRESETS,
            {"PIKKU_FILTER": "zzz"},
            'The variable "PIKKU_FILTER" names the preset "zzz", which is not there: there is "large", "small".',
        ),
        (
            'filter = "small"',
            {},
            '"tool.pikku.filter" of "pyproject.toml:2" must be a list of strings',
        ),
    ],
)
def test_a_preset_that_is_not_there_is_refused(
    tmp_path: Path, table: str, variables: dict[str, str], message: str
) -> None:
    assert message in error_of(tmp_path, table, **variables)


CHOICES = Registry(
    settings={
        "deploy.target": Setting(
            name="deploy.target", type="str", default="server", help="", choices=("server", "edge")
        )
    }
)


@pytest.mark.parametrize(
    ("table", "variables", "message"),
    [
        (
            'deploy.target = "sever"',
            {},
            '"tool.pikku.deploy.target" of "pyproject.toml:2" must be "server" or "edge", and is "sever", did you mean "server"?',
        ),
        (
            "",
            {"PIKKU_DEPLOY_TARGET": "moon"},
            'The variable "PIKKU_DEPLOY_TARGET" must be "server" or "edge", and is "moon".',
        ),
    ],
)
def test_a_value_that_is_none_of_the_choices_is_refused(
    tmp_path: Path, table: str, variables: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        resolve_settings(read_raw(project(tmp_path, table)), CHOICES, variables=variables)
    assert message in str(caught.value)


def test_a_choice_is_taken(tmp_path: Path) -> None:
    raw = read_raw(project(tmp_path, 'deploy.target = "edge"'))
    assert resolve_settings(raw, CHOICES).plugins["deploy"]["target"] == "edge"


def test_a_source_of_values_that_is_not_there_is_refused(tmp_path: Path) -> None:
    known = {
        "environment.sources": Setting(
            name="environment.sources",
            type="list[str]",
            default=None,
            help="",
            check="pikku_core.environment.sources:fault_of_names",
        )
    }
    vault = ValueSource(name="vault", source="acme.vault:open_vault")
    registry = Registry(settings=known, value_sources={"vault": vault})

    def resolved(table: str) -> Settings:
        return resolve_settings(read_raw(project(tmp_path, table)), registry, variables={})

    chosen = resolved('environment.sources = ["vault", "process"]')
    assert chosen.plugins["environment"]["sources"] == ("vault", "process")
    with pytest.raises(SettingsError, match=r'names the source "dotnev".*did you mean "dotenv"'):
        resolved('environment.sources = ["dotnev"]')
    with pytest.raises(SettingsError, match='are "process", "files", "dotenv", "vault"'):
        resolved('environment.sources = ["aws"]')


def test_a_check_says_what_is_wrong_with_a_value_that_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "acme_checks.py").write_text(
        "def positive(value, registry):\n"
        "    return '' if value > 0 else f'must be positive, and is {value}.'\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    setting = Setting(
        name="acme.size", type="int", default=-1, help="", check="acme_checks:positive"
    )
    registry = Registry(settings={"acme.size": setting})

    def size(table: str, **variables: str) -> object:
        raw = read_raw(project(tmp_path, table))
        return resolve_settings(raw, registry, variables=variables).plugins["acme"]["size"]

    assert size("") == -1  # the default is the plugin's own affair
    assert size("acme.size = 2") == 2
    with pytest.raises(SettingsError) as caught:
        size("acme.size = 0")
    assert str(caught.value) == (
        '"tool.pikku.acme.size" of "pyproject.toml:2" must be positive, and is 0.'
    )
    with pytest.raises(SettingsError) as caught:
        size("acme.size = 2", PIKKU_ACME_SIZE="-3")
    assert str(caught.value) == 'The variable "PIKKU_ACME_SIZE" must be positive, and is -3.'


OFF = PluginRow(
    provider=Provider(distribution="pikku-http", plugin="http", version="0.1.0"),
    status=PluginStatus.DISABLED,
)


@pytest.mark.parametrize("flag", ["http-routes", "exclude-http-routes"])
def test_a_preset_may_have_the_flag_of_a_plugin_that_is_off(tmp_path: Path, flag: str) -> None:
    registry = Registry(filters=REGISTRY.filters, plugins=(OFF,))
    raw = read_raw(project(tmp_path, f'filters.x = {{ tags = ["a"], {flag} = ["/a"] }}'))
    settings = resolve_settings(raw, registry, variables={})
    assert settings.filters == {"x": {flag: ("/a",), "tags": ("a",)}}


@pytest.mark.parametrize("flag", ["tag", "exclude-tag", "exclud-tags"])
def test_a_misspelt_flag_of_a_preset_is_refused_whatever_is_off(tmp_path: Path, flag: str) -> None:
    registry = Registry(filters=REGISTRY.filters, plugins=(OFF,))
    raw = read_raw(project(tmp_path, f"filters.x.{flag} = []"))
    with pytest.raises(SettingsError, match=f'the unknown key "tool.pikku.filters.x.{flag}"'):
        resolve_settings(raw, registry, variables={})


def test_a_preset_with_a_comma_in_its_name_is_refused(tmp_path: Path) -> None:
    message = error_of(tmp_path, '[tool.pikku.filters."a,b"]\ntags = ["a"]')
    assert message.startswith('The preset "a,b" of "pyproject.toml')
    assert message.endswith("which separates presets: call it otherwise.")
