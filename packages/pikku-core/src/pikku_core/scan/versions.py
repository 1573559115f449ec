"""Functions that have several versions, and those that should state theirs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pikku_core.version import newest_versions, split_version, versioned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.scan.marks import Marked
    from pikku_core.scan.report import Report

_ENDING: Final = re.compile(r"(?P<base>.+)_v(?P<version>[1-9][0-9]*)")


def report_unversioned(functions: Mapping[str, Location], report: Report) -> None:
    """Reports functions without a version beside versions of the same name.

    Which of them a call without a version means could only be guessed.

    Args:
        functions: Where each function is, by id.
    """
    for base, newest in newest_versions(functions).items():
        if base in functions:
            version = split_version(newest)[1]
            report.add(
                "PKU852",
                f'"{base}" states no version although there is "{newest}".',
                functions[base],
                hint=f"Give it one: version={version + 1} where it is the newest.",
                related=sorted(
                    place
                    for id_, place in functions.items()
                    if id_ != base and split_version(id_)[0] == base
                ),
            )


def report_misnamed(functions: Mapping[str, Marked], report: Report) -> None:
    """Reports functions whose `def` is named after a version that they do not state.

    Each of them is silently a function of its own: no version of what its name says. A given `name=` says that it is.

    Args:
        functions: By id.
    """
    newest = newest_versions(functions)
    for id_, marked in functions.items():
        found = _ENDING.fullmatch(marked.facts["name"])
        if found is None or "name" in marked.options:
            continue
        ending, meant, stated = (
            f"_v{found['version']}",
            int(found["version"]),
            split_version(id_)[1],
        )
        if stated and stated != meant:
            report.add(
                "PKU853",
                f'The name of "{marked.facts["name"]}" ends in "{ending}", but it states version {stated}.',
                marked.module.at(marked.options["version"][1]),
                hint=f'Write version={meant}, or call it "{found["base"]}_v{stated}"; '
                f'name="{found["base"]}" keeps what it is called by as it is.',
            )
        base = id_.removesuffix(ending)
        sibling = newest.get(base, "")
        # Where that very version is there too, both would be one attribute of `rpc`, and that is reported.
        is_clash = versioned(base, meant) in functions
        if sibling and not is_clash and "version" not in marked.options:
            report.add(
                "PKU853",
                f'The name of "{id_}" ends in "{ending}", but it states no version, although there is "{sibling}".',
                marked.location,
                hint=f'Write version={meant}; where it is a function of its own, name="{marked.facts["name"]}" says so.',
                related=[functions[sibling].location],
            )
