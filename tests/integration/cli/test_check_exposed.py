"""`pikku check` and functions that are exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.cli.conftest import Project


def test_the_check_fails_until_it_is_said(project: Project) -> None:
    project.replace("functions", '(expose="public")', "(expose=True)")
    refused = project.run("check")
    assert refused.returncode == 1
    assert "PKU574" in refused.stdout + refused.stderr
    assert project.run().returncode == 0
    project.replace("functions", "(expose=True)", '(expose="public")')
    assert project.run("check", "--runtime").returncode == 0
