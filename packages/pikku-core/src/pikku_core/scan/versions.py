"""Functions that have several versions, and those that should state theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.version import newest_versions, split_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pikku_core.plugin.diagnostics import Location
    from pikku_core.scan.report import Report


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
