"""The files of a run, core's and the generators', and what is wrong with their paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pikku_core.build.faults import raised
from pikku_core.codegen import codes
from pikku_core.codegen.plan import GENERATOR, package_files, render_core, with_header
from pikku_core.plugin.diagnostics import Diagnostic
from pikku_core.plugin.target import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikku_core.plugin.declarations import GeneratedFile, Generator
    from pikku_core.plugin.model import Project
    from pikku_core.plugin.registry import Registry


class Outputs:
    """The files of one run by path, each given by one owner.

    Attributes:
        diagnostics: What was wrong: a path given twice, a path that was not declared, a generator that raised.
    """

    def __init__(self) -> None:
        self.files: dict[str, GeneratedFile] = {}
        self.diagnostics: list[Diagnostic] = []
        self._owners: dict[str, str] = {}

    def add(self, files: Iterable[GeneratedFile], owner: str) -> None:
        """Takes the files of an owner."""
        for file in files:
            if file.path in self.files:
                self.diagnostics.append(clash(file.path, self._owners[file.path], owner))
            else:
                self.files[file.path] = file
                self._owners[file.path] = owner

    def run(self, generator: Generator, owner: str, project: Project) -> None:
        """Takes what a plugin's generator gives."""
        try:
            files: list[GeneratedFile] = list(resolve(generator.render)(project))
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            self.diagnostics.append(raised(f'generator "{generator.name}"', owner, error))
            return
        declared = [file for file in files if _is_declared(file.path, generator)]
        self.diagnostics += [
            Diagnostic(
                code=codes.OUTPUT_UNDECLARED.code,
                message=f'The generator "{generator.name}" of {owner} gives the file "{file.path}", which is not '
                "among its outputs.",
                hint="Turn the plugin off and report it.",
            )
            for file in files
            if file not in declared
        ]
        self.add(with_header(declared, owner.partition(" ")[0]), owner)


def render_all(project: Project, registry: Registry) -> Outputs:
    """The files of core and of all generators whose kind is in use."""
    outputs = Outputs()
    generators = generators_in_use(project, registry)
    exports = dict(export for one in generators for export in one.exports)
    outputs.add(render_core(project, exports), GENERATOR)
    for generator in generators:
        outputs.run(generator, str(registry.provider(generator)), project)
    outputs.add(package_files(list(outputs.files)), GENERATOR)
    return outputs


def generators_in_use(project: Project, registry: Registry) -> list[Generator]:
    """The generators that run for a project, by phase and name."""
    kinds = {each.kind for each in (*project.wirings, *project.declarations)} | {""}
    used = [each for each in registry.generators.values() if each.kind in kinds]
    return sorted(used, key=lambda generator: (generator.phase, generator.name))


def clash(path: str, first: str, second: str) -> Diagnostic:
    """Two owners give one file."""
    return Diagnostic(
        code=codes.OUTPUT_CLASH.code,
        message=f'The file "{path}" is given by {first} and by {second}.',
        hint='Turn one of the plugins off, or move a file with the setting "outputs".',
    )


def _is_declared(path: str, generator: Generator) -> bool:
    if path.startswith("/") or "\\" in path or {"..", "."} & set(path.split("/")):
        return False
    patterns = (re.escape(output).replace(r"\*", ".*") for output in generator.outputs)
    return any(re.fullmatch(pattern, path) for pattern in patterns)
