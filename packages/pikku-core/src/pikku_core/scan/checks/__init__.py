"""Checks of the linked project that need all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikku_core.scan.checks.annotations import check_annotations
from pikku_core.scan.checks.modules import check_modules
from pikku_core.scan.checks.permissions import check_permissions
from pikku_core.scan.checks.secrets import check_secrets
from pikku_core.scan.checks.services import check_services
from pikku_core.scan.checks.shared import check_shared
from pikku_core.scan.checks.tags import check_tags
from pikku_core.scan.checks.things import check_things

if TYPE_CHECKING:
    from pikku_core.plugin.model import Project
    from pikku_core.scan.link import Linker


def check(project: Project, linker: Linker) -> None:
    """Reports what is wrong with the whole, though every part of it can be read."""
    check_annotations(linker)
    check_services(project, linker)
    check_secrets(project, linker)
    check_things(project, linker)
    check_permissions(project, linker)
    check_modules(linker)
    check_shared(project, linker)
    check_tags(project, linker.report)
