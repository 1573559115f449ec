"""The tool's own commands, declared as any plugin declares its."""

from __future__ import annotations

from pikku_core.plugin import Command, DiagnosticCode, Template, hookimpl

pikku_plugin_api = 1


@hookimpl
def pikku_commands() -> list[Command]:
    """What comes with the tool; transports add theirs."""
    return [
        Command(
            name="all",
            help="Check the project and write the generated files (the default).",
            target="pikku_cli.commands.all:all_",
            writes=True,
            filters=True,
        ),
        Command(
            name="call",
            help="Call a function and print its result.",
            target="pikku_cli.commands.call:call",
        ),
        Command(
            name="check",
            help="Scan and check the project without writing anything.",
            target="pikku_cli.commands.check:check",
            writes=True,
            filters=True,
        ),
        Command(
            name="completion",
            help="Print the completion script of a shell.",
            target="pikku_cli.commands.completion:completion",
        ),
        Command(
            name="dev",
            help="Generate and serve, again with every change.",
            target="pikku_cli.commands.dev:dev",
            writes=True,
            filters=True,
        ),
        Command(
            name="doctor",
            help="Look for what keeps the tool or the project from working.",
            target="pikku_cli.commands.doctor:doctor",
            filters=True,
        ),
        Command(
            name="info",
            help="Show the functions, wirings and services of the project.",
            target="pikku_cli.commands.info:info",
            filters=True,
        ),
        Command(
            name="init",
            help="Make a project of this folder.",
            target="pikku_cli.commands.init:init",
        ),
        Command(
            name="plugins",
            help="List the installed plugins, broken ones too.",
            target="pikku_cli.commands.plugins:plugins",
        ),
        Command(
            name="secrets check",
            help="Show which secrets are missing or malformed, and who needs them.",
            target="pikku_cli.commands.secrets:check",
        ),
        Command(
            name="secrets list",
            help="Show where each secret comes from and who needs it.",
            target="pikku_cli.commands.secrets:list_",
        ),
        Command(
            name="serve",
            help="Serve what was generated, until told to stop.",
            target="pikku_cli.commands.serve:serve",
        ),
        Command(
            name="versions check",
            help="Compare the functions' contracts with those that are recorded.",
            target="pikku_cli.commands.versions:check",
            writes=True,
        ),
        Command(
            name="versions init",
            help="Record the contracts of all functions.",
            target="pikku_cli.commands.versions:init",
            writes=True,
        ),
        Command(
            name="versions update",
            help="Record the contracts of new functions and versions.",
            target="pikku_cli.commands.versions:update",
            writes=True,
        ),
        Command(
            name="variables check",
            help="Show which variables are missing or malformed, and who needs them.",
            target="pikku_cli.commands.variables:check",
        ),
        Command(
            name="variables list",
            help="Show each variable, where it comes from and who needs it.",
            target="pikku_cli.commands.variables:list_",
        ),
        Command(
            name="watch",
            help="Generate, and again with every change; nothing is served.",
            target="pikku_cli.commands.watch:watch",
            writes=True,
            filters=True,
        ),
    ]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """What `pikku check --types` reports."""
    from pikku_cli.codes import CODES

    return CODES


@hookimpl
def pikku_templates() -> list[Template]:
    """What `pikku new` writes whatever is installed; transports add their wirings."""
    return [
        _template("addon", "A package of functions and services for other projects.", alone=True),
        _template("function", "A function, with the types of its data and result."),
        _template("middleware", "Middleware, to be put round functions and wirings."),
        _template("permission", "A permission, for functions and wirings to ask."),
        _template("plugin", "A package with a transport of your own.", alone=True),
        _template("project", "A project with a function behind HTTP.", alone=True),
        _template("service", "A service, which functions ask for by name."),
    ]


def _template(name: str, help: str, *, alone: bool = False) -> Template:
    target = f"pikku_cli.templates.{name}:files"
    return Template(name=name, help=help, files=target, standalone=alone)
