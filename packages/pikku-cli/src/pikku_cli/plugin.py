"""The tool's own commands, declared as any plugin declares its."""

from __future__ import annotations

from pikku_core.plugin import Command, DiagnosticCode, hookimpl

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
        ),
        Command(
            name="check",
            help="Scan and check the project without writing anything.",
            target="pikku_cli.commands.check:check",
            writes=True,
        ),
        Command(
            name="dev",
            help="Generate and serve, again with every change.",
            target="pikku_cli.commands.dev:dev",
            writes=True,
        ),
        Command(
            name="info",
            help="Show the functions, wirings and services of the project.",
            target="pikku_cli.commands.info:info",
        ),
        Command(
            name="plugins",
            help="List the installed plugins, broken ones too.",
            target="pikku_cli.commands.plugins:plugins",
        ),
        Command(
            name="serve",
            help="Serve what was generated, until told to stop.",
            target="pikku_cli.commands.serve:serve",
        ),
        Command(
            name="watch",
            help="Generate, and again with every change; nothing is served.",
            target="pikku_cli.commands.watch:watch",
            writes=True,
        ),
    ]


@hookimpl
def pikku_diagnostic_codes() -> tuple[DiagnosticCode, ...]:
    """What `pikku check --types` reports."""
    from pikku_cli.codes import CODES

    return CODES
